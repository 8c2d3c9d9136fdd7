/** Ports: where on the sides of cards edges start and end, in the order of the cards at their other ends. */
import type { Position } from "../../shared/protocol";
import type { Graph } from "../graph";
import { CARD_H, CARD_W } from "./dimensions";
import { type CardsFor, type RouteKind, routeKindOf, type Side, sidesOf } from "./route";

const PITCH = 28;
/** Edges that wrap have the outermost ports. */
const FAR = 1e9;

/** By edge: the kind of its route, the shifts of its ends along their sides, and its number among its card's loops. */
export interface Ports {
  readonly routeKinds: RouteKind[];
  readonly out: Float64Array;
  readonly into: Float64Array;
  readonly loops: Uint16Array;
}

export function noPorts(edges: number): Ports {
  return {
    routeKinds: new Array<RouteKind>(edges).fill("ahead"),
    out: new Float64Array(edges),
    into: new Float64Array(edges),
    loops: new Uint16Array(edges),
  };
}

/** Decide how one edge gets from card to card. */
export function decideRouteKind(
  graph: Graph,
  places: readonly Position[],
  ports: Ports,
  edge: number,
  cards: CardsFor,
): void {
  const { source, target } = graph.edges[edge] as Graph["edges"][number];
  const [a, b] = [places[source], places[target]];
  ports.routeKinds[edge] =
    target < 0 || !a || !b ? "stub" : target === source ? "loop" : routeKindOf(a, b, cards?.(source, target) ?? null);
}

interface End {
  readonly edge: number;
  readonly leaving: boolean;
  readonly key: number;
}

/** Spread the ends of the edges along the sides of one card. */
export function spreadEnds(graph: Graph, places: readonly Position[], ports: Ports, node: number): void {
  const sides: { [side in Side]: End[] } = { left: [], right: [], top: [], bottom: [] };
  let loops = 0;
  const put = (side: Side, edge: number, leaving: boolean, other: number) => {
    const routeKind = ports.routeKinds[edge];
    const here = places[node] ?? [0, 0];
    const there = places[other] ?? here;
    const key =
      routeKind === "wrap" ? (there[1] > here[1] ? FAR : -FAR) : there[side === "left" || side === "right" ? 1 : 0];
    sides[side].push({ edge, leaving, key });
  };
  for (const edge of graph.out[node] ?? []) {
    const routeKind = ports.routeKinds[edge] ?? "ahead";
    if (routeKind === "loop") {
      ports.loops[edge] = loops;
      loops += 1;
    } else put(sidesOf(routeKind)[0], edge, true, graph.edges[edge]?.target ?? -1);
  }
  for (const edge of graph.into[node] ?? []) {
    const routeKind = ports.routeKinds[edge] ?? "ahead";
    if (routeKind !== "loop") put(sidesOf(routeKind)[1], edge, false, graph.edges[edge]?.source ?? -1);
  }
  spreadAlongSide(ports, sides.left, CARD_H - 40);
  spreadAlongSide(ports, sides.right, CARD_H - 40);
  spreadAlongSide(ports, sides.top, CARD_W - 80);
  spreadAlongSide(ports, sides.bottom, CARD_W - 80);
}

function spreadAlongSide(ports: Ports, ends: End[], length: number): void {
  const count = ends.length;
  if (count > 1) ends.sort((a, b) => a.key - b.key || a.edge - b.edge);
  const pitch = Math.min(PITCH, count > 1 ? length / (count - 1) : 0);
  ends.forEach(({ edge, leaving }, at) => {
    const shift = (at - (count - 1) / 2) * pitch;
    if (leaving) ports.out[edge] = shift;
    else ports.into[edge] = shift;
  });
}
