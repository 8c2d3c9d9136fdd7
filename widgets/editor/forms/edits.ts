/** From how a thing is to how it should be: the operations that say it, the contract's own where one is exact. */

import type { Doc } from "../../map/document";
import { isObject, type Json, type JsonObject, object, same, text } from "../../shared/json";
import type { Op } from "../../shared/protocol";
import { named } from "../data/ops";

interface Change {
  readonly set: JsonObject;
  readonly gone: readonly string[];
  readonly keys: readonly string[];
}

/** Return the fields in which two objects differ. */
function change(before: JsonObject, after: JsonObject): Change {
  const changed = Object.entries(after).filter(
    ([key, value]) => !Object.hasOwn(before, key) || !same(before[key], value),
  );
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return { set: Object.fromEntries(changed), gone, keys: [...changed.map(([key]) => key), ...gone] };
}

/** Return the change as a patch, in which null removes; null when it would have to set a null. */
function patch({ set, gone }: Change): JsonObject | null {
  if (Object.values(set).includes(null)) return null;
  return { ...set, ...Object.fromEntries(gone.map((key) => [key, null])) };
}

function only(changed: Change, ...allowed: string[]): boolean {
  return changed.keys.length > 0 && changed.keys.every((key) => allowed.includes(key));
}

// ---- a state -----------------------------------------------------------------------------------

export function stateOps(id: string, before: JsonObject, after: JsonObject): Op[] {
  const changed = change(before, after);
  if (changed.keys.length === 0) return [];
  const exact =
    changed.keys.length === 1
      ? (half(id, changed.keys[0] ?? "", before, after) ??
        ending(id, changed, before, after) ??
        variant(id, changed, before, after))
      : null;
  if (exact) return [exact];
  const made = patch(changed);
  return [made ? { op: "update_state", id, patch: made } : { op: "put_state", id, state: after }];
}

function half(id: string, key: string, before: JsonObject, after: JsonObject): Op | null {
  if (key !== "camera" && key !== "movement") return null;
  const [was, is] = [object(before[key]), object(after[key])];
  const value = { static: "", dynamic: "", ...is };
  const differ = change({ static: "", dynamic: "", ...was }, value);
  const [one] = differ.keys;
  if (differ.keys.length !== 1 || (one !== "static" && one !== "dynamic")) return null;
  return { op: "set_field", state: id, field: `${key}.${one}`, value: text(value[one]) || null };
}

function ending(id: string, changed: Change, before: JsonObject, after: JsonObject): Op | null {
  if (changed.keys[0] !== "ending") return null;
  if (after.ending === undefined) return { op: "set_state_ending", state: id, kind: null };
  const [was, is] = [object(before.ending), object(after.ending)];
  const inner = change(was, is);
  const made = patch(inner);
  if (!made || !only(inner, "kind", "title", "subtitle")) return null;
  return { op: "set_state_ending", state: id, ...made, kind: text(is.kind) };
}

const VARIANT = ["label", "base", "ambient", "camera", "movement"];

function variant(id: string, changed: Change, before: JsonObject, after: JsonObject): Op | null {
  if (changed.keys[0] !== "variants") return null;
  const [was, is] = [list(before.variants), list(after.variants)];
  const made = added(was, is);
  if (made) return { op: "add_variant", state: id, variant: made };
  const at = removed(was, is);
  if (at !== null) return { op: "remove_variant", state: id, index: at };
  const differ = is.flatMap((item, index) => (same(item, was[index]) ? [] : [index]));
  const [index] = differ;
  if (was.length !== is.length || differ.length !== 1 || index === undefined) return null;
  const inner = change(object(was[index]), object(is[index]));
  const [field] = inner.keys;
  const value = patch(inner);
  if (!value || inner.keys.length !== 1 || field === undefined || !VARIANT.includes(field)) return null;
  return {
    op: "set_variant_field",
    state: id,
    label: text(object(was[index]).label),
    field,
    value: value[field] ?? null,
  };
}

