/** From two versions of an object to the operations that turn one into the other, the most specific ones possible. */

import type { Doc } from "../../map/document";
import { endingTone } from "../../shared/ending";
import { isObject, type Json, type JsonObject, object, same, text } from "../../shared/json";
import type { Op } from "../../shared/protocol";
import { isFirstOfName } from "../data/ops";

interface FieldChanges {
  readonly set: JsonObject;
  readonly removedKeys: readonly string[];
  readonly keys: readonly string[];
}

/** Return the fields in which two objects differ. */
function diffFields(before: JsonObject, after: JsonObject): FieldChanges {
  const entries = Object.entries(after).filter(
    ([key, value]) => !Object.hasOwn(before, key) || !same(before[key], value),
  );
  const missingKeys = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return {
    set: Object.fromEntries(entries),
    removedKeys: missingKeys,
    keys: [...entries.map(([key]) => key), ...missingKeys],
  };
}

/** Return the change as a patch, in which null removes; null when it would have to set a null. */
function mergePatch({ set, removedKeys }: FieldChanges): JsonObject | null {
  if (Object.values(set).includes(null)) return null;
  return { ...set, ...Object.fromEntries(removedKeys.map((key) => [key, null])) };
}

function onlyKeys(changes: FieldChanges, ...allowed: string[]): boolean {
  return changes.keys.length > 0 && changes.keys.every((key) => allowed.includes(key));
}

// ---- a state -----------------------------------------------------------------------------------

export function stateOps(id: string, before: JsonObject, after: JsonObject): Op[] {
  const changes = diffFields(before, after);
  if (changes.keys.length === 0) return [];
  const exact =
    changes.keys.length === 1
      ? (halfOp(id, changes.keys[0] ?? "", before, after) ??
        endingOp(id, changes, before, after) ??
        variantOp(id, changes, before, after))
      : null;
  if (exact) return [exact];
  const fields = mergePatch(changes);
  return [fields ? { op: "update_state", id, patch: fields } : { op: "put_state", id, state: after }];
}

function halfOp(id: string, key: string, before: JsonObject, after: JsonObject): Op | null {
  if (key !== "camera" && key !== "movement") return null;
  const [was, is] = [object(before[key]), object(after[key])];
  const value = { static: "", dynamic: "", ...is };
  const differ = diffFields({ static: "", dynamic: "", ...was }, value);
  const [one] = differ.keys;
  if (differ.keys.length !== 1 || (one !== "static" && one !== "dynamic")) return null;
  return { op: "set_field", state: id, field: `${key}.${one}`, value: text(value[one]) || null };
}

function endingOp(id: string, changes: FieldChanges, before: JsonObject, after: JsonObject): Op | null {
  if (changes.keys[0] !== "ending") return null;
  if (after.ending === undefined) return { op: "set_state_ending", state: id, kind: null };
  const [was, is] = [object(before.ending), object(after.ending)];
  const inner = diffFields(was, is);
  const fields = mergePatch(inner);
  // the operation takes no word of a later version
  if (endingTone(text(is.kind)) === "other") return null;
  if (!fields || !onlyKeys(inner, "kind", "title", "subtitle")) return null;
  return { op: "set_state_ending", state: id, ...fields, kind: text(is.kind) };
}

const VARIANT_FIELDS = ["label", "base", "ambient", "camera", "movement"];

function variantOp(id: string, changes: FieldChanges, before: JsonObject, after: JsonObject): Op | null {
  if (changes.keys[0] !== "variants") return null;
  const [was, is] = [list(before.variants), list(after.variants)];
  const addition = addedItem(was, is);
  if (addition) return { op: "add_variant", state: id, variant: addition };
  const at = removedIndex(was, is);
  if (at !== null) return { op: "remove_variant", state: id, index: at };
  const differ = is.flatMap((item, index) => (same(item, was[index]) ? [] : [index]));
  const [index] = differ;
  if (was.length !== is.length || differ.length !== 1 || index === undefined) return null;
  const inner = diffFields(object(was[index]), object(is[index]));
  const [field] = inner.keys;
  const value = mergePatch(inner);
  if (!value || inner.keys.length !== 1 || field === undefined || !VARIANT_FIELDS.includes(field)) return null;
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
  const changes = diffFields(before, after);
  if (changes.keys.length === 0) return [];
  const name = text(before.name);
  const fields = mergePatch(changes);
  if (!isFirstOfName(doc, index) || !fields) {
    const body =
      text(after.kind) === "override"
        ? Object.fromEntries(Object.entries(after).filter(([key]) => key !== "to"))
        : after;
    return [{ op: "put_event", index, event: body }];
  }
  return [
    (changes.keys.length === 1 ? eventFieldOp(name, changes.keys[0] ?? "", fields, before, after) : null) ?? {
      op: "update_event",
      name,
      patch: fields,
    },
  ];
}

const FIELD_OPS: ReadonlyMap<string, readonly [op: string, argument: string]> = new Map([
  ["hotkey", ["set_event_hotkey", "value"]],
  ["phases", ["set_event_phases", "value"]],
  ["grants", ["set_event_grants", "value"]],
  ["requires", ["set_event_requires", "value"]],
  ["lockedHint", ["set_event_locked_hint", "hint"]],
  ["kind", ["set_event_kind", "kind"]],
]);

