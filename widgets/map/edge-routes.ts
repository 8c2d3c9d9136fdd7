/** Deciding and routing the edges of a graph between placed cards. */
import type { Position } from "../shared/protocol";
import type { Route } from "./geometry/curve";
import { CARD_H, CARD_W } from "./geometry/dimensions";
import type { Column } from "./geometry/gaps";
import type { Obstacles } from "./geometry/kinds";
import type { Lane, Lanes } from "./geometry/lanes";
import type { Ports } from "./geometry/ports";
import { type Decision, decide, routeOf, type Take } from "./geometry/route";
import type { Graph } from "./graph";
import type { RectIndex } from "./rect-index";

/** What the routes of edges depend on. */
export interface EdgesToRoute {
  readonly graph: Graph;
  readonly places: readonly Position[];
  readonly ports: Ports;
  /** The cards that edges go round; null where there are too many edges to do so. */
  readonly obstacles: Obstacles | null;
}

export function edgesAt(graph: Graph, node: number): number[] {
  return [...(graph.out[node] ?? []), ...(graph.into[node] ?? [])];
}

/** Return edges with the shortest first: they have the fewest options. */
export function bySpan(graph: Graph, places: readonly Position[], edges: number[]): number[] {
  const span = (edge: number) => {
    const [a, b] = placesAt(graph, places, edge);
    return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
  };
  const spans = new Map(edges.map((edge) => [edge, span(edge)]));
  return edges.sort((a, b) => (spans.get(a) ?? 0) - (spans.get(b) ?? 0) || a - b);
}

/** Return the places of an edge's cards; of one that leads nowhere, its own card's twice. */
export function placesAt(
  graph: Graph,
  places: readonly Position[],
  edge: number,
): [source: Position, target: Position] {
  const { source, target } = graph.edges[edge] as Graph["edges"][number];
  const here = places[source] ?? [0, 0];
  return [here, places[target] ?? here];
}

export function decideEdge(
  graph: Graph,
  places: readonly Position[],
  edge: number,
  obstacles: Obstacles | null,
): Decision {
  const { source, target } = graph.edges[edge] as Graph["edges"][number];
  if (target < 0) return STUB_DECISION;
  return source === target ? LOOP_DECISION : decide(...placesAt(graph, places, edge), obstacles);
}

export const STUB_DECISION: Decision = { kind: "stub", passages: null };
export const LOOP_DECISION: Decision = { kind: "loop", passages: null };

/** Route edges in the given order, and note the lanes that they take. */
export function routeEdges(
  drawing: EdgesToRoute & { routes: Route[]; lanes: Map<number, Lane[]> },
  edges: readonly number[],
  lanes: Lanes,
): void {
  for (const edge of edges) {
    const own: Lane[] = [];
    drawing.routes[edge] = routeEdge(
      drawing,
      placesAt(drawing.graph, drawing.places, edge),
      edge,
      (where, preferred, gap) => {
        const lane = lanes.take(where, preferred, gap);
        own.push(lane);
        return lane.y;
      },
    );
    if (own.length > 0) drawing.lanes.set(edge, own);
  }
}

export function routeEdge(
  { ports, obstacles }: Pick<EdgesToRoute, "ports" | "obstacles">,
  [source, target]: readonly [Position, Position],
  edge: number,
  take?: Take,
  decision = ports.decisions[edge] ?? STUB_DECISION,
): Route {
  const shifts = [ports.out[edge] ?? 0, ports.into[edge] ?? 0] as const;
  const counts = [ports.outCount[edge] ?? 0, ports.intoCount[edge] ?? 0] as const;
  return routeOf({ source, target, decision, shifts, counts, loop: ports.loops[edge] ?? 0 }, obstacles, take);
}

/** Return the cards as obstacles, without some that are being moved. */
export function obstaclesOf(
  places: readonly Position[],
  index: RectIndex,
  columns: readonly Column[],
  without?: ReadonlyMap<number, unknown>,
): Obstacles {
  return {
    columns,
    touching: (left, top, right, bottom) => {
      const cards: Position[] = [];
      for (const node of index.search({ x: left, y: top, w: right - left, h: bottom - top })) {
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