// ---- an event ----------------------------------------------------------------------------------

export function eventOps(doc: Doc, index: number, after: JsonObject): Op[] {
  const before = doc.events[index];
  if (!before) return [];
  const changed = change(before, after);
  if (changed.keys.length === 0) return [];
  const name = text(before.name);
  const made = patch(changed);
  if (!named(doc, index) || !made) {
    const body =
      text(after.kind) === "override"
        ? Object.fromEntries(Object.entries(after).filter(([key]) => key !== "to"))
        : after;
    return [{ op: "put_event", index, event: body }];
  }
  return [
    (changed.keys.length === 1 ? exactEvent(name, changed.keys[0] ?? "", made, before, after) : null) ?? {
      op: "update_event",
      name,
      patch: made,
    },
  ];
}

const ONE_FIELD: ReadonlyMap<string, readonly [op: string, argument: string]> = new Map([
  ["hotkey", ["set_event_hotkey", "value"]],
  ["phases", ["set_event_phases", "value"]],
  ["grants", ["set_event_grants", "value"]],
  ["requires", ["set_event_requires", "value"]],
  ["lockedHint", ["set_event_locked_hint", "hint"]],
  ["kind", ["set_event_kind", "kind"]],
]);

function exactEvent(event: string, key: string, made: JsonObject, before: JsonObject, after: JsonObject): Op | null {
  const value = made[key] ?? null;
  const one = ONE_FIELD.get(key);
  if (one) return { op: one[0], event, [one[1]]: value };
  if (key === "base" || key === "detail") return { op: "set_event_field", event, field: key, value };
  if (key === "anchor") {
    if (value === null) return { op: "set_event_anchor", event, label: null };
    const inner = patch(change(object(before.anchor), object(after.anchor)));
    return inner &&
      only(change(object(before.anchor), object(after.anchor)), "label", "aliases", "minProximity", "expectedAspect")
      ? { op: "set_event_anchor", event, ...inner }
      : null;
  }
  return null;
}

// ---- the world ---------------------------------------------------------------------------------

