/**
 * Where edges run. An edge leaves and enters on the sides of its cards that face each other; on each side the edges
 * are spread in the order of what they lead to, so that neighbours and there-and-back pairs run side by side.
 */
import type { Position } from "../../shared/protocol";
import { type Curve, pointAt, type Rect } from "./curve";
import type { Graph } from "./graph";

export const CARD_W = 280;
export const CARD_H = 168;

const NEAR = 24;
const PITCH = 28;
const STUB = 56;

export type Side = "left" | "right" | "top" | "bottom";

export interface Ends {
  readonly from: Side;
  readonly to: Side;
}

/** Return the sides an edge uses between two cards. */
export function sides(source: Position, target: Position): Ends {
  const dx = target[0] - source[0];
  const dy = target[1] - source[1];
  if (dx >= CARD_W + NEAR) return { from: "right", to: "left" };
  if (-dx >= CARD_W + NEAR) return { from: "left", to: "right" };
  if (Math.abs(dy) >= CARD_H + NEAR && Math.abs(dy) < 2 * CARD_H + 160) {
    return dy > 0 ? { from: "bottom", to: "top" } : { from: "top", to: "bottom" };
  }
  // Same column but far apart, or overlapping: around the outside, past what stands between.
  return { from: "right", to: "right" };
}

/** Return the curve between two cards, its ends shifted along their sides. */
export function route(
  source: Position,
  target: Position,
  { from, to }: Ends,
  out: number,
  into: number,
  bow = 0,
): Curve {
  const [x0, y0] = port(source, from, out);
  const [x1, y1] = port(target, to, into);
  const dx = Math.abs(x1 - x0);
  const dy = Math.abs(y1 - y0);
  const reach =
    from === to
      ? 56 + Math.min(160, dy * 0.12)
      : from === "left" || from === "right"
        ? Math.max(40, Math.min(dx * 0.5, 240))
        : Math.max(32, Math.min(dy * 0.5, 160));
  const [ax, ay] = away(x0, y0, from, reach);
  const [bx, by] = away(x1, y1, to, reach);
  // Neighbours keep their distance where they run up or down, too.
  const rising = x1 > x0 === y1 > y0 ? -1 : 1;
  const lean = from !== to && (from === "left" || from === "right") && dy > PITCH ? rising * (out + into) * 0.7 : 0;
  return { x0, y0, ax: ax + lean, ay: ay + bow, bx: bx + lean, by: by + bow, x1, y1 };
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

function port(place: Position, side: Side, shift: number): Position {
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

/**
 * How far each edge's ends are shifted along their sides; which loop of its card an edge is; how far a long one
 * bows up or down to pass by the cards between its ends.
 */
export interface Slots {
  readonly out: Float32Array;
  readonly into: Float32Array;
  readonly loops: Uint16Array;
  readonly bow: Float32Array;
}

/** Spread the ends of the edges along the sides of every card. */
export function slots(graph: Graph, places: readonly Position[]): Slots {
  const out = new Float32Array(graph.edges.length);
  const into = new Float32Array(graph.edges.length);
  const loops = new Uint16Array(graph.edges.length);
  const ends = new Map<string, { edge: number; leaving: boolean; key: number }[]>();
  const looped = new Map<number, number>();

  const put = (node: number, side: Side, edge: number, leaving: boolean, other: Position) => {
    const where = `${node} ${side}`;
    const key = side === "left" || side === "right" ? other[1] : other[0];
    const list = ends.get(where);
    if (list) list.push({ edge, leaving, key });
    else ends.set(where, [{ edge, leaving, key }]);
  };

  graph.edges.forEach((edge, index) => {
    const source = places[edge.source];
    const target = places[edge.target];
    if (!source) return;
    if (edge.target === edge.source) {
      const n = looped.get(edge.source) ?? 0;
      loops[index] = n;
      looped.set(edge.source, n + 1);
    } else if (!target) put(edge.source, "right", index, true, source);
    else {
      const { from, to } = sides(source, target);
      put(edge.source, from, index, true, target);
      put(edge.target, to, index, false, source);
    }
  });

  for (const [where, list] of ends) {
    const vertical = where.endsWith("left") || where.endsWith("right");
    const length = vertical ? CARD_H - 40 : CARD_W - 80;
    const pitch = Math.min(PITCH, list.length > 1 ? length / (list.length - 1) : 0);
    list.sort((a, b) => a.key - b.key || a.edge - b.edge);
    list.forEach(({ edge, leaving }, at) => {
      const shift = (at - (list.length - 1) / 2) * pitch;
      if (leaving) out[edge] = shift;
      else into[edge] = shift;
    });
  }
  return { out, into, loops, bow: new Float32Array(graph.edges.length) };
}

/** Return the curve of one edge. */
export function curveOf(graph: Graph, index: number, place: (node: number) => Position, shifts: Slots): Curve | null {
  const edge = graph.edges[index];
  if (!edge) return null;
  const out = shifts.out[index] ?? 0;
  const source = place(edge.source);
  if (edge.target < 0) return stub(source, out);
  if (edge.target === edge.source) return loop(source, shifts.loops[index] ?? 0);
  const target = place(edge.target);
  return route(source, target, sides(source, target), out, shifts.into[index] ?? 0, shifts.bow[index] ?? 0);
}

const LONG = 2 * CARD_W;
/** With more edges than this, looking for free ways would take longer than a frame or two. */
const MOST_BENT = 6000;
const BOWS = [0, -0.9, 0.9, -1.8, 1.8, -2.7, 2.7, -3.6, 3.6].map((bow) => bow * CARD_H);

/** Bow the long edges out of the way of cards, as little as needed; `taken` says whether a card is at a place. */
export function bend(
  graph: Graph,
  places: readonly Position[],
  shifts: Slots,
  taken: (x: number, y: number) => boolean,
): void {
  if (graph.edges.length > MOST_BENT) return;
  graph.edges.forEach((edge, index) => {
    const source = places[edge.source];
    const target = places[edge.target];
    if (!source || !target || Math.abs(target[0] - source[0]) < LONG) return;
    const ends = sides(source, target);
    let fewest = Number.POSITIVE_INFINITY;
    for (const bow of BOWS) {
      const curve = route(source, target, ends, shifts.out[index] ?? 0, shifts.into[index] ?? 0, bow);
      const far = Math.min(24, Math.ceil(Math.abs(target[0] - source[0]) / 100));
      let hits = 0;
      for (let at = 1; at < far && hits < fewest; at += 1) {
        const { x, y } = pointAt(curve, at / far);
        if (taken(x, y)) hits += 1;
      }
      if (hits < fewest) {
        fewest = hits;
        shifts.bow[index] = bow;
      }
      if (fewest === 0) break;
    }
  });
}

export function cardRect(place: Position): Rect {
  return { x: place[0], y: place[1], w: CARD_W, h: CARD_H };
}
