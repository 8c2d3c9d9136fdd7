/** All that one picture of a comparison is made from. */
import { type Palette, readPalette } from "../../map/canvas/palette";
import type { Rect } from "../../map/geometry/curve";
import type { Hit } from "../../map/scene";
import type { Size, Viewport } from "../../map/viewport";
import type { Comparison, Fate, Side } from "../data";
import type { Tone } from "../marks";
import type { Detail } from "../store";

export interface Frame {
  readonly of: Comparison;
  readonly view: Viewport;
  readonly size: Size;
  readonly ratio: number;
  readonly detail: Detail;
  readonly tones: Tones;
  /** The part of the map that is seen. */
  readonly seen: Rect;
  readonly side: Side;
  readonly current: number | null;
  readonly hover: Hit | null;
  readonly nodeFate: (node: number) => Fate;
  readonly eventFate: (index: number) => Fate;
}

export type Tones = Palette & { readonly [tone in Tone]: string };

/** Read the colours in force at an element of the shadow root. */
export function readTones(probe: HTMLElement): Tones {
  const before = probe.style.color;
  const read = (tone: Tone): string => {
    probe.style.color = `var(--wc-${tone})`;
    return getComputedStyle(probe).color;
  };
  const made = { added: read("added"), removed: read("removed"), touched: read("touched") };
  probe.style.color = before;
  return { ...readPalette(probe), ...made };
}
