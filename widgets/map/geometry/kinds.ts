/** The kinds of routes between two cards, and the sides on which each meets them. */
import type { Position } from "../../shared/protocol";
import { CARD_H, CARD_W, CLEARANCE, MIN_WRAP_DISTANCE, WRAP_CORNER_RADIUS } from "./dimensions";
import { type Column, freeHeights, type Gap } from "./gaps";

export type Side = "left" | "right" | "top" | "bottom";

/** `bow`: round other cards of a column; `wrap`: to the beginning of the next band; `stub`: leads nowhere. */
export type RouteKind = "ahead" | "back" | "wrap" | "down" | "up" | "bow" | "loop" | "stub";

const SIDES: { readonly [kind in RouteKind]: readonly [from: Side, to: Side] } = {
  ahead: ["right", "left"],
  back: ["left", "right"],
  wrap: ["right", "left"],
  down: ["bottom", "top"],
  up: ["top", "bottom"],
  bow: ["right", "right"],
  loop: ["top", "top"],
  stub: ["right", "right"],
};

/** The cards that are in the way of edges. */
export interface Obstacles {
  readonly columns: readonly Column[];
  /** Return the cards that a rectangle overlaps. */
  readonly touching: (left: number, top: number, right: number, bottom: number) => readonly Position[];
}

export function sidesOf(kind: RouteKind): readonly [from: Side, to: Side] {
  return SIDES[kind];
}

/**
 * Return the kind of the route from one card to another.
 *
 * Without obstacles, where there are too many edges to go round cards, cards far above one another are taken to have
 * others between them, and no edge wraps.
 */
export function kindBetween(source: Position, target: Position, obstacles: Obstacles | null): RouteKind {
  const dx = target[0] - source[0];
  const dy = target[1] - source[1];
  if (dx >= CARD_W + 2 * CLEARANCE) return "ahead";
  if (-dx >= CARD_W + 2 * CLEARANCE) {
    return obstacles && -dx > MIN_WRAP_DISTANCE && freeBand(source, target, obstacles) ? "wrap" : "back";
  }
  if (Math.abs(dy) < CARD_H + 2 * CLEARANCE) return "bow";
  const left = Math.max(source[0], target[0]);
  const right = Math.min(source[0], target[0]) + CARD_W;
  const top = Math.min(source[1], target[1]) + CARD_H + 1;
  const bottom = Math.max(source[1], target[1]) - 1;
  const blocked = obstacles ? obstacles.touching(left, top, right, bottom).length > 0 : Math.abs(dy) > 3 * CARD_H;
  return blocked ? "bow" : dy > 0 ? "down" : "up";
}

/** Return the heights below one card and above another, further left, in which a line is free. */
export function freeBand(source: Position, target: Position, obstacles: Obstacles): Gap | null {
  const low = source[1] + CARD_H + CLEARANCE;
  const high = target[1] - CLEARANCE;
  if (high < low) return null;
  const [left, right] = [target[0] - 3 * WRAP_CORNER_RADIUS, source[0] + CARD_W + 3 * WRAP_CORNER_RADIUS];
  let best: Gap | null = null;
  for (const [from, to] of freeHeights(obstacles.touching(left, low - CLEARANCE, right, high + CLEARANCE))) {
    const gap: Gap = [Math.max(from, low), Math.min(to, high)];
    if (gap[1] >= gap[0] && (!best || gap[1] - gap[0] > best[1] - best[0])) best = gap;
  }
  return best;
}
