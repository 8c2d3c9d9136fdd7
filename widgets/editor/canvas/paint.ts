/** One picture: ground, edges, what is no card, labels, the connection being drawn. */
import { CARD_H, CARD_W, route, sides } from "../graph/route";
import { drawEdges, drawLabels } from "./edges";
import { type Frame, placeOf } from "./frame";
import { drawNodes } from "./nodes";

const DOT = 32;

export function paint(ink: CanvasRenderingContext2D, frame: Frame): void {
  const { view, ratio, size, palette } = frame;
  ink.setTransform(ratio, 0, 0, ratio, 0, 0);
  ink.fillStyle = palette.surface2;
  ink.fillRect(0, 0, size.w, size.h);
  drawGround(ink, frame);
  ink.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y);
  drawEdges(ink, frame);
  if (frame.detail !== "cards") drawNodes(ink, frame);
  drawConnection(ink, frame);
  drawLabels(ink, frame);
}

/** A grid of dots, so that panning can be seen on empty ground. */
function drawGround(ink: CanvasRenderingContext2D, { view, size, palette }: Frame): void {
  let step = DOT * view.k;
  if (step < 4) return;
  while (step < 18) step *= 2;
  ink.fillStyle = palette.line;
  const dot = view.k > 0.9 ? 1.5 : 1;
  for (let x = view.x % step; x < size.w; x += step) {
    for (let y = view.y % step; y < size.h; y += step) ink.fillRect(x, y, dot, dot);
  }
}

function drawConnection(ink: CanvasRenderingContext2D, frame: Frame): void {
  const { connecting, palette, view } = frame;
  if (!connecting) return;
  const source = placeOf(frame, connecting.source);
  ink.strokeStyle = palette.accent;
  ink.lineWidth = 2 / view.k;
  ink.setLineDash([6 / view.k, 4 / view.k]);
  ink.beginPath();
  if (connecting.target !== null && connecting.target !== connecting.source) {
    const target = placeOf(frame, connecting.target);
    const c = route(source, target, sides(source, target), 0, 0);
    ink.moveTo(c.x0, c.y0);
    ink.bezierCurveTo(c.ax, c.ay, c.bx, c.by, c.x1, c.y1);
  } else if (connecting.at) {
    const x = source[0] + CARD_W;
    const y = source[1] + CARD_H / 2;
    const reach = Math.max(40, Math.abs(connecting.at.x - x) / 2);
    ink.moveTo(x, y);
    ink.bezierCurveTo(x + reach, y, connecting.at.x - reach / 2, connecting.at.y, connecting.at.x, connecting.at.y);
  }
  ink.stroke();
  ink.setLineDash([]);
}
