/** Where new cards stand: in the next free slot beside the card that they follow; neighbours in the way move down. */

import { CARD_H, CARD_W, GAP_Y, GRID, PITCH_X, PITCH_Y } from "../../map/geometry/dimensions";
import type { Position } from "../../shared/protocol";

/** Returns the numbers of the cards that touch a rectangle. */
type CardsIn = (rect: { x: number; y: number; w: number; h: number }) => readonly number[];

export interface Ground {
  readonly places: readonly Position[];
  readonly cardsIn: CardsIn;
}

/** The least room around a card. */
const CARD_MARGIN = 3 * GRID;
/** How many rows up and down are tried before neighbours are moved. */
const MAX_TRIED_ROWS = 3;

/**
 * Return the corner of a block of new cards that follow a card: in the next column, level with it or below its last
 * follower, else in the nearest free rows. Where all are covered it is the first of these, and `pushAside` makes room.
 *
 * Args:
 *   ground: Where cards stand.
 *   source: The card that they follow.
 *   followers: The cards that already follow it.
 *   rows: How many rows the block has.
 *   columns: How many columns it has.
 */
export function slotBeside(
  ground: Ground,
  source: number,
  followers: readonly number[],
  rows = 1,
  columns = 1,
): Position {
  const [left, top] = ground.places[source] ?? [0, 0];
  const x = left + PITCH_X;
  const ys = followers.flatMap((node) => {
    const place = ground.places[node];
    return place && node !== source && Math.abs(place[0] - x) < PITCH_X / 2 ? [place[1]] : [];
  });
  const y = ys.length > 0 ? Math.max(...ys) + PITCH_Y : top;
  const size = { w: (columns - 1) * PITCH_X + CARD_W, h: (rows - 1) * PITCH_Y + CARD_H };
  for (let row = 0; row <= MAX_TRIED_ROWS; row += 1) {
    for (const at of row === 0 ? [y] : [y + row * PITCH_Y, y - row * PITCH_Y]) {
      if (ground.cardsIn(grown({ x, y: at, ...size }, CARD_MARGIN)).length === 0) return [x, at];
    }
  }
  return [x, y];
}

/**
 * Return where cards move to that stand in the way of new ones: down, each as far as needed, and those in their way after
 * them. Afterwards no new or moved card lies on any other.
 */
export function pushAside(ground: Ground, newCards: readonly Position[]): Map<number, Position> {
  const placedCards: Position[] = [...newCards];
  const moves = new Map<number, Position>();
  const inWay = (place: Position) =>
    ground
      .cardsIn(grown(cardAt(place), CARD_MARGIN))
      .filter((node) => !moves.has(node) && ground.places[node] !== undefined)
      .sort((a, b) => (ground.places[a]?.[1] ?? 0) - (ground.places[b]?.[1] ?? 0));
  for (let next = 0; next < placedCards.length; next += 1) {
    for (const node of inWay(placedCards[next] as Position)) {
      const [x, was] = ground.places[node] as Position;
      let y = was;
      for (let at = 0; at < placedCards.length; at += 1) {
        const [otherX, otherY] = placedCards[at] as Position;
        const touches = Math.abs(otherX - x) < CARD_W + CARD_MARGIN && Math.abs(otherY - y) < CARD_H + CARD_MARGIN;
        if (!touches) continue;
        y = Math.ceil((otherY + CARD_H + GAP_Y) / GRID) * GRID;
        at = -1;
      }
      moves.set(node, [x, y]);
      placedCards.push([x, y]);
    }
  }
  return moves;
}

function cardAt([x, y]: Position) {
  return { x, y, w: CARD_W, h: CARD_H };
}

function grown(rect: { x: number; y: number; w: number; h: number }, by: number) {
  return { x: rect.x - by, y: rect.y - by, w: rect.w + 2 * by, h: rect.h + 2 * by };
}
