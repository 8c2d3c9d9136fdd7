/** What can be done to many rows at once: each is a change of one body, made to all in one step. */
import type { Annotations } from "../../map/annotations";
import type { Doc } from "../../map/document";
import { type JsonObject, object, text, texts } from "../../shared/json";
import type { AnnotationPatch, Op } from "../../shared/protocol";
import { regionPatch, tagPatch } from "../annotations/edits";
import { eventOps, stateOps } from "../forms/edits";
import { type Path, put, read } from "../forms/paths";

interface BulkChoice {
  readonly key: string;
  readonly words: string;
  /** What is typed for it. */
  readonly takes: "text" | "flag" | "tag" | "region" | "nothing";
}

interface BodyEdit extends BulkChoice {
  readonly make: (body: JsonObject, typed: string) => JsonObject;
}

interface MapEdit extends BulkChoice {
  /** Return what changes on the map; null for nothing. */
  readonly onMap: (before: Annotations, states: readonly string[], typed: string) => AnnotationPatch | null;
}

export type BulkEdit = BodyEdit | MapEdit;

const setText = (path: Path) => (body: JsonObject, typed: string) => put(body, path, typed === "" ? undefined : typed);

function appendText(path: Path) {
  return (body: JsonObject, typed: string) => {
    const before = text(read(body, path));
    return put(body, path, before === "" ? typed : `${before.trimEnd()} ${typed}`);
  };
}

/** Set one half of a pair, and keep the other. */
const setHalf = (pair: string, half: "static" | "dynamic") => (body: JsonObject, typed: string) => ({
  ...body,
  [pair]: { static: "", dynamic: "", ...object(body[pair]), [half]: typed },
});

const addTo = (list: string) => (body: JsonObject, typed: string) =>
  put(body, [list], [...new Set([...texts(body[list]), typed])]);

const takeFrom = (list: string) => (body: JsonObject, typed: string) => {
  const rest = texts(body[list]).filter((flag) => flag !== typed);
  return rest.length === texts(body[list]).length ? body : put(body, [list], rest.length > 0 ? rest : undefined);
};

const turn = (key: string, on: boolean) => (body: JsonObject) => put(body, [key], on || undefined);

export const STATE_EDITS: readonly BodyEdit[] = [
  { key: "append-base", words: "Add to what the camera sees", takes: "text", make: appendText(["base"]) },
  { key: "narration", words: "Set the narration", takes: "text", make: setText(["narration"]) },
  {
    key: "camera.static",
    words: "Set the camera when standing still",
    takes: "text",
    make: setHalf("camera", "static"),
  },
  { key: "camera.dynamic", words: "Set the camera when travelling", takes: "text", make: setHalf("camera", "dynamic") },
  {
    key: "movement.static",
    words: "Set the movement when standing still",
    takes: "text",
    make: setHalf("movement", "static"),
  },
  {
    key: "movement.dynamic",
    words: "Set the movement when travelling",
    takes: "text",
    make: setHalf("movement", "dynamic"),
  },
];

export const MAP_EDITS: readonly MapEdit[] = [
  { key: "tag", words: "Add a tag", takes: "tag", onMap: (...change) => tagPatch(...change, true) },
  { key: "tag-off", words: "Remove a tag", takes: "tag", onMap: (...change) => tagPatch(...change, false) },
  { key: "region", words: "Put in a region", takes: "region", onMap: regionPatch },
];

export const EVENT_EDITS: readonly BodyEdit[] = [
  { key: "needs", words: "Require a flag", takes: "flag", make: addTo("requires") },
  { key: "needs-not", words: "Stop requiring a flag", takes: "flag", make: takeFrom("requires") },
  { key: "gives", words: "Grant a flag", takes: "flag", make: addTo("grants") },
  { key: "gives-not", words: "Stop granting a flag", takes: "flag", make: takeFrom("grants") },
  { key: "hint", words: "Set the hint while locked", takes: "text", make: setText(["lockedHint"]) },
  { key: "detail", words: "Set the button text", takes: "text", make: setText(["detail"]) },
  { key: "once", words: "Happens once", takes: "nothing", make: turn("oneShot", true) },
  { key: "often", words: "Can happen again", takes: "nothing", make: turn("oneShot", false) },
  { key: "hide", words: "Hide the button", takes: "nothing", make: turn("hidden", true) },
  { key: "show", words: "Show the button", takes: "nothing", make: turn("hidden", false) },
];

/** Return the operations of a change made to many states or events. */
export function bulkOps(
  doc: Doc,
  kind: "state" | "event",
  indices: readonly number[],
  edit: BodyEdit,
  typed: string,
): Op[] {
  return indices.flatMap((index) => {
    if (kind === "event") {
      const body = doc.events[index];
      return body ? eventOps(doc, index, edit.make(body, typed)) : [];
    }
    const state = doc.states[index];
    return state ? stateOps(state.id, state.body, edit.make(state.body, typed)) : [];
  });
}
