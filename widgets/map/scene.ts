/** The scene: the places and routes of a graph, in a spatial index. */
import Flatbush from "flatbush";
import type { Position } from "../shared/protocol";
import { inside, type Point, type Rect, type Route, routeBounds, routeDistance } from "./geometry/curve";
import { CARD_H, CARD_W } from "./geometry/dimensions";
import { type Column, columnsOf } from "./geometry/gaps";
import type { Obstacles } from "./geometry/kinds";
import { type Lane, Lanes } from "./geometry/lanes";
import { copyPorts, noPorts, type Ports, samePort, spreadEnds } from "./geometry/ports";
import { cardRect, type Decision, decide, routeOf, type Take } from "./geometry/route";
import type { Graph } from "./graph";
import { type LabelBox, Labels } from "./labels";
import { matchEntries } from "./list-match";

export interface Scene {
  readonly graph: Graph;
  readonly places: readonly Position[];
  readonly routes: readonly Route[];
  readonly ports: Ports;
  /** The cards that edges go round; null where there are too many edges to do so. */
  readonly obstacles: Obstacles | null;
  readonly extent: Rect | null;
  readonly nodeIndex: Flatbush | null;
  readonly edgeIndex: Flatbush | null;
  readonly labels: Labels;
  /** The heights that edges have taken beside cards they go round, by edge. */
  readonly lanes: ReadonlyMap<number, readonly Lane[]>;
}

export type Hit = { readonly kind: "node"; readonly node: number } | { readonly kind: "edge"; readonly edge: number };

/** With more edges than this, routing around cards would take longer than a frame or two. */
const MOST_ROUTED = 6000;

/**
 * Build the scene of a graph. States that have no place yet stand in a row below. What a change does not affect is
 * taken from the scene before.
 */
export function buildScene(graph: Graph, layout: ReadonlyMap<string, Position>, before: Scene | null = null): Scene {
  const places = placesOf(graph, layout);
  const isRouted = graph.edges.length <= MOST_ROUTED;
  const diff = before && isRouted === (before.obstacles !== null) ? diffScenes(graph, places, before) : null;
  if (!diff || !before || diff.movedNodes.length > places.length / 4) return newScene(graph, places, isRouted);
  return changedScene(graph, places, before, diff);
}

function newScene(graph: Graph, places: readonly Position[], isRouted: boolean): Scene {
  const nodeIndex = indexRects(places.map(cardRect));
  const obstacles = isRouted ? obstaclesOf(places, nodeIndex, columnsOf(places)) : null;
  const ports = noPorts(graph.edges.length);
  const all = [...graph.edges.keys()];
  for (const edge of all) ports.decisions[edge] = decideEdge(graph, places, edge, obstacles);
  for (const node of graph.nodes.keys()) spreadEnds(graph, places, ports, node);
  const drawn = { graph, places, ports, obstacles, routes: new Array<Route>(all.length), lanes: new Map() };
  routeEdges(drawn, obstacles ? bySpan(graph, places, all) : all, new Lanes());
  return {
    ...drawn,
    extent: extentOf(places),
    nodeIndex,
    edgeIndex: indexRects(drawn.routes.map(routeBounds)),
    labels: new Labels(coverTest(nodeIndex)),
  };
}

