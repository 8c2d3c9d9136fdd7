/** The texts of a state, an event or the world, and their words; where they are is `data/prose-fields.ts`. */
import type { Doc } from "../../map/document";
import { isObject, type Json, type JsonObject } from "../../shared/json";
import { PROSE_FIELDS, type Reader } from "../data/prose-fields";
import type { Path } from "../forms/paths";

export type Kind = keyof typeof PROSE_FIELDS;

export interface ProseText {
  readonly path: Path;
  readonly reader: Reader;
  readonly text: string;
}

const FIELDS: { readonly [kind in Kind]: readonly (readonly [steps: readonly string[], reader: Reader])[] } = {
  world: split("world"),
  state: split("state"),
  event: split("event"),
};

function split(kind: Kind) {
  return PROSE_FIELDS[kind].map(([path, reader]) => [path.split("."), reader] as const);
}

/** Return every text of a body, in the order of the table. */
export function proseOf(kind: Kind, body: JsonObject): ProseText[] {
  const texts: ProseText[] = [];
  for (const [steps, reader] of FIELDS[kind]) collect(body, steps, 0, [], reader, texts);
  return texts;
}

function collect(
  value: Json | undefined,
  steps: readonly string[],
  at: number,
  path: Path,
  reader: Reader,
  texts: ProseText[],
): void {
  const step = steps[at];
  if (step === undefined) {
    if (typeof value === "string") texts.push({ path, reader, text: value });
  } else if (step === "*") {
    if (Array.isArray(value))
      value.forEach((item, index) => {
        collect(item, steps, at + 1, [...path, index], reader, texts);
      });
  } else if (isObject(value) && Object.hasOwn(value, step)) {
    collect(value[step], steps, at + 1, [...path, step], reader, texts);
  }
}

/** Return how many words a text has: the parts between blanks that hold a letter or a digit. */
export function countWords(text: string): number {
  let words = 0;
  for (const part of text.split(/\s+/)) if (/[\p{L}\p{N}]/u.test(part)) words += 1;
  return words;
}

/** Bodies are shared between versions of a world, so that an edit counts only what it changed. */
const wordCache: { readonly [kind in Kind]: WeakMap<JsonObject, ReadonlyMap<Reader, number>> } = {
  world: new WeakMap(),
  state: new WeakMap(),
  event: new WeakMap(),
};

/** Return how many words a body has for each reader. */
export function wordsOf(kind: Kind, body: JsonObject): ReadonlyMap<Reader, number> {
  const before = wordCache[kind].get(body);
  if (before) return before;
  const words = new Map<Reader, number>();
  for (const { reader, text } of proseOf(kind, body)) words.set(reader, (words.get(reader) ?? 0) + countWords(text));
  wordCache[kind].set(body, words);
  return words;
}

export function allWordsOf(kind: Kind, body: JsonObject): number {
  let sum = 0;
  for (const words of wordsOf(kind, body).values()) sum += words;
  return sum;
}

/** Return how many words the whole world has for each reader. */
export function worldWords(doc: Doc): ReadonlyMap<Reader, number> {
  const sums = new Map<Reader, number>();
  const add = (words: ReadonlyMap<Reader, number>) => {
    for (const [reader, n] of words) sums.set(reader, (sums.get(reader) ?? 0) + n);
  };
  add(wordsOf("world", doc.world));
  for (const { body } of doc.states) add(wordsOf("state", body));
  for (const event of doc.events) add(wordsOf("event", event));
  return sums;
}
