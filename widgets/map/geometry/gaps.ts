/** Gaps between cards in a column, and the path through gaps that climbs least. */
import type { Position } from "../../shared/protocol";
import { CARD_H, CARD_W, CLEARANCE, MAX_CANDIDATES, TURN_COST } from "./dimensions";
import { firstIndex } from "./search";

export type Gap = readonly [top: number, bottom: number];

/** Cards that are above one another, and the free heights between and around them. */
export interface Column {
  readonly left: number;
  readonly right: number;
  readonly gaps: readonly Gap[];
  /** From the top: where the first gap ends and each later one begins and ends, until the last, which is open. */
  readonly edges: readonly number[];
}

/** Return the columns of the cards, from the left. */
export function columnsOf(cards: readonly Position[]): Column[] {
  const groups: Position[][] = [];
  for (const place of [...cards].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = groups[groups.length - 1];
    if (last?.[0] && place[0] <= last[0][0] + CARD_W / 2) last.push(place);
    else groups.push([place]);
  }
  return groups.map((group) => {
    const gaps = freeHeights(group);
    const edges = gaps.flat().filter(Number.isFinite);
    return { left: group[0]?.[0] ?? 0, right: (group[group.length - 1]?.[0] ?? 0) + CARD_W, gaps, edges };
  });
}

/** Return the columns that lie between the middles of two cards, from the left. */
export function columnsBetween(columns: readonly Column[], a: Position, b: Position): Column[] {
  const left = Math.min(a[0], b[0]) + CARD_W / 2;
  const right = Math.max(a[0], b[0]) + CARD_W / 2;
  const first = firstIndex(columns.length, (at) => (columns[at] as Column).left > left);
  let end = first;
  while (end < columns.length && (columns[end] as Column).right < right) end += 1;
  return columns.slice(first, end);
}

/** Return the free heights around some cards. */
export function freeHeights(cards: readonly Position[]): Gap[] {
  const free: Gap[] = [];
  let bottom = Number.NEGATIVE_INFINITY;
  for (const [, top] of [...cards].sort((a, b) => a[1] - b[1])) {
    if (top - CLEARANCE > bottom) free.push([bottom, top - CLEARANCE]);
    bottom = Math.max(bottom, top + CARD_H + CLEARANCE);
  }
  free.push([bottom, Number.POSITIVE_INFINITY]);
  return free;
}

/** Return the gap of a column that a height lies in. */
export function gapAt({ gaps }: Column, y: number): Gap | null {
  const gap = gaps[gapEndingAfter(gaps, y)];
  return gap && gap[0] <= y ? gap : null;
}

/** Return the index of the first gap that ends at a height or below it. */
function gapEndingAfter(gaps: readonly Gap[], y: number): number {
  return firstIndex(gaps.length, (at) => (gaps[at] as Gap)[1] >= y);
}

/** Heights in columns, in order of travel, and what the path through them costs. */
export interface PathThroughGaps {
  readonly heights: readonly number[];
  readonly cost: number;
}

/**
 * Return a height in each column, in order of travel, so that the path from `a` to `b` bends least.
 *
 * A shortest path over the heights at which gaps begin and end, column by column. A step costs its vertical distance,
 * and a constant if there is any. Two sweeps find the cheapest step into every height at once.
 */
export function cheapestHeights(a: Position, b: Position, between: readonly Column[]): PathThroughGaps {
  const heights = candidateHeights(a[1], b[1], between);
  const count = heights.length;
  const origins = new Int32Array(count * (between.length + 1));
  let [costs, next] = [new Float64Array(count).fill(Number.POSITIVE_INFINITY), new Float64Array(count)];
  costs[heights.indexOf(a[1])] = 0;
  for (let step = 0; step <= between.length; step += 1) {
    nextCosts(heights, costs, next, origins.subarray(step * count, (step + 1) * count));
    const column = between[step];
    if (column) excludeCards(heights, next, column);
    [costs, next] = [next, costs];
  }
  const end = heights.indexOf(b[1]);
  let at = origins[between.length * count + end] ?? 0;
  const path: number[] = new Array(between.length);
  for (let step = between.length - 1; step >= 0; step -= 1) {
    path[step] = heights[at] ?? 0;
    at = origins[step * count + at] ?? 0;
  }
  return { heights: path, cost: costs[end] ?? 0 };
}

/** Return candidate heights: those of both ends, and in each column the edges of the gaps nearest to them. */
function candidateHeights(start: number, end: number, between: readonly Column[]): Float64Array {
  const low = Math.min(start, end);
  const high = Math.max(start, end);
  const heights = [start, end];
  for (const { edges } of between) {
    // The outermost gaps are always open, so that there is always a path.
    heights.push(edges[0] as number, edges[edges.length - 1] as number);
    // Distances grow in both directions from the middle.
    let below = firstFrom(edges, (low + high) / 2);
    let above = below - 1;
    for (let count = Math.min(MAX_CANDIDATES, edges.length); count > 0; count -= 1) {
      const [up, down] = [edges[above], edges[below]];
      if (down === undefined || (up !== undefined && farFrom(up, low, high) <= farFrom(down, low, high))) {
        heights.push(up as number);
        above -= 1;
      } else {
        heights.push(down);
        below += 1;
      }
    }
  }
  const sorted = Float64Array.from(heights).sort();
  return sorted.filter((y, at) => at === 0 || y !== sorted[at - 1]);
}

function farFrom(y: number, low: number, high: number): number {
  return Math.max(low - y, y - high);
}

/** Return the index of the first of some sorted heights that is at `y` or below it. */
function firstFrom(heights: readonly number[], y: number): number {
  return firstIndex(heights.length, (at) => (heights[at] as number) >= y);
}

/** Store the least cost of reaching each height from any other in `best`, and from which in `origin`. */
function nextCosts(heights: Float64Array, costs: Float64Array, best: Float64Array, origin: Int32Array): void {
  best.set(costs);
  for (let at = 0; at < heights.length; at += 1) origin[at] = at;
  sweep(heights, costs, best, origin, 0, heights.length, 1);
  sweep(heights, costs, best, origin, heights.length - 1, -1, -1);
}

function sweep(
  heights: Float64Array,
  costs: Float64Array,
  best: Float64Array,
  origin: Int32Array,
  start: number,
  end: number,
  step: number,
): void {
  let least = Number.POSITIVE_INFINITY;
  let source = 0;
  let last = 0;
  for (let at = start; at !== end; at += step) {
    const y = heights[at] as number;
    least += Math.abs(y - last);
    if (least + TURN_COST < (best[at] as number)) {
      best[at] = least + TURN_COST;
      origin[at] = source;
    }
    const cost = costs[at] as number;
    if (cost <= least) {
      least = cost;
      source = at;
    }
    last = y;
  }
}

/** Set the cost of heights at which a column has no gap to infinity. */
function excludeCards(heights: Float64Array, costs: Float64Array, { gaps }: Column): void {
  let gap = gapEndingAfter(gaps, heights[0] ?? 0);
  for (let at = 0; at < heights.length; at += 1) {
    const y = heights[at] as number;
    while ((gaps[gap] as Gap)[1] < y) gap += 1;
    if ((gaps[gap] as Gap)[0] > y) costs[at] = Number.POSITIVE_INFINITY;
  }
}
