/** Moving between states with the arrow keys. */

import type { Graph } from "../../map/graph";
import type { Position } from "../../shared/protocol";

export type Direction = "left" | "right" | "up" | "down";

/** The nodes that are inside boxes. */
type Hidden = Pick<ReadonlyMap<number, unknown>, "has">;
const NO_HIDDEN_NODES: Hidden = new Map();

/**
 * Return the state that an arrow key leads to: the nearest that way, connected ones counting as nearer.
 * Null when nothing lies that way. States that are hidden in boxes are passed over.
 */
export function neighbour(
  graph: Graph,
  places: readonly Position[],
  from: number,
  direction: Direction,
  hidden: Hidden = NO_HIDDEN_NODES,
): number | null {
  const here = places[from];
  if (!here) return null;
  const neighbours = new Set<number>();
  for (const edge of graph.out[from] ?? []) neighbours.add(graph.edges[edge]?.target ?? -1);
  for (const edge of graph.into[from] ?? []) neighbours.add(graph.edges[edge]?.source ?? -1);
  let best = Number.POSITIVE_INFINITY;
  let closest: number | null = null;
  places.forEach((place, node) => {
    if (node === from || hidden.has(node)) return;
    const dx = place[0] - here[0];
    const dy = place[1] - here[1];
    const [along, across] =
      direction === "left" ? [-dx, dy] : direction === "right" ? [dx, dy] : direction === "up" ? [-dy, dx] : [dy, dx];
    if (along <= 8 || Math.abs(across) > along * 2 + 200) return;
    const far = (along + 2 * Math.abs(across)) * (neighbours.has(node) ? 0.4 : 1);
    if (far < best) {
      best = far;
      closest = node;
    }
  });
  return closest;
}

/** Return the state whose card is nearest to a place, of those that are not hidden; null when there is none. */
export function nearest(
  places: readonly Position[],
  [x, y]: Position,
  hidden: Hidden = NO_HIDDEN_NODES,
): number | null {
  let best = Number.POSITIVE_INFINITY;
  let closest: number | null = null;
  places.forEach((place, node) => {
    const far = Math.hypot(place[0] - x, place[1] - y);
    if (far >= best || hidden.has(node)) return;
    best = far;
    closest = node;
  });
  return closest;
}

/** Return the first state to stand on: the entrance, else the first, else null. */
export function entranceNode(graph: Graph): number | null {
  if (graph.nodes.length === 0) return null;
  return Math.max(
    0,
    graph.nodes.findIndex((node) => node.start),
  );
}

/** Return one sentence that says what a state is, for a screen reader. */
export function describeState(graph: Graph, node: number): string {
  const state = graph.nodes[node];
  if (!state) return "";
  const exits = graph.out[node]?.length ?? 0;
  const parts = [state.id];
  if (state.start) parts.push("entrance");
  if (state.ending) parts.push(`${state.ending.kind} ending${state.ending.title ? `: ${state.ending.title}` : ""}`);
  parts.push(exits === 1 ? "1 exit" : `${exits} exits`);
  if (state.local.length > 0)
    parts.push(`${state.local.length} ${state.local.length === 1 ? "event" : "events"} inside`);
  const { error, warning } = state.problems;
  if (error > 0) parts.push(error === 1 ? "1 error" : `${error} errors`);
  if (warning > 0) parts.push(warning === 1 ? "1 warning" : `${warning} warnings`);
  return parts.join(", ");
}
