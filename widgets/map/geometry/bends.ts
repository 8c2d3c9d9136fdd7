/** Routes of several curves: rounded polylines, and routes that pass columns of cards horizontally. */
import type { Position } from "../../shared/protocol";
import type { Curve, Route } from "./curve";
import { CLEAR } from "./dimensions";
import { type Column, type Gap, gapAt } from "./gaps";

/** The horizontal distance in which an edge changes its height between two columns. */
const BEND = 84;

export function line(x0: number, y0: number, x1: number, y1: number): Curve {
  const [dx, dy] = [(x1 - x0) / 3, (y1 - y0) / 3];
  return { x0, y0, ax: x0 + dx, ay: y0 + dy, bx: x1 - dx, by: y1 - dy, x1, y1 };
}

/** Return the route along straight lines between points, its corners rounded. */
export function roundedPolyline(points: readonly Position[], radius: number): Route {
  const curves: Curve[] = [];
  let [x, y] = points[0] ?? [0, 0];
  for (let at = 1; at < points.length; at += 1) {
    const [cx, cy] = points[at] as Position;
    const next = points[at + 1];
    const long = Math.hypot(cx - x, cy - y);
    if (!next) {
      if (long > 0) curves.push(line(x, y, cx, cy));
      continue;
    }
    const after = Math.hypot(next[0] - cx, next[1] - cy);
    const r = Math.min(radius, long, after / 2);
    if (r <= 0) continue;
    const [ux, uy] = [(cx - x) / (long || 1), (cy - y) / (long || 1)];
    const [vx, vy] = [(next[0] - cx) / (after || 1), (next[1] - cy) / (after || 1)];
    const [sx, sy] = [cx - ux * r, cy - uy * r];
    const [ex, ey] = [cx + vx * r, cy + vy * r];
    if (long > r) curves.push(line(x, y, sx, sy));
    const k = 0.55 * r;
    curves.push({ x0: sx, y0: sy, ax: sx + ux * k, ay: sy + uy * k, bx: ex - vx * k, by: ey - vy * k, x1: ex, y1: ey });
    [x, y] = [ex, ey];
  }
  return curves;
}

/** Return the route from `a` to `b` that passes each column horizontally, at a given height or in a lane beside it. */
export function routeThroughGaps(
  a: Position,
  b: Position,
  between: readonly Column[],
  heights: readonly number[],
  take: (where: number, preferred: number, gap: Gap) => number,
): Route {
  const ahead = b[0] > a[0];
  const points: Position[] = [a];
  between.forEach((column, at) => {
    const height = heights[at] ?? 0;
    const y = take(column.left, height, gapAt(column, height) ?? [height, height]);
    const [enter, leave] = ahead
      ? [column.left - CLEAR, column.right + CLEAR]
      : [column.right + CLEAR, column.left - CLEAR];
    points.push([enter, y], [leave, y]);
  });
  points.push(b);
  // Turning close to the cards keeps these edges in order with those to the next column.
  const step = ahead ? BEND : -BEND;
  const [first, last] = [points[1], points[points.length - 2]];
  if (first && Math.abs(first[0] - a[0]) > BEND) points.splice(1, 0, [a[0] + step, first[1]]);
  if (last && Math.abs(b[0] - last[0]) > BEND) points.splice(points.length - 1, 0, [b[0] - step, last[1]]);
  return smoothRoute(points);
}

/** Return the smooth route through points that is horizontal at each of them. */
function smoothRoute(points: readonly Position[]): Route {
  const curves: Curve[] = [];
  let [x, y] = points[0] as Position;
  for (let at = 1; at < points.length; at += 1) {
    const [px, py] = points[at] as Position;
    const next = points[at + 1];
    if (Math.abs(py - y) < 0.5 && next && Math.abs(next[1] - y) < 0.5) continue;
    if (px === x && py === y) continue;
    const half = (px - x) / 2;
    curves.push(
      Math.abs(py - y) < 0.5
        ? line(x, y, px, py)
        : { x0: x, y0: y, ax: x + half, ay: y, bx: px - half, by: py, x1: px, y1: py },
    );
    [x, y] = [px, py];
  }
  return curves;
}