/** Build the scene of a graph from the scene before: only what a change affects is decided and routed anew. */
function changedScene(graph: Graph, places: readonly Position[], before: Scene, diff: SceneDiff): Scene {
  const { oldEdges, newEdges, movedNodes, nodesWithLostEdges, vacatedPlaces } = diff;
  const cardsChanged = movedNodes.length + vacatedPlaces.length > 0;
  const sameNodes = !cardsChanged && graph.byId === before.graph.byId;
  const nodeIndex = sameNodes ? before.nodeIndex : indexRects(places.map(cardRect));
  const columns = before.obstacles && (cardsChanged ? columnsOf(places) : before.obstacles.columns);
  const obstacles = columns && obstaclesOf(places, nodeIndex, columns);
  const ports = copyPorts(before.ports, oldEdges);
  const routes = oldEdges ? Array.from(oldEdges, (was) => before.routes[was] as Route) : [...before.routes];
  const drawn = { graph, places, ports, obstacles, routes, lanes: new Map() };
  const oldEdge = (edge: number) => (oldEdges ? (oldEdges[edge] ?? -1) : edge);
  const newEdge = (edge: number) => (newEdges ? (newEdges[edge] ?? -1) : edge);

  const undecided = new Set<number>();
  const stale = new Set<number>();
  const redock = new Set<number>(nodesWithLostEdges);
  const reroute = (edge: number) => {
    const { source, target } = graph.edges[edge] as Graph["edges"][number];
    stale.add(edge);
    redock.add(source);
    if (target >= 0) redock.add(target);
  };
  oldEdges?.forEach((was, edge) => {
    if (was >= 0) return;
    undecided.add(edge);
    reroute(edge);
  });
  for (const node of movedNodes) {
    for (const edge of edgesAt(graph, node)) {
      undecided.add(edge);
      reroute(edge);
    }
  }
  if (obstacles && before.obstacles && cardsChanged) {
    const changedPlaces = [...vacatedPlaces, ...movedNodes.map((node) => places[node] as Position)];
    for (const was of routesNear(before, changedPlaces)) if (newEdge(was) >= 0) stale.add(newEdge(was));
    const changes = columnChanges(before.obstacles.columns, obstacles.columns);
    for (const edge of graph.edges.keys()) {
      const { passages } = ports.decisions[edge] as Decision;
      const ends = placesAt(graph, places, edge);
      // Whether a column lies between the cards of any edge depends on which cards are its own.
      const reach = passages?.reach ?? (before.lanes.has(oldEdge(edge)) ? Infinity : -Infinity);
      const isAffected = isReached(ends, reach, changes);
      // One that goes round cards because of where its ports are is not decided, but routed.
      if (isAffected && !passages) stale.add(edge);
      if (isAffected || liesNear(ends, changedPlaces)) undecided.add(edge);
    }
  }
  for (const edge of undecided) {
    const decision = decideEdge(graph, places, edge, obstacles);
    if (!sameDecision(decision, ports.decisions[edge])) reroute(edge);
    ports.decisions[edge] = decision;
  }
  for (const node of redock) spreadEnds(graph, places, ports, node);
  for (const node of redock) {
    for (const edge of edgesAt(graph, node)) if (!samePort(ports, edge, before.ports, oldEdge(edge))) stale.add(edge);
  }

  for (const [was, own] of before.lanes) {
    const edge = newEdge(was);
    if (edge >= 0 && !stale.has(edge)) drawn.lanes.set(edge, own);
  }
  routeEdges(drawn, bySpan(graph, places, [...stale]), new Lanes(drawn.lanes.values()));

  const labels = new Labels(coverTest(nodeIndex));
  for (const [was, box] of before.labels.entries()) {
    const edge = newEdge(was);
    const one = edge < 0 || stale.has(edge) ? undefined : graph.edges[edge];
    if (one) labels.keep(edge, one, box);
  }
  const same = stale.size === 0 && oldEdges === null;
  return {
    ...drawn,
    routes: same ? before.routes : drawn.routes,
    extent: extentOf(places),
    nodeIndex,
    edgeIndex: same ? before.edgeIndex : indexRects(drawn.routes.map(routeBounds)),
    labels,
  };
}

/** Outside `buildScene`: a closure created there would keep the scene before, and so all earlier scenes, in memory. */
function coverTest(index: Flatbush | null): (box: Rect) => boolean {
  return (box) => index !== null && index.search(box.x, box.y, box.x + box.w, box.y + box.h).length > 0;
}

function edgesAt(graph: Graph, node: number): number[] {
  return [...(graph.out[node] ?? []), ...(graph.into[node] ?? [])];
}

/** Return edges with the shortest first: they have the fewest options. */
function bySpan(graph: Graph, places: readonly Position[], edges: number[]): number[] {
  const span = (edge: number) => {
    const [a, b] = placesAt(graph, places, edge);
    return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
  };
  const spans = new Map(edges.map((edge) => [edge, span(edge)]));
  return edges.sort((a, b) => (spans.get(a) ?? 0) - (spans.get(b) ?? 0) || a - b);
}

/** Return the places of an edge's cards; of one that leads nowhere, its own card's twice. */
function placesAt(graph: Graph, places: readonly Position[], edge: number): [source: Position, target: Position] {
  const { source, target } = graph.edges[edge] as Graph["edges"][number];
  const here = places[source] ?? [0, 0];
  return [here, places[target] ?? here];
}

function decideEdge(graph: Graph, places: readonly Position[], edge: number, obstacles: Obstacles | null): Decision {
  const { source, target } = graph.edges[edge] as Graph["edges"][number];
  if (target < 0) return STUB;
  return source === target ? LOOP : decide(...placesAt(graph, places, edge), obstacles);
}

const STUB: Decision = { kind: "stub", passages: null };
const LOOP: Decision = { kind: "loop", passages: null };

/** Route edges in the given order, and note the lanes that they take. */
function routeEdges(
  scene: Pick<Scene, "graph" | "places" | "ports" | "obstacles"> & { routes: Route[]; lanes: Map<number, Lane[]> },
  edges: readonly number[],
  lanes: Lanes,
): void {
  for (const edge of edges) {
    const own: Lane[] = [];
    scene.routes[edge] = routeEdge(scene, placesAt(scene.graph, scene.places, edge), edge, (where, preferred, gap) => {
      const lane = lanes.take(where, preferred, gap);
      own.push(lane);
      return lane.y;
    });
    if (own.length > 0) scene.lanes.set(edge, own);
  }
}

