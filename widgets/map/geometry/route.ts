/**
 * Edge routing. An edge leaves and enters on the sides of its cards that face each other; on each side the ends are
 * spread in the order of the cards at the other ends, so that neighbouring and opposite edges run side by side. An edge
 * that would run behind a card goes around it, through the gaps between cards.
 */
import type { Position } from "../../shared/protocol";
import { roundedPolyline, routeThroughGaps } from "./bends";
import type { Curve, Rect, Route } from "./curve";
import { CARD_H, CARD_W, CLEAR } from "./dimensions";
import { columns, type Gap, gaps, levelHeights } from "./gaps";

export { CARD_H, CARD_W } from "./dimensions";

const NEAR = 24;
const STUB = 56;
/** An edge that leads further back than this wraps, as text does at the end of a line. */
const FAR = 1000;
const TURN = 22;

export type Side = "left" | "right" | "top" | "bottom";

/** The shape of an edge's route, by where its cards lie. */
export type RouteKind = "ahead" | "back" | "wrap" | "down" | "up" | "bow" | "loop" | "stub";

const SIDES: { readonly [manner in RouteKind]: readonly [from: Side, to: Side] } = {
  ahead: ["right", "left"],
  back: ["left", "right"],
  wrap: ["right", "left"],
  down: ["bottom", "top"],
  up: ["top", "bottom"],
  bow: ["right", "right"],
  loop: ["top", "top"],
  stub: ["right", "right"],
};

/** Returns the cards that touch a rectangle, without those that the edge connects. */
export type Cards = (rect: Rect) => readonly Position[];

/** Returns the obstacles for an edge between two nodes; null where there are too many edges to route around cards. */
export type CardsFor = ((source: number, target: number) => Cards) | null;

export function sidesOf(routeKind: RouteKind): readonly [from: Side, to: Side] {
  return SIDES[routeKind];
}

export function routeKindOf(source: Position, target: Position, cards: Cards | null): RouteKind {
  const dx = target[0] - source[0];
  const dy = target[1] - source[1];
  if (dx >= CARD_W + NEAR) return "ahead";
  if (-dx >= CARD_W + NEAR) return cards && -dx > FAR && freeHeights(source, target, cards) ? "wrap" : "back";
  if (Math.abs(dy) < CARD_H + NEAR) return "bow";
  const left = Math.max(source[0], target[0]);
  const right = Math.min(source[0], target[0]) + CARD_W;
  const top = Math.min(source[1], target[1]) + CARD_H;
  const between = { x: left, y: top + 1, w: right - left, h: Math.abs(dy) - CARD_H - 2 };
  if (cards ? cards(between).length > 0 : Math.abs(dy) > 3 * CARD_H) return "bow";
  return dy > 0 ? "down" : "up";
}

/** Return the heights between two cards, one below the other and far back, at which a line can run freely. */
function freeHeights(source: Position, target: Position, cards: Cards): Gap | null {
  const down = target[1] > source[1];
  const low = (down ? source[1] : target[1]) + CARD_H + CLEAR;
  const high = (down ? target[1] : source[1]) - CLEAR;
  if (high < low) return null;
  const x = target[0] - 3 * TURN;
  const obstacles = cards({ x, y: low, w: source[0] + CARD_W + 3 * TURN - x, h: high - low });
  let best: Gap | null = null;
  for (const [from, to] of gaps(obstacles)) {
    const gap: Gap = [Math.max(from, low), Math.min(to, high)];
    if (gap[1] >= gap[0] && (!best || gap[1] - gap[0] > best[1] - best[0])) best = gap;
  }
  return best;
}

/** What the route of one edge depends on. */
export interface Ends {
  readonly source: Position;
  readonly target: Position;
  readonly routeKind: RouteKind;
  /** How far its ends are shifted along their sides. */
  readonly out: number;
  readonly into: number;
  /** Which loop of its card it is. */
  readonly loop: number;
}

/** Returns the height to use beside a column of cards, or between rows of them, for a preferred height. */
export type Take = (where: number, preferred: number, gap: Gap) => number;

const AS_PREFERRED: Take = (_, preferred) => preferred;
/** The `where` of edges that wrap: they run between rows, beside no column. */
const BETWEEN_BANDS = Number.NaN;

