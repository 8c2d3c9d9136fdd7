/** Changes of the world that the kernel sends, applied to the copy that the browser holds. */
import { patchAnnotations } from "../../map/annotations";
import { type Doc, isPlace, type StateEntry } from "../../map/document";
import type { JsonObject } from "../../shared/json";
import type { Changed, Patch, Position, Positions } from "../../shared/protocol";

/** Apply a `changed` message; null when it does not follow from this document, which then must be fetched anew. */
export function applyChange(doc: Doc, message: Changed): Doc | null {
  if (message.from !== doc.rev) return null;
  const patch = message.patch ?? {};
  if (!doc.ordered && (patch.states?.length ?? 0) > 0) return null;
  const parts = patchedParts(doc, patch);
  const diagnostics = applySplices(doc.diagnostics, message.diagnostics ?? []);
  if (!parts || !diagnostics) return null;
  const statesChanged = (patch.states?.length ?? 0) > 0;
  return {
    ...doc,
    ...parts,
    rev: message.rev,
    layout: patchedLayout(doc.layout, message.layout ?? {}, statesChanged ? parts.states : null),
    annotations: patchAnnotations(doc.annotations, message.annotations),
    diagnostics,
    undo: message.undo ?? null,
    redo: message.redo ?? null,
  };
}

type Parts = Pick<Doc, "states" | "events" | "world" | "scene">;

function patchedParts(doc: Doc, patch: Patch): Parts | null {
  const entries = patch.states?.map(
    ([at, remove, insert]) => [at, remove, insert.map(([id, body]) => ({ id, body }))] as const,
  );
  const states = applySplices(doc.states, entries ?? []);
  const events = applySplices(doc.events, patch.events ?? []);
  if (!states || !events) return null;
  const removals = (patch.world?.remove ?? []).map(fieldName);
  const set = Object.entries(patch.world?.set ?? {}).map(([name, value]) => ({ ...fieldName(name), value }));
  const fields = (of: JsonObject, ofScene: boolean): JsonObject => {
    const [removedFields, put] = [removals, set].map((all) => all.filter((one) => one.ofScene === ofScene)) as [
      typeof removals,
      typeof set,
    ];
    if (removedFields.length + put.length === 0) return of;
    const keys = new Set(removedFields.map((one) => one.key));
    const entries = Object.entries(of).filter(([key]) => !keys.has(key));
    // Entries, so that a field named __proto__ is a field.
    return Object.fromEntries(new Map([...entries, ...put.map(({ key, value }) => [key, value] as const)]));
  };
  return { states, events, world: fields(doc.world, false), scene: fields(doc.scene, true) };
}

const SCENE_PREFIX = /^\/*scene\./;

/**
 * Read how a message names a field of the world or of its scene: `scene.<key>` is the scene's; a field of the world
 * whose own name looks like that has a `/` in front.
 */
export function fieldName(name: string): { readonly ofScene: boolean; readonly key: string } {
  if (name.startsWith("scene.")) return { ofScene: true, key: name.slice(6) };
  return { ofScene: false, key: SCENE_PREFIX.test(name) ? name.slice(1) : name };
}

/** Apply splices, in order, to a list; null when one does not fit. */
export function applySplices<T>(
  list: readonly T[],
  splices: readonly (readonly [at: number, remove: number, insert: readonly T[]])[],
): readonly T[] | null {
  let result = list;
  for (const [at, remove, insert] of splices) {
    if (!(at >= 0 && remove >= 0 && at + remove <= result.length)) return null;
    result = result.slice(0, at).concat(insert, result.slice(at + remove));
  }
  return result;
}

function patchedLayout(
  layout: ReadonlyMap<string, Position>,
  places: Positions,
  states: readonly StateEntry[] | null,
): ReadonlyMap<string, Position> {
  const entries = Object.entries(places).filter(([, place]) => isPlace(place));
  if (entries.length === 0 && !states) return layout;
  const updated = new Map(layout);
  for (const [id, place] of entries) updated.set(id, place);
  if (states) {
    const ids = new Set(states.map((state) => state.id));
    for (const id of updated.keys()) if (!ids.has(id)) updated.delete(id);
  }
  return updated;
}
