/** The shapes of routes: what an edge looks like between two ports, by its kind. */
import type { Position } from "../../shared/protocol";
import { type Curve, line, type Route } from "./curve";
import {
  BEND,
  BOW_HEIGHT_DIVISOR,
  BOW_REACH,
  BOW_SPREAD,
  CARD_W,
  CLEARANCE,
  LEAD_LENGTH,
  LEAN,
  LEVEL_TOLERANCE,
  LOOP_HEIGHT,
  LOOP_PITCH,
  LOOP_RIGHT,
  LOOP_RISE,
  LOOP_SLOPE,
  LOOP_WIDTH,
  LOOPS_IN_ROW,
  MAX_BOW_REACH,
  MAX_LEAN,
  MIN_BEND,
  STUB,
  WRAP_CORNER_RADIUS,
  WRAP_SPREAD,
} from "./dimensions";
import type { Column } from "./gaps";

/** How far an edge's two ports are from the middles of their sides. */
export type Shifts = readonly [out: number, into: number];

/** The reach of the curve that is nearly a quarter of a circle. */
const CIRCLE_REACH = 0.55;

/** Return a route that bends near one of its cards and is level at the other, with room for a name. */
export function direct(a: Position, b: Position, shifts: Shifts, bendsAtSource: boolean): Route {
  const forward = b[0] > a[0] ? 1 : -1;
  const [first, last] = [a[0] + LEAD_LENGTH * forward, b[0] - LEAD_LENGTH * forward];
  if (a[1] === b[1]) return [line(...a, ...b)];
  let [start, end] = [first, last];
  if (Math.abs(b[1] - a[1]) >= LEVEL_TOLERANCE) {
    const room = Math.abs(last - first);
    const step = Math.min(room, Math.max(MIN_BEND, Math.min(BEND, room / 2))) * forward;
    if (bendsAtSource) end = first + step;
    else start = last - step;
  }
  const shift = (start === first ? shifts[0] : 0) + (end === last ? shifts[1] : 0);
  return [line(...a, start, a[1]), bend(start, a[1], end, b[1], shift), line(end, b[1], ...b)];
}

/** Return a route that passes columns, each at a height; it bends close to its cards and between columns. */
export function through(
  a: Position,
  b: Position,
  shifts: Shifts,
  columns: readonly Column[],
  heights: readonly number[],
): Route {
  const forward = b[0] > a[0] ? 1 : -1;
  const [start, end] = [a[0] + LEAD_LENGTH * forward, b[0] - LEAD_LENGTH * forward];
  const points: Position[] = [a, [start, a[1]]];
  columns.forEach((column, at) => {
    const y = heights[at] ?? 0;
    const [left, right] = [column.left - CLEARANCE, column.right + CLEARANCE];
    points.push([forward > 0 ? left : right, y], [forward > 0 ? right : left, y]);
  });
  // Bends close to the cards keep these edges in order with those to the next column.
  const [first, last] = [points[2] as Position, points[points.length - 1] as Position];
  if (Math.abs(first[0] - start) > BEND) points.splice(2, 0, [start + BEND * forward, first[1]]);
  if (Math.abs(end - last[0]) > BEND) points.push([end - BEND * forward, last[1]]);
  points.push([end, b[1]], b);
  return smooth(points, shifts);
}

/** Return curves through the points that are level at each of them; level runs become one line. */
function smooth(points: readonly Position[], shifts: Shifts): Route {
  const [start, end] = [points[1] as Position, points[points.length - 2] as Position];
  const curves: Curve[] = [];
  let run = points[0] as Position;
  for (let at = 1; at < points.length; at += 1) {
    const [previous, point] = [points[at - 1] as Position, points[at] as Position];
    if (previous[1] === point[1]) continue;
    if (!equal(run, previous)) curves.push(line(...run, ...previous));
    const shift = (equal(previous, start) ? shifts[0] : 0) + (equal(point, end) ? shifts[1] : 0);
    curves.push(bend(...previous, ...point, shift));
    run = point;
  }
  const last = points[points.length - 1] as Position;
  if (!equal(run, last)) curves.push(line(...run, ...last));
  return curves;
}

function equal(a: Position, b: Position): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function bend(x0: number, y0: number, x1: number, y1: number, shift: number): Curve {
  const half = (x1 - x0) / 2;
  const limit = Math.abs(half) * MAX_LEAN;
  // Parallel edges also keep their distance where they climb.
  const lean = Math.max(-limit, Math.min(limit, shift * LEAN)) * (x1 > x0 === y1 > y0 ? -1 : 1);
  return { x0, y0, ax: x0 + half + lean, ay: y0, bx: x1 - half + lean, by: y1, x1, y1 };
}