/** Return how `put_world` names a field of the world itself. */
export function worldField(key: string): string {
  return /^\/*scene\./.test(key) ? `/${key}` : key;
}

export function worldOps(doc: Pick<Doc, "events">, before: JsonObject, after: JsonObject): Op[] {
  const changed = change(before, after);
  if (changed.keys.length === 0) return [];
  const [key = ""] = changed.keys;
  const exact = plain(changed) ?? (changed.keys.length === 1 ? listed(key, before, after) : null);
  if (exact) return [exact];
  const follow = changed.keys.length === 1 ? following(doc, key, before, after) : { set: {}, ops: [] };
  const put = { ...changed, set: { ...changed.set, ...follow.set } };
  return [{ op: "put_world", ...putting(put, worldField) }, ...follow.ops];
}

/** Return what follows a new id of a cutscene or a set-piece: the events that lead there, the story beats that name it. */
function following(
  doc: Pick<Doc, "events">,
  key: string,
  before: JsonObject,
  after: JsonObject,
): { set: JsonObject; ops: Op[] } {
  const [was, is] = [list(before[key]), list(after[key])];
  const differ = was.length === is.length ? is.findIndex((item, at) => object(item).id !== object(was[at]).id) : -1;
  const [from, to] = [object(was[differ]).id, object(is[differ]).id];
  const others = [...was.toSpliced(differ, 1), ...is.toSpliced(differ, 1)];
  const renamed = differ >= 0 && typeof from === "string" && typeof to === "string";
  if (!renamed || others.some((item) => object(item).id === from || object(item).id === to))
    return { set: {}, ops: [] };
  if (key === "cutscenes") {
    const ops = doc.events.flatMap((event, index) =>
      event.to === from ? [{ op: "put_event", index, event: { ...event, to } }] : [],
    );
    return { set: {}, ops };
  }
  const story = object(before.story);
  const beats = list(story.beats);
  if (key !== "sequences" || !beats.some((beat) => object(beat).sequence === from)) return { set: {}, ops: [] };
  const made = beats.map((beat) => (isObject(beat) && beat.sequence === from ? { ...beat, sequence: to } : beat));
  return { set: { story: { ...story, beats: made } }, ops: [] };
}

/** Return the operation that changes the scene's own fields, those besides its states and events. */
export function sceneOps(before: JsonObject, after: JsonObject): Op[] {
  const changed = change(before, after);
  return changed.keys.length > 0 ? [{ op: "put_world", ...putting(changed, (key) => `scene.${key}`) }] : [];
}

function putting({ set, gone }: Change, name: (key: string) => string): JsonObject {
  const made: JsonObject = {};
  if (Object.keys(set).length > 0)
    made.set = Object.fromEntries(Object.entries(set).map(([key, value]) => [name(key), value]));
  if (gone.length > 0) made.remove = gone.map(name);
  return made;
}

function plain(changed: Change): Op | null {
  const made = patch(changed);
  if (!made) return null;
  if (only(changed, "subject", "styleTail")) return { op: "set_subject", ...made };
  if (only(changed, "narrate")) return { op: "set_narrate", ...made };
  if (only(changed, "introVideo", "introStatic")) {
    const { introVideo: video, introStatic: still } = made;
    return {
      op: "set_intro",
      ...(video === undefined ? {} : { video }),
      ...(still === undefined ? {} : { static: still }),
    };
  }
  return null;
}

const LISTS: ReadonlyMap<string, string> = new Map([
  ["cutscenes", "cutscene"],
  ["sequences", "sequence"],
  ["missions", "mission"],
]);

function listed(key: string, before: JsonObject, after: JsonObject): Op | null {
  const [was, is] = [before[key], after[key]];
  const noun = LISTS.get(key);
  if (noun) {
    const [old, now] = [list(was), list(is)];
    const made = added(old, now);
    // A new mission is compiled into the graph; a list that merely grows in place is put as it is.
    if (made && noun !== "mission") return { op: `add_${noun}`, [noun]: made };
    const at = removed(old, now);
    const id = at === null ? null : object(old[at]).id;
    const first = at !== null && old.findIndex((item) => object(item).id === id) === at;
    return noun !== "mission" && typeof id === "string" && first ? { op: `remove_${noun}`, id } : null;
  }
  const inner = change(object(was), object(is));
  const made = patch(inner);
  if (!made || is === undefined) {
    if (is === undefined && key === "entrance") return { op: "set_entrance", state: null };
    return is === undefined && key === "outro" ? { op: "set_outro", video: null } : null;
  }
  if (key === "entrance" && only(inner, "state", "image"))
    return { op: "set_entrance", state: text(object(is).state), ...made };
  if (key === "outro" && was !== undefined && only(inner, "video", "flag", "state"))
    return { op: "set_outro", ...made };
  if (key !== "story" || !isObject(is)) return null;
  if (only(inner, "logline", "arc")) return { op: "set_story", ...made };
  const beat = only(inner, "beats") && was !== undefined ? added(list(object(was).beats), list(is.beats)) : null;
  return beat && text(beat.summary) !== "" ? { op: "add_story_beat", beat } : null;
}

// ---- lists -------------------------------------------------------------------------------------

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** Return the object that was added at the end, if that is all that happened. */
function added(before: readonly Json[], after: readonly Json[]): JsonObject | null {
  const last = after.at(-1);
  return after.length === before.length + 1 && same(after.slice(0, -1), before) && isObject(last) ? last : null;
}

/** Return the index of the item that was removed, if that is all that happened. */
function removed(before: readonly Json[], after: readonly Json[]): number | null {
  if (after.length !== before.length - 1) return null;
  const at = before.findIndex((item, index) => !same(item, after[index]));
  return same(before.toSpliced(at, 1), after) ? at : null;
}
