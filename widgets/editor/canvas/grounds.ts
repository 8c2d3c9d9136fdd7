/** The ground of a region: what its cards stand on, as few rectangles as cards in rows and columns allow. */
import type { Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W, GAP_X, GAP_Y } from "../../map/geometry/dimensions";
import type { Position } from "../../shared/protocol";

/** How far the ground reaches beyond a card: so far that the grounds of neighbours meet. */
export const REACH_X = GAP_X / 2;
export const REACH_Y = GAP_Y / 2;

/** Return the ground of some cards; grounds that meet in a row, or in a column, are one rectangle. */
export function groundsOf(places: readonly Position[]): Rect[] {
  const across = joined(places, 1, 0, CARD_W + 2 * REACH_X);
  const down = joined(places, 0, 1, CARD_H + 2 * REACH_Y);
  return across.length <= down.length ? across : down;
}

/** Join cards that agree in one coordinate and follow one another in the other, at `pitch` at the most. */
function joined(places: readonly Position[], same: 0 | 1, along: 0 | 1, pitch: number): Rect[] {
  const order = [...places].sort((a, b) => a[same] - b[same] || a[along] - b[along]);
  const grounds: Rect[] = [];
  let [first, last] = [order[0], order[0]];
  const close = () => {
    if (!first || !last) return;
    const [x, y] = [first[0] - REACH_X, first[1] - REACH_Y];
    grounds.push({ x, y, w: last[0] + CARD_W + REACH_X - x, h: last[1] + CARD_H + REACH_Y - y });
  };
  for (const place of order.slice(1)) {
    if (last && first && place[same] === first[same] && place[along] - last[along] <= pitch) last = place;
    else {
      close();
      first = place;
      last = place;
    }
  }
  close();
  return grounds;
}
