/** The routes of edges while their cards are moved. */
import type { Position } from "../shared/protocol";
import { type EdgesToRoute, edgesAt, LOOP_DECISION, obstaclesOf, routeEdge, STUB_DECISION } from "./edge-routes";
import type { Route } from "./geometry/curve";
import { type Column, columnsOf } from "./geometry/gaps";
import type { Obstacles } from "./geometry/kinds";
import { decide } from "./geometry/route";
import type { Graph } from "./graph";
import type { RectIndex } from "./rect-index";

/** The scene in which cards are moved. */
interface StillScene extends EdgesToRoute {
  readonly nodeIndex: RectIndex;
}

/** With more cards moved at once, their edges do not go round others. */
const MAX_MOVED_CARDS = 50;

/** The columns of the cards of a scene without those that are moved, kept while the same ones are moved. */
const stillColumns = new WeakMap<StillScene, { readonly moved: string; readonly columns: readonly Column[] }>();

/** Return the routes of the edges at some nodes while those nodes are moved. */
export function movedRoutes(scene: StillScene, newPlaces: ReadonlyMap<number, Position>): Map<number, Route> {
  const routes = new Map<number, Route>();
  if (newPlaces.size === 0) return routes;
  const { graph } = scene;
  const obstacles = scene.obstacles && newPlaces.size <= MAX_MOVED_CARDS ? stillObstacles(scene, newPlaces) : null;
  const place = (node: number): Position => newPlaces.get(node) ?? scene.places[node] ?? [0, 0];
  for (const node of newPlaces.keys()) {
    for (const edge of edgesAt(graph, node)) {
      const { source, target } = graph.edges[edge] as Graph["edges"][number];
      const ends = [place(source), place(target < 0 ? source : target)] as const;
      const decision = target < 0 ? STUB_DECISION : source === target ? LOOP_DECISION : decide(...ends, obstacles);
      routes.set(edge, routeEdge({ ports: scene.ports, obstacles }, ends, edge, undefined, decision));
    }
  }
  return routes;
}

function stillObstacles(scene: StillScene, moved: ReadonlyMap<number, Position>): Obstacles {
  const key = [...moved.keys()].join();
  let still = stillColumns.get(scene);
  if (still?.moved !== key) {
    still = { moved: key, columns: columnsOf(scene.places.filter((_, node) => !moved.has(node))) };
    stillColumns.set(scene, still);
  }
  return obstaclesOf(scene.places, scene.nodeIndex, still.columns, moved);
}
