/** The minimap of the editor: endings and the entrance by colour, the selected state in a ring. */
import type { JSX } from "preact";
import { readPalette } from "../../map/canvas/palette";
import { Minimap as MapMinimap, type MinimapProps } from "../../map/minimap";
import { focusMap } from "./combobox";
import type { StageProps } from "./stage";

const drawCards: MinimapProps<ReturnType<typeof readPalette>>["drawCards"] = (
  ink,
  { scene, w, h, corner },
  palette,
) => {
  scene.graph.nodes.forEach((node, index) => {
    const [x, y] = corner(index);
    ink.fillStyle = node.ending ? palette[node.ending.kind] : node.start ? palette.accent : palette.strong;
    ink.fillRect(x, y, w, h);
  });
};

export function Minimap({ host, store }: Pick<StageProps, "host" | "store">): JSX.Element {
  return (
    <MapMinimap
      host={host}
      map={store}
      class="we-minimap"
      readColours={readPalette}
      drawCards={drawCards}
      current={() => store.selectedNode.value}
      onMouseDown={(event) => {
        event.preventDefault();
        focusMap(event.currentTarget);
      }}
    />
  );
}