function routeEdge(
  { ports, obstacles }: Pick<Scene, "ports" | "obstacles">,
  [source, target]: readonly [Position, Position],
  edge: number,
  take?: Take,
  decision = ports.decisions[edge] ?? STUB,
): Route {
  const shifts = [ports.out[edge] ?? 0, ports.into[edge] ?? 0] as const;
  const counts = [ports.outCount[edge] ?? 0, ports.intoCount[edge] ?? 0] as const;
  return routeOf({ source, target, decision, shifts, counts, loop: ports.loops[edge] ?? 0 }, obstacles, take);
}

/** Return the cards as obstacles, without some that are being moved. */
function obstaclesOf(
  places: readonly Position[],
  index: Flatbush | null,
  columns: readonly Column[],
  without?: ReadonlyMap<number, unknown>,
): Obstacles {
  return {
    columns,
    touching: (left, top, right, bottom) => {
      const cards: Position[] = [];
      for (const node of index?.search(left, top, right, bottom) ?? []) {
        const place = places[node] as Position;
        const [w, h] = [
          Math.min(right, place[0] + CARD_W) - Math.max(left, place[0]),
          Math.min(bottom, place[1] + CARD_H) - Math.max(top, place[1]),
        ];
        if (w > 0 && h > 0 && !without?.has(node)) cards.push(place);
      }
      return cards;
    },
  };
}

// ---- reusing the scene before ------------------------------------------------------------------