/** Return a route between the bottom of one card and the top of another. */
export function upright([x0, y0]: Position, [x1, y1]: Position): Route {
  if (x0 === x1) return [line(x0, y0, x1, y1)];
  const end = y1 - (y1 > y0 ? LEAD_LENGTH : -LEAD_LENGTH);
  const reach = (end - y0) / 2;
  return [{ x0, y0, ax: x0, ay: y0 + reach, bx: x1, by: end - reach, x1, y1: end }, line(x1, end, x1, y1)];
}

/** Return a route between the right sides of two cards of a column; it reaches out further around others. */
export function bow([x0, y0]: Position, [x1, y1]: Position, [out, into]: Shifts): Route {
  const height = Math.abs(y1 - into - (y0 - out));
  const shiftGap = (into - out) * (y1 > y0 ? 1 : -1) * BOW_SPREAD;
  const edge = Math.max(x0, x1) + BOW_REACH + Math.min(height / BOW_HEIGHT_DIVISOR, MAX_BOW_REACH) + shiftGap;
  const [start, end] = [x0 + LEAD_LENGTH, x1 + LEAD_LENGTH];
  const curve = { x0: start, y0, ax: edge, ay: y0, bx: edge, by: y1, x1: end, y1 };
  return [line(x0, y0, start, y0), curve, line(end, y1, x1, y1)];
}

/** Return a route that runs at a level from the end of one band back to the beginning of the next. */
export function wrap([x0, y0]: Position, [x1, y1]: Position, [out, into]: Shifts, level: number): Route {
  const far = x0 + 2 * WRAP_CORNER_RADIUS - out * WRAP_SPREAD;
  const near = x1 - 2 * WRAP_CORNER_RADIUS - into * WRAP_SPREAD;
  const corners: Position[] = [
    [x0, y0],
    [far, y0],
    [far, level],
    [near, level],
    [near, y1],
    [x1, y1],
  ];
  return roundedCorners(corners, WRAP_CORNER_RADIUS);
}

/** Return horizontal and vertical lines through the points, with rounded corners. */
function roundedCorners(points: readonly Position[], radius: number): Route {
  const curves: Curve[] = [];
  let [x, y] = points[0] as Position;
  for (let at = 1; at < points.length - 1; at += 1) {
    const [[px, py], [cx, cy], [nx, ny]] = points.slice(at - 1, at + 2) as [Position, Position, Position];
    const before = Math.abs(cx - px) + Math.abs(cy - py);
    const after = Math.abs(nx - cx) + Math.abs(ny - cy);
    const r = Math.min(radius, before / 2, after / 2);
    if (r <= 0) continue;
    const [sx, sy] = [cx + (px - cx) * (r / before), cy + (py - cy) * (r / before)];
    const [ex, ey] = [cx + (nx - cx) * (r / after), cy + (ny - cy) * (r / after)];
    if (x !== sx || y !== sy) curves.push(line(x, y, sx, sy));
    const [ax, ay] = [sx + (cx - sx) * CIRCLE_REACH, sy + (cy - sy) * CIRCLE_REACH];
    const [bx, by] = [ex + (cx - ex) * CIRCLE_REACH, ey + (cy - ey) * CIRCLE_REACH];
    curves.push({ x0: sx, y0: sy, ax, ay, bx, by, x1: ex, y1: ey });
    [x, y] = [ex, ey];
  }
  curves.push(line(x, y, ...(points[points.length - 1] as Position)));
  return curves;
}

/** Return a route from a card to itself over its top: the loops of a card are side by side, then in a row above. */
export function loop(card: Position, number: number): Route {
  const x = card[0] + CARD_W - LOOP_RIGHT - LOOP_PITCH * (number % LOOPS_IN_ROW);
  const y = card[1];
  const [left, right] = [x - LOOP_WIDTH / 2, x + LOOP_WIDTH / 2];
  const high = LOOP_HEIGHT + LOOP_RISE * Math.floor(number / LOOPS_IN_ROW);
  const [endX, endY] = [right + LOOP_SLOPE * LEAD_LENGTH, y - LEAD_LENGTH];
  const bx = endX + LOOP_SLOPE * (high - LEAD_LENGTH);
  const top = y - high;
  const curve = { x0: left, y0: y, ax: left - LOOP_SLOPE * high, ay: top, bx, by: top, x1: endX, y1: endY };
  return [curve, line(endX, endY, right, y)];
}

/** Return the short line of an edge that leads nowhere. */
export function stub([x, y]: Position): Route {
  return [line(x, y, x + STUB, y)];
}

/** Return the curve from a port to a point on free ground, or to a port from there. */
export function loose([x, y]: Position, at: Position, arriving: boolean): Route {
  const reach = Math.max(40, Math.abs(at[0] - x) / 2);
  return arriving
    ? [{ x0: at[0], y0: at[1], ax: at[0] + reach / 2, ay: at[1], bx: x - reach, by: y, x1: x, y1: y }]
    : [{ x0: x, y0: y, ax: x + reach, ay: y, bx: at[0] - reach / 2, by: at[1], x1: at[0], y1: at[1] }];
}
