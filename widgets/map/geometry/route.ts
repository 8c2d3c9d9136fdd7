/**
 * Edge routing: out of one card's side, through the gaps between others, into another card's side. Python draws its
 * pictures by the same algorithm (src/worldkit/layout); schema/conformance/geometry.json holds both to the same results.
 */
import type { Position } from "../../shared/protocol";
import { bounds, type Curve, isStraight, pointAt, type Rect, type Route } from "./curve";
import { CARD_H, CARD_W, COLLISION_DISTANCE } from "./dimensions";
import { type Column, cheapestHeights, columnsBetween, type Gap, gapAt } from "./gaps";
import { freeBand, kindBetween, type Obstacles, type RouteKind, type Side, sidesOf } from "./kinds";
import { bow, direct, loop, type Shifts, stub, through, upright, wrap } from "./shapes";

/** A height in a gap of each column that an edge goes through, in order of travel. */
interface Passages {
  readonly heights: readonly number[];
  /** What happens further than this above or below both of its ends does not change the heights. */
  readonly reach: number;
  /** For each end 1, or -1 where parallel edges evade upward, above the card that limits the gap. */
  readonly directions: readonly [out: number, into: number];
}

/** What is decided about an edge before it has ports. */
export interface Decision {
  readonly kind: RouteKind;
  readonly passages: Passages | null;
}

/** Decide how an edge gets from card to card; without obstacles, where there are too many edges to go round cards. */
export function decide(source: Position, target: Position, obstacles: Obstacles | null): Decision {
  const kind = kindBetween(source, target, obstacles);
  if (!obstacles || (kind !== "ahead" && kind !== "back")) return { kind, passages: null };
  const between = columnsBetween(obstacles.columns, source, target);
  if (between.length === 0) return { kind, passages: null };
  const [from, to] = sidesOf(kind);
  const [a, b] = [portAt(source, from, 0), portAt(target, to, 0)];
  const isBlocked = (bendsAtSource: boolean) =>
    runsIntoCard(direct(a, b, [0, 0], bendsAtSource), source, target, obstacles);
  const passages = isBlocked(true) && isBlocked(false) ? findPassages(source, target, between) : null;
  return { kind, passages };
}

function findPassages(source: Position, target: Position, between: readonly Column[]): Passages {
  const columns = inOrderOfTravel(source, target, between);
  const { heights, cost } = cheapestHeights(middleOf(source), middleOf(target), columns);
  const directionAt = (at: number) => {
    const [column, height] = [columns[at], heights[at] ?? 0];
    return column && gapAt(column, height)?.[1] === height ? -1 : 1;
  };
  // A path that leads further away and back costs more.
  return { heights, reach: cost / 2, directions: [directionAt(0), directionAt(columns.length - 1)] };
}

function inOrderOfTravel(source: Position, target: Position, columns: readonly Column[]): readonly Column[] {
  return target[0] > source[0] ? columns : columns.toReversed();
}

function middleOf([x, y]: Position): Position {
  return [x + CARD_W / 2, y + CARD_H / 2];
}

/** Say whether a route runs into a card other than its own. */
function runsIntoCard(route: Route, source: Position, target: Position, obstacles: Obstacles): boolean {
  return route.some((curve) => {
    const { x, y, w, h } = bounds(curve);
    const near = obstacles
      .touching(x - COLLISION_DISTANCE, y - COLLISION_DISTANCE, x + w + COLLISION_DISTANCE, y + h + COLLISION_DISTANCE)
      .filter((card) => !isAt(card, source) && !isAt(card, target));
    return near.length > 0 && (isStraight(curve) || passesCard(curve, near));
  });
}

function isAt(card: Position, place: Position): boolean {
  return card[0] === place[0] && card[1] === place[1];
}

function passesCard(curve: Curve, cards: readonly Position[]): boolean {
  const distance = Math.abs(curve.x1 - curve.x0) + Math.abs(curve.y1 - curve.y0);
  const steps = Math.min(64, Math.max(8, Math.ceil(distance / 40)));
  for (let step = 1; step < steps; step += 1) {
    const { x, y } = pointAt(curve, step / steps);
    for (const [left, top] of cards) {
      const isInX = left - COLLISION_DISTANCE < x && x < left + CARD_W + COLLISION_DISTANCE;
      if (isInX && top - COLLISION_DISTANCE < y && y < top + CARD_H + COLLISION_DISTANCE) return true;
    }
  }
  return false;
}

/** What the route of one edge depends on, besides the cards in its way. */
export interface Ends {
  readonly source: Position;
  readonly target: Position;
  readonly decision: Decision;
  /** How far its ends are shifted along their sides. */
  readonly shifts: Shifts;
  /** How many ends the sides of its cards have. */
  readonly counts: readonly [out: number, into: number];
  /** Which loop of its card it is. */
  readonly loop: number;
}

/** Returns the height to use beside a column of cards, or between bands (null), for a preferred height. */
export type Take = (where: number | null, preferred: number, gap: Gap) => number;

const PREFERRED_TAKE: Take = (_, preferred) => preferred;

/** Return the route of an edge; around the cards in its way, if there are obstacles. */
export function routeOf(ends: Ends, obstacles: Obstacles | null, take: Take = PREFERRED_TAKE): Route {
  const { source, target, decision, shifts } = ends;
  const [from, to] = sidesOf(decision.kind);
  const [a, b] = [portAt(source, from, shifts[0]), portAt(target, to, shifts[1])];
  switch (decision.kind) {
    case "stub":
      return stub(a);
    case "loop":
      return loop(source, ends.loop);
    case "down":
    case "up":
      return upright(a, b);
    case "bow":
      return bow(a, b, shifts);
    case "wrap": {
      const band = (obstacles && freeBand(source, target, obstacles)) ?? [a[1], b[1]];
      return wrap(a, b, shifts, take(null, (band[0] + band[1]) / 2, band));
    }
    default:
      return sideways(ends, a, b, obstacles, take);
  }
}

/** Return a route that bends near the card with more edges, else near the other, else goes round cards. */
function sideways(ends: Ends, a: Position, b: Position, obstacles: Obstacles | null, take: Take): Route {
  const { source, target, decision, shifts, counts } = ends;
  const between = obstacles ? columnsBetween(obstacles.columns, source, target) : [];
  let { passages } = decision;
  if (!passages) {
    const bendsAtSource = counts[0] !== counts[1] ? counts[0] > counts[1] : b[0] > a[0];
    const directRoute = direct(a, b, shifts, bendsAtSource);
    if (!obstacles || between.length === 0 || !runsIntoCard(directRoute, source, target, obstacles)) return directRoute;
    const other = direct(a, b, shifts, !bendsAtSource);
    if (!runsIntoCard(other, source, target, obstacles)) return other;
    passages = findPassages(source, target, between);
  }
  const { heights } = passages;
  const columns = inOrderOfTravel(source, target, between);
  const lanes = columns.map((column, at) => {
    const height = heights[at] ?? 0;
    return take(column.left, height, gapAt(column, height) ?? [height, height]);
  });
  return through(a, b, shifts, columns, lanes);
}

/** Return the position of a port that is shifted from the middle of a card's side. */
export function portAt([x, y]: Position, side: Side, shift: number): Position {
  if (side === "left") return [x, y + CARD_H / 2 + shift];
  if (side === "right") return [x + CARD_W, y + CARD_H / 2 + shift];
  return [x + CARD_W / 2 + shift, side === "top" ? y : y + CARD_H];
}

export function cardRect(place: Position): Rect {
  return { x: place[0], y: place[1], w: CARD_W, h: CARD_H };
}
