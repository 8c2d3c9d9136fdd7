/** What differs between two scenes, and which edges that affects. */
import type { Position } from "../shared/protocol";
import type { EdgesToRoute } from "./edge-routes";
import { CARD_H, CARD_W } from "./geometry/dimensions";
import type { Column } from "./geometry/gaps";
import type { Decision } from "./geometry/route";
import type { Graph } from "./graph";
import { matchEntries } from "./list-match";
import type { RectIndex } from "./rect-index";

export interface SceneDiff {
  /** The old number of each edge, -1 for new edges; null when no number changed. */
  readonly oldEdges: Int32Array | null;
  /** The new number of each old edge, -1 for removed edges; null when no number changed. */
  readonly newEdges: Int32Array | null;
  /** Nodes that are new or were moved. */
  readonly movedNodes: readonly number[];
  /** Nodes that lost an edge. */
  readonly nodesWithLostEdges: readonly number[];
  /** Old places of cards that were removed or moved. */
  readonly vacatedPlaces: readonly Position[];
}

export function diffScenes(
  graph: Graph,
  places: readonly Position[],
  before: Pick<EdgesToRoute, "graph" | "places">,
): SceneDiff {
  const old = before.graph;
  const left: Position[] = [];
  if (graph.out === old.out) {
    const movedNodes: number[] = [];
    places.forEach((place, node) => {
      const was = before.places[node];
      if (place === was || (was && place[0] === was[0] && place[1] === was[1])) return;
      movedNodes.push(node);
      if (was) left.push(was);
    });
    return { oldEdges: null, newEdges: null, movedNodes, nodesWithLostEdges: [], vacatedPlaces: left };
  }
  const same = graph.byId === old.byId;
  const oldNode = same ? [...graph.nodes.keys()] : graph.nodes.map(({ id }) => old.byId.get(id) ?? -1);
  const newNode = same ? oldNode : old.nodes.map(({ id }) => graph.byId.get(id) ?? -1);
  const movedNodes: number[] = [];
  places.forEach((place, node) => {
    const was = before.places[oldNode[node] ?? -1];
    if (was && place[0] === was[0] && place[1] === was[1]) return;
    movedNodes.push(node);
    if (was) left.push(was);
  });
  old.nodes.forEach((_, node) => {
    const was = before.places[node];
    if (newNode[node] === -1 && was) left.push(was);
  });
  const eventBefore = matchEntries(graph.doc.events, old.doc.events);
  const edges = new Int32Array(graph.edges.length).fill(-1);
  const back = new Int32Array(old.edges.length).fill(-1);
  graph.doc.events.forEach((event, index) => {
    const was = eventBefore(event, index);
    if (was === undefined) return;
    const start = graph.first[index] ?? 0;
    const end = graph.first[index + 1] ?? start;
    const then = old.first[was] ?? 0;
    if (end - start !== (old.first[was + 1] ?? then) - then) return;
    for (let at = start; at < end; at += 1) {
      const [one, two] = [graph.edges[at], old.edges[then + at - start]];
      if (!one || !two || oldNode[one.source] !== two.source) continue;
      if ((one.target < 0 ? -1 : oldNode[one.target]) !== two.target) continue;
      edges[at] = then + at - start;
      back[then + at - start] = at;
    }
  });
  const nodesWithLostEdges = new Set<number>();
  old.edges.forEach((edge, at) => {
    if ((back[at] ?? -1) >= 0) return;
    for (const node of [newNode[edge.source] ?? -1, newNode[edge.target] ?? -1])
      if (node >= 0) nodesWithLostEdges.add(node);
  });
  return {
    oldEdges: edges,
    newEdges: back,
    movedNodes,
    nodesWithLostEdges: [...nodesWithLostEdges],
    vacatedPlaces: left,
  };
}

/** How far from a line, in world units, a card may be and still affect its route. */
const NEARBY_DISTANCE = 80;

/** Return the edges of an index whose routes pass some places. */
export function routesNear(edgeIndex: RectIndex, places: readonly Position[]): Set<number> {
  const edges = new Set<number>();
  for (const [x, y] of places) {
    const box = {
      x: x - NEARBY_DISTANCE,
      y: y - NEARBY_DISTANCE,
      w: CARD_W + 2 * NEARBY_DISTANCE,
      h: CARD_H + 2 * NEARBY_DISTANCE,
    };
    for (const edge of edgeIndex.search(box)) edges.add(edge);
  }
  return edges;
}

/** Say whether a card at some places could be in the way of an edge, or limit the band in which it wraps. */
export function liesNear([a, b]: readonly [Position, Position], changedPlaces: readonly Position[]): boolean {
  const [left, right] = [
    Math.min(a[0], b[0]) - NEARBY_DISTANCE - CARD_W,
    Math.max(a[0], b[0]) + NEARBY_DISTANCE + CARD_W,
  ];
  const [top, bottom] = [Math.min(a[1], b[1]) - CARD_H, Math.max(a[1], b[1]) + CARD_H];
  return changedPlaces.some(([x, y]) => x > left && x < right && y > top && y < bottom);
}

/** Where the cards of a column changed. */
interface ColumnChange {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Return what differs between the columns of two scenes. */
export function columnChanges(before: readonly Column[], now: readonly Column[]): ColumnChange[] {
  const key = ({ left, right }: Column) => `${left} ${right}`;
  const old = new Map(before.map((column) => [key(column), column]));
  const changes: ColumnChange[] = [];
  for (const column of now) {
    const was = old.get(key(column));
    old.delete(key(column));
    const [one, two] = [new Set(column.edges), new Set(was?.edges)];
    const differ = was ? [...one].filter((y) => !two.has(y)).concat([...two].filter((y) => !one.has(y))) : WHOLE_RANGE;
    if (differ.length === 0) continue;
    changes.push({ left: column.left, right: column.right, top: Math.min(...differ), bottom: Math.max(...differ) });
  }
  for (const { left, right } of old.values()) changes.push({ left, right, top: -Infinity, bottom: Infinity });
  return changes;
}

const WHOLE_RANGE = [-Infinity, Infinity];

/**
 * Say whether an edge passes a column that changed no further than `reach` above or below the middles of its cards. A
 * column that came or went changed everywhere, also for a reach of minus infinity.
 */
export function isReached(
  [a, b]: readonly [Position, Position],
  reach: number,
  changes: readonly ColumnChange[],
): boolean {
  const [left, right] = [Math.min(a[0], b[0]) + CARD_W / 2, Math.max(a[0], b[0]) + CARD_W / 2];
  const [top, bottom] = [Math.min(a[1], b[1]) + CARD_H / 2 - reach, Math.max(a[1], b[1]) + CARD_H / 2 + reach];
  return changes.some(
    (change) => change.left > left && change.right < right && change.bottom >= top && change.top <= bottom,
  );
}

export function sameDecision(a: Decision, b: Decision | undefined): boolean {
  const [one, two] = [a.passages, b?.passages ?? null];
  if (a.kind !== b?.kind || one?.heights.length !== two?.heights.length) return false;
  if (!one || !two) return one === two;
  const sameDirections = one.directions.every((direction, end) => direction === two.directions[end]);
  return sameDirections && one.heights.every((y, at) => y === two.heights[at]);
}
