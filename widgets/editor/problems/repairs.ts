/** What can be done about a group of findings as one edit: what it asks for, and the operations it makes. Pure. */
import type { EventFacts, Graph } from "../../map/graph";
import { count, readableName } from "../../shared/format";
import { type JsonObject, texts } from "../../shared/json";
import type { Guard, Op } from "../../shared/protocol";
import * as ops from "../data/ops";
import { lettersApart } from "../forms/near-names";
import { type ProblemGroup, reachedFrom } from "./groups";

/** A choice that a repair leaves to the writer. */
interface Question {
  readonly label: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly initial: string;
}

export interface Repair {
  readonly key: string;
  readonly label: string;
  /** Whether play has proved that it helps. */
  readonly isProven?: true;
  /** What it asks; found out only when somebody opens it, as the answers are looked for in the whole world. */
  questions(): readonly Question[];
  /** What undo calls it. */
  name(answers: readonly string[]): string;
  ops(answers: readonly string[]): Op[];
  /** What comes of it, as a sentence; empty where its edits say all. */
  outcome(answers: readonly string[]): string;
}

/** Options of a list that are offered. */
const MAX_OPTIONS = 2000;

/** What of the view a repair begins with. */
export interface Surroundings {
  /** The state that is selected, if one is. */
  readonly near: string | null;
  /** The states where play found that a run can get stuck. */
  readonly stuck: readonly string[];
  /** The guards against soft-locks that play has proved. */
  readonly guards: readonly Guard[];
}

/** What only play can find: a preview, which looks by the rules alone, does not see it go away. */
const PLAY_RULES: ReadonlySet<string> = new Set(["soft-lock", "dead-end", "unreachable-ending", "dead-event"]);

export function isFoundByPlaying({ lint }: ProblemGroup): boolean {
  return PLAY_RULES.has(lint);
}

/** Return the repairs of a group, the likeliest first. */
export function repairsOf(group: ProblemGroup, graph: Graph, { near, stuck, guards }: Surroundings): Repair[] {
  const { cause, lint, findings } = group;
  const states = findings.filter(({ item }) => item.kind === "state").map(({ item }) => item.id);
  const events = findings.filter(({ item }) => item.kind === "event").map(({ item }) => item.id);
  if (cause.kind === "unreachable") {
    return [openWay(graph, cause.states, cause.root, near), deleteStates(cause.states)];
  }
  if (cause.kind === "flag") return flagRepairs(group, cause.flag, graph);
  if (lint === "unreachable-ending" && states[0] !== undefined) {
    return [openWay(graph, states, states[0], near), ...(states.length === 1 ? [deleteStates(states)] : [])];
  }
  if (lint === "dead-end" && states.length > 0) {
    const helpful = guards.filter((guard) => guard.states.some((id) => states.includes(id)));
    return [...guardRepairs(graph, helpful), leadOn(graph, states)];
  }
  if (lint === "no-ending" && graph.nodes.length > 0) return [endIn(graph, near)];
  const there = stuck.filter((id) => graph.byId.has(id));
  if (lint === "soft-lock" && there.length > 0) return [...guardRepairs(graph, guards), leadOn(graph, there)];
  if (lint === "dead-event" && events.length === 1) return [needNothing(graph, events[0] ?? "")];
  return [];
}

/** An event that leads from a state that players come to, to one that they do not. */
function openWay(graph: Graph, states: readonly string[], root: string, near: string | null): Repair {
  const isOne = states.length === 1;
  return {
    key: "open-way",
    label: isOne ? "Connect it…" : "Connect them…",
    questions: () => {
      const cutOff = new Set(states);
      for (const { lint, item } of graph.doc.diagnostics) if (lint === "unreachable-state") cutOff.add(item.id);
      const froms = graph.nodes.filter((node) => !cutOff.has(node.id) && node.ending === null).map((node) => node.id);
      const isNear = near !== null && !cutOff.has(near) && froms.includes(near);
      const initial = isNear ? near : (nearest(graph, root, froms) ?? froms[0] ?? "");
      const from: Question = { label: "From", options: optionsOf(froms, initial), initial };
      return isOne ? [from] : [from, { label: "To", options: optionsOf(states, root), initial: root }];
    },
    name: ([, to = root]) => `Connect to ${to}`,
    ops: ([from = "", to = root]) => (from === "" ? [] : ops.connect(graph.doc, from, to).ops),
    outcome: ([, to = root]) => {
      const reached = reachedFrom(graph, to, states);
      if (isOne) return "";
      const rest = states.length - reached;
      return rest === 0
        ? `All ${count(reached, "scene")} can be reached then.`
        : `${count(reached, "scene")} can be reached then, ${rest} still cannot.`;
    },
  };
}

