/** Names that follow the text: which ones do, and what they become. */

import type { Doc } from "../../map/document";
import { type JsonObject, text } from "../../shared/json";
import type { Op } from "../../shared/protocol";
import { freeName, moveName, nameFromProse, nameFromWords } from "../data/names";
import { isFirstOfName, usedNames } from "../data/ops";
import { eventOps } from "../forms/edits";

/** The names that this view gave, and nobody has set by hand since. */
export interface AutoNames {
  readonly states: Set<string>;
  readonly events: Set<string>;
}

export function openAutoNames(): AutoNames {
  return { states: new Set(), events: new Set() };
}

const PLACEHOLDER = /^(scene|state)(_\d+)?$/;

/** Say whether a state's id was given by the editor, so that it follows what is written. */
function isAutoState(doc: Doc, auto: AutoNames, id: string): boolean {
  return PLACEHOLDER.test(id) || auto.states.has(id) || isNamedAfterChoice(doc, id);
}

/** Say whether a state waits for its text under the words of a choice that leads there, in whichever view it was made. */
function isNamedAfterChoice(doc: Doc, id: string): boolean {
  if (text(doc.states.find((state) => state.id === id)?.body.base) !== "") return false;
  return doc.events.some(({ to, detail }) => to === id && isNumbered(id, nameFromWords(text(detail), "")));
}

/** Say whether an event's name was made of its destination, or given by the editor. */
function isAutoEvent(auto: AutoNames, name: string, to: string): boolean {
  return auto.events.has(name) || isMoveName(name, to);
}

function isMoveName(name: string, to: string): boolean {
  return isNumbered(
    name,
    moveName(to, () => false),
  );
}

/** Say whether a name is another one, perhaps with the number that makes it free. */
function isNumbered(name: string, plainName: string): boolean {
  return name === plainName || (name.startsWith(`${plainName}_`) && /^\d+$/.test(name.slice(plainName.length + 1)));
}

/**
 * Return what renames a state, and with it the ways there that are named after it.
 *
 * Args:
 *   doc: The world as it is.
 *   auto: The names that follow.
 *   from: Its id.
 *   to: Its new id.
 */
export function renameStateOps(doc: Doc, auto: AutoNames, from: string, to: string): Op[] {
  const batch: Op[] = [{ op: "rename_state", from, to }];
  const isUsed = usedNames(doc).event;
  const fresh = new Set<string>();
  for (const event of doc.events) {
    const name = text(event.name);
    if (text(event.to) !== from || !isMoveName(name, from)) continue;
    const next = moveName(to, (candidate) => fresh.has(candidate) || (candidate !== name && isUsed(candidate)));
    if (next === name) continue;
    fresh.add(next);
    auto.events.add(next);
    batch.push({ op: "rename_event", from: name, to: next });
  }
  return batch;
}

/** Return what gives a state the name of its prose, where its name follows; nothing where it does not. */
export function followProse(doc: Doc, auto: AutoNames, id: string, prose: string): Op[] {
  if (!isAutoState(doc, auto, id) || prose.trim() === "") return [];
  const isUsed = usedNames(doc).state;
  const next = freeName(nameFromProse(prose), (candidate) => candidate !== id && isUsed(candidate));
  if (next === id) return [];
  auto.states.add(next);
  return renameStateOps(doc, auto, id, next);
}

/** Return what gives an event the name of the words that a player reads, where its name follows. */
export function followWords(doc: Doc, auto: AutoNames, index: number, words: string): Op[] {
  const event = doc.events[index];
  const name = text(event?.name);
  const to = text(event?.to);
  if (!isFirstOfName(doc, index) || !isAutoEvent(auto, name, to)) return [];
  const isUsed = usedNames(doc).event;
  const isOther = (candidate: string) => candidate !== name && isUsed(candidate);
  const next = words.trim() !== "" ? freeName(nameFromWords(words), isOther) : to ? moveName(to, isOther) : name;
  if (next === name) return [];
  auto.events.add(next);
  return [{ op: "rename_event", from: name, to: next }];
}

/** Return what gives an event without words of its own the name of where it now leads, where its name follows. */
export function followTarget(doc: Doc, auto: AutoNames, index: number, to: string): Op[] {
  const event = doc.events[index];
  const name = text(event?.name);
  if (!event || text(event.detail) !== "" || to === "" || !isAutoEvent(auto, name, text(event.to))) return [];
  if (!isFirstOfName(doc, index)) return [];
  const isUsed = usedNames(doc).event;
  const next = moveName(to, (candidate) => candidate !== name && isUsed(candidate));
  if (next === name) return [];
  auto.events.add(next);
  return [{ op: "rename_event", from: name, to: next }];
}

/** Return what an edit of an event comes to: its name follows the words that a player reads, else where it leads. */
export function writtenEventOps(doc: Doc, auto: AutoNames, index: number, after: JsonObject): Op[] {
  const before = doc.events[index] ?? {};
  const ops = eventOps(doc, index, after);
  // A name given in the same edit was given by hand.
  if (before.name !== after.name) return ops;
  if (before.detail !== after.detail) return [...ops, ...followWords(doc, auto, index, text(after.detail))];
  if (before.to !== after.to) return [...ops, ...followTarget(doc, auto, index, text(after.to))];
  return ops;
}

/** Return why an event cannot have a name, as a sentence; null when it can. */
export function nameRejection(name: string): string | null {
  if (/^[\p{L}\p{M}\p{N} _.:’'-]+$/u.test(name)) return null;
  const suggestion = name.replace(/[^\p{L}\p{M}\p{N} _.:’'-]+/gu, "_").replace(/^_+|_+$/gu, "");
  return `A name is made of letters, digits, spaces and _${suggestion ? `: try ${suggestion}` : ""}.`;
}
