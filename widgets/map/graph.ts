/** The graph that is drawn: a node for each state, an edge for each source of a transition, other events as chips. */

import { isObject, type JsonObject, object, text, texts } from "../shared/json";
import type { Diagnostic } from "../shared/protocol";
import type { Doc } from "./document";
import { matchEntries } from "./list-match";
import { ownProse, sameLayers } from "./own-prose";

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
  /** What its card says: its base without what stands in every base. */
  readonly prose: string;
  readonly start: boolean;
  readonly ending: { readonly kind: "win" | "lose"; readonly title: string } | null;
  readonly local: readonly LocalEvent[];
  readonly problems: Tally;
}

export interface Edge {
  readonly index: number;
  readonly name: string;
  readonly source: number;
  /** The node it leads to; -1 when that state does not exist. */
  readonly target: number;
  readonly locked: boolean;
  readonly hidden: boolean;
  readonly timed: boolean;
  readonly once: boolean;
  /** The cutscene that plays on the way; null for none. */
  readonly cut: string | null;
  readonly problems: Tally;
}

export interface Graph {
  readonly doc: Doc;
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly reads: readonly EventFacts[];
  /** The number of each event's first edge; the edges of an event are consecutive. */
  readonly first: Int32Array;
  readonly byId: ReadonlyMap<string, number>;
  /** Numbers of the edges that leave, and that enter, each node. The same arrays as before while no edge changes ends. */
  readonly out: readonly (readonly number[])[];
  readonly into: readonly (readonly number[])[];
  /** Every flag, with the names of the events that grant it. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly cuts: ReadonlyMap<string, JsonObject>;
  /** The missions that have an objective in a state, by the state's id. */
  readonly missions: ReadonlyMap<string, readonly string[]>;
}

const CLEAN_TALLY: Tally = { error: 0, warning: 0 };

/** What the graph needs of an event, read once. */
export interface EventFacts {
  readonly name: string;
  readonly kind: string;
  readonly moves: boolean;
  readonly sources: readonly string[];
  readonly to: string;
  readonly requires: readonly string[];
  readonly grants: readonly string[];
  readonly hidden: boolean;
  readonly timed: boolean;
  readonly once: boolean;
}

function readEvent(event: JsonObject): EventFacts {
  const kind = text(event.kind, "transition");
  return {
    name: text(event.name),
    kind,
    moves: kind === "transition",
    sources: [...new Set(texts(event.from))],
    to: text(event.to),
    requires: texts(event.requires),
    grants: texts(event.grants),
    hidden: event.hidden === true,
    timed: typeof event.autoAfterMs === "number",
    once: event.oneShot === true,
  };
}

/** Read the events of a document; events that are unchanged are not read again. */
function readEvents(doc: Doc, before: Graph | null): readonly EventFacts[] {
  if (!before) return doc.events.map(readEvent);
  if (doc.events === before.doc.events) return before.reads;
  const was = matchEntries(doc.events, before.doc.events);
  return doc.events.map((event, at) => before.reads[was(event, at) ?? -1] ?? readEvent(event));
}

/** Return the graph of a document; it reuses what has not changed of the graph before. */
export function buildGraph(doc: Doc, before: Graph | null = null): Graph {
  const reads = readEvents(doc, before);
  const changedOnly = before ? changedEvents(doc, reads, before) : null;
  return before && changedOnly ? patchGraph(doc, reads, before, changedOnly) : buildWhole(doc, reads, before);
}

// ---- from the whole document -------------------------------------------------------------------

