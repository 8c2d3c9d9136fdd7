/** What is typed in the form of something that is deleted meanwhile changes nothing else, and is not lost. */
import { expect, test } from "vitest";
import { changeForm, DELETED_MESSAGE } from "../../editor/forms/form";
import { put } from "../../editor/forms/paths";
import { eventChanges } from "../../editor/inspector/event-changes";
import type { JsonObject } from "../../shared/json";
import { DraftSender } from "../../shared/ui/draft-sender";
import { openEditor, turn } from "./open-editor";

const OPEN_EVENT = { name: "open", kind: "transition", from: ["a"], to: "b", detail: "Open" };
const LEAVE_EVENT = { name: "leave", kind: "transition", from: ["b"], to: "a", detail: "Leave" };

/** Open an editor of two states and two events, whose kernel takes every edit. */
async function openEvents() {
  const editor = await openEditor(["a", "b"]);
  const { model, kernel } = editor;
  const sent: unknown[] = [];
  model.kernel = ({ type, id, view, ops }) => {
    if (type === "edit") sent.push(ops);
    model.tell({ type: "accepted", id, view, rev: String(kernel.rev), notes: [] });
  };
  const splice = async (...change: [at: number, gone: number, added: JsonObject[]]) => {
    const from = String(kernel.rev);
    kernel.rev += 1;
    const patch = { states: [], events: [change], world: { set: {}, remove: [] } };
    const now = { rev: String(kernel.rev), layout: {}, diagnostics: [], undo: "x", redo: null, cause: null };
    model.tell({ type: "changed", from, patch, ...now });
    await turn();
  };
  await splice(0, 0, [OPEN_EVENT, LEAVE_EVENT]);
  return { ...editor, sent, splice };
}

test("the text of an event that was deleted meanwhile changes no other event", async () => {
  const editor = await openEvents();
  const { change } = eventChanges(editor, "open", 0);
  await editor.splice(0, 1, []);
  const answer = change("Set the words of open", (body) => put(body, ["detail"], "Push the gate"), true);
  await editor.settle();
  expect(await answer).toBe(DELETED_MESSAGE);
  expect(editor.sent).toEqual([]);
});

test("the name of an event that was deleted meanwhile renames no other event", async () => {
  const editor = await openEvents();
  const { rename } = eventChanges(editor, "open", 0);
  await editor.splice(0, 1, []);
  const answer = rename("push_the_gate");
  await editor.settle();
  expect(await answer).toBe(DELETED_MESSAGE);
  expect(editor.sent).toEqual([]);
});

test("an event is found by its name after one before it was deleted", async () => {
  const editor = await openEvents();
  const { change } = eventChanges(editor, "leave", 1);
  await editor.splice(0, 1, []);
  const answer = change("Set the narration of leave", (body) => put(body, ["narration"], "Wind."), true);
  await editor.settle();
  expect(await answer).toBe(null);
  expect(editor.sent).toEqual([[{ op: "update_event", name: "leave", patch: { narration: "Wind." } }]]);
});

test("a change of an item that is not in its list any more says so", async () => {
  const { actions, settle } = await openEditor(["a"]);
  const change = changeForm(
    actions,
    () => ({ name: "open" }),
    () => ({ ops: [{ op: "never" }] }),
  );
  const answer = change("Set the text of phase 2", () => null, true);
  await settle();
  expect(await answer).toBe(DELETED_MESSAGE);
});

test("a text that is refused after its field is gone is given back, unless it is empty", async () => {
  const returned: [text: string, reason: string][] = [];
  const sender = new DraftSender(
    (text) => (text === "Saved." ? null : DELETED_MESSAGE),
    () => {},
  );
  await sender.send("Seen under the field.");
  sender.leave((text, reason) => returned.push([text, reason]));
  for (const text of ["Typed.", "Saved.", " "]) await sender.send(text);
  expect(returned).toEqual([["Typed.", DELETED_MESSAGE]]);
});

test("a text that is given back stays in a notice until it is dismissed, with a way to copy it", async () => {
  const { actions, store } = await openEditor(["a"]);
  actions.giveBack("Push the gate", DELETED_MESSAGE);
  const [notice] = store.notices.list.peek();
  expect(notice?.text).toBe("“Push the gate” was not saved. It was deleted by someone else.");
  expect(notice?.action).toMatchObject({ label: "Copy the text", stays: true });
});

const TWINS = ["first", "second"].map((detail) => ({ ...OPEN_EVENT, detail }));

test("what was typed in the form of an event goes to no other of its name", async () => {
  const editor = await openEvents();
  await editor.splice(0, 2, [TWINS[0], LEAVE_EVENT, TWINS[1]] as JsonObject[]);
  const write = async (index: number) => {
    const { change } = eventChanges(editor, "open", index);
    await editor.splice(index, 1, []);
    const answer = change("Set the words of open", (body) => put(body, ["detail"], "Push the gate"), true);
    await editor.settle();
    return answer;
  };
  expect(await write(2)).toBe(DELETED_MESSAGE);
  expect(editor.sent).toEqual([]);
});

test("an event of a name that two have stays selected, and is deleted, as the one it was", async () => {
  const editor = await openEvents();
  await editor.splice(0, 2, [TWINS[0], LEAVE_EVENT, TWINS[1]] as JsonObject[]);
  editor.actions.select({ kind: "event", id: "open", index: 2 });
  await editor.splice(1, 1, []);
  expect(editor.store.selectedEvent.peek()).toBe(1);
  void editor.actions.remove();
  await editor.settle();
  expect(editor.sent).toEqual([[{ op: "put_event", index: 1, event: null }]]);
});

test("deleting an event that is deleted meanwhile deletes no other of its name", async () => {
  const editor = await openEvents();
  await editor.splice(0, 2, [TWINS[0], LEAVE_EVENT, TWINS[1]] as JsonObject[]);
  editor.actions.select({ kind: "event", id: "open", index: 2 });
  let goOn = () => {};
  void editor.actions.inTurn(
    () =>
      new Promise<void>((resolve) => {
        goOn = resolve;
      }),
  );
  void editor.actions.remove();
  await editor.splice(2, 1, []);
  goOn();
  await editor.settle();
  expect(editor.sent).toEqual([]);
});

test("an end that is being moved goes with its event, or with none once another of its name is gone", async () => {
  const editor = await openEvents();
  const { store, actions } = editor;
  await editor.splice(0, 2, [TWINS[0], LEAVE_EVENT, TWINS[1]] as JsonObject[]);
  actions.select({ kind: "event", id: "open", index: 2 });
  actions.startConnecting();
  const edge = store.connecting.peek()?.moving?.edge;
  if (!edge) throw new Error("no end is being moved");
  const numberNow = () => store.graph.peek().edges[store.edgeNow(edge)]?.index;
  expect(numberNow()).toBe(2);
  await editor.splice(1, 1, []);
  expect(numberNow()).toBe(1);
  await editor.splice(1, 1, []);
  expect(numberNow()).toBe(undefined);
});
