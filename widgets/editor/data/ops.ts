/** A person's edits as operations. Each function returns the batch of one gesture. */

import type { Doc } from "../../map/document";
import { type JsonObject, object, text, texts } from "../../shared/json";
import type { Op } from "../../shared/protocol";
import { freeName, moveName, nameFromProse } from "./names";

type Fields = { [key: string]: JsonObject[string] };

export function usedNames(doc: Doc): { state: (id: string) => boolean; event: (name: string) => boolean } {
  const cuts = Array.isArray(doc.world.cutscenes) ? doc.world.cutscenes.map((cut) => text(object(cut).id)) : [];
  const ids = new Set([...doc.states.map((state) => state.id), ...cuts]);
  const names = new Set(doc.events.map((event) => text(event.name)));
  return { state: (id) => ids.has(id), event: (name) => names.has(name) };
}

/** Make a state, empty unless its body is given; returns its id too. */
export function addState(doc: Doc, body: JsonObject = { base: "" }): { id: string; ops: Op[] } {
  const id = freeName(text(body.base) ? nameFromProse(text(body.base)) : "scene", usedNames(doc).state);
  return { id, ops: [{ op: "add_state", id, state: body }] };
}

/** Make a transition between two states. */
export function connect(doc: Doc, source: string, target: string): { name: string; ops: Op[] } {
  const name = moveName(target, usedNames(doc).event);
  return { name, ops: [{ op: "add_transition", name, event: { from: [source], to: target } }] };
}

/** Make a state and a transition to it. */
export function branch(doc: Doc, source: string, body?: JsonObject): { id: string; name: string; ops: Op[] } {
  const addition = addState(doc, body);
  const { name, ops } = connect(doc, source, addition.id);
  return { id: addition.id, name, ops: [...addition.ops, ...ops] };
}

/** Make an event that stays in a state: an override or a terminal. */
export function addLocalEvent(doc: Doc, source: string, kind: "override" | "terminal"): { name: string; ops: Op[] } {
  const name = freeName(kind === "override" ? "look_closer" : "console", usedNames(doc).event);
  const body: Fields = { name, kind, from: [source] };
  if (kind === "terminal") body.terminal = { persona: "" };
  return { name, ops: [{ op: "add_event", event: body }] };
}

export function deleteState(id: string): Op[] {
  return [{ op: "delete_state", id }];
}

/** Rename the event at an index wherever the world names it; of two with one name the later is put whole. */
export function renameEvent(doc: Doc, index: number, to: string): Op[] {
  const from = text(doc.events[index]?.name);
  return isFirstOfName(doc, index) ? [{ op: "rename_event", from, to }] : patchEvent(doc, index, { name: to });
}

/** Rename a flag wherever the world names it. */
export function renameFlag(from: string, to: string): Op[] {
  return [{ op: "rename_flag", from, to }];
}

/** The title of a new ending, until the writer gives it another one. */
export function titleOfEnding(kind: string): string {
  return kind === "win" ? "You made it" : "It ends here";
}

export function setEntrance(state: string): Op[] {
  return [{ op: "set_entrance", state }];
}

/** Say whether the event at an index is the first of its name, the one that operations by name mean. */
export function isFirstOfName(doc: Doc, index: number): boolean {
  const name = doc.events[index]?.name;
  return doc.events.findIndex((event) => event.name === name) === index;
}

/** Set fields of the event at an index; null removes one. Of two with one name the later is put whole, by index. */
export function patchEvent(doc: Doc, index: number, patch: Fields): Op[] {
  const event = doc.events[index];
  if (!event) return [];
  if (isFirstOfName(doc, index)) {
    const kind = patch.kind;
    if (kind === "override" && event.to !== undefined) {
      return [{ op: "set_event_kind", event: text(event.name), kind: "override" }];
    }
    return [{ op: "update_event", name: text(event.name), patch }];
  }
  const body: JsonObject = { ...event };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete body[key];
    else body[key] = value;
  }
  if (patch.kind === "override") delete body.to;
  return [{ op: "put_event", index, event: body }];
}

export function deleteEvent(doc: Doc, index: number): Op[] {
  const event = doc.events[index];
  if (!event) return [];
  return isFirstOfName(doc, index)
    ? [{ op: "delete_event", name: text(event.name) }]
    : [{ op: "put_event", index, event: null }];
}

/** Return the sources of an event as a list. */
export function sources(event: JsonObject): string[] {
  return texts(event.from);
}

/** Lead one end of an event elsewhere. Its destination is one for all its sources; of its sources one is replaced. */
export function reconnect(doc: Doc, index: number, end: "from" | "to", was: string, now: string): Op[] {
  const event = doc.events[index];
  if (!event) return [];
  if (end === "to") return text(event.to) === now ? [] : patchEvent(doc, index, { to: now });
  if (was === now) return [];
  return patchEvent(doc, index, { from: [...new Set(sources(event).map((id) => (id === was ? now : id)))] });
}

/** Delete states and events. Events go first, the later before the earlier, so that every index still holds. */
export function removeAll(doc: Doc, states: readonly string[], events: readonly number[]): Op[] {
  const last = [...events].sort((a, b) => b - a);
  return [...last.flatMap((index) => deleteEvent(doc, index)), ...states.flatMap(deleteState)];
}
