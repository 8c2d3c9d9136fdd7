/** The minimap of the editor: regions under the cards, endings and the entrance by colour, the selected state in a ring. */
import type { JSX } from "preact";
import { type Palette, readPalette } from "../../map/canvas/palette";
import type { Rect } from "../../map/geometry/curve";
import { Minimap as MapMinimap, type MiniCards } from "../../map/minimap";
import type { DrawnMap } from "../annotations/drawn";
import { regionGrounds } from "../canvas/grounds";
import { focusMap } from "./combobox";
import type { StageProps } from "./stage";

type Ink = CanvasRenderingContext2D;

const REGION_OPACITY = 0.4;

function drawCards(ink: Ink, cards: MiniCards, palette: Palette, { regions, hidden }: DrawnMap): void {
  const { scene, w, h, corner } = cards;
  for (const region of regions)
    if (region.box < 0) drawRegion(ink, cards, palette.hues[region.colour], regionGrounds(scene, region));
  const colourOfBox = new Map(regions.map(({ box, colour }) => [box, palette.hues[colour]]));
  scene.graph.nodes.forEach((node, index) => {
    if (hidden.has(index)) return;
    const [x, y] = corner(index);
    const colour = colourOfBox.get(index) ?? palette.strong;
    ink.fillStyle = node.ending ? palette[node.ending.kind] : node.start ? palette.accent : colour;
    ink.fillRect(x, y, w, h);
  });
}

/** Draw the ground of a region in one piece, so that it is no darker where its parts lie over each other. */
function drawRegion(ink: Ink, { toMiniature }: MiniCards, colour: string, grounds: readonly Rect[]): void {
  ink.fillStyle = colour;
  ink.globalAlpha = REGION_OPACITY;
  ink.beginPath();
  for (const ground of grounds) {
    const { x, y, w, h } = toMiniature(ground);
    ink.rect(x, y, w, h);
  }
  ink.fill();
  ink.globalAlpha = 1;
}

export function Minimap({ host, store, camera }: Pick<StageProps, "host" | "store" | "camera">): JSX.Element {
  return (
    <MapMinimap
      host={host}
      map={store}
      class="we-minimap"
      readColours={readPalette}
      track={() => void store.drawnMap.value}
      drawCards={(ink, cards, palette) => drawCards(ink, cards, palette, store.drawnMap.peek())}
      current={() => store.selectedNode.value}
      onDrag={camera.stop}
      onMouseDown={(event) => {
        event.preventDefault();
        focusMap(event.currentTarget);
      }}
    />
  );
}
