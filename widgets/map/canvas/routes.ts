/** Tracing the routes of edges on a canvas. */
import { firstOf, isStraight, lastOf, type Rect, type Route } from "../geometry/curve";

type Ink = CanvasRenderingContext2D;

const HEAD_LENGTH = 8;

/** From this zoom on edges have arrow heads; below it the heads would hide the lines. */
export const HEAD_ZOOM = 0.22;

export function traceRoute(ink: Ink, route: Route): void {
  const { x0, y0 } = firstOf(route);
  ink.moveTo(x0, y0);
  for (const c of route) {
    if (isStraight(c)) ink.lineTo(c.x1, c.y1);
    else ink.bezierCurveTo(c.ax, c.ay, c.bx, c.by, c.x1, c.y1);
  }
}

/** Say whether a route passes no cards, so that from far away it looks like the line from its beginning to its end. */
export function isDirect(route: Route): boolean {
  return route.length <= 3;
}

/** Trace the straight line from a route's beginning to its end. */
export function traceChord(ink: Ink | Path2D, route: Route): void {
  const { x0, y0 } = firstOf(route);
  const { x1, y1 } = lastOf(route);
  ink.moveTo(x0, y0);
  ink.lineTo(x1, y1);
}

/** Trace the arrow's head at the end of a route. */
export function traceHead(ink: Ink, route: Route, width: number, k: number): void {
  const c = lastOf(route);
  const long = Math.hypot(c.x1 - c.bx, c.y1 - c.by) || 1;
  const ux = (c.x1 - c.bx) / long;
  const uy = (c.y1 - c.by) / long;
  const size = headSize(width, k);
  const half = size * 0.45;
  ink.moveTo(c.x1, c.y1);
  ink.lineTo(c.x1 - ux * size - uy * half, c.y1 - uy * size + ux * half);
  ink.lineTo(c.x1 - ux * size + uy * half, c.y1 - uy * size - ux * half);
  ink.closePath();
}

function headSize(width: number, k: number): number {
  return (HEAD_LENGTH + width) * Math.max(0.7, Math.min(1.4, 0.8 / k));
}

/** Return the square around the arrow's head at the end of a route. */
export function headBox(route: Route, k: number): Rect {
  const { bx, by, x1, y1 } = lastOf(route);
  const size = headSize(1, k);
  const [dx, dy] = [Math.sign(x1 - bx), Math.sign(y1 - by)];
  return { x: x1 - ((1 + dx) * size) / 2, y: y1 - ((1 + dy) * size) / 2, w: size, h: size };
}

/** Edges that look the same, drawn together. */
export interface EdgeStyle {
  readonly colour: string;
  readonly width: number;
  readonly dashed: boolean;
  readonly edges: number[];
}
