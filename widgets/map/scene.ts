/** The scene: the places and routes of a graph, in a spatial index. */
import type { Position } from "../shared/protocol";
import { bySpan, decideEdge, type EdgesToRoute, edgesAt, obstaclesOf, placesAt, routeEdges } from "./edge-routes";
import { around, inside, type Point, type Rect, type Route, routeBounds, routeDistance } from "./geometry/curve";
import { CARD_W } from "./geometry/dimensions";
import { columnsOf } from "./geometry/gaps";
import { type Lane, Lanes } from "./geometry/lanes";
import { copyPorts, noPorts, samePort, spreadEnds } from "./geometry/ports";
import { cardRect, type Decision } from "./geometry/route";
import type { Graph } from "./graph";
import { type LabelBox, Labels } from "./labels";
import { RectIndex } from "./rect-index";
import {
  columnChanges,
  diffScenes,
  isReached,
  liesNear,
  routesNear,
  type SceneDiff,
  sameDecision,
} from "./scene-changes";

export interface Scene extends EdgesToRoute {
  readonly routes: readonly Route[];
  readonly extent: Rect | null;
  readonly nodeIndex: RectIndex;
  readonly edgeIndex: RectIndex;
  readonly labels: Labels;
  /** The heights that edges have taken beside cards they go round, by edge. */
  readonly lanes: ReadonlyMap<number, readonly Lane[]>;
}

export type Hit = { readonly kind: "node"; readonly node: number } | { readonly kind: "edge"; readonly edge: number };

/** With more edges than this, routing around cards would take longer than a frame or two. */
const MAX_ROUTED_EDGES = 6000;

/**
 * Build the scene of a graph. States that have no place yet stand in a row below. What a change does not affect is
 * taken from the scene before.
 */
export function buildScene(graph: Graph, layout: ReadonlyMap<string, Position>, before: Scene | null = null): Scene {
  const places = placesOf(graph, layout);
  const isRouted = graph.edges.length <= MAX_ROUTED_EDGES;
  const diff = before && isRouted === (before.obstacles !== null) ? diffScenes(graph, places, before) : null;
  if (!diff || !before || diff.movedNodes.length > places.length / 4) return newScene(graph, places, isRouted);
  return changedScene(graph, places, before, diff);
}

function newScene(graph: Graph, places: readonly Position[], isRouted: boolean): Scene {
  const nodeIndex = new RectIndex(places.map(cardRect));
  const obstacles = isRouted ? obstaclesOf(places, nodeIndex, columnsOf(places)) : null;
  const ports = noPorts(graph.edges.length);
  const all = [...graph.edges.keys()];
  for (const edge of all) ports.decisions[edge] = decideEdge(graph, places, edge, obstacles);
  for (const node of graph.nodes.keys()) spreadEnds(graph, places, ports, node);
  const drawing = { graph, places, ports, obstacles, routes: new Array<Route>(all.length), lanes: new Map() };
  routeEdges(drawing, obstacles ? bySpan(graph, places, all) : all, new Lanes());
  return {
    ...drawing,
    extent: extentOf(places),
    nodeIndex,
    edgeIndex: new RectIndex(drawing.routes.map(routeBounds)),
    labels: new Labels(coverTest(nodeIndex)),
  };
}

/** Build the scene of a graph from the scene before: only what a change affects is decided and routed anew. */
function changedScene(graph: Graph, places: readonly Position[], before: Scene, diff: SceneDiff): Scene {
  const { oldEdges, newEdges, movedNodes, nodesWithLostEdges, vacatedPlaces } = diff;
  const cardsChanged = movedNodes.length + vacatedPlaces.length > 0;
  const sameNodes = !cardsChanged && graph.byId === before.graph.byId;
  const nodeIndex = sameNodes ? before.nodeIndex : new RectIndex(places.map(cardRect));
  const columns = before.obstacles && (cardsChanged ? columnsOf(places) : before.obstacles.columns);
  const obstacles = columns && obstaclesOf(places, nodeIndex, columns);
  const ports = copyPorts(before.ports, oldEdges);
  const routes = oldEdges ? Array.from(oldEdges, (was) => before.routes[was] as Route) : [...before.routes];
  const drawing = { graph, places, ports, obstacles, routes, lanes: new Map() };
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
    for (const was of routesNear(before.edgeIndex, changedPlaces)) if (newEdge(was) >= 0) stale.add(newEdge(was));
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
    if (edge >= 0 && !stale.has(edge)) drawing.lanes.set(edge, own);
  }
  routeEdges(drawing, bySpan(graph, places, [...stale]), new Lanes(drawing.lanes.values()));

  const labels = new Labels(coverTest(nodeIndex));
  for (const [was, box] of before.labels.entries()) {
    const edge = newEdge(was);
    const one = edge < 0 || stale.has(edge) ? undefined : graph.edges[edge];
    if (one) labels.keep(edge, one, box);
  }
  const same = stale.size === 0 && oldEdges === null;
  return {
    ...drawing,
    routes: same ? before.routes : drawing.routes,
    extent: extentOf(places),
    nodeIndex,
    edgeIndex: same ? before.edgeIndex : new RectIndex(drawing.routes.map(routeBounds)),
    labels,
  };
}

/** Outside `buildScene`: a closure created there would keep the scene before, and so all earlier scenes, in memory. */
function coverTest(index: RectIndex): (box: Rect) => boolean {
  return (box) => index.search(box).length > 0;
}

// ---- queries -----------------------------------------------------------------------------------

/** Return an edge's label; it is placed on the first call. */
export function labelOf(scene: Scene, edge: number): LabelBox | null {
  const [one, route] = [scene.graph.edges[edge], scene.routes[edge]];
  return one && route ? scene.labels.box(edge, one, route) : null;
}

/** Return what is under a point: a card, else a label, else the nearest route within `reach`. */
export function hit(scene: Scene, at: Point, reach: number, withLabels: boolean): Hit | null {
  const node = scene.nodeIndex.search({ ...at, w: 0, h: 0 }).at(-1);
  if (node !== undefined) return { kind: "node", node };
  const near = scene.edgeIndex.search({ x: at.x - 120, y: at.y - 24, w: 240, h: 48 });
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
  return scene.nodeIndex.search(rect);
}

/** Return the edges whose routes touch a rectangle. */
export function edgesIn(scene: Scene, rect: Rect): number[] {
  return scene.edgeIndex.search(rect);
}

/** Return the rectangle around some cards, or null when there are none. */
export function extentOf(places: readonly Position[]): Rect | null {
  return places.length === 0 ? null : around(places.map(cardRect));
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
