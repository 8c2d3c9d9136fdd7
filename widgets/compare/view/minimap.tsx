/** The minimap of a comparison: what differs stands out. */
import type { JSX } from "preact";
import { Minimap as MapMinimap, type MiniCards } from "../../map/minimap";
import { readTones, type Tones } from "../canvas/frame";
import { toneOf } from "../mark-display";
import { existsIn } from "../store";
import type { ViewProps } from "./stage";

/** Pixels that a state which differs is at least wide. */
const MIN_STATE_SIZE_PX = 4;

export function Minimap({ host, store, camera }: ViewProps): JSX.Element {
  const drawCards = (ink: CanvasRenderingContext2D, { scene, w, h, corner }: MiniCards, tones: Tones) => {
    const highlights: [x: number, y: number, colour: string][] = [];
    ink.fillStyle = tones.strong;
    ink.globalAlpha = 0.5;
    for (const node of scene.places.keys()) {
      const status = store.nodeStatus(node);
      if (!existsIn(status, store.side.peek())) continue;
      const colour = toneOf(status.mark);
      const [x, y] = corner(node);
      if (colour) highlights.push([x, y, tones[colour]]);
      else ink.fillRect(x, y, w, h);
    }
    ink.globalAlpha = 1;
    const [wide, high] = [Math.max(MIN_STATE_SIZE_PX, w), Math.max(MIN_STATE_SIZE_PX, h)];
    for (const [x, y, colour] of highlights) {
      ink.fillStyle = colour;
      ink.fillRect(x - (wide - w) / 2, y - (high - h) / 2, wide, high);
    }
  };
  return (
    <MapMinimap
      host={host}
      map={store}
      class="wc-minimap"
      readColours={readTones}
      track={() => {
        void store.side.value;
        void store.hidden.value;
      }}
      drawCards={drawCards}
      onDrag={camera.stop}
    />
  );
}