function buildWhole(doc: Doc, reads: readonly EventFacts[], before: Graph | null): Graph {
  const problems = countProblems(doc.diagnostics);
  const byId = before && sameIds(doc, before.doc) ? before.byId : numberStates(doc);
  const cuts = new Map<string, JsonObject>();
  const ofPair = new Map<string, string>();
  for (const cut of Array.isArray(doc.world.cutscenes) ? doc.world.cutscenes.filter(isObject) : []) {
    if (!cuts.has(text(cut.id))) cuts.set(text(cut.id), cut);
    const pair = pairOf(text(cut.from), text(cut.to));
    if (text(cut.video).trim() !== "" && !ofPair.has(pair)) ofPair.set(pair, text(cut.id));
  }
  const local: LocalEvent[][] = doc.states.map(() => []);
  const out: number[][] = doc.states.map(() => []);
  const into: number[][] = doc.states.map(() => []);
  const edges: Edge[] = [];
  const first = new Int32Array(doc.events.length + 1);

  reads.forEach((one, index) => {
    const tally = problems.event.get(one.name) ?? CLEAN_TALLY;
    const cut = one.moves && cuts.size > 0 ? cuts.get(one.to) : undefined;
    const target = one.moves ? (byId.get(cut ? text(cut.to) : one.to) ?? -1) : -1;
    first[index] = edges.length;
    for (const from of one.sources) {
      const source = byId.get(from);
      if (source === undefined) continue;
      if (!one.moves) {
        local[source]?.push(localOf(one, index, tally));
        continue;
      }
      out[source]?.push(edges.length);
      if (target >= 0) into[target]?.push(edges.length);
      const onTheWay = cut ? one.to : (ofPair.get(pairOf(from, one.to)) ?? null);
      edges.push(edgeOf(one, index, source, target, onTheWay, tally));
    }
  });
  first[doc.events.length] = edges.length;

  const entrance = entranceOf(doc);
  const layersKept = before !== null && sameLayers(before.doc.world, doc.world);
  const nodes = doc.states.map(({ id, body }, index): Node => {
    const [own, tally, start] = [local[index] ?? [], problems.state.get(id) ?? CLEAN_TALLY, id === entrance];
    const old = before?.nodes[before.byId.get(id) ?? -1];
    const isSame = layersKept && old && sameNode(old, body, start, own, tally);
    return isSame ? old : nodeOf(doc.world, id, body, start, own, tally);
  });
  const [flags, missions] = [flagsOf(reads), missionsOf(doc)];
  return { doc, reads, nodes, edges, first, byId, out, into, flags, cuts, missions };
}

