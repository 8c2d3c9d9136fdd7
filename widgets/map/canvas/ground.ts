/** The background of a map, and its units. */
import type { Rect } from "../geometry/curve";
import type { Size, Viewport } from "../viewport";
import type { Palette } from "./palette";

const DOT_PITCH = 32;

/** What painting a map needs. */
export interface Picture<Colours extends Palette = Palette> {
  readonly view: Viewport;
  readonly size: Size;
  /** Canvas pixels per CSS pixel. */
  readonly ratio: number;
  readonly palette: Colours;
  /** The part of the map that lies under the miniature of it; null while that is not shown. */
  readonly covered?: Rect | null;
}

/** Clear the canvas and draw a grid of dots, so that panning can be seen on empty ground. */
export function drawGround(ink: CanvasRenderingContext2D, { view, size, ratio, palette }: Picture): void {
  ink.setTransform(ratio, 0, 0, ratio, 0, 0);
  ink.fillStyle = palette.surface2;
  ink.fillRect(0, 0, size.w, size.h);
  let step = DOT_PITCH * view.k;
  if (step < 4) return;
  while (step < 18) step *= 2;
  ink.fillStyle = palette.line;
  const dot = view.k > 0.9 ? 1.5 : 1;
  for (let x = view.x % step; x < size.w; x += step) {
    for (let y = view.y % step; y < size.h; y += step) ink.fillRect(x, y, dot, dot);
  }
}

/** Set the transform so that later drawing is in map units. */
export function drawInMapUnits(ink: CanvasRenderingContext2D, { view, ratio }: Picture): void {
  ink.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y);
}

/** Set the pixel size of a canvas from its size on the page. */
export function resizeCanvas(canvas: HTMLCanvasElement, size: Size, ratio: number): void {
  const [w, h] = [Math.round(size.w * ratio), Math.round(size.h * ratio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
}

/** Return the canvas pixels per CSS pixel, at most 3. */
export function pixelRatio(): number {
  return Math.min(3, globalThis.devicePixelRatio || 1);
}
