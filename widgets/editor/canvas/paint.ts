/** One picture: ground, edges, what is no card, labels, what is being drawn. */
import { drawGround, drawInMapUnits } from "../../map/canvas/ground";
import { traceHead, traceWay } from "../../map/canvas/ways";
import type { Way } from "../../map/geometry/curve";
import { loose, mannerOf, wayOf } from "../../map/geometry/route";
import { drawNever, drawOver, drawUnder } from "../overlay/draw";
import { drawEdges, drawLabels } from "./edges";
import { type Frame, placeOf } from "./frame";
import { drawNodes } from "./nodes";

export function paint(ink: CanvasRenderingContext2D, frame: Frame): void {
  if (frame.part !== "moving") drawGround(ink, frame);
  drawInMapUnits(ink, frame);
  drawUnder(ink, frame);
  drawEdges(ink, frame);
  drawNever(ink, frame);
  if (frame.detail !== "cards") drawNodes(ink, frame);
  drawConnection(ink, frame);
  drawLabels(ink, frame);
  drawOver(ink, frame);
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
  traceWay(ink, way);
  ink.stroke();
  ink.setLineDash([]);
  ink.beginPath();
  traceHead(ink, way, 2, view.k);
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
