/** Findings grouped by what causes them: one part of the map that nothing leads to, one flag that nothing gives. Pure. */
import type { Doc } from "../../map/document";
import type { Graph } from "../../map/graph";
import { count, readableName } from "../../shared/format";
import { isObject, type JsonObject, object, text, texts } from "../../shared/json";
import { placeTitle } from "../../shared/place-title";
import type { Diagnostic, Severity } from "../../shared/protocol";
import { flagUses } from "../forms/flag-usage";

export type Cause =
  /** States that hang together and that nothing leads to; from `root` most of them are reached. */
  | { readonly kind: "unreachable"; readonly states: readonly string[]; readonly root: string }
  /** A flag that is asked for and that no event gives. */
  | { readonly kind: "flag"; readonly flag: string }
  | { readonly kind: "rule" };

export interface ProblemGroup {
  readonly key: string;
  readonly lint: string;
  readonly severity: Severity;
  readonly cause: Cause;
  readonly findings: readonly Diagnostic[];
  /** How many findings it stands for: more than are listed, where a rule has too many. */
  readonly size: number;
}

const ORDER: Record<Severity, number> = { error: 0, warning: 1, info: 2 };
const FLAG_RULES: ReadonlySet<string> = new Set(["unreachable-require", "ungranted-flag", "objective-unreachable"]);

