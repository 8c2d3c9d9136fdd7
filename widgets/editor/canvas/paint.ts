/** One picture: ground, edges, what is no card, labels, what is being drawn. */
import type { Way } from "../../map/geometry/curve";
import { loose, mannerOf, wayOf } from "../../map/geometry/route";
import { drawNever, drawOver, drawUnder } from "../overlay/draw";
import { drawEdges, drawLabels, headOf } from "./edges";
import { type Frame, placeOf } from "./frame";
import { drawNodes } from "./nodes";

const DOT = 32;

export function paint(ink: CanvasRenderingContext2D, frame: Frame): void {
  const { view, ratio, size, palette } = frame;
  if (frame.part !== "moving") {
    ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    ink.fillStyle = palette.surface2;
    ink.fillRect(0, 0, size.w, size.h);
    drawGround(ink, frame);
  }
  ink.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y);
  drawUnder(ink, frame);
  drawEdges(ink, frame);
  drawNever(ink, frame);
  if (frame.detail !== "cards") drawNodes(ink, frame);
  drawConnection(ink, frame);
  drawLabels(ink, frame);
  drawOver(ink, frame);
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
  const { palette, view } = frame;
  const way = connectionWay(frame);
  if (!way) return;
  ink.strokeStyle = palette.accent;
  ink.fillStyle = palette.accent;
  ink.lineWidth = 2 / view.k;
  ink.setLineDash([6 / view.k, 4 / view.k]);
  ink.beginPath();
  ink.moveTo(way[0]?.x0 ?? 0, way[0]?.y0 ?? 0);
  for (const c of way) ink.bezierCurveTo(c.ax, c.ay, c.bx, c.by, c.x1, c.y1);
  ink.stroke();
  ink.setLineDash([]);
  ink.beginPath();
  headOf(ink, way, 2, view.k);
  ink.fill();
}

/** Return the way of the connection that is being drawn: between two cards, else to or from where the pointer is. */
function connectionWay(frame: Frame): Way | null {
  const { connecting } = frame;
  if (!connecting) return null;
  const { fixed, other, at } = connecting;
  const arriving = connecting.moving?.end === "from";
  const here = placeOf(frame, fixed);
  if (other === null) return at && [loose(here, [at.x, at.y], arriving)];
  const there = placeOf(frame, other);
  const [source, target] = arriving ? [there, here] : [here, there];
  const manner = other === fixed ? "loop" : mannerOf(source, target, null);
  return wayOf({ source, target, manner, out: 0, into: 0, loop: 0 }, null);
}
