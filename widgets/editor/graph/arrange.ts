/** Arranging cards: in a line, at even distances, in columns. Each function returns the cards that move. */

import type { Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W, GRID, PITCH_X, PITCH_Y } from "../../map/geometry/dimensions";
import type { Graph } from "../../map/graph";
import type { Position } from "../../shared/protocol";

export type Line = "left" | "centre" | "right" | "top" | "middle" | "bottom";
export type Axis = "across" | "down";
export type Places = ReadonlyMap<number, Position>;

export function snapToGrid(at: number): number {
  return Math.round(at / GRID) * GRID;
}

/** Return the cards of `places` that `now` puts elsewhere. */
function changedPlaces(places: Places, now: (place: Position, node: number) => Position): Map<number, Position> {
  const newPlaces = new Map<number, Position>();
  for (const [node, place] of places) {
    const [x, y] = now(place, node);
    if (x !== place[0] || y !== place[1]) newPlaces.set(node, [x, y]);
  }
  return newPlaces;
}

export function alignCards(places: Places, line: Line): Map<number, Position> {
  const xs = [...places.values()].map(([x]) => x);
  const ys = [...places.values()].map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const at = {
    left: ([, y]: Position): Position => [left, y],
    centre: ([, y]: Position): Position => [snapToGrid((left + right) / 2), y],
    right: ([, y]: Position): Position => [right, y],
    top: ([x]: Position): Position => [x, top],
    middle: ([x]: Position): Position => [x, snapToGrid((top + bottom) / 2)],
    bottom: ([x]: Position): Position => [x, bottom],
  }[line];
  return changedPlaces(places, at);
}

/** Set cards at even distances between the two outermost, no closer than that they clear each other. */
export function distributeCards(places: Places, axis: Axis): Map<number, Position> {
  const along = axis === "across" ? 0 : 1;
  const order = [...places].sort((a, b) => a[1][along] - b[1][along] || a[0] - b[0]);
  const first = order[0]?.[1][along] ?? 0;
  const last = order[order.length - 1]?.[1][along] ?? 0;
  const least = (axis === "across" ? CARD_W : CARD_H) + 3 * GRID;
  const step = Math.max(least, (last - first) / Math.max(1, order.length - 1));
  const rank = new Map(order.map(([node], at) => [node, at]));
  return changedPlaces(places, ([x, y], node) => {
    const at = snapToGrid(first + step * (rank.get(node) ?? 0));
    return axis === "across" ? [at, y] : [x, at];
  });
}

/** How far new cards look for free ground, and in what steps. */
const MAX_SEARCH_DISTANCE = 2400;
const SEARCH_STEP = 8 * GRID;

/**
 * Return where to put cards so that they lie on no others, as near as can be to where they are wanted.
 * `taken` says whether a card, or any near it, touches a rectangle.
 */
export function freeGround(cards: readonly Position[], isCovered: (rect: Rect) => boolean): [dx: number, dy: number] {
  const free = (dx: number, dy: number) =>
    !cards.some(([x, y]) =>
      isCovered({
        x: x + dx - SEARCH_STEP / 4,
        y: y + dy - SEARCH_STEP / 4,
        w: CARD_W + SEARCH_STEP / 2,
        h: CARD_H + SEARCH_STEP / 2,
      }),
    );
  for (let ring = 0; ring * SEARCH_STEP <= MAX_SEARCH_DISTANCE; ring += 1) {
    const far = ring * SEARCH_STEP;
    // Down and to the right first: that is where one goes on.
    for (let along = 0; along <= far; along += SEARCH_STEP) {
      for (const [dx, dy] of [
        [along, far],
        [far, along],
        [-along, far],
        [far, -along],
        [along, -far],
        [-far, along],
        [-along, -far],
        [-far, -along],
      ] as const) {
        if (free(dx, dy)) return [dx, dy];
      }
    }
  }
  return [SEARCH_STEP, SEARCH_STEP];
}

/** Lay some cards out in columns by the events among them, from where their top left corner is. */
export function layOutColumns(graph: Graph, places: Places): Map<number, Position> {
  const columns = columnsOf(graph, [...places.keys()], places);
  const left = snapToGrid(Math.min(...[...places.values()].map(([x]) => x)));
  const top = snapToGrid(Math.min(...[...places.values()].map(([, y]) => y)));
  const tallest = Math.max(...columns.map((column) => column.length));
  const now = new Map<number, Position>();
  columns.forEach((column, across) => {
    const down = ((tallest - column.length) * PITCH_Y) / 2;
    column.forEach((node, at) => {
      now.set(node, [left + across * PITCH_X, top + snapToGrid(down) + at * PITCH_Y]);
    });
  });
  return changedPlaces(places, (place, node) => now.get(node) ?? place);
}

/** Return nodes in columns: each as far on as the shortest way to it, in a column as high as they stood. */
function columnsOf(graph: Graph, nodes: readonly number[], places: Places): number[][] {
  const within = new Set(nodes);
  const after = (node: number) =>
    (graph.out[node] ?? [])
      .map((edge) => graph.edges[edge]?.target ?? -1)
      .filter((to) => within.has(to) && to !== node);
  const targets = new Set(nodes.flatMap(after));
  const byPlace = (a: number, b: number) =>
    (places.get(a)?.[0] ?? 0) - (places.get(b)?.[0] ?? 0) || (places.get(a)?.[1] ?? 0) - (places.get(b)?.[1] ?? 0);
  const roots = nodes.filter((node) => !targets.has(node)).sort(byPlace);
  const column = new Map<number, number>();
  const queue: number[] = [];
  // What only leads round in circles begins at the leftmost card of the circle.
  const ends = (node: number) => (after(node).length === 0 ? 1 : 0);
  for (const root of [...roots, ...[...nodes].sort((a, b) => ends(a) - ends(b) || byPlace(a, b))]) {
    if (column.has(root)) continue;
    column.set(root, 0);
    queue.push(root);
    for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
      for (const to of after(node)) {
        if (column.has(to)) continue;
        column.set(to, (column.get(node) ?? 0) + 1);
        queue.push(to);
      }
    }
  }
  const columns: number[][] = [];
  for (const [node, at] of column) {
    while (columns.length <= at) columns.push([]);
    columns[at]?.push(node);
  }
  for (const one of columns) one.sort((a, b) => (places.get(a)?.[1] ?? 0) - (places.get(b)?.[1] ?? 0) || a - b);
  return columns;
}
