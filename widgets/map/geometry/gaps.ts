/** Gaps between cards that stand above one another, and the flattest path through them. */
import type { Position } from "../../shared/protocol";
import { CARD_H, CARD_W, CLEAR } from "./dimensions";

export type Gap = readonly [top: number, bottom: number];

/** Cards that stand above one another, and the free heights between and around them. */
export interface Column {
  readonly left: number;
  readonly right: number;
  readonly gaps: readonly Gap[];
}

const TURN_COST = 60;
const MOST_CANDIDATES = 8;

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
 * Return a height in each column, in order of travel, so that the route from `a` to `b` is as flat as possible.
 *
 * A shortest path over the heights at which gaps begin and end, column by column. A step costs its vertical distance,
 * and a constant if there is any. Two sweeps find the cheapest step into every height at once.
 */
export function levelHeights(a: Position, b: Position, between: readonly Column[]): number[] {
  const heights = candidateHeights(a[1], b[1], between);
  let costs = new Float64Array(heights.length).fill(Number.POSITIVE_INFINITY);
  costs[heights.indexOf(a[1])] = 0;
  const origins: Int32Array[] = [];
  for (const column of between) {
    const origin = new Int32Array(heights.length);
    costs = nextCosts(heights, costs, origin);
    origins.push(origin);
    excludeCards(heights, costs, column);
  }
  const last = new Int32Array(heights.length);
  nextCosts(heights, costs, last);
  let at = last[heights.indexOf(b[1])] ?? 0;
  const path: number[] = [];
  for (const from of origins.reverse()) {
    path.push(heights[at] ?? 0);
    at = from[at] ?? 0;
  }
  return path.reverse();
}

/** Return candidate heights: those of both ends, and in each column the edges of the gaps nearest to them. */
function candidateHeights(start: number, end: number, between: readonly Column[]): number[] {
  const low = Math.min(start, end);
  const high = Math.max(start, end);
  const heights = new Set([start, end]);
  const far = (y: number | undefined) => (y === undefined ? Number.POSITIVE_INFINITY : Math.max(low - y, y - high));
  for (const { gaps } of between) {
    // From the top: where the first gap ends and each later one begins and ends, until the last, which is open.
    const edges: number[] = [];
    for (const [top, bottom] of gaps) {
      if (top > Number.NEGATIVE_INFINITY) edges.push(top);
      if (bottom < Number.POSITIVE_INFINITY) edges.push(bottom);
    }
    // The outermost gaps are always open, so that there is always a path.
    for (const edge of [edges[0], edges[edges.length - 1]]) if (edge !== undefined) heights.add(edge);
    // Distances grow in both directions from the middle.
    let below = edges.findIndex((edge) => edge >= (low + high) / 2);
    if (below < 0) below = edges.length;
    let above = below - 1;
    for (let count = Math.min(MOST_CANDIDATES, edges.length); count > 0; count -= 1) {
      const up = far(edges[above]) <= far(edges[below]);
      heights.add(edges[up ? above : below] as number);
      if (up) above -= 1;
      else below += 1;
    }
  }
  return [...heights].sort((p, q) => p - q);
}

/** Return the least cost of reaching each height from any other, and store in `origin` from which. */
function nextCosts(heights: readonly number[], costs: Float64Array, origin: Int32Array): Float64Array<ArrayBuffer> {
  const best = new Float64Array(costs);
  for (let at = 0; at < heights.length; at += 1) origin[at] = at;
  for (const down of [true, false]) {
    let least = Number.POSITIVE_INFINITY;
    let source = 0;
    let last = 0;
    for (let turn = 0; turn < heights.length; turn += 1) {
      const at = down ? turn : heights.length - 1 - turn;
      const y = heights[at] as number;
      least += Math.abs(y - last);
      if (least + TURN_COST < (best[at] as number)) {
        best[at] = least + TURN_COST;
        origin[at] = source;
      }
      if ((costs[at] as number) <= least) {
        least = costs[at] as number;
        source = at;
      }
      last = y;
    }
  }
  return best;
}

/** Set the cost of heights at which a column has no gap to infinity. */
function excludeCards(heights: readonly number[], costs: Float64Array, { gaps }: Column): void {
  let gap = 0;
  for (let at = 0; at < heights.length; at += 1) {
    const y = heights[at] as number;
    while (gap < gaps.length && (gaps[gap] as Gap)[1] < y) gap += 1;
    if (!(gap < gaps.length && (gaps[gap] as Gap)[0] <= y)) costs[at] = Number.POSITIVE_INFINITY;
  }
}
