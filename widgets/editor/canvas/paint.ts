/** Painting one picture: background, edges, drawn states, labels, and the connection in progress. */
import { drawGround, drawInMapUnits } from "../../map/canvas/ground";
import { traceHead, traceRoute } from "../../map/canvas/routes";
import type { Route } from "../../map/geometry/curve";
import { kindBetween } from "../../map/geometry/kinds";
import { portAt, routeOf } from "../../map/geometry/route";
import { loose } from "../../map/geometry/shapes";
import { drawNever, drawOver, drawUnder } from "../overlay/draw";
import { drawFlagArcs } from "../tables/draw-flag-arcs";
import { drawEdges, drawLabels } from "./edges";
import { drawFarNames } from "./far-names";
import { type Frame, placeOf } from "./frame";
import { drawNodes } from "./nodes";
import { drawNoteSpots } from "./notes";
import { drawRegions, drawRegionTabs } from "./regions";

export function paint(ink: CanvasRenderingContext2D, frame: Frame): void {
  if (frame.part !== "moving") drawGround(ink, frame);
  drawInMapUnits(ink, frame);
  if (frame.part !== "moving") drawRegions(ink, frame);
  drawUnder(ink, frame);
  drawEdges(ink, frame);
  drawNever(ink, frame);
  drawNodes(ink, frame);
  drawConnection(ink, frame);
  drawLabels(ink, frame);
  if (frame.part !== "still") drawFarNames(ink, frame);
  if (frame.part !== "moving") drawRegionTabs(ink, frame);
  if (frame.part !== "moving") drawNoteSpots(ink, frame);
  drawOver(ink, frame);
  if (frame.flagArcs && frame.part !== "moving") drawFlagArcs(ink, frame, frame.flagArcs);
}

function drawConnection(ink: CanvasRenderingContext2D, frame: Frame): void {
  const { palette, view } = frame;
  const route = connectionRoute(frame);
  if (!route) return;
  ink.strokeStyle = palette.accent;
  ink.fillStyle = palette.accent;
  ink.lineWidth = 2 / view.k;
  ink.setLineDash([6 / view.k, 4 / view.k]);
  ink.beginPath();
  traceRoute(ink, route);
  ink.stroke();
  ink.setLineDash([]);
  ink.beginPath();
  traceHead(ink, route, 2, view.k);
  ink.fill();
}

/** Return the route of the connection that is being drawn: between two cards, else to or from where the pointer is. */
function connectionRoute(frame: Frame): Route | null {
  const { connecting } = frame;
  if (!connecting) return null;
  const { fixed, other, at } = connecting;
  const arriving = connecting.moving?.end === "from";
  const here = placeOf(frame, fixed);
  if (other === null) return at && loose(portAt(here, arriving ? "left" : "right", 0), [at.x, at.y], arriving);
  const there = placeOf(frame, other);
  const [source, target] = arriving ? [there, here] : [here, there];
  const decision = { kind: other === fixed ? "loop" : kindBetween(source, target, null), passages: null } as const;
  return routeOf({ source, target, decision, shifts: [0, 0], counts: [1, 1], loop: 0 }, null);
}
