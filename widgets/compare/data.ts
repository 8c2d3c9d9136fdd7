/** A comparison as the kernel sends it, validated: a saved notebook may hold an older shape, or none. */
import { fromSeed } from "../map/document";
import { buildGraph, type Graph } from "../map/graph";
import { buildScene, type Scene } from "../map/scene";
import { isObject } from "../shared/json";
import type {
  ComparedChange as Change,
  ComparisonSeed,
  MergeConflict as Conflict,
  ItemMark,
  MapMark as Mark,
  Seed,
  MapSide as Side,
} from "../shared/protocol";

export type { Change, Conflict, ItemMark, Mark, Side };
export type Kind = Change["kind"];

/** What became of a node or an event of the map, and the change it belongs to, or -1. */
export interface Status {
  readonly mark: Mark;
  readonly side: Side;
  readonly change: number;
}

export type Pick = "ours" | "theirs" | "base";

export interface Comparison {
  readonly names: readonly [before: string, after: string];
  readonly graph: Graph;
  readonly scene: Scene;
  readonly nodes: readonly Status[];
  /** By the index of an event on the map. */
  readonly events: readonly Status[];
  readonly changes: readonly Change[];
  /** Of a merge; null when two worlds are compared. */
  readonly conflicts: readonly Conflict[] | null;
  /** The nodes and the events of the map that an undecided conflict is at. */
  readonly conflicted: { readonly nodes: ReadonlySet<number>; readonly events: ReadonlySet<number> };
}

/**
 * What can be stepped to: a change by its number, a conflict by the complement of its own (-1, -2 ...).
 */
export type Step = number;

/** Return the conflict that a step is to, if it is one. */
export function conflictAt(of: Comparison | null, step: Step | null): Conflict | undefined {
  return step === null || step >= 0 ? undefined : of?.conflicts?.[~step];
}

export const MARKS: readonly ItemMark[] = ["added", "removed", "renamed", "changed", "moved"];
export const SAME_STATUS: Status = { mark: "same", side: "both", change: -1 };

const LISTS = ["names", "order", "nodes", "pieces", "changes"] as const;

/** Return the comparison when it can be shown, else null. */
export function readComparison(value: unknown): Comparison | null {
  if (!isObject(value) || value.protocol !== 1 || !LISTS.every((name) => Array.isArray(value[name]))) return null;
  const seed = value as unknown as ComparisonSeed;
  const doc = fromSeed({ ...value, rev: "0" } as unknown as Seed);
  const graph = buildGraph(doc);
  const nodes: Status[] = graph.nodes.map(() => SAME_STATUS);
  for (const [node, mark, change] of seed.nodes) {
    const side = mark === "added" ? "after" : mark === "removed" ? "before" : "both";
    if (node < nodes.length) nodes[node] = { mark, side, change };
  }
  const open = (seed.conflicts ?? []).filter((one) => one.picked === "");
  return {
    names: seed.names,
    graph,
    scene: buildScene(graph, doc.layout),
    nodes,
    events: seed.pieces.map(([mark, side, change]) => ({ mark, side, change })),
    changes: seed.changes,
    conflicts: seed.conflicts ?? null,
    conflicted: {
      nodes: new Set(open.filter((one) => one.pieces.length === 0).flatMap((one) => one.nodes)),
      events: new Set(open.flatMap((one) => one.pieces)),
    },
  };
}
