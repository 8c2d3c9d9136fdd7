/** One picture: ground, ways, states that are no cards, names. */
import { drawEdges, drawLabels } from "./edges";
import type { Frame } from "./frame";
import { drawNodes } from "./nodes";

const DOT = 32;

export function paint(ink: CanvasRenderingContext2D, frame: Frame): void {
  const { view, ratio, size, tones } = frame;
  ink.setTransform(ratio, 0, 0, ratio, 0, 0);
  ink.fillStyle = tones.surface2;
  ink.fillRect(0, 0, size.w, size.h);
  drawGround(ink, frame);
  ink.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y);
  drawEdges(ink, frame);
  if (frame.detail !== "cards") drawNodes(ink, frame);
  drawLabels(ink, frame);
}

/** A grid of dots, so that panning can be seen on empty ground. */
function drawGround(ink: CanvasRenderingContext2D, { view, size, tones }: Frame): void {
  let step = DOT * view.k;
  if (step < 4) return;
  while (step < 18) step *= 2;
  ink.fillStyle = tones.line;
  const dot = view.k > 0.9 ? 1.5 : 1;
  for (let x = view.x % step; x < size.w; x += step) {
    for (let y = view.y % step; y < size.h; y += step) ink.fillRect(x, y, dot, dot);
  }
}
