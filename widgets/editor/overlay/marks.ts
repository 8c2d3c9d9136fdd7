/** The overlay and the current run as marks of nodes and edges, by their numbers in the graph. */

import type { Graph } from "../../map/graph";
import { count } from "../../shared/format";
import type { Layer, Mark, Playing } from "./data";

export interface NodeMark {
  readonly layer: Mark | null;
  /** The player beside the editor is here. */
  readonly here: boolean;
  /** The how-manieth state of the run it is, from 1; 0 when the player has not been here. */
  readonly visit: number;
  /** What is said of the events that stay in this state; empty when nothing is. */
  readonly local: string;
}

interface EdgeMark {
  readonly layer: Mark | null;
  readonly taken: boolean;
  /** The last one taken. */
  readonly last: boolean;
}

export interface OverlayMarks {
  readonly nodes: ReadonlyMap<number, NodeMark>;
  readonly edges: ReadonlyMap<number, EdgeMark>;
}

export const NO_MARKS: OverlayMarks = { nodes: new Map(), edges: new Map() };

/** Return the marks of a drawing. */
export function marksOf(graph: Graph, layer: Layer | null, playing: Playing | null): OverlayMarks {
  if (!layer && !playing) return NO_MARKS;
  const states = new Map((layer?.states ?? []).map((row) => [row.id, row]));
  const events = new Map<string, Map<string | null, Mark>>();
  for (const row of layer?.events ?? []) {
    const by = events.get(row.name) ?? new Map<string | null, Mark>();
    events.set(row.name, by.set(row.source, row));
  }
  const visits = new Map((playing?.states ?? []).map((id, at) => [id, at + 1]));
  const sourcesByEvent = new Map<string, Set<string>>();
  for (const [name, source] of playing?.edges ?? [])
    sourcesByEvent.set(name, (sourcesByEvent.get(name) ?? new Set()).add(source));

  const nodes = new Map<number, NodeMark>();
  graph.nodes.forEach((node, at) => {
    const mark: NodeMark = {
      layer: states.get(node.id) ?? null,
      here: playing?.state === node.id,
      visit: visits.get(node.id) ?? 0,
      local: localWords(
        node.local.flatMap(({ name }) => {
          const by = events.get(name);
          const localMark = by?.get(node.id) ?? by?.get(null);
          return localMark?.word === "never" ? [name] : [];
        }),
      ),
    };
    if (mark.layer || mark.here || mark.visit > 0 || mark.local !== "") nodes.set(at, mark);
  });
  const edges = new Map<number, EdgeMark>();
  graph.edges.forEach((edge, at) => {
    const by = events.get(edge.name);
    const playedSources = sourcesByEvent.get(edge.name);
    if (!by && !playedSources) return;
    const source = graph.nodes[edge.source]?.id ?? "";
    const [name, from] = playing?.last ?? [];
    const mark: EdgeMark = {
      layer: by?.get(source) ?? by?.get(null) ?? null,
      taken: playedSources?.has(source) ?? false,
      last: name === edge.name && from === source,
    };
    if (mark.layer || mark.taken) edges.set(at, mark);
  });
  return { nodes, edges };
}

function localWords(never: readonly string[]): string {
  const [first] = never;
  if (first === undefined) return "";
  return never.length === 1 ? `${first} never happens` : `${count(never.length, "event")} never happen`;
}

/** Return what is said of a state beside its name, for those who do not see the map; empty when nothing is. */
export function wordsOf(mark: NodeMark | undefined): string {
  if (!mark) return "";
  const parts = [
    mark.here ? "the player is here" : mark.visit > 0 ? "the player was here" : "",
    mark.layer?.text ?? "",
    mark.local,
  ];
  return parts
    .filter((one) => one !== "")
    .map((one) => `, ${one}`)
    .join("");
}
