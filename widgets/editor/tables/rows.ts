/** The rows of the tables: what each column says of a state, an event, a flag, a mission. */
import type { Annotations } from "../../map/annotations";
import type { Doc } from "../../map/document";
import type { Graph } from "../../map/graph";
import { object, text, texts } from "../../shared/json";
import type { HeldReply } from "../../shared/protocol";
import { eventsByName, type Namesake, namesakeOf, numberNow, numbersBy } from "../data/namesakes";
import { flagUses, objects, type Use } from "../forms/flag-usage";
import { allWordsOf, countWords } from "./prose";

export interface StateRow {
  readonly key: string;
  readonly index: number;
  readonly id: string;
  readonly base: string;
  /** Its base without what stands in every base, as its card says it. */
  readonly prose: string;
  readonly narration: string;
  readonly ending: string;
  /** The name of the region that it is in, empty for none. */
  readonly region: string;
  readonly tags: readonly string[];
  readonly out: number;
  readonly into: number;
  readonly words: number;
  readonly problems: number;
}

export interface EventRow extends Namesake {
  readonly key: string;
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly detail: string;
  readonly requires: readonly string[];
  readonly grants: readonly string[];
  readonly words: number;
  readonly problems: number;
}

export interface FlagRow {
  readonly key: string;
  readonly name: string;
  readonly givenBy: readonly Use[];
  readonly neededBy: readonly Use[];
  /** States in which it is held on arrival, always and on some ways; null until that was worked out. */
  readonly always: readonly string[] | null;
  readonly sometimes: readonly string[] | null;
}

export interface MissionRow extends Namesake {
  readonly key: string;
  readonly index: number;
  readonly id: string;
  readonly title: string;
  readonly steps: readonly string[];
  readonly complete: string;
  readonly words: number;
}

export function stateRows(
  doc: Doc,
  graph: Graph,
  { regions, tagged }: Annotations,
  regionOf: ReadonlyMap<string, string>,
): StateRow[] {
  return doc.states.map(({ id, body }, index) => {
    const node = graph.nodes[index];
    return {
      key: id,
      index,
      id,
      base: text(body.base),
      prose: node?.prose ?? text(body.base),
      narration: text(body.narration),
      ending: text(object(body.ending).kind),
      region: regions.get(regionOf.get(id) ?? "")?.name ?? "",
      tags: tagged.get(id) ?? [],
      out: graph.out[index]?.length ?? 0,
      into: graph.into[index]?.length ?? 0,
      words: allWordsOf("state", body),
      problems: (node?.problems.error ?? 0) + (node?.problems.warning ?? 0),
    };
  });
}

export function eventRows(doc: Doc): EventRow[] {
  const problems = new Map<string, number>();
  for (const { item, severity } of doc.diagnostics)
    if (item.kind === "event" && severity !== "info") problems.set(item.id, (problems.get(item.id) ?? 0) + 1);
  const numbers = eventsByName(doc);
  return doc.events.map((event, index) => {
    const name = text(event.name);
    const namesake = namesakeOf(numbers, name, index);
    return {
      ...namesake,
      // Two events may share a name; which one it is stays in the key.
      key: `${name} ${namesake.nth}`,
      index,
      name,
      kind: text(event.kind),
      from: texts(event.from),
      to: text(event.to),
      detail: text(event.detail),
      requires: texts(event.requires),
      grants: texts(event.grants),
      words: allWordsOf("event", event),
      problems: problems.get(name) ?? 0,
    };
  });
}

export function flagRows(doc: Doc, arrivals: HeldReply | null): FlagRow[] {
  return [...flagUses(doc)].map(([name, uses]) => {
    const arrival = arrivals?.flags[name];
    return {
      key: name,
      name,
      givenBy: uses.grants,
      neededBy: uses.asks,
      always: arrivals ? (arrival?.always ?? []) : null,
      sometimes: arrivals ? (arrival?.sometimes ?? []) : null,
    };
  });
}

export function missionRows(doc: Doc): MissionRow[] {
  const missions = objects(doc.world.missions);
  const numbers = numbersBy("id", missions);
  return missions.map((mission, index) => {
    const steps = objects(mission.objectives).map((step) => text(step.text));
    const id = text(mission.id);
    const namesake = namesakeOf(numbers, id, index);
    return {
      ...namesake,
      key: `${id} ${namesake.nth}`,
      index,
      id,
      title: text(mission.title),
      steps,
      complete: text(mission.complete),
      words: countWords([text(mission.title), ...steps].join(" ")),
    };
  });
}

/** Return the number that a row's mission has now; -1 once it is gone, or cannot be told from others of its id. */
export function missionIndex(doc: Doc, row: MissionRow): number {
  return numberNow(numbersBy("id", objects(doc.world.missions)), row.id, row);
}

/** Return what a use is called. */
export function useName(use: Use): string {
  return "name" in use ? use.name : use.words;
}

// ---- sorting and filtering ---------------------------------------------------------------------

export interface Order {
  readonly column: string;
  readonly down: boolean;
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Return rows in the order of a column; rows that are equal there keep their order, and those that are empty are last. */
export function sortRows<Row>(rows: readonly Row[], value: (row: Row) => string | number, down: boolean): Row[] {
  const sign = down ? -1 : 1;
  const keyed = rows.map((row, at) => ({ row, at, value: value(row) }));
  const isEmpty = (one: { readonly value: string | number }) => (one.value === "" ? 1 : 0);
  keyed.sort((a, b) => isEmpty(a) - isEmpty(b) || sign * compare(a.value, b.value) || a.at - b.at);
  return keyed.map(({ row }) => row);
}

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
}

/** Return the rows in which every word of a filter stands, in any column. */
export function filterRows<Row>(rows: readonly Row[], filter: string, words: (row: Row) => readonly string[]): Row[] {
  const needles = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (needles.length === 0) return [...rows];
  return rows.filter((row) => {
    const all = words(row).join("\n").toLowerCase();
    return needles.every((needle) => all.includes(needle));
  });
}