/** Make an ending of a state: of one without a way on, where there is one. */
function endIn(graph: Graph, near: string | null): Repair {
  return {
    key: "end-in",
    label: "Make a scene the ending…",
    questions: () => {
      const last = graph.nodes.filter((_, at) => graph.out[at]?.length === 0);
      const nodes = last.length > 0 ? last : graph.nodes;
      const chosen = nodes.find(({ id }) => id === near) ?? nodes.find(({ start }) => !start) ?? nodes[0];
      const ids = nodes.map(({ id }) => id);
      const initial = chosen?.id ?? "";
      const endings: Question = {
        label: "Ending",
        options: [
          ["win", "Win"],
          ["lose", "Lose"],
        ],
        initial: "win",
      };
      return [{ label: "Scene", options: optionsOf(ids, initial), initial }, endings];
    },
    name: ([id = "", kind]) => `Make ${id} a ${kind === "lose" ? "losing" : "winning"} ending`,
    ops: ([state = "", kind = "win"]) =>
      state === "" ? [] : [{ op: "set_state_ending", state, kind, title: ops.titleOfEnding(kind) }],
    outcome: () => "",
  };
}

function leadOn(graph: Graph, states: readonly string[]): Repair {
  const [first = ""] = states;
  const isOne = states.length === 1;
  return {
    key: "lead-on",
    label: "Add an exit…",
    questions: () => {
      const stuckIds = new Set(states);
      const targets = graph.nodes.filter((node) => !stuckIds.has(node.id));
      // Back where a run comes from there is something to do; an ending may lose.
      const entries = graph.into[graph.byId.get(first) ?? -1] ?? [];
      const sources = entries.map((edge) => graph.nodes[graph.edges[edge]?.source ?? -1]);
      const source = sources.find((node) => node !== undefined && !stuckIds.has(node.id));
      const initial = (source ?? targets.find((node) => node.ending !== null) ?? targets[0])?.id ?? "";
      const options = optionsOf(
        targets.map((node) => node.id),
        initial,
      );
      const to: Question = { label: "To", options, initial };
      return isOne ? [to] : [{ label: "From", options: optionsOf(states, first), initial: first }, to];
    },
    name: () => "Add an exit",
    ops: (answers) => {
      const [from = first, to = ""] = isOne ? [first, ...answers] : answers;
      return to === "" ? [] : ops.connect(graph.doc, from, to).ops;
    },
    outcome: () => "",
  };
}

/** Let the way into a soft-lock need what leads out of it; the kernel has played it through. */
function guardRepairs(graph: Graph, guards: readonly Guard[]): Repair[] {
  const [first] = guards;
  if (!first) return [];
  const wordsOf = ({ events, flags }: Guard) =>
    `${listed(events)} ${events.length === 1 ? "needs" : "need"} ${listed(flags)}`;
  const chosenGuard = ([answer = "0"]: readonly string[]) => guards[Number(answer)] ?? first;
  const options = guards.map((guard, at) => [String(at), wordsOf(guard)] as const);
  return [
    {
      key: "guard",
      label:
        guards.length === 1
          ? `Require ${listed(first.flags)} for ${listed(first.events)}…`
          : "Require a flag to enter…",
      isProven: true,
      questions: () => (guards.length === 1 ? [] : [{ label: "Requirement", options, initial: "0" }]),
      name: (answers) => `Require ${listed(chosenGuard(answers).flags)} for ${listed(chosenGuard(answers).events)}`,
      ops: (answers) => {
        const { events, flags } = chosenGuard(answers);
        return graph.reads.flatMap((event, index) =>
          events.includes(event.name)
            ? ops.patchEvent(graph.doc, index, { requires: [...new Set([...event.requires, ...flags])] })
            : [],
        );
      },
      outcome: (answers) =>
        `Played through: no run gets stuck in ${listed(chosenGuard(answers).states)}, and everything is still reachable.`,
    },
  ];
}

function listed(names: readonly string[]): string {
  const firstNames = names.slice(0, 3).map((name) => `“${readableName(name)}”`);
  return names.length > 3 ? `${firstNames.join(", ")} and ${names.length - 3} more` : firstNames.join(" and ");
}

function deleteStates(states: readonly string[]): Repair {
  return {
    key: "delete",
    label: states.length === 1 ? "Delete it…" : `Delete all ${states.length}…`,
    questions: () => [],
    name: () => (states.length === 1 ? `Delete ${states[0]}` : `Delete ${count(states.length, "state")}`),
    ops: () => states.flatMap(ops.deleteState),
    outcome: () => "Events that lead there or are offered nowhere else go with it.",
  };
}

