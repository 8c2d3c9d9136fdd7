/** Painting one picture: the ground with regions, then edges and drawn states, then names and marks over them. */
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
import { belongsToPart, type Frame, placeOf } from "./frame";
import { drawNodes } from "./nodes";
import { drawNoteSpots } from "./notes";
import { drawRegions, drawRegionTabs } from "./regions";

export function paint(ink: CanvasRenderingContext2D, frame: Frame): void {
  if (frame.part === undefined) paintGround(ink, frame);
  drawInMapUnits(ink, frame);
  drawUnder(ink, frame);
  drawEdges(ink, frame);
  drawNever(ink, frame);
  drawNodes(ink, frame);
  drawConnection(ink, frame);
  drawLabels(ink, frame);
  // What lies over cards and lines lies over those that are being moved too, and follows them.
  const isOver = belongsToPart(frame, frame.movedPlaces.size > 0);
  if (isOver) {
    drawFarNames(ink, frame);
    drawRegionTabs(ink, frame);
    drawNoteSpots(ink, frame);
  }
  drawLabels(ink, frame, true);
  drawOver(ink, frame);
  if (frame.flagArcs && isOver) drawFlagArcs(ink, frame, frame.flagArcs);
}

/** Paint what lies under all cards and lines. The parts of a frame are painted without it. */
export function paintGround(ink: CanvasRenderingContext2D, frame: Frame): void {
  drawGround(ink, frame);
  drawInMapUnits(ink, frame);
  drawRegions(ink, frame);
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