/** Return the findings in groups, errors first, otherwise in the order in which they were found. */
export function groupProblems(diagnostics: readonly Diagnostic[], graph: Graph): ProblemGroup[] {
  const islands = islandsOf(diagnostics, graph);
  const flags = ungivenFlags(diagnostics, graph.doc);
  const byKey = new Map<string, { cause: Cause; findings: Diagnostic[]; severity: Severity }>();
  for (const finding of diagnostics) {
    const island = finding.lint === "unreachable-state" ? islands.get(finding.item.id) : undefined;
    const flag = flags.get(finding);
    const [key, cause]: [string, Cause] = island
      ? [`unreachable ${island.root}`, island]
      : flag !== undefined
        ? [`flag ${flag}`, { kind: "flag", flag }]
        : [`rule ${finding.lint}`, { kind: "rule" }];
    const group = byKey.get(key) ?? { cause, findings: [], severity: finding.severity };
    group.findings.push(finding);
    if (ORDER[finding.severity] < ORDER[group.severity]) group.severity = finding.severity;
    byKey.set(key, group);
  }
  const groups = [...byKey].map(([key, group]): ProblemGroup => {
    const size = group.findings.reduce((sum, finding) => sum + (finding.count ?? 1), 0);
    return { key, lint: group.findings[0]?.lint ?? "", size, ...group };
  });
  return groups.sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

export interface FindingPlace {
  readonly title: string;
  /** The first of those found there. */
  readonly finding: Diagnostic;
  readonly messages: readonly string[];
}

/** Return the places of findings, each once; where one item has several findings, its fields tell them apart. */
export function placesOf(findings: readonly Diagnostic[]): FindingPlace[] {
  const itemTitles = findings.map(({ item }) => placeTitle({ path: "", item: { ...item, field: "" } }));
  const repeated = new Set(itemTitles.filter((title, at) => itemTitles.indexOf(title) !== at));
  const places = new Map<string, FindingPlace & { readonly messages: string[] }>();
  findings.forEach((finding, at) => {
    const itemTitle = itemTitles[at] ?? "";
    const isShort = ["state", "event"].includes(finding.item.kind) && !repeated.has(itemTitle);
    const title = isShort ? itemTitle : placeTitle(finding);
    const place = places.get(title) ?? { title, finding, messages: [] };
    place.messages.push(finding.message);
    places.set(title, place);
  });
  return [...places.values()];
}

/** Return what is wrong with a group, as a sentence. */
export function groupTitle(group: ProblemGroup, ruleTitle: string): string {
  const { cause, size } = group;
  if (cause.kind === "unreachable") {
    if (cause.states.length === 1) return `No way leads to “${readableName(cause.root)}”.`;
    const names = cause.states.slice(0, 3).map((id) => `“${readableName(id)}”`);
    const rest = cause.states.length - names.length;
    return `No way leads to ${count(cause.states.length, "scene")}: ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
  }
  if (cause.kind === "flag") {
    const places = size === 1 ? "One thing waits" : `${size.toLocaleString("en")} things wait`;
    return `${places} for “${cause.flag}”, and nothing grants it.`;
  }
  return `${size.toLocaleString("en")} × ${ruleTitle}`;
}

interface Island {
  readonly kind: "unreachable";
  readonly states: readonly string[];
  readonly root: string;
}

/** Return the part of the map that each unreachable state belongs to, by its id. */
function islandsOf(diagnostics: readonly Diagnostic[], graph: Graph): Map<string, Island> {
  const cutOff = new Set<number>();
  for (const { lint, item } of diagnostics) {
    const node = lint === "unreachable-state" ? graph.byId.get(item.id) : undefined;
    if (node !== undefined) cutOff.add(node);
  }
  const islands = new Map<string, Island>();
  const visited = new Set<number>();
  for (const start of cutOff) {
    if (visited.has(start)) continue;
    const nodes = spread([start], (node) => [...targets(graph, node), ...origins(graph, node)], cutOff);
    for (const node of nodes) visited.add(node);
    // most of the island is reached from one that nothing in it leads to, or from any other of a ring
    const ordered = [...nodes].sort((a, b) => a - b);
    const heads = ordered.filter((node) => !origins(graph, node).some((from) => nodes.has(from)));
    const candidates = (heads.length > 0 ? heads : ordered).slice(0, 32);
    const reach = (node: number) => spread([node], (one) => targets(graph, one), cutOff).size;
    const root = candidates.reduce((best, node) => (reach(node) > reach(best) ? node : best), candidates[0] ?? start);
    const states = ordered.map((node) => idOf(graph, node));
    const island: Island = { kind: "unreachable", states, root: idOf(graph, root) };
    for (const id of states) islands.set(id, island);
  }
  return islands;
}

/** Return how many states of a group can be reached once there is a way to one of them. */
export function reachedFrom(graph: Graph, id: string, among: readonly string[]): number {
  const within = new Set(among.map((one) => graph.byId.get(one) ?? -1));
  const start = graph.byId.get(id);
  return start === undefined ? 0 : spread([start], (node) => targets(graph, node), within).size;
}

function spread(
  from: readonly number[],
  next: (node: number) => readonly number[],
  within: ReadonlySet<number>,
): Set<number> {
  const visited = new Set(from);
  const queue = [...from];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (const other of next(node)) {
      if (!within.has(other) || visited.has(other)) continue;
      visited.add(other);
      queue.push(other);
    }
  }
  return visited;
}

function targets({ out, edges }: Graph, node: number): number[] {
  return (out[node] ?? []).map((edge) => edges[edge]?.target ?? -1);
}

function origins({ into, edges }: Graph, node: number): number[] {
  return (into[node] ?? []).map((edge) => edges[edge]?.source ?? -1);
}

function idOf(graph: Graph, node: number): string {
  return graph.nodes[node]?.id ?? "";
}

/** Return the flag that each finding about flags is about: of several at one place each finding is about the next. */
function ungivenFlags(diagnostics: readonly Diagnostic[], doc: Doc): Map<Diagnostic, string> {
  const about = diagnostics.filter(({ lint, count }) => FLAG_RULES.has(lint) && count === undefined);
  const result = new Map<Diagnostic, string>();
  if (about.length === 0) return result;
  const uses = flagUses(doc);
  const isGiven = (flag: string) => (uses.get(flag)?.grants.length ?? 0) > 0;
  const events = new Map<string, JsonObject>();
  for (const event of doc.events) if (!events.has(text(event.name))) events.set(text(event.name), event);
  const nth = new Map<string, number>();
  for (const finding of about) {
    const place = JSON.stringify([finding.lint, finding.item]);
    const at = nth.get(place) ?? 0;
    nth.set(place, at + 1);
    const flag = [...new Set(flagsAt(finding, doc, events))].filter((one) => !isGiven(one))[at];
    if (flag !== undefined) result.set(finding, flag);
  }
  return result;
}

function flagsAt({ item }: Diagnostic, doc: Doc, events: ReadonlyMap<string, JsonObject>): string[] {
  if (item.kind === "event") {
    const event = events.get(item.id) ?? {};
    const fact = /^terminal\.facts\[(\d+)\]/.exec(item.field);
    return fact ? texts(objectAt(object(event.terminal).facts, Number(fact[1])).requires) : texts(event.requires);
  }
  if (item.kind === "cutscene") return texts(withId(doc.world.cutscenes, item.id).requires);
  if (item.kind === "world") return texts(object(doc.world.outro).flag);
  if (item.kind !== "mission") return [];
  const mission = withId(doc.world.missions, item.id);
  const objective = /^objectives\[(\d+)\]/.exec(item.field);
  if (!objective) return texts(mission.complete);
  const { grants, id } = objectAt(mission.objectives, Number(objective[1]));
  return texts(grants ?? id);
}

function objectAt(list: unknown, at: number): JsonObject {
  return Array.isArray(list) ? object(list[at]) : {};
}

function withId(list: unknown, id: string): JsonObject {
  return Array.isArray(list) ? (list.filter(isObject).find((one) => text(one.id) === id) ?? {}) : {};
}
