/** A flag on the map: where it is given, and where it is needed. */
import type { Graph } from "../../map/graph";
import { flagUses, NO_USES } from "../forms/flag-usage";

/** Where an event is on the map: an edge, or the card that it stays in. */
export type Anchor = { readonly edge: number } | { readonly node: number };

export interface FlagArcs {
  readonly flag: string;
  readonly givers: readonly Anchor[];
  readonly users: readonly Anchor[];
}

/** Return where a flag is given and where it is needed, by numbers in the graph. */
export function flagArcs(graph: Graph, flag: string): FlagArcs {
  const { grants, asks } = flagUses(graph.doc).get(flag) ?? NO_USES;
  const indices = (uses: typeof grants) => new Set(uses.flatMap((use) => ("event" in use ? [use.event] : [])));
  return { flag, givers: anchorsOf(graph, indices(grants)), users: anchorsOf(graph, indices(asks)) };
}

function anchorsOf(graph: Graph, events: ReadonlySet<number>): Anchor[] {
  const anchors: Anchor[] = [];
  graph.edges.forEach((edge, at) => {
    if (events.has(edge.index)) anchors.push({ edge: at });
  });
  graph.nodes.forEach((node, at) => {
    if (node.local.some((event) => events.has(event.index))) anchors.push({ node: at });
  });
  return anchors;
}
