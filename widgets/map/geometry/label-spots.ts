/** The best places for the name of an edge on its route. */
import { isLevel, type Point, pointAt, type Route } from "./curve";
import { LEAD_LENGTH } from "./dimensions";

/** The part of a line that stays visible between its name and its end or its arrow's head. */
const VISIBLE_END = 14;
const LOOP_DISTANCE = 14;

/**
 * Return the best centres for a name: on the route's level parts, the longest first; above a loop.
 *
 * On the first or last part it is as near to the card as possible with the end of the line visible.
 */
export function labelSpots(route: Route, room: number, isLoop: boolean): Point[] {
  if (isLoop)
    return route.slice(0, 1).map((curve) => ({ x: pointAt(curve, 0.5).x, y: pointAt(curve, 0.5).y - LOOP_DISTANCE }));
  const last = route.length - 1;
  const spots: { length: number; at: Point }[] = [];
  route.forEach((curve, index) => {
    const length = Math.abs(curve.x1 - curve.x0);
    if (!isLevel(curve) || length < room / 3) return;
    const forward = curve.x1 > curve.x0 ? 1 : -1;
    let x = (curve.x0 + curve.x1) / 2;
    if (last > 0 && length < room + 2 * VISIBLE_END) {
      if (index === 0) x = curve.x0 + forward * (room / 2 + VISIBLE_END);
      else if (index === last) x = curve.x1 - forward * (room / 2 + VISIBLE_END + LEAD_LENGTH);
    }
    spots.push({ length, at: { x, y: curve.y0 } });
  });
  return spots.sort((a, b) => b.length - a.length).map(({ at }) => at);
}