/** Return the route of an edge; around the cards in its way, if `cards` is given. */
export function routeOf(ends: Ends, cards: Cards | null, take: Take = AS_PREFERRED): Route {
  const { source, target, routeKind, out, into } = ends;
  if (routeKind === "stub") return [stub(source, out)];
  if (routeKind === "loop") return [loop(source, ends.loop)];
  const [from, to] = SIDES[routeKind];
  const [x0, y0] = port(source, from, out);
  const [x1, y1] = port(target, to, into);
  if (routeKind === "wrap") {
    const free = freeHeights(source, target, cards ?? (() => [])) ?? [y0, y1];
    const middle = take(BETWEEN_BANDS, (free[0] + free[1]) / 2, free);
    const far = x0 + 2 * TURN + Math.abs(out) * 0.3;
    const near = x1 - 2 * TURN - Math.abs(into) * 0.3;
    return roundedPolyline(
      [
        [x0, y0],
        [far, y0],
        [far, middle],
        [near, middle],
        [near, y1],
        [x1, y1],
      ],
      TURN,
    );
  }
  const plain = facing(x0, y0, x1, y1, from, to, out + into);
  if (!cards || (routeKind !== "ahead" && routeKind !== "back") || !runsBehindCard(plain, cards)) return [plain];
  const left = Math.min(x0, x1) + 1;
  const right = Math.max(x0, x1) - 1;
  const room = Math.abs(y1 - y0) + 6 * CARD_H;
  const obstacles = cards({ x: left, y: (y0 + y1) / 2 - room / 2, w: right - left, h: room });
  const between = columns(obstacles);
  if (between.length === 0) return [plain];
  if (routeKind === "back") between.reverse();
  const heights = levelHeights([x0, y0], [x1, y1], between);
  return routeThroughGaps([x0, y0], [x1, y1], between, heights, take);
}

/** Say whether a curve runs behind a card. */
function runsBehindCard(curve: Curve, cards: Cards): boolean {
  const left = Math.min(curve.x0, curve.x1);
  const top = Math.min(curve.y0, curve.y1);
  const box = { x: left, y: top, w: Math.abs(curve.x1 - curve.x0), h: Math.abs(curve.y1 - curve.y0) };
  const near = cards({ x: box.x - 8, y: box.y - 8, w: box.w + 16, h: box.h + 16 });
  if (near.length === 0) return false;
  const steps = Math.min(64, Math.max(8, Math.ceil((box.w + box.h) / 40)));
  for (let at = 1; at < steps; at += 1) {
    const t = at / steps;
    const s = 1 - t;
    const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
    const x = a * curve.x0 + b * curve.ax + c * curve.bx + d * curve.x1;
    const y = a * curve.y0 + b * curve.ay + c * curve.by + d * curve.y1;
    for (const [cx, cy] of near) {
      if (x > cx - 6 && x < cx + CARD_W + 6 && y > cy - 6 && y < cy + CARD_H + 6) return true;
    }
  }
  return false;
}

const PITCH = 28;

/** Return the curve between two points on facing sides. */
function facing(x0: number, y0: number, x1: number, y1: number, from: Side, to: Side, shift: number): Curve {
  const dx = Math.abs(x1 - x0);
  const dy = Math.abs(y1 - y0);
  const level = from === "left" || from === "right";
  const reach =
    from === to
      ? 56 + Math.min(160, dy * 0.12)
      : level
        ? Math.max(40, Math.min(dx * 0.5, 240))
        : Math.max(32, Math.min(dy * 0.5, 160));
  const [ax, ay] = away(x0, y0, from, reach);
  const [bx, by] = away(x1, y1, to, reach);
  // Parallel edges also keep their distance where they rise or fall.
  const rising = x1 > x0 === y1 > y0 ? -1 : 1;
  const lean = from !== to && level && dy > PITCH ? rising * shift * 0.7 : 0;
  return { x0, y0, ax: ax + lean, ay, bx: bx + lean, by, x1, y1 };
}

/** Return the loop of an edge from a card to itself, over its top; the n-th of them goes round the others. */
export function loop(place: Position, n: number): Curve {
  const left = place[0] + CARD_W - 104 - n * 10;
  const right = place[0] + CARD_W - 48 + n * 10;
  const high = place[1] - 56 - n * 36;
  return { x0: left, y0: place[1], ax: left, ay: high, bx: right, by: high, x1: right, y1: place[1] };
}

/** Return the short line of an edge that leads nowhere. */
export function stub(place: Position, out: number): Curve {
  const [x, y] = port(place, "right", out);
  return { x0: x, y0: y, ax: x + STUB / 3, ay: y, bx: x + (2 * STUB) / 3, by: y, x1: x + STUB, y1: y };
}

/** Return the curve from a card to a point on free ground, or back from there. */
export function loose(place: Position, at: Position, arriving: boolean): Curve {
  const [x, y] = port(place, arriving ? "left" : "right", 0);
  const reach = Math.max(40, Math.abs(at[0] - x) / 2);
  return arriving
    ? { x0: at[0], y0: at[1], ax: at[0] + reach / 2, ay: at[1], bx: x - reach, by: y, x1: x, y1: y }
    : { x0: x, y0: y, ax: x + reach, ay: y, bx: at[0] - reach / 2, by: at[1], x1: at[0], y1: at[1] };
}

export function port(place: Position, side: Side, shift: number): Position {
  const [x, y] = place;
  if (side === "left") return [x, y + CARD_H / 2 + shift];
  if (side === "right") return [x + CARD_W, y + CARD_H / 2 + shift];
  return [x + CARD_W / 2 + shift, side === "top" ? y : y + CARD_H];
}

function away(x: number, y: number, side: Side, by: number): Position {
  if (side === "left") return [x - by, y];
  if (side === "right") return [x + by, y];
  return [x, side === "top" ? y - by : y + by];
}

export function cardRect(place: Position): Rect {
  return { x: place[0], y: place[1], w: CARD_W, h: CARD_H };
}
