/** The handles at the ends of an edge, by which it is reconnected. */
import { chord, type Point, pointOn, type Route } from "../../map/geometry/curve";
import type { Edge } from "../../map/graph";

/** How large a handle is, in pixels. */
export const HANDLE_SIZE_PX = 5;
const HANDLE_REACH_PX = 10;

export interface Handle {
  readonly end: "from" | "to";
  readonly at: Point;
}

/** Return an edge's handles; what leads nowhere has one only, at the end that is loose. */
export function handles(edge: Edge, route: Route, k: number): Handle[] {
  const long = route.reduce((sum, curve) => sum + chord(curve), 0) || 1;
  // Clear of the card's own port, and of the arrow's head.
  const from = Math.min(0.25, Math.max(26, 20 / k) / long);
  const to = Math.min(0.25, Math.max(20, 14 / k) / long);
  const ends: Handle[] = [{ end: "to", at: pointOn(route, edge.target < 0 ? 1 : 1 - to) }];
  if (edge.target >= 0) ends.push({ end: "from", at: pointOn(route, from) });
  return ends;
}

/** Return the end of an edge that is under a point. */
export function handleAt(edge: Edge, route: Route, at: Point, k: number): "from" | "to" | null {
  const handle = handles(edge, route, k).find(
    (one) => Math.hypot(one.at.x - at.x, one.at.y - at.y) <= HANDLE_REACH_PX / k,
  );
  return handle?.end ?? null;
}
