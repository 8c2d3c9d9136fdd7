/** The mission that is being written in a view; it stays while something else is looked at. */
import { type Signal, signal } from "@preact/signals";
import { type JsonObject, object, text } from "../../shared/json";
import type { Op } from "../../shared/protocol";
import { freeName } from "../data/names";
import { worldOps } from "../forms/edits";
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

/** Say whether events give the flags of all objectives already, so that nothing has to be made for the mission. */
export function isFollowing(store: Store, mission: JsonObject): boolean {
  const { flags } = store.worldGraph.value;
  const objectives = objects(mission.objectives);
  const isGiven = (flag: string) => (flags.get(flag)?.length ?? 0) > 0;
  return objectives.length > 0 && objectives.every(({ grants, text: words }) => text(words) && isGiven(text(grants)));
}

/** Return what adds a mission: its record alone where the story has its events, else what is compiled of it as well. */
export function missionOps(store: Store, mission: JsonObject): Op[] {
  const doc = store.doc.peek();
  const missions = objects(doc.world.missions);
  // What has no title or no id of its own is refused with the words of the kernel.
  const isNamed =
    text(mission.title) !== "" && text(mission.id) !== "" && !missions.some(({ id }) => id === mission.id);
  if (!isNamed || !isFollowing(store, mission)) return [{ op: "add_mission", mission }];
  const { win: _, ...record } = mission;
  return worldOps(doc, doc.world, { ...doc.world, missions: [...missions, record] });
}
