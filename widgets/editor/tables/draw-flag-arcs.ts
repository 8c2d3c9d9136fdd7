/** Drawing a flag on the map: arcs from where it is given to where it is needed. */
import { line, type Point, pointOn } from "../../map/geometry/curve";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { type Frame, placeOf } from "../canvas/frame";
import type { Anchor, FlagArcs } from "./flag-arcs";

/** With more pairs than this, arcs would only hide the map: then the ends are marked, and no arcs drawn. */
const MAX_ARCS = 200;

/** Draw the arcs of a flag over everything else, and a mark at each of their ends. */
export function drawFlagArcs(ink: CanvasRenderingContext2D, frame: Frame, arcs: FlagArcs): void {
  const { palette, view } = frame;
  const givers = arcs.givers.map((anchor) => pointOf(frame, anchor));
  const users = arcs.users.map((anchor) => pointOf(frame, anchor));
  const unit = 1 / view.k ** 0.85;
  if (givers.length * users.length <= MAX_ARCS) {
    ink.strokeStyle = palette.accent;
    ink.lineWidth = 2 * unit;
    ink.globalAlpha = 0.85;
    ink.beginPath();
    for (const from of givers) {
      for (const to of users) {
        const [dx, dy] = [to.x - from.x, to.y - from.y];
        // An arc bows to one side, so that one there and one back do not lie on each other.
        const bow = 0.18;
        ink.moveTo(from.x, from.y);
        ink.quadraticCurveTo(from.x + dx / 2 - dy * bow, from.y + dy / 2 + dx * bow, to.x, to.y);
      }
    }
    ink.stroke();
    ink.globalAlpha = 1;
  }
  // Where it is given a full mark, where it is needed a ring: the difference is not one of colour alone.
  for (const at of givers) mark(ink, at, 7 * unit, palette.accent, palette.accent, 2 * unit);
  for (const at of users) mark(ink, at, 7 * unit, palette.surface, palette.accent, 3 * unit);
}

function mark(ink: CanvasRenderingContext2D, at: Point, radius: number, fill: string, stroke: string, width: number) {
  ink.beginPath();
  ink.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  ink.fillStyle = fill;
  ink.fill();
  ink.strokeStyle = stroke;
  ink.lineWidth = width;
  ink.stroke();
}

function pointOf(frame: Frame, anchor: Anchor): Point {
  if ("node" in anchor) {
    const [x, y] = placeOf(frame, anchor.node);
    return { x: x + CARD_W / 2, y: y + CARD_H };
  }
  const route = frame.liveRoutes.get(anchor.edge) ?? frame.scene.routes[anchor.edge];
  return pointOn(route ?? [line(0, 0, 0, 0)], 0.5);
}
