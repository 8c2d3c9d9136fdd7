/** The mission that is being written in a view; it stays while something else is looked at. */
import { type Signal, signal } from "@preact/signals";
import { type JsonObject, object } from "../../shared/json";
import { freeName } from "../data/names";
import { objects } from "../forms/flag-usage";
import type { Store } from "../store";

const drafts = new WeakMap<Store, Signal<JsonObject | null>>();

export function missionDraft(store: Store): Signal<JsonObject | null> {
  const draft = drafts.get(store) ?? signal<JsonObject | null>(null);
  drafts.set(store, draft);
  return draft;
}

/** Begin a mission, unless one is being written: with one objective, in the state that was selected. */
export function beginMission(store: Store): void {
  const draft = missionDraft(store);
  const selected = store.selected.peek();
  const location = selected?.kind === "state" ? selected.id : null;
  const missions = objects(store.doc.peek().world.missions);
  const id = freeName("mission", (name) => missions.some((one) => object(one).id === name));
  const objective = { id: "objective", text: "", ...(location === null ? {} : { location }) };
  draft.value ??= { id, title: "", objectives: [objective] };
  store.fieldToFocus.value = "title";
}
