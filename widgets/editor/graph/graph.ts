/** The drawing's graph: a node a state, an edge for each source of an event that moves, the rest as chips of a card. */
import { isObject, type JsonObject, object, text, texts } from "../../shared/json";
import type { Diagnostic } from "../../shared/protocol";
import type { Doc } from "../data/doc";

export interface Tally {
  readonly error: number;
  readonly warning: number;
}

/** An event that stays in its state. */
export interface LocalEvent {
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  readonly locked: boolean;
  readonly problems: Tally;
}

export interface Node {
  readonly id: string;
  readonly body: JsonObject;
  readonly start: boolean;
  readonly ending: { readonly kind: "win" | "lose"; readonly title: string } | null;
  readonly local: readonly LocalEvent[];
  readonly problems: Tally;
}

export interface Edge {
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  readonly source: number;
  /** The node it lands in; -1 when it leads nowhere that exists. */
  readonly target: number;
  readonly locked: boolean;
  readonly hidden: boolean;
  readonly timed: boolean;
  readonly once: boolean;
  /** The cutscene it hops through. */
  readonly cut: string | null;
  readonly problems: Tally;
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly byId: ReadonlyMap<string, number>;
  /** Edge numbers that leave, and arrive at, each node. */
  readonly out: readonly (readonly number[])[];
  readonly into: readonly (readonly number[])[];
  /** Every flag, with the names of the events that grant it. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly cuts: ReadonlyMap<string, JsonObject>;
}

export const CLEAN: Tally = { error: 0, warning: 0 };

export function buildGraph(doc: Doc): Graph {
  const problems = tallies(doc.diagnostics);
  const byId = new Map(doc.states.map((state, index) => [state.id, index]));
  const cuts = new Map<string, JsonObject>();
  for (const cut of Array.isArray(doc.world.cutscenes) ? doc.world.cutscenes.filter(isObject) : []) {
    if (!cuts.has(text(cut.id))) cuts.set(text(cut.id), cut);
  }
  const local: LocalEvent[][] = doc.states.map(() => []);
  const out: number[][] = doc.states.map(() => []);
  const into: number[][] = doc.states.map(() => []);
  const edges: Edge[] = [];
  const flags = new Map<string, string[]>();

  doc.events.forEach((event, index) => {
    const name = text(event.name);
    const kind = text(event.kind, "transition");
    const found = problems.event.get(name) ?? CLEAN;
    const requires = texts(event.requires);
    for (const flag of requires) if (!flags.has(flag)) flags.set(flag, []);
    for (const flag of texts(event.grants)) flags.set(flag, [...(flags.get(flag) ?? []), name]);
    const locked = requires.length > 0;
    const moves = kind === "transition";
    const to = text(event.to);
    const cut = cuts.get(to);
    const target = byId.get(cut ? text(cut.to) : to) ?? -1;
    for (const from of new Set(texts(event.from))) {
      const source = byId.get(from);
      if (source === undefined) continue;
      if (!moves) {
        local[source]?.push({ index, name, kind, locked, problems: found });
        continue;
      }
      const edge = edges.length;
      edges.push({
        index,
        name,
        kind,
        source,
        target,
        locked,
        hidden: event.hidden === true,
        timed: typeof event.autoAfterMs === "number",
        once: event.oneShot === true,
        cut: cut ? to : null,
        problems: found,
      });
      out[source]?.push(edge);
      if (target >= 0) into[target]?.push(edge);
    }
  });

  const entrance = text(object(doc.world.entrance).state);
  const nodes = doc.states.map(({ id, body }, index): Node => {
    const ending = object(body.ending);
    return {
      id,
      body,
      start: id === entrance,
      ending: ending.kind === "win" || ending.kind === "lose" ? { kind: ending.kind, title: text(ending.title) } : null,
      local: local[index] ?? [],
      problems: problems.state.get(id) ?? CLEAN,
    };
  });
  return { nodes, edges, byId, out, into, flags, cuts };
}

/** Return the event's index by name, preferring the one at `near` when names clash. */
export function eventIndex(doc: Doc, name: string, near?: number): number {
  if (near !== undefined && doc.events[near]?.name === name) return near;
  return doc.events.findIndex((event) => event.name === name);
}

function tallies(diagnostics: readonly Diagnostic[]): { state: Map<string, Tally>; event: Map<string, Tally> } {
  const made = { state: new Map<string, Tally>(), event: new Map<string, Tally>() };
  for (const { severity, item } of diagnostics) {
    if ((item.kind !== "state" && item.kind !== "event") || severity === "info") continue;
    const tally = made[item.kind].get(item.id) ?? CLEAN;
    made[item.kind].set(item.id, { ...tally, [severity]: tally[severity] + 1 });
  }
  return made;
}
