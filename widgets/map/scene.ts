/** The scene: the places and routes of a graph, in a spatial index. */
import Flatbush from "flatbush";
import type { Position } from "../shared/protocol";
import { inside, type Point, type Rect, type Route, routeBounds, routeDistance } from "./geometry/curve";
import { CARD_H, CARD_W } from "./geometry/dimensions";
import { type Lane, Lanes } from "./geometry/lanes";
import { decideRouteKind, noPorts, type Ports, spreadEnds } from "./geometry/ports";
import { type CardsFor, cardRect, routeKindOf, routeOf, type Take } from "./geometry/route";
import type { Graph } from "./graph";
import { type LabelBox, Labels } from "./labels";
import { matchEntries } from "./list-match";

export interface Scene {
  readonly graph: Graph;
  readonly places: readonly Position[];
  readonly routes: readonly Route[];
  readonly ports: Ports;
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
  const diff = before && diffScenes(graph, places, before);
  if (diff && before && diff.movedNodes.length > places.length / 4) return buildScene(graph, layout);
  const still =
    diff !== null && before !== null && diff.movedNodes.length === 0 && diff.nodesWithLostEdges.length === 0;
  const nodeIndex =
    still && before.places.length === places.length ? before.nodeIndex : indexRects(places.map(cardRect));
  const cards = cardsOf(graph, places, nodeIndex);
  const labels = new Labels(coverTest(nodeIndex));
  const ports = noPorts(graph.edges.length);
  const routes = new Array<Route>(graph.edges.length);
  const extent = extentOf(places);

  const lanes = new Lanes();
  const lanesByEdge = new Map<number, readonly Lane[]>();
  const route = (edge: number) => {
    const own: Lane[] = [];
    routes[edge] = routeAt(graph, places, ports, edge, cards, (where, preferred, gap) => {
      const one = lanes.take(where, preferred, gap);
      own.push(one);
      return one.y;
    });
    if (own.length > 0) lanesByEdge.set(edge, own);
  };

  if (!diff || !before) {
    const all = [...graph.edges.keys()];
    for (const edge of all) decideRouteKind(graph, places, ports, edge, cards);
    for (const node of graph.nodes.keys()) spreadEnds(graph, places, ports, node);
    // Short edges first: they have the least choice.
    const long = cards ? all.map((edge) => span(graph, places, edge)) : [];
    for (const edge of cards ? all.sort((a, b) => (long[a] ?? 0) - (long[b] ?? 0) || a - b) : all) route(edge);
    return {
      graph,
      places,
      routes,
      ports,
      extent,
      nodeIndex,
      edgeIndex: indexRects(routes.map(routeBounds)),
      labels,
      lanes: lanesByEdge,
    };
  }

  const { oldEdges, movedNodes, nodesWithLostEdges } = diff;
  let same = still && oldEdges === null && before.routes.length === graph.edges.length;
  const old = (edge: number) => (oldEdges ? (oldEdges[edge] ?? -1) : edge);
  const stale = new Set<number>();
  const redock = new Set<number>(nodesWithLostEdges);
  const mark = (edge: number) => {
    const { source, target } = graph.edges[edge] as Graph["edges"][number];
    stale.add(edge);
    redock.add(source);
    if (target >= 0) redock.add(target);
  };
  graph.edges.forEach((_, edge) => {
    const was = old(edge);
    if (was < 0) mark(edge);
    else {
      ports.routeKinds[edge] = before.ports.routeKinds[was] ?? "ahead";
      ports.out[edge] = before.ports.out[was] ?? 0;
      ports.into[edge] = before.ports.into[was] ?? 0;
      ports.loops[edge] = before.ports.loops[was] ?? 0;
      routes[edge] = before.routes[was] as Route;
    }
  });
  for (const node of movedNodes)
    for (const edge of [...(graph.out[node] ?? []), ...(graph.into[node] ?? [])]) mark(edge);
  if (cards && diff.movedNodes.length + diff.vacatedPlaces.length > 0) {
    for (const edge of edgesNearChanges(before, diff, { graph, places, ports })) mark(edge);
  }
  for (const edge of stale) decideRouteKind(graph, places, ports, edge, cards);
  for (const node of redock) {
    const own = [...(graph.out[node] ?? []), ...(graph.into[node] ?? [])];
    const was = own.map((edge) => [ports.out[edge], ports.into[edge], ports.loops[edge]].join());
    spreadEnds(graph, places, ports, node);
    own.forEach((edge, at) => {
      if (was[at] !== [ports.out[edge], ports.into[edge], ports.loops[edge]].join()) stale.add(edge);
    });
  }
  for (const [was, own] of before.lanes) {
    const edge = diff.newEdges ? (diff.newEdges[was] ?? -1) : was;
    if (edge < 0 || stale.has(edge)) continue;
    lanesByEdge.set(edge, own);
    for (const one of own) lanes.put(one);
  }
  for (const edge of stale) route(edge);
  same &&= stale.size === 0;
  for (const [was, box] of before.labels.entries()) {
    const edge = diff.newEdges ? (diff.newEdges[was] ?? -1) : was;
    const one = edge < 0 || stale.has(edge) ? undefined : graph.edges[edge];
    if (one) labels.keep(edge, one, box);
  }
  const edgeIndex = same ? before.edgeIndex : indexRects(routes.map(routeBounds));
  return {
    graph,
    places,
    routes: same ? before.routes : routes,
    ports,
    extent,
    nodeIndex,
    edgeIndex,
    labels,
    lanes: lanesByEdge,
  };
}

