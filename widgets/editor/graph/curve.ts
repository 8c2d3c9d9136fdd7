/** Cubic curves: points, tangents, distances, bounds. */

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

export function pointAt(c: Curve, t: number): Point {
  const s = 1 - t;
  const a = s * s * s;
  const b = 3 * s * s * t;
  const d = 3 * s * t * t;
  const e = t * t * t;
  return { x: a * c.x0 + b * c.ax + d * c.bx + e * c.x1, y: a * c.y0 + b * c.ay + d * c.by + e * c.y1 };
}

/** Return the bounds of a curve's control points, which hold the curve. */
export function bounds(c: Curve): Rect {
  const x = Math.min(c.x0, c.ax, c.bx, c.x1);
  const y = Math.min(c.y0, c.ay, c.by, c.y1);
  return { x, y, w: Math.max(c.x0, c.ax, c.bx, c.x1) - x, h: Math.max(c.y0, c.ay, c.by, c.y1) - y };
}

/** Return how far a point is from a curve, to about a hundredth of its length. */
export function distance(c: Curve, x: number, y: number): number {
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
