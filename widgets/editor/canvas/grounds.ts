/** The ground of a region: what its cards stand on, as few rectangles as cards in rows and columns allow. */
import type { Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W, GAP_X, GAP_Y } from "../../map/geometry/dimensions";
import { nodesIn, type Scene } from "../../map/scene";
import type { Position } from "../../shared/protocol";
import type { DrawnRegion } from "../annotations/drawn";

/** How far the ground reaches beyond a card: so far that the grounds of neighbours meet. */
export const REACH_X = GAP_X / 2;
const REACH_Y = GAP_Y / 2;
/** So many places may be empty between two cards whose grounds are joined. */
const MAX_EMPTY_PLACES = 5;

/** Say whether no card of another region, and none without a region, stands in a rectangle. */
type IsFree = (rect: Rect) => boolean;

const cache = new WeakMap<DrawnRegion, { readonly scene: Scene; readonly grounds: readonly Rect[] }>();

/** Return the ground of a region as its cards stand in a scene. */
export function regionGrounds(scene: Scene, region: DrawnRegion): readonly Rect[] {
  const cached = cache.get(region);
  if (cached?.scene === scene) return cached.grounds;
  const own = new Set(region.nodes);
  const places = region.nodes.flatMap((node) => (scene.places[node] ? [scene.places[node]] : []));
  const grounds = groundsOf(places, (rect) => nodesIn(scene, rect).every((node) => own.has(node)));
  cache.set(region, { scene, grounds });
  return grounds;
}

/**
 * Return the ground of some cards. Grounds that meet in a row, or in a column, are one rectangle; so are those that have
 * only free room between them.
 */
export function groundsOf(places: readonly Position[], isFree: IsFree = () => false): Rect[] {
  const across = joined(places, 1, isFree);
  const down = joined(places, 0, isFree);
  const [most, other] = across.grounds.length <= down.grounds.length ? [across, down] : [down, across];
  return [...most.grounds, ...other.bridges];
}

/** Join cards that agree in one coordinate and follow one another in the other; `bridges` cover the room between them. */
function joined(places: readonly Position[], same: 0 | 1, isFree: IsFree): { grounds: Rect[]; bridges: Rect[] } {
  const along = same === 0 ? 1 : 0;
  const pitch = same === 0 ? CARD_H + 2 * REACH_Y : CARD_W + 2 * REACH_X;
  const order = [...places].sort((a, b) => a[same] - b[same] || a[along] - b[along]);
  const grounds: Rect[] = [];
  const bridges: Rect[] = [];
  let [first, last] = [order[0], order[0]];
  const close = () => {
    if (first && last) grounds.push(around(first, last));
  };
  for (const place of order.slice(1)) {
    const distance = last && place[same] === last[same] ? place[along] - last[along] : Infinity;
    const isBridged =
      last !== undefined &&
      distance > pitch &&
      distance <= (MAX_EMPTY_PLACES + 1) * pitch &&
      isFree(spanOf(last, place));
    if (isBridged) bridges.push(around(last as Position, place));
    if (distance > pitch && !isBridged) {
      close();
      first = place;
    }
    last = place;
  }
  close();
  return { grounds, bridges };
}

function around(first: Position, last: Position): Rect {
  const { x, y, w, h } = spanOf(first, last);
  return { x: x - REACH_X, y: y - REACH_Y, w: w + 2 * REACH_X, h: h + 2 * REACH_Y };
}

/** Return the rectangle from the first of two cards to the last one. */
function spanOf([x, y]: Position, last: Position): Rect {
  return { x, y, w: last[0] + CARD_W - x, h: last[1] + CARD_H - y };
}
