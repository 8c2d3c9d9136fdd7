/** The world as it will be once an edit that waits is made, as far as the edits after it depend on that. */
import type { Doc } from "../../map/document";
import { type JsonObject, text } from "../../shared/json";
import type { Op } from "../../shared/protocol";
import { newEvents } from "../writing/choice-ops";

/** What an edit changes. */
export interface PlannedChange {
  readonly ops: readonly Op[];
  /** A body of the world, as it is and as it will be. */
  readonly bodies?: readonly [before: JsonObject, after: JsonObject];
}

export function expectedDoc(doc: Doc, { ops, bodies: [before, after] = [{}, {}] }: PlannedChange): Doc {
  const next = (body: JsonObject) => (body === before ? after : body);
  let states = doc.states.map(({ id, body }) => ({ id, body: next(body) }));
  let events = [...doc.events.map(next), ...newEvents(ops)];
  for (const { op, id, from, to } of ops) {
    if (op === "add_state") states.push({ id: text(id), body: { base: "" } });
    else if (op === "rename_state") states = states.map((one) => (one.id === from ? { ...one, id: text(to) } : one));
    else if (op === "rename_event")
      events = events.map((event) => (event.name === from ? { ...event, name: text(to) } : event));
  }
  return { ...doc, world: next(doc.world), scene: next(doc.scene), states, events };
}
