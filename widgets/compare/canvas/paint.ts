/** Painting one picture: background, edges, drawn states, labels. */
import { drawGround, drawInMapUnits } from "../../map/canvas/ground";
import { drawEdges, drawLabels } from "./edges";
import type { Frame } from "./frame";
import { drawNodes } from "./nodes";

export function paint(ink: CanvasRenderingContext2D, frame: Frame): void {
  drawGround(ink, frame);
  drawInMapUnits(ink, frame);
  drawEdges(ink, frame);
  if (frame.detail !== "cards") drawNodes(ink, frame);
  drawLabels(ink, frame);
}
