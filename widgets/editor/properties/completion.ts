/** Completing what is typed of a property: the names of the world, and the forms that a property can have. */
import type { Doc } from "../../map/document";
import { object, text } from "../../shared/json";
import { flagUses } from "../forms/flag-usage";

export interface NameOption {
  readonly value: string;
  /** What it names, or for a form what it says. */
  readonly detail: string;
}

export interface Completion {
  /** The part of the text that an option takes the place of. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly NameOption[];
}

const MAX_OPTIONS = 40;

/** The forms that a property can have, with what each says. */
export const FORMS: readonly NameOption[] = [
  { value: "always possible: win", detail: "a win stays within reach" },
  { value: "never ", detail: "this happens in no run" },
  { value: "possible: ", detail: "some run comes to this" },
  { value: "always ", detail: "this holds at every moment" },
  { value: "no ending within 3 steps", detail: "no run ends that soon" },
  { value: "at most 1 of {}", detail: "no more of these happen in one run" },
  { value: "after ", detail: "after this, that cannot be reached" },
];

/** The words between two conditions. */
const CONNECTIVES: readonly NameOption[] = [
  { value: "before ", detail: "the first happens before the second" },
  { value: "leads to ", detail: "after the first, the second comes" },
  { value: "within 3 steps of ", detail: "that soon after" },
  { value: "until ", detail: "from the start" },
  { value: "while ", detail: "both at the same time" },
];

const KIND_WORDS: { readonly [word: string]: string } = {
  state: "state",
  event: "event",
  available: "event",
  holding: "flag",
  flag: "flag",
  ending: "ending",
  tag: "tag",
  mission: "mission",
};

/** Return every name that a property may hold, with what it names. */
export function namesOf(doc: Pick<Doc, "states" | "events" | "world">, tags: readonly string[]): NameOption[] {
  const missions = Array.isArray(doc.world.missions) ? doc.world.missions.map(object) : [];
  return [
    ...doc.states.map(({ id }) => ({ value: id, detail: "state" })),
    ...doc.events.map((event) => ({ value: text(event.name), detail: "event" })),
    ...[...flagUses(doc).keys()].map((value) => ({ value, detail: "flag" })),
    ...doc.states
      .map(({ body }) => text(object(body.ending).title))
      .filter((title) => title !== "")
      .map((value) => ({ value, detail: "ending" })),
    ...missions
      .map(({ id }) => text(id))
      .filter((id) => id !== "")
      .map((value) => ({ value, detail: "mission" })),
    ...tags.map((value) => ({ value, detail: "tag" })),
  ];
}

/** Return what can be put at the caret, and what it takes the place of. */
export function complete(input: string, caret: number, names: readonly NameOption[]): Completion {
  const before = input.slice(0, caret);
  if (before.trim() === "") return { from: 0, to: caret, options: FORMS };
  const quotes = before.match(/"/g)?.length ?? 0;
  const isQuoted = quotes % 2 === 1;
  const from = isQuoted ? before.lastIndexOf('"') : caret - (before.match(/[^\s"(){},:]*$/)?.[0].length ?? 0);
  const typed = before.slice(isQuoted ? from + 1 : from).toLowerCase();
  const to = isQuoted && input[caret] === '"' ? caret + 1 : caret;
  const previous = before.slice(0, from).trimEnd();
  const kind = KIND_WORDS[previous.match(/[a-z]+$/)?.[0] ?? ""] ?? null;
  if (typed === "" && !isQuoted && kind === null) return { from, to, options: isBetween(before) ? CONNECTIVES : [] };
  const ambiguous = sharedNames(names);
  const fitting = names.filter((one) => kind === null || one.detail === kind);
  const begins = fitting.filter(({ value }) => value.toLowerCase().startsWith(typed));
  const holds = fitting.filter(({ value }) => value.toLowerCase().indexOf(typed) > 0);
  const options = [...begins, ...holds].slice(0, MAX_OPTIONS).map(({ value, detail }) => ({
    value: kind === null && ambiguous.has(value) ? `${prefixOf(detail)} ${quoted(value)}` : quoted(value),
    detail,
  }));
  const words = isQuoted || kind !== null ? [] : CONNECTIVES.filter(({ value }) => value.startsWith(typed));
  return { from, to, options: [...words, ...unique(options)] };
}

/** Return a text with an option put in its place, and where the caret stands then. */
export function putIn(input: string, { from, to }: Completion, option: NameOption): { text: string; caret: number } {
  const before = input.slice(0, from);
  const after = input.slice(to);
  const space = after === "" && !option.value.endsWith(" ") && !option.value.endsWith("}") ? " " : "";
  const inBraces = option.value.endsWith("{}") ? 1 : 0;
  const completed = `${before}${option.value}${space}`;
  return { text: completed + after, caret: completed.length - inBraces };
}

/** Say whether a condition ends here, after which the word for the next one can come. */
function isBetween(before: string): boolean {
  return /["\w]\s+$/.test(before) && !/\b(before|leads|within|until|while|after|most)\b/.test(before);
}

function prefixOf(kind: string): string {
  return kind === "flag" ? "holding" : kind;
}

function quoted(name: string): string {
  return JSON.stringify(name);
}

/** Return the names that stand for several things. */
function sharedNames(names: readonly NameOption[]): ReadonlySet<string> {
  const kinds = new Map<string, string>();
  const repeated = new Set<string>();
  for (const { value, detail } of names) {
    if ((kinds.get(value) ?? detail) !== detail) repeated.add(value);
    kinds.set(value, detail);
  }
  return repeated;
}

function unique(options: readonly NameOption[]): NameOption[] {
  const visited = new Set<string>();
  return options.filter(({ value, detail }) => {
    const key = `${value} ${detail}`;
    return visited.has(key) ? false : visited.add(key);
  });
}
