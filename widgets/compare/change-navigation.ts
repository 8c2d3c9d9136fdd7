/** Filtering, grouping and stepping through changes, and the part of the map that each is on; pure. */
import { type Rect, routeBounds } from "../map/geometry/curve";
import { cardRect } from "../map/geometry/route";
import type { Change, Comparison, ItemMark, Kind } from "./data";

/** Return the numbers of the changes that a filter lets through. */
export function visibleChanges(changes: readonly Change[], hidden: ReadonlySet<ItemMark>): number[] {
  return changes.flatMap((change, at) => (change.marks.some((mark) => !hidden.has(mark)) ? [at] : []));
}

/** Return the change `by` steps from the current one, round at the ends; null when there is none to go to. */
export function nextStep(visible: readonly number[], current: number | null, by: 1 | -1): number | null {
  if (visible.length === 0) return null;
  const at = current === null ? -1 : visible.indexOf(current);
  if (at < 0) {
    if (current === null) return (by > 0 ? visible[0] : visible.at(-1)) ?? null;
    // the current one was filtered away: go on from where it stood
    const next = by > 0 ? visible.find((one) => one > current) : visible.findLast((one) => one < current);
    return next ?? (by > 0 ? visible[0] : visible.at(-1)) ?? null;
  }
  return visible[(at + by + visible.length) % visible.length] ?? null;
}

interface Group {
  readonly kind: Kind;
  readonly all: number;
  /** The first of them, the current one always among them. */
  readonly visible: readonly number[];
}

/** Return the changes by kind, at most `most` of each, more when the current one lies further on. */
export function groupChanges(
  changes: readonly Change[],
  visible: readonly number[],
  most: number,
  current: number | null,
) {
  const groups: Group[] = [];
  for (const kind of ["world", "state", "event"] as const) {
    const all = visible.filter((at) => changes[at]?.kind === kind);
    const here = current === null ? -1 : all.indexOf(current);
    const room = here < most ? most : Math.ceil((here + 1) / most) * most;
    if (all.length > 0) groups.push({ kind, all: all.length, visible: all.slice(0, room) });
  }
  return groups;
}

/** Return how many changes have each mark. */
export function countMarks(changes: readonly Change[]): ReadonlyMap<ItemMark, number> {
  const counts = new Map<ItemMark, number>();
  for (const { marks } of changes) for (const mark of marks) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  return counts;
}

/** Return the part of the map that a change is at; null when it is nowhere on it. */
export function boundsOfChange({ scene, graph }: Comparison, change: Pick<Change, "nodes" | "pieces">): Rect | null {
  const rects = change.nodes.flatMap((node) => {
    const place = scene.places[node];
    return place ? [cardRect(place)] : [];
  });
  if (change.pieces.length > 0) {
    const pieceIndices = new Set(change.pieces);
    graph.edges.forEach((edge, at) => {
      const route = scene.routes[at];
      if (route && pieceIndices.has(edge.index)) rects.push(routeBounds(route));
    });
  }
  const [first, ...rest] = rects;
  return first ? rest.reduce(unionRect, first) : null;
}

function unionRect(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return { x, y, w: Math.max(a.x + a.w, b.x + b.w) - x, h: Math.max(a.y + a.h, b.y + b.h) - y };
}
