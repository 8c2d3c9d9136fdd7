/**
 * Find and replace over all prose. `schema/conformance/find.json` holds this and `src/worldkit/editing/replace.py` to
 * the same cases.
 */
import type { Doc } from "../../map/document";
import type { JsonObject } from "../../shared/json";
import type { Op } from "../../shared/protocol";
import type { Reader } from "../data/prose-fields";
import { eventOps, stateOps, worldField } from "../forms/edits";
import { fieldName, type Path, put } from "../forms/paths";
import { type Kind, proseOf } from "./prose";

export interface Search {
  readonly text: string;
  readonly matchCase: boolean;
  readonly wholeWords: boolean;
  /** Whose texts are looked through; null for all. */
  readonly reader: Reader | null;
}

export interface FindHit {
  /** The same for the same text after other states and events came, went or moved. */
  readonly key: string;
  readonly kind: Kind;
  /** The number of the state or event. */
  readonly index: number;
  readonly id: string;
  readonly path: Path;
  readonly reader: Reader;
  readonly text: string;
  /** How often it stands there. */
  readonly count: number;
}

/** Return the pattern that finds what was typed, letter by letter; null when nothing was. */
export function patternOf({ text, matchCase, wholeWords }: Omit<Search, "reader">): RegExp | null {
  if (text === "") return null;
  const letters = text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  const last = [...text].at(-1) ?? "";
  // A boundary counts only where the text itself begins or ends with a letter: "!" has no longer word.
  const before = wholeWords && WORD.test(first) ? "(?<![\\p{L}\\p{M}\\p{N}_])" : "";
  const after = wholeWords && WORD.test(last) ? "(?![\\p{L}\\p{M}\\p{N}_])" : "";
  return new RegExp(`${before}${letters}${after}`, matchCase ? "gu" : "giu");
}

const WORD = /[\p{L}\p{M}\p{N}_]/u;

/** Say whether a replacement follows the capitals it finds: where case is no matter, and none was typed. */
export function keepsCapitals({ text, matchCase }: Pick<Search, "text" | "matchCase">): boolean {
  return !matchCase && text === text.toLowerCase();
}

/** Return a text with every match replaced. */
export function replaceMatches(text: string, pattern: RegExp, replacement: string, keepCapitals: boolean): string {
  return text.replace(pattern, (match) => (keepCapitals ? like(match, replacement) : replacement));
}

function like(match: string, replacement: string): string {
  const [first = "", second] = [...match];
  if (second !== undefined && match === match.toUpperCase() && match !== match.toLowerCase())
    return replacement.toUpperCase();
  if (first === first.toLowerCase()) return replacement;
  const [initial = ""] = [...replacement];
  return initial.toUpperCase() + replacement.slice(initial.length);
}

/** Return every text of the world in which something stands, in the order of the world. */
export function findAll(doc: Doc, search: Search): FindHit[] {
  const pattern = patternOf(search);
  if (!pattern) return [];
  const hits: FindHit[] = [];
  const look = (kind: Kind, index: number, id: string, body: JsonObject, nth = 0) => {
    for (const { path, reader, text } of proseOf(kind, body)) {
      if (search.reader !== null && reader !== search.reader) continue;
      const count = text.match(pattern)?.length ?? 0;
      if (count > 0)
        hits.push({ key: `${kind} ${nth} ${id} ${fieldName(path)}`, kind, index, id, path, reader, text, count });
    }
  };
  look("world", 0, "", doc.world);
  doc.states.forEach(({ id, body }, index) => {
    look("state", index, id, body);
  });
  const namesakes = new Map<string, number>();
  doc.events.forEach((event, index) => {
    const name = typeof event.name === "string" ? event.name : "";
    const nth = namesakes.get(name) ?? 0;
    namesakes.set(name, nth + 1);
    look("event", index, name, event, nth);
  });
  return hits;
}

/** Return the operations that replace what was found in some texts. */
export function replaceOps(doc: Doc, hits: readonly FindHit[], search: Search, replacement: string): Op[] {
  const pattern = patternOf(search);
  if (!pattern) return [];
  const keep = keepsCapitals(search);
  const bodies = new Map<string, { kind: Kind; index: number; before: JsonObject; after: JsonObject }>();
  for (const { kind, index, path, text } of hits) {
    const owner = `${kind} ${index}`;
    const before = bodyOf(doc, kind, index);
    if (!before) continue;
    const after = put(bodies.get(owner)?.after ?? before, path, replaceMatches(text, pattern, replacement, keep));
    bodies.set(owner, { kind, index, before, after });
  }
  return [...bodies.values()].flatMap(({ kind, index, before, after }) => {
    if (kind === "world") return worldTextOps(before, after);
    if (kind === "event") return eventOps(doc, index, after);
    // A state is put whole where a list changed: its variants may be none that an update takes.
    const id = doc.states[index]?.id ?? "";
    return before.variants === after.variants
      ? stateOps(id, before, after)
      : [{ op: "put_state", id, state: after } satisfies Op];
  });
}

/** Of the world each field is put as it is: only words change, so nothing else follows. */
function worldTextOps(before: JsonObject, after: JsonObject): Op[] {
  const entries = Object.entries(after).filter(([key, value]) => value !== before[key]);
  return [{ op: "put_world", set: Object.fromEntries(entries.map(([key, value]) => [worldField(key), value])) }];
}

function bodyOf(doc: Doc, kind: Kind, index: number): JsonObject | null {
  if (kind === "world") return doc.world;
  return (kind === "state" ? doc.states[index]?.body : doc.events[index]) ?? null;
}
