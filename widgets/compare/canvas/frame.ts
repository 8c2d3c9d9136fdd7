/** All that painting one picture of a comparison needs. */
import type { Picture } from "../../map/canvas/ground";
import { type Palette, readPalette } from "../../map/canvas/palette";
import type { Rect } from "../../map/geometry/curve";
import type { Raster } from "../../map/rasters";
import type { Hit } from "../../map/scene";
import type { Detail } from "../../map/viewport";
import type { Comparison, ItemMark, Side, Status } from "../data";
import type { Tone } from "../mark-display";

export interface Frame extends Picture<Tones> {
  readonly of: Comparison;
  readonly detail: Detail;
  /** The part of the map that is seen. */
  readonly visibleArea: Rect;
  readonly side: Side;
  readonly current: number | null;
  /** The marks that a person does not want to see. */
  readonly hidden: ReadonlySet<ItemMark>;
  readonly hover: Hit | null;
  readonly nodeStatus: (node: number) => Status;
  readonly eventStatus: (index: number) => Status;
  /** How a state that differs looks, as pixels; those that are there yet. */
  readonly rasters: (node: number) => readonly Raster[];
}

export type Tones = Palette & { readonly [tone in Tone]: string };

/** Read the colours in force at an element of the shadow root. */
export function readTones(probe: HTMLElement): Tones {
  const before = probe.style.color;
  const colourOf = (tone: Tone): string => {
    probe.style.color = `var(--wc-${tone})`;
    return getComputedStyle(probe).color;
  };
  const tones = { added: colourOf("added"), removed: colourOf("removed"), touched: colourOf("touched") };
  probe.style.color = before;
  return { ...readPalette(probe), ...tones };
}