/** Return the key of a pair of states, between which a cutscene may stand. */
function pairOf(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

function numberStates(doc: Doc): Map<string, number> {
  const numbers = new Map<string, number>();
  doc.states.forEach(({ id }, index) => {
    numbers.set(id, index);
  });
  return numbers;
}

function sameIds(doc: Doc, old: Doc): boolean {
  if (doc.states === old.states) return true;
  return doc.states.length === old.states.length && doc.states.every(({ id }, at) => id === old.states[at]?.id);
}

function localOf(one: EventFacts, index: number, problems: Tally): LocalEvent {
  return { index, name: one.name, kind: one.kind, locked: one.requires.length > 0, problems };
}

function edgeOf(
  one: EventFacts,
  index: number,
  source: number,
  target: number,
  cut: string | null,
  problems: Tally,
): Edge {
  const { name, hidden, timed, once } = one;
  return { index, name, source, target, locked: one.requires.length > 0, hidden, timed, once, cut, problems };
}

function nodeOf(
  world: JsonObject,
  id: string,
  body: JsonObject,
  start: boolean,
  local: readonly LocalEvent[],
  problems: Tally,
): Node {
  const ending = object(body.ending);
  const kind = ending.kind === "win" || ending.kind === "lose" ? ending.kind : null;
  const prose = ownProse(world, text(body.base));
  return { id, body, prose, start, ending: kind && { kind, title: text(ending.title) }, local, problems };
}

function sameNode(node: Node, body: JsonObject, start: boolean, local: readonly LocalEvent[], tally: Tally): boolean {
  if (node.body !== body || node.start !== start || !sameTally(node.problems, tally)) return false;
  return node.local.length === local.length && node.local.every((one, at) => sameLocal(one, local[at]));
}

function sameLocal(a: LocalEvent, b: LocalEvent | undefined): boolean {
  if (!b || a.index !== b.index || a.name !== b.name) return false;
  return a.kind === b.kind && a.locked === b.locked && sameTally(a.problems, b.problems);
}

function sameTally(a: Tally, b: Tally): boolean {
  return a.error === b.error && a.warning === b.warning;
}

function entranceOf(doc: Doc): string {
  return text(object(doc.world.entrance).state);
}

function missionsOf(doc: Doc): Map<string, string[]> {
  const missions = new Map<string, string[]>();
  for (const mission of Array.isArray(doc.world.missions) ? doc.world.missions.filter(isObject) : []) {
    const objectives = Array.isArray(mission.objectives) ? mission.objectives.filter(isObject) : [];
    for (const place of new Set(objectives.map((one) => text(one.location)))) {
      if (place !== "") missions.set(place, [...(missions.get(place) ?? []), text(mission.title) || text(mission.id)]);
    }
  }
  return missions;
}

function flagsOf(reads: readonly EventFacts[]): Map<string, string[]> {
  const flags = new Map<string, string[]>();
  const granters = (flag: string) => {
    let names = flags.get(flag);
    if (!names) {
      names = [];
      flags.set(flag, names);
    }
    return names;
  };
  for (const one of reads) {
    for (const flag of one.requires) granters(flag);
    for (const flag of one.grants) granters(flag).push(one.name);
  }
  return flags;
}

// ---- from the graph before ---------------------------------------------------------------------

/** Return the events that changed but kept their ends; null when an event has other ends than before. */
function changedEvents(doc: Doc, reads: readonly EventFacts[], { doc: old, reads: was }: Graph): number[] | null {
  if (doc.events.length !== old.events.length || doc.world.cutscenes !== old.world.cutscenes) return null;
  if (!sameIds(doc, old)) return null;
  const indices: number[] = [];
  if (doc.events === old.events) return indices;
  for (const [at, one] of reads.entries()) {
    const before = was[at];
    if (doc.events[at] === old.events[at]) continue;
    if (!before || !sameDestinations(one, before)) return null;
    indices.push(at);
  }
  return indices;
}

function sameDestinations(a: EventFacts, b: EventFacts): boolean {
  return a.moves === b.moves && a.to === b.to && sameStrings(a.sources, b.sources);
}

function sameStrings(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

function patchGraph(doc: Doc, reads: readonly EventFacts[], before: Graph, events: readonly number[]): Graph {
  const { doc: old } = before;
  const diagnosticsChanged = doc.diagnostics !== old.diagnostics;
  const problems = diagnosticsChanged ? countProblems(doc.diagnostics) : null;
  const was = diagnosticsChanged ? countProblems(old.diagnostics) : null;
  const indices = new Set(events);
  if (problems && was) {
    reads.forEach(({ name }, index) => {
      if (!sameTally(problems.event.get(name) ?? CLEAN_TALLY, was.event.get(name) ?? CLEAN_TALLY)) indices.add(index);
    });
  }
  const tallyOf = (index: number, current: Tally): Tally =>
    problems ? (problems.event.get(reads[index]?.name ?? "") ?? CLEAN_TALLY) : current;

  let edges = before.edges;
  if (indices.size > 0) {
    const newEdges = [...before.edges];
    for (const index of indices) {
      for (let at = before.first[index] ?? 0; at < (before.first[index + 1] ?? 0); at += 1) {
        const edge = newEdges[at] as Edge;
        const one = reads[index] as EventFacts;
        newEdges[at] = edgeOf(one, index, edge.source, edge.target, edge.cut, tallyOf(index, edge.problems));
      }
    }
    edges = newEdges;
  }

  const entrance = entranceOf(doc);
  const entranceChanged = entrance !== entranceOf(old);
  const layersKept = sameLayers(doc.world, old.world);
  const same = layersKept && doc.states === old.states && !entranceChanged && !diagnosticsChanged && indices.size === 0;
  const nodes = same
    ? before.nodes
    : before.nodes.map((node, at): Node => {
        const body = doc.states[at]?.body ?? node.body;
        const local = node.local.some((one) => indices.has(one.index))
          ? node.local.map((one) =>
              indices.has(one.index)
                ? localOf(reads[one.index] as EventFacts, one.index, tallyOf(one.index, one.problems))
                : one,
            )
          : node.local;
        const tally = problems ? (problems.state.get(node.id) ?? CLEAN_TALLY) : node.problems;
        const start = node.id === entrance;
        const sameParts = layersKept && body === node.body && start === node.start && local === node.local;
        return sameParts && sameTally(tally, node.problems)
          ? node
          : nodeOf(doc.world, node.id, body, start, local, tally);
      });

  const flagsChanged = events.some((at) => {
    const [a, b] = [reads[at] as EventFacts, before.reads[at] as EventFacts];
    return a.name !== b.name || !sameStrings(a.requires, b.requires) || !sameStrings(a.grants, b.grants);
  });
  const missions = doc.world.missions === old.world.missions ? before.missions : missionsOf(doc);
  return { ...before, doc, reads, nodes, edges, flags: flagsChanged ? flagsOf(reads) : before.flags, missions };
}

/** Return the event's index by name, preferring the one at `near` when names clash. */
export function eventIndex(doc: Doc, name: string, near?: number): number {
  if (near !== undefined && doc.events[near]?.name === name) return near;
  return doc.events.findIndex((event) => event.name === name);
}

interface ProblemCounts {
  readonly state: ReadonlyMap<string, Tally>;
  readonly event: ReadonlyMap<string, Tally>;
}

function countProblems(diagnostics: readonly Diagnostic[]): ProblemCounts {
  const counts = { state: new Map<string, Tally>(), event: new Map<string, Tally>() };
  for (const { severity, item } of diagnostics) {
    if ((item.kind !== "state" && item.kind !== "event") || severity === "info") continue;
    const tally = counts[item.kind].get(item.id) ?? CLEAN_TALLY;
    counts[item.kind].set(item.id, { ...tally, [severity]: tally[severity] + 1 });
  }
  return counts;
}
