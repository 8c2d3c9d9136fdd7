/** The scenes that have no text yet. */

import type { Graph } from "../../map/graph";
import { text } from "../../shared/json";

/**
 * Return the next scene without a text: the first along the events from a scene, else the first of all.
 *
 * Args:
 *   graph: The world.
 *   from: The scene to go on from, which does not count itself; -1 for none.
 */
export function unwrittenAfter(graph: Graph, from: number): number | null {
  const isUnwritten = (node: number) => node !== from && text(graph.nodes[node]?.body.base).trim() === "";
  const visited = new Set([from]);
  const queue = from < 0 ? [] : [from];
  for (let at = 0; at < queue.length; at += 1) {
    for (const edge of graph.out[queue[at] as number] ?? []) {
      const target = graph.edges[edge]?.target ?? -1;
      if (target < 0 || visited.has(target)) continue;
      if (isUnwritten(target)) return target;
      visited.add(target);
      queue.push(target);
    }
  }
  const first = graph.nodes.findIndex((_, node) => isUnwritten(node));
  return first < 0 ? null : first;
}