function needNothing(graph: Graph, name: string): Repair {
  const index = graph.reads.findIndex((event) => event.name === name);
  return {
    key: "need-nothing",
    label: "Remove its requirements…",
    questions: () => [],
    name: () => `Remove the requirements of ${name}`,
    ops: () => (index < 0 ? [] : ops.patchEvent(graph.doc, index, { requires: null })),
    outcome: () => "",
  };
}

// ---- flags --------------------------------------------------------------------------------------

function flagRepairs({ findings }: ProblemGroup, flag: string, graph: Graph): Repair[] {
  const { doc, reads } = graph;
  const isGiver = (event: EventFacts) => event.kind !== "terminal" && !event.requires.includes(flag);
  const give: Repair = {
    key: "give",
    label: `Grant “${flag}” in…`,
    questions: () => {
      const givers = [...new Set(reads.filter(isGiver).map(({ name }) => name))];
      const [initial = ""] = givers;
      return [{ label: "Event that grants it", options: optionsOf(givers, initial), initial }];
    },
    name: ([name = ""]) => `Grant ${flag} in ${name}`,
    ops: ([name = ""]) => {
      const index = reads.findIndex((event) => event.name === name);
      return index < 0 ? [] : ops.patchEvent(doc, index, { grants: [...texts(doc.events[index]?.grants), flag] });
    },
    outcome: () => "",
  };
  const repairs = reads.some(isGiver) ? [give] : [];
  // what asks for it besides events is not changed here
  if (findings.some(({ item }) => item.kind !== "event" || item.field !== "requires")) return repairs;
  const replace = (other: string | null) =>
    reads.flatMap((event, index) =>
      !event.requires.includes(flag)
        ? []
        : ops.patchEvent(doc, index, { requires: replaced(doc.events[index] ?? {}, flag, other) }),
    );
  const twin = twinOf(flag, graph);
  if (twin !== null) {
    repairs.unshift({
      key: "twin",
      label: `Require “${twin}” instead…`,
      questions: () => [],
      name: () => `Require ${twin} instead of ${flag}`,
      ops: () => replace(twin),
      outcome: () => "",
    });
  }
  repairs.push({
    key: "drop",
    label: "Stop requiring it…",
    questions: () => [],
    name: () => `Stop requiring ${flag}`,
    ops: () => replace(null),
    outcome: () => "",
  });
  return repairs;
}

function replaced(event: JsonObject, flag: string, other: string | null): string[] | null {
  const next = texts(event.requires).flatMap((one) => (one === flag ? (other === null ? [] : [other]) : [one]));
  return next.length === 0 ? null : [...new Set(next)];
}

/** Return the flag that was most likely meant: one that is given and contains the other, or differs in a letter or two. */
export function twinOf(flag: string, { flags }: Graph): string | null {
  const lowerFlag = flag.toLowerCase();
  let best: [score: number, name: string] | null = null;
  for (const [name, givers] of flags) {
    if (givers.length === 0 || name === flag) continue;
    const other = name.toLowerCase();
    const contains =
      lowerFlag.length > 2 && other.length > 2 && (other.includes(lowerFlag) || lowerFlag.includes(other));
    const score = contains ? 1 : lettersApart(lowerFlag, other, 2);
    if ((contains || score <= (Math.min(lowerFlag.length, other.length) > 4 ? 2 : 0)) && (!best || score < best[0]))
      best = [score, name];
  }
  return best?.[1] ?? null;
}

// ---- inside -------------------------------------------------------------------------------------

/** Return names as options, the one that is chosen first among them even where there are too many to list. */
function optionsOf(names: readonly string[], initial: string): (readonly [string, string])[] {
  const firstNames = names.slice(0, MAX_OPTIONS);
  if (initial !== "" && !firstNames.includes(initial)) firstNames.unshift(initial);
  return firstNames.map((name) => [name, readableName(name)] as const);
}

/** Return the state whose card stands nearest to another's. */
function nearest({ doc }: Graph, id: string, among: readonly string[]): string | null {
  const place = doc.layout.get(id);
  if (!place) return null;
  let best: [far: number, id: string] | null = null;
  for (const other of among) {
    const at = doc.layout.get(other);
    if (!at) continue;
    const far = Math.hypot(at[0] - place[0], at[1] - place[1]);
    if (!best || far < best[0]) best = [far, other];
  }
  return best?.[1] ?? null;
}