/** Outside `buildScene`: a closure created there would keep the scene before, and so all earlier scenes, in memory. */
function coverTest(index: Flatbush | null): (box: Rect) => boolean {
  return (box) => index !== null && index.search(box.x, box.y, box.x + box.w, box.y + box.h).length > 0;
}

function span(graph: Graph, places: readonly Position[], edge: number): number {
  const { source, target } = graph.edges[edge] as Graph["edges"][number];
  const [a, b] = [places[source], places[target]];
  return a && b ? Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) : 0;
}

function routeAt(
  graph: Graph,
  places: readonly Position[],
  ports: Ports,
  edge: number,
  cards: CardsFor,
  take: Take,
): Route {
  const { source, target } = graph.edges[edge] as Graph["edges"][number];
  const here = places[source] ?? [0, 0];
  const there = places[target] ?? here;
  const [out, into] = [ports.out[edge] ?? 0, ports.into[edge] ?? 0];
  const ends = { source: here, target: there, routeKind: ports.routeKinds[edge] ?? "ahead", out, into };
  return routeOf({ ...ends, loop: ports.loops[edge] ?? 0 }, cards?.(source, target) ?? null, take);
}

function cardsOf(
  graph: Graph,
  places: readonly Position[],
  index: Flatbush | null,
  without?: ReadonlyMap<number, unknown>,
): CardsFor {
  if (!index || graph.edges.length > MOST_ROUTED) return null;
  return (source, target) => (rect) =>
    index
      .search(
        rect.x,
        rect.y,
        rect.x + rect.w,
        rect.y + rect.h,
        (at) => at !== source && at !== target && !without?.has(at),
      )
      .map((at) => places[at] as Position);
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

/** Return the edges whose routes pass old or new places of changed cards, and so have to be routed again. */
function edgesNearChanges(
  before: Scene,
  diff: SceneDiff,
  scene: Pick<Scene, "graph" | "places" | "ports">,
): Set<number> {
  const { graph, places, ports } = scene;
  const edges = new Set<number>();
  const changedPlaces = [...diff.vacatedPlaces, ...diff.movedNodes.map((node) => places[node] as Position)];
  for (const [x, y] of changedPlaces) {
    for (const was of before.edgeIndex?.search(x - NEAR, y - NEAR, x + CARD_W + NEAR, y + CARD_H + NEAR) ?? []) {
      const edge = diff.newEdges ? (diff.newEdges[was] ?? -1) : was;
      if (edge >= 0) edges.add(edge);
    }
  }
  // Which way round an edge goes also depends on cards that it keeps clear of.
  graph.edges.forEach(({ source, target }, edge) => {
    const [a, b] = [places[source], places[target]];
    if (!a || !b || edges.has(edge) || ports.routeKinds[edge] === "ahead") return;
    const [left, right] = [Math.min(a[0], b[0]) - NEAR - CARD_W, Math.max(a[0], b[0]) + NEAR + CARD_W];
    const [top, bottom] = [Math.min(a[1], b[1]) - CARD_H, Math.max(a[1], b[1]) + CARD_H];
    if (changedPlaces.some(([x, y]) => x > left && x < right && y > top && y < bottom)) edges.add(edge);
  });
  return edges;
}

// ---- while cards are moved ---------------------------------------------------------------------

/** Return the routes of the edges at some nodes while those nodes are moved. */
export function movedRoutes(scene: Scene, newPlaces: ReadonlyMap<number, Position>): Map<number, Route> {
  const routes = new Map<number, Route>();
  if (newPlaces.size === 0) return routes;
  const { graph, ports } = scene;
  const cards = newPlaces.size > 50 ? null : cardsOf(graph, scene.places, scene.nodeIndex, newPlaces);
  const place = (node: number): Position => newPlaces.get(node) ?? scene.places[node] ?? [0, 0];
  for (const node of newPlaces.keys()) {
    for (const edge of [...(graph.out[node] ?? []), ...(graph.into[node] ?? [])]) {
      const { source, target } = graph.edges[edge] as Graph["edges"][number];
      const [a, b] = [place(source), place(target < 0 ? source : target)];
      const obstacles = cards?.(source, target) ?? null;
      const routeKind = target < 0 ? "stub" : source === target ? "loop" : routeKindOf(a, b, obstacles);
      const shift = { out: ports.out[edge] ?? 0, into: ports.into[edge] ?? 0, loop: ports.loops[edge] ?? 0 };
      routes.set(edge, routeOf({ source: a, target: b, routeKind, ...shift }, obstacles));
    }
  }
  return routes;
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
