import { expect, test, vi } from "vitest";
import { openPastSelections } from "../../editor/data/past-selections";
import type { Changed } from "../../shared/protocol";
import type { Sent } from "../fake-model";
import { openEditor } from "./open-editor";

async function setUp() {
  const editor = await openEditor(["a"]);
  const requestTypes = () => editor.kernel.seen.map(({ type }) => type).filter((type) => type !== "hello");
  return { ...editor, requestTypes };
}

test("undo pressed before the kernel has answered takes back what was just asked for", async () => {
  const { model, store, actions, requestTypes, settle, disposal } = await setUp();
  model.busy = true;
  void actions.addState();
  actions.undo();
  await settle();
  expect(store.doc.peek().undo).toBeNull();
  model.busy = false;
  await settle();
  expect(requestTypes()).toEqual(["edit", "undo"]);
  disposal.dispose();
});

test("undo of what the kernel refuses takes back nothing that was done before", async () => {
  const { model, kernel, store, actions, requestTypes, settle, disposal } = await setUp();
  void actions.addState();
  await settle();
  expect(store.doc.peek().undo).not.toBeNull();
  const receive = model.kernel;
  model.kernel = (message: Sent) => {
    kernel.seen.push(message);
    const to = { id: message.id, view: message.view };
    model.tell({ type: "rejected", ...to, rev: String(kernel.rev), code: "op", message: "no" });
  };
  void actions.addState();
  actions.undo();
  await settle();
  expect(requestTypes()).toEqual(["edit", "edit"]);
  // the next undo is about what does stand
  model.kernel = receive;
  actions.undo();
  await settle();
  expect(requestTypes()).toEqual(["edit", "edit", "undo"]);
  disposal.dispose();
});

test("what tells of an edit goes when the edit is undone, whatever was said before it stays", async () => {
  const { store, actions, settle, disposal } = await setUp();
  const texts = () => store.notices.list.peek().map(({ text }) => text);
  store.notices.show("Saved.");
  actions.select({ kind: "state", id: "a" });
  void actions.remove();
  await settle();
  expect(texts()).toEqual(["Saved.", expect.stringContaining("Deleted")]);
  actions.undo();
  await settle();
  expect(texts()).toEqual(["Saved."]);
  disposal.dispose();
});

test("who selects something while a new state is asked for stays there", async () => {
  const { model, store, actions, settle, disposal } = await setUp();
  model.busy = true;
  void actions.addState();
  await settle();
  actions.select({ kind: "state", id: "a" });
  model.busy = false;
  await settle();
  expect(store.doc.peek().undo).not.toBeNull();
  expect(store.selected.peek()?.id).toBe("a");
  expect(store.fieldToFocus.peek()).toBeNull();
  disposal.dispose();
});

test("with nothing done, undo and redo ask for nothing", async () => {
  const { actions, requestTypes, settle, disposal } = await setUp();
  actions.undo();
  actions.redo();
  await settle();
  expect(requestTypes()).toEqual([]);
  disposal.dispose();
});

test("undo right after a card was nudged is about the nudge, which is sent first and only once", async () => {
  const { store, actions, requestTypes, settle, disposal } = await setUp();
  void actions.addState();
  await settle();
  actions.select({ kind: "state", id: "a" });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  actions.nudge(1, 0);
  actions.nudge(1, 0);
  actions.undo();
  vi.advanceTimersByTime(2_000);
  vi.useRealTimers();
  await settle();
  expect(requestTypes()).toEqual(["edit", "move", "undo"]);
  expect(store.pendingPlaces.peek().size).toBe(0);
  disposal.dispose();
});

/** An editor whose kernel takes an edit as it says, and undoes and redoes it. */
async function setUpHistory() {
  const editor = await openEditor(["a", "b", "c"], [OPEN_EVENT]);
  const { model, kernel, store, tellOf } = editor;
  const states = { states: [[1, 1, []]] } as const;
  const events = { events: [[0, 1, []]] } as const;
  const back = { states: [[1, 0, [["b", { base: "b" }]]]], events: [[0, 0, [OPEN_EVENT]]] } as const;
  model.kernel = (message: Sent) => {
    const to = { id: message.id, view: message.view };
    const patch = (message.type === "undo" ? back : { ...states, ...events }) as unknown as Partial<Changed["patch"]>;
    tellOf(patch, { cause: message.id, ...(message.type === "undo" ? { redo: "Delete" } : { undo: "Delete" }) });
    model.tell({ type: "accepted", ...to, rev: String(kernel.rev), notes: [] });
  };
  const ids = () => [store.selected.peek(), ...store.others.peek()].map((one) => one?.id ?? null);
  return { ...editor, ids };
}

const OPEN_EVENT = { name: "open", kind: "transition", from: ["a"], to: "b", detail: "Open" };

test("undo selects what was selected before: states and events, in their order", async () => {
  const { actions, store, ids, settle, disposal } = await setUpHistory();
  actions.selectAll([1], [{ kind: "event", id: "open", index: 0 }]);
  void actions.edit([{ op: "delete_state", id: "b" }]);
  await settle();
  expect(ids()).toEqual([null]);
  actions.undo();
  await settle();
  expect(ids()).toEqual(["b", "open"]);
  actions.redo();
  await settle();
  expect(ids()).toEqual([null]);
  actions.undo();
  await settle();
  expect(ids()).toEqual(["b", "open"]);
  expect(store.selectedItems.peek()).toEqual({ nodes: new Set([1]), events: new Set([0]) });
  disposal.dispose();
});

test("undo leaves what was selected since, and knows nothing of what another view had selected", async () => {
  const { actions, ids, settle, tellOf, disposal } = await setUpHistory();
  actions.select({ kind: "event", id: "open", index: 0 });
  void actions.edit([{ op: "delete_state", id: "b" }]);
  await settle();
  actions.select({ kind: "state", id: "c" });
  actions.undo();
  await settle();
  expect(ids()).toEqual(["c"]);

  actions.select({ kind: "event", id: "open", index: 0 });
  void actions.edit([{ op: "delete_state", id: "b" }]);
  await settle();
  tellOf({}, { undo: "Delete" });
  actions.undo();
  await settle();
  expect(ids()).toEqual(["b"]);
  disposal.dispose();
});

test("undo knows nothing of what was selected before the history of the cell's last run came back", async () => {
  const { actions, store, ids, settle, tellOf, disposal } = await setUpHistory();
  actions.select({ kind: "event", id: "open", index: 0 });
  void actions.edit([{ op: "delete_state", id: "b" }]);
  await settle();
  tellOf({}, { undo: "Delete", cause: `${store.link.view}.7` });
  actions.undo();
  await settle();
  expect(ids()).toEqual(["b"]);
  disposal.dispose();
});

test("an edit that changed nothing is not among those that undo takes back", () => {
  const past = openPastSelections<string>("1");
  past.settle("edit", "2", ["a"]);
  past.forget("3");
  past.settle("edit", "3", ["b"]);
  expect(past.settle("undo", "4", [])).toEqual([]);
});
