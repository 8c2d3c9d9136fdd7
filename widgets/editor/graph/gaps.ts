/** Gaps between cards that stand above one another, and the way through them that rises and falls least. */
import type { Position } from "../../shared/protocol";
import { CARD_H, CARD_W, CLEAR } from "./measures";

export type Gap = readonly [top: number, bottom: number];

/** Cards that stand above one another, and the free heights between and around them. */
export interface Column {
  readonly left: number;
  readonly right: number;
  readonly gaps: readonly Gap[];
}

const TURN_COST = 60;
const TRIED = 8;

/** Return the columns that cards stand in, from the left. */
export function columns(cards: readonly Position[]): Column[] {
  const groups: Position[][] = [];
  for (const place of [...cards].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = groups[groups.length - 1];
    if (last?.[0] && place[0] <= last[0][0] + CARD_W / 2) last.push(place);
    else groups.push([place]);
  }
  return groups.map((group) => ({
    left: group[0]?.[0] ?? 0,
    right: (group[group.length - 1]?.[0] ?? 0) + CARD_W,
    gaps: gaps(group),
  }));
}

/** Return the free heights around some cards. */
export function gaps(cards: readonly Position[]): Gap[] {
  const free: Gap[] = [];
  let at = Number.NEGATIVE_INFINITY;
  for (const [, top] of [...cards].sort((a, b) => a[1] - b[1])) {
    if (top - CLEAR > at) free.push([at, top - CLEAR]);
    at = Math.max(at, top + CARD_H + CLEAR);
  }
  free.push([at, Number.POSITIVE_INFINITY]);
  return free;
}

/** Return the gap of a column that a height lies in. */
export function gapAt(column: Column, y: number): Gap | null {
  return column.gaps.find(([top, bottom]) => top <= y && y <= bottom) ?? null;
}

/**
 * Return a height in each column, in order of travel, so that the way from `a` to `b` bends least.
 *
 * A shortest path over the heights at which gaps begin and end, column by column; a step costs its climb and
 * something for not being level. Two sweeps find the cheapest step into every height at once.
 */
export function through(a: Position, b: Position, between: readonly Column[]): number[] {
  const heights = tried(a[1], b[1], between);
  let costs = heights.map((y) => (y === a[1] ? 0 : Number.POSITIVE_INFINITY));
  const came: number[][] = [];
  for (const column of between) {
    const [stepped, origin] = step(heights, costs);
    came.push(origin);
    costs = stepped.map((cost, at) => (gapAt(column, heights[at] ?? 0) ? cost : Number.POSITIVE_INFINITY));
  }
  const [, origin] = step(heights, costs);
  let at = origin[heights.indexOf(b[1])] ?? 0;
  const way: number[] = [];
  for (const from of came.reverse()) {
    way.push(heights[at] ?? 0);
    at = from[at] ?? 0;
  }
  return way.reverse();
}

/** Return the heights worth trying: both ends', and of each column the edges of the gaps nearest to them. */
function tried(start: number, end: number, between: readonly Column[]): number[] {
  const low = Math.min(start, end);
  const high = Math.max(start, end);
  const found = new Set([start, end]);
  const far = (y: number) => Math.max(low - y, y - high);
  for (const column of between) {
    const edges = column.gaps.flat().filter(Number.isFinite);
    // The outermost gaps are always open, so that there is always a way.
    for (const edge of [edges[0], edges[edges.length - 1]]) if (edge !== undefined) found.add(edge);
    for (const edge of edges.sort((p, q) => far(p) - far(q) || p - q).slice(0, TRIED)) found.add(edge);
  }
  return [...found].sort((p, q) => p - q);
}

function step(heights: readonly number[], costs: readonly number[]): [costs: number[], origin: number[]] {
  const best = [...costs];
  const origin = heights.map((_, at) => at);
  const sweep = (order: readonly number[]) => {
    let least = Number.POSITIVE_INFINITY;
    let source = 0;
    let last = 0;
    for (const at of order) {
      const y = heights[at] ?? 0;
      least += Math.abs(y - last);
      if (least + TURN_COST < (best[at] ?? 0)) {
        best[at] = least + TURN_COST;
        origin[at] = source;
      }
      if ((costs[at] ?? 0) <= least) {
        least = costs[at] ?? 0;
        source = at;
      }
      last = y;
    }
  };
  const order = heights.map((_, at) => at);
  sweep(order);
  sweep(order.reverse());
  return [best, origin];
}