interface SceneDiff {
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

function diffScenes(graph: Graph, places: readonly Position[], before: Scene): SceneDiff {
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
const NEAR = 80;

/** Return the edges of a scene whose routes pass some places. */
function routesNear(scene: Scene, places: readonly Position[]): Set<number> {
  const edges = new Set<number>();
  for (const [x, y] of places) {
    const box = [x - NEAR, y - NEAR, x + CARD_W + NEAR, y + CARD_H + NEAR] as const;
    for (const edge of scene.edgeIndex?.search(...box) ?? []) edges.add(edge);
  }
  return edges;
}

/** Say whether a card at some places could be in the way of an edge, or limit the band in which it wraps. */
function liesNear([a, b]: readonly [Position, Position], changedPlaces: readonly Position[]): boolean {
  const [left, right] = [Math.min(a[0], b[0]) - NEAR - CARD_W, Math.max(a[0], b[0]) + NEAR + CARD_W];
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
function columnChanges(before: readonly Column[], now: readonly Column[]): ColumnChange[] {
  const key = ({ left, right }: Column) => `${left} ${right}`;
  const old = new Map(before.map((column) => [key(column), column]));
  const changes: ColumnChange[] = [];
  for (const column of now) {
    const was = old.get(key(column));
    old.delete(key(column));
    const [one, two] = [new Set(column.edges), new Set(was?.edges)];
    const differ = was ? [...one].filter((y) => !two.has(y)).concat([...two].filter((y) => !one.has(y))) : ANYWHERE;
    if (differ.length === 0) continue;
    changes.push({ left: column.left, right: column.right, top: Math.min(...differ), bottom: Math.max(...differ) });
  }
  for (const { left, right } of old.values()) changes.push({ left, right, top: -Infinity, bottom: Infinity });
  return changes;
}

const ANYWHERE = [-Infinity, Infinity];

/**
 * Say whether an edge passes a column that changed no further than `reach` above or below the middles of its cards. A
 * column that came or went changed everywhere, also for a reach of minus infinity.
 */
function isReached([a, b]: readonly [Position, Position], reach: number, changes: readonly ColumnChange[]): boolean {
  const [left, right] = [Math.min(a[0], b[0]) + CARD_W / 2, Math.max(a[0], b[0]) + CARD_W / 2];
  const [top, bottom] = [Math.min(a[1], b[1]) + CARD_H / 2 - reach, Math.max(a[1], b[1]) + CARD_H / 2 + reach];
  return changes.some(
    (change) => change.left > left && change.right < right && change.bottom >= top && change.top <= bottom,
  );
}

function sameDecision(a: Decision, b: Decision | undefined): boolean {
  const [one, two] = [a.passages, b?.passages ?? null];
  if (a.kind !== b?.kind || one?.heights.length !== two?.heights.length) return false;
  if (!one || !two) return one === two;
  const sameDirections = one.directions.every((direction, end) => direction === two.directions[end]);
  return sameDirections && one.heights.every((y, at) => y === two.heights[at]);
}

// ---- while cards are moved ---------------------------------------------------------------------

/** With more cards moved at once, their edges do not go round others. */
const MOST_MOVED = 50;

/** The columns of the cards of a scene without those that are moved, kept while the same ones are moved. */
const stillColumns = new WeakMap<Scene, { readonly moved: string; readonly columns: readonly Column[] }>();

/** Return the routes of the edges at some nodes while those nodes are moved. */
export function movedRoutes(scene: Scene, newPlaces: ReadonlyMap<number, Position>): Map<number, Route> {
  const routes = new Map<number, Route>();
  if (newPlaces.size === 0) return routes;
  const { graph } = scene;
  const obstacles = scene.obstacles && newPlaces.size <= MOST_MOVED ? stillObstacles(scene, newPlaces) : null;
  const place = (node: number): Position => newPlaces.get(node) ?? scene.places[node] ?? [0, 0];
  for (const node of newPlaces.keys()) {
    for (const edge of edgesAt(graph, node)) {
      const { source, target } = graph.edges[edge] as Graph["edges"][number];
      const ends = [place(source), place(target < 0 ? source : target)] as const;
      const decision = target < 0 ? STUB : source === target ? LOOP : decide(...ends, obstacles);
      routes.set(edge, routeEdge({ ports: scene.ports, obstacles }, ends, edge, undefined, decision));
    }
  }
  return routes;
}

function stillObstacles(scene: Scene, moved: ReadonlyMap<number, Position>): Obstacles {
  const key = [...moved.keys()].join();
  let still = stillColumns.get(scene);
  if (still?.moved !== key) {
    still = { moved: key, columns: columnsOf(scene.places.filter((_, node) => !moved.has(node))) };
    stillColumns.set(scene, still);
  }
  return obstaclesOf(scene.places, scene.nodeIndex, still.columns, moved);
}

// ---- queries -----------------------------------------------------------------------------------

/** Return an edge's label; it is placed on the first call. */
export function labelOf(scene: Scene, edge: number): LabelBox | null {
  const [one, route] = [scene.graph.edges[edge], scene.routes[edge]];
  return one && route ? scene.labels.box(edge, one, route) : null;
}

/** Return what is under a point: a card, else a label, else the nearest route within `reach`. */
export function hit(scene: Scene, at: Point, reach: number, withLabels: boolean): Hit | null {
  const nodes = scene.nodeIndex?.search(at.x, at.y, at.x, at.y) ?? [];
  const node = nodes.length > 0 ? Math.max(...nodes) : -1;
  if (node >= 0) return { kind: "node", node };
  const near = scene.edgeIndex?.search(at.x - 120, at.y - 24, at.x + 120, at.y + 24) ?? [];
  let best = reach;
  let nearest = -1;
  for (const edge of near) {
    const label = withLabels ? labelOf(scene, edge) : null;
    if (label && inside(label, at.x, at.y)) return { kind: "edge", edge };
    const route = scene.routes[edge];
    const far = route ? routeDistance(route, at.x, at.y) : Number.POSITIVE_INFINITY;
    if (far <= best) {
      best = far;
      nearest = edge;
    }
  }
  return nearest >= 0 ? { kind: "edge", edge: nearest } : null;
}

/** Return the nodes whose cards touch a rectangle. */
export function nodesIn(scene: Scene, rect: Rect): number[] {
  return scene.nodeIndex?.search(rect.x, rect.y, rect.x + rect.w, rect.y + rect.h).sort((a, b) => a - b) ?? [];
}

/** Return the edges whose routes touch a rectangle. */
export function edgesIn(scene: Scene, rect: Rect): number[] {
  return scene.edgeIndex?.search(rect.x, rect.y, rect.x + rect.w, rect.y + rect.h) ?? [];
}

/** Return the rectangle around some cards, or null when there are none. */
export function extentOf(places: readonly Position[]): Rect | null {
  if (places.length === 0) return null;
  let [left, top] = places[0] as Position;
  let [right, bottom] = [left, top];
  for (const [x, y] of places) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, w: right - left + CARD_W, h: bottom - top + CARD_H };
}

function placesOf(graph: Graph, layout: ReadonlyMap<string, Position>): Position[] {
  const missing = graph.nodes.filter((node) => !layout.has(node.id)).length;
  const below = missing > 0 ? extentOf([...layout.values()]) : null;
  const top = below ? below.y + below.h + 96 : 0;
  let x = below?.x ?? 0;
  return graph.nodes.map((node) => {
    const place = layout.get(node.id);
    if (place) return place;
    const spot: Position = [x, top];
    x += CARD_W + 72;
    return spot;
  });
}

function indexRects(rects: readonly Rect[]): Flatbush | null {
  if (rects.length === 0) return null;
  const index = new Flatbush(rects.length);
  for (const rect of rects) index.add(rect.x, rect.y, rect.x + rect.w, rect.y + rect.h);
  index.finish();
  return index;
}