function eventFieldOp(
  event: string,
  key: string,
  fields: JsonObject,
  before: JsonObject,
  after: JsonObject,
): Op | null {
  const value = fields[key] ?? null;
  const one = FIELD_OPS.get(key);
  if (one) return { op: one[0], event, [one[1]]: value };
  if (key === "base" || key === "detail") return { op: "set_event_field", event, field: key, value };
  if (key === "anchor") {
    if (value === null) return { op: "set_event_anchor", event, label: null };
    const inner = mergePatch(diffFields(object(before.anchor), object(after.anchor)));
    return inner &&
      onlyKeys(
        diffFields(object(before.anchor), object(after.anchor)),
        "label",
        "aliases",
        "minProximity",
        "expectedAspect",
      )
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
  const changes = diffFields(before, after);
  if (changes.keys.length === 0) return [];
  const [key = ""] = changes.keys;
  const exact = plainFieldOp(changes) ?? (changes.keys.length === 1 ? listOp(key, before, after) : null);
  if (exact) return [exact];
  const follow = changes.keys.length === 1 ? referenceUpdates(doc, key, before, after) : { set: {}, ops: [] };
  const merged = { ...changes, set: { ...changes.set, ...follow.set } };
  return [{ op: "put_world", ...putArguments(merged, worldField) }, ...follow.ops];
}

/** Return what follows a new id of a cutscene or a set-piece: the events that lead there, the story beats that name it. */
function referenceUpdates(
  doc: Pick<Doc, "events">,
  key: string,
  before: JsonObject,
  after: JsonObject,
): { set: JsonObject; ops: Op[] } {
  const [was, is] = [list(before[key]), list(after[key])];
  const differ = was.length === is.length ? is.findIndex((item, at) => object(item).id !== object(was[at]).id) : -1;
  const [from, to] = [object(was[differ]).id, object(is[differ]).id];
  const otherItems = [...was.toSpliced(differ, 1), ...is.toSpliced(differ, 1)];
  const isRename = differ >= 0 && typeof from === "string" && typeof to === "string";
  if (!isRename || otherItems.some((item) => object(item).id === from || object(item).id === to))
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
  const renamedBeats = beats.map((beat) =>
    isObject(beat) && beat.sequence === from ? { ...beat, sequence: to } : beat,
  );
  return { set: { story: { ...story, beats: renamedBeats } }, ops: [] };
}

/** Return the operation that changes the scene's own fields, those besides its states and events. */
export function sceneOps(before: JsonObject, after: JsonObject): Op[] {
  const changes = diffFields(before, after);
  return changes.keys.length > 0 ? [{ op: "put_world", ...putArguments(changes, (key) => `scene.${key}`) }] : [];
}

function putArguments({ set, removedKeys }: FieldChanges, name: (key: string) => string): JsonObject {
  const operation: JsonObject = {};
  if (Object.keys(set).length > 0)
    operation.set = Object.fromEntries(Object.entries(set).map(([key, value]) => [name(key), value]));
  if (removedKeys.length > 0) operation.remove = removedKeys.map(name);
  return operation;
}

function plainFieldOp(changes: FieldChanges): Op | null {
  const fields = mergePatch(changes);
  if (!fields) return null;
  if (onlyKeys(changes, "subject", "styleTail")) return { op: "set_subject", ...fields };
  if (onlyKeys(changes, "narrate")) return { op: "set_narrate", ...fields };
  if (onlyKeys(changes, "introVideo", "introStatic")) {
    const { introVideo: video, introStatic: still } = fields;
    return {
      op: "set_intro",
      ...(video === undefined ? {} : { video }),
      ...(still === undefined ? {} : { static: still }),
    };
  }
  return null;
}

const LIST_NOUNS: ReadonlyMap<string, string> = new Map([
  ["cutscenes", "cutscene"],
  ["sequences", "sequence"],
  ["missions", "mission"],
]);

function listOp(key: string, before: JsonObject, after: JsonObject): Op | null {
  const [was, is] = [before[key], after[key]];
  const noun = LIST_NOUNS.get(key);
  if (noun) {
    const [old, now] = [list(was), list(is)];
    const addition = addedItem(old, now);
    // A new mission is compiled into the graph; a list that merely grows in place is put as it is.
    if (addition && noun !== "mission") return { op: `add_${noun}`, [noun]: addition };
    const at = removedIndex(old, now);
    const id = at === null ? null : object(old[at]).id;
    const first = at !== null && old.findIndex((item) => object(item).id === id) === at;
    return noun !== "mission" && typeof id === "string" && first ? { op: `remove_${noun}`, id } : null;
  }
  const inner = diffFields(object(was), object(is));
  const fields = mergePatch(inner);
  if (!fields || is === undefined) {
    if (is === undefined && key === "entrance") return { op: "set_entrance", state: null };
    return is === undefined && key === "outro" ? { op: "set_outro", video: null } : null;
  }
  if (key === "entrance" && onlyKeys(inner, "state", "image"))
    return { op: "set_entrance", state: text(object(is).state), ...fields };
  if (key === "outro" && was !== undefined && onlyKeys(inner, "video", "flag", "state"))
    return { op: "set_outro", ...fields };
  if (key !== "story" || !isObject(is)) return null;
  if (onlyKeys(inner, "logline", "arc")) return { op: "set_story", ...fields };
  const beat =
    onlyKeys(inner, "beats") && was !== undefined ? addedItem(list(object(was).beats), list(is.beats)) : null;
  return beat && text(beat.summary) !== "" ? { op: "add_story_beat", beat } : null;
}

// ---- lists -------------------------------------------------------------------------------------

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** Return the object that was added at the end, if that is all that happened. */
function addedItem(before: readonly Json[], after: readonly Json[]): JsonObject | null {
  const last = after.at(-1);
  return after.length === before.length + 1 && same(after.slice(0, -1), before) && isObject(last) ? last : null;
}

/** Return the index of the item that was removed, if that is all that happened. */
function removedIndex(before: readonly Json[], after: readonly Json[]): number | null {
  if (after.length !== before.length - 1) return null;
  const at = before.findIndex((item, index) => !same(item, after[index]));
  return same(before.toSpliced(at, 1), after) ? at : null;
}
