/** Cubic curves, and the routes of edges, which are made of them: points, distances, bounds. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A cubic Bézier curve from (x0, y0) to (x1, y1). */
export interface Curve {
  readonly x0: number;
  readonly y0: number;
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly x1: number;
  readonly y1: number;
}

/** The path of an edge: curves, each starting where the one before ends; never empty. */
export type Route = readonly Curve[];

export function firstOf(route: Route): Curve {
  return route[0] as Curve;
}

export function lastOf(route: Route): Curve {
  return route[route.length - 1] as Curve;
}

/** Return the straight line between two points. */
export function line(x0: number, y0: number, x1: number, y1: number): Curve {
  const [dx, dy] = [(x1 - x0) / 3, (y1 - y0) / 3];
  return { x0, y0, ax: x0 + dx, ay: y0 + dy, bx: x1 - dx, by: y1 - dy, x1, y1 };
}

export function isLevel({ y0, ay, by, y1 }: Curve): boolean {
  return y0 === ay && ay === by && by === y1;
}

/** Say whether a curve is a level or an upright line. */
export function isStraight(curve: Curve): boolean {
  return isLevel(curve) || (curve.x0 === curve.ax && curve.ax === curve.bx && curve.bx === curve.x1);
}

/** Return the point at a fraction (0..1) of a route's length. */
export function pointOn(route: Route, t: number): Point {
  if (route.length === 1) return pointAt(firstOf(route), t);
  const long = route.map(chord);
  let rest = t * long.reduce((sum, one) => sum + one, 0);
  for (const [at, curve] of route.entries()) {
    const own = long[at] ?? 0;
    if (rest <= own || at === route.length - 1) return pointAt(curve, own === 0 ? 0 : Math.min(1, rest / own));
    rest -= own;
  }
  return { x: firstOf(route).x0, y: firstOf(route).y0 };
}

/** Return the approximate length of a curve. */
export function chord(c: Curve): number {
  const hull =
    Math.hypot(c.ax - c.x0, c.ay - c.y0) + Math.hypot(c.bx - c.ax, c.by - c.ay) + Math.hypot(c.x1 - c.bx, c.y1 - c.by);
  return (Math.hypot(c.x1 - c.x0, c.y1 - c.y0) + hull) / 2;
}

export function routeBounds(route: Route): Rect {
  return route.length === 1 ? bounds(firstOf(route)) : around(route.map(bounds));
}

/** Return the box around some rectangles; around none, one that touches nothing. */
export function around(rects: readonly Rect[]): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, w, h } of rects) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + w);
    bottom = Math.max(bottom, y + h);
  }
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** Return how far a point is from a route. */
export function routeDistance(route: Route, x: number, y: number): number {
  return route.reduce((least, curve) => Math.min(least, distance(curve, x, y)), Infinity);
}

export function pointAt(c: Curve, t: number): Point {
  const s = 1 - t;
  const a = s * s * s;
  const b = 3 * s * s * t;
  const d = 3 * s * t * t;
  const e = t * t * t;
  return { x: a * c.x0 + b * c.ax + d * c.bx + e * c.x1, y: a * c.y0 + b * c.ay + d * c.by + e * c.y1 };
}

/** Return the bounds of a curve's control points, which contain the curve. */
export function bounds(c: Curve): Rect {
  const x = Math.min(c.x0, c.ax, c.bx, c.x1);
  const y = Math.min(c.y0, c.ay, c.by, c.y1);
  return { x, y, w: Math.max(c.x0, c.ax, c.bx, c.x1) - x, h: Math.max(c.y0, c.ay, c.by, c.y1) - y };
}

/** Return how far a point is from a curve, to about a hundredth of its length. */
export function distance(c: Curve, x: number, y: number): number {
  if (isStraight(c)) return segment(c.x0, c.y0, c.x1, c.y1, x, y);
  let best = Number.POSITIVE_INFINITY;
  let px = c.x0;
  let py = c.y0;
  const steps = 24;
  for (let i = 1; i <= steps; i += 1) {
    const p = pointAt(c, i / steps);
    best = Math.min(best, segment(px, py, p.x, p.y, x, y));
    px = p.x;
    py = p.y;
  }
  return best;
}

function segment(x0: number, y0: number, x1: number, y1: number, x: number, y: number): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const long = dx * dx + dy * dy;
  const t = long === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / long));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}

export function inside(rect: Rect, x: number, y: number): boolean {
  return x >= rect.x && y >= rect.y && x <= rect.x + rect.w && y <= rect.y + rect.h;
}

export function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
