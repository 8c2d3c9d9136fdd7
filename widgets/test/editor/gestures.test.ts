/** Pointers on the map while the world changes under them, and with more than one finger. */
import { beforeEach, expect, test, vi } from "vitest";
import { attachGestures } from "../../editor/canvas/gestures";
import { addingPoint } from "../../editor/quick-add";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import type { AnnotationPatch } from "../../shared/protocol";
import { FakeStage } from "../fake-stage";
import { openEditor, turn } from "./open-editor";

beforeEach(() => void vi.stubGlobal("Element", class {}));

const GO_EVENT = { name: "go", kind: "transition", from: ["a"], to: "b", detail: "Go" };

/** Open a map of the cards a, b and c, beside each other and at half size. */
async function openMap() {
  const editor = await openEditor(["a", "b", "c"]);
  const { store, kernel, model } = editor;
  const stage = new FakeStage();
  const camera = { stop() {} } as Parameters<typeof attachGestures>[2];
  attachGestures(stage as unknown as HTMLElement, store, camera, editor.actions, editor.disposal);
  store.size.value = { w: 2000, h: 800 };
  store.view.value = { x: 0, y: 0, k: 0.5 };
  kernel.seen.length = 0;
  const change = async (states: readonly string[], more: object = {}) => {
    const from = String(kernel.rev);
    kernel.rev += 1;
    const before = store.doc.peek().states.length;
    const patch = {
      states: [[0, before, states.map((id) => [id, { base: id }])]],
      events: [],
      world: { set: {}, remove: [] },
      ...more,
    };
    const now = { rev: String(kernel.rev), diagnostics: [], undo: "x", redo: null, cause: null };
    const layout = Object.fromEntries(states.map((id) => [id, store.doc.peek().layout.get(id) ?? [448, 0]]));
    model.tell({ type: "changed", from, patch, layout, ...now });
    await turn();
  };
  const moves = () => kernel.seen.filter(({ type }) => type === "move").map(({ positions }) => positions);
  const ops = () => kernel.seen.filter(({ type }) => type === "edit").map((message) => message.ops);
  return { ...editor, stage, change, moves, ops };
}

// A point of card b, whose place on the map is 448, 0.
const [X, Y] = [250, 30];

test("a card is dragged on though one before it is deleted meanwhile", async () => {
  const { stage, change, settle, moves, store } = await openMap();
  stage.fire("pointerdown", X, Y);
  stage.fire("pointermove", X, Y + 80);
  await change(["b", "c"]);
  expect([...store.movedNodes.peek().keys()]).toEqual([0]);
  stage.fire("pointermove", X, Y + 160);
  stage.fire("pointerup", X, Y + 160);
  await settle();
  expect(moves()).toEqual([{ b: [448, 320] }]);
});

test("a card that is deleted while it is dragged takes no other along", async () => {
  const { stage, change, settle, moves, store } = await openMap();
  stage.fire("pointerdown", X, Y);
  stage.fire("pointermove", X, Y + 80);
  await change(["a", "c"]);
  stage.fire("pointermove", X, Y + 160);
  stage.fire("pointerup", X, Y + 160);
  await settle();
  expect(moves()).toEqual([]);
  expect(store.movedNodes.peek().size + store.pendingPlaces.peek().size).toBe(0);
});

test("a card that is renamed here while it is dragged is moved under its new name", async () => {
  const { stage, change, settle, moves, store, model, kernel } = await openMap();
  const answer = model.kernel;
  model.kernel = (message) => {
    if (message.type !== "edit") return answer(message);
    void change(["a", "court", "c"]).then(() => {
      model.tell({ type: "accepted", id: message.id, view: message.view, rev: String(kernel.rev), notes: [] });
    });
  };
  void store.submit({ type: "edit", base: "0", ops: [{ op: "rename_state", from: "b", to: "court" }] });
  stage.fire("pointerdown", X, Y);
  stage.fire("pointermove", X, Y + 80);
  await settle();
  expect([...store.movedNodes.peek().keys()]).toEqual([1]);
  stage.fire("pointermove", X, Y + 160);
  stage.fire("pointerup", X, Y + 160);
  await settle();
  expect(moves()).toEqual([{ court: [448, 320] }]);
});

test("a second finger gives up the drag, and nothing of it is sent later", async () => {
  const { stage, settle, moves, store, actions } = await openMap();
  stage.fire("pointerdown", X, Y);
  stage.fire("pointermove", X, Y + 80);
  expect(store.movedNodes.peek().size).toBe(1);
  stage.fire("pointerdown", 500, 300, { pointerId: 2 });
  expect(store.movedNodes.peek().size).toBe(0);
  stage.fire("pointerup", 500, 300, { pointerId: 2 });
  stage.fire("pointerup", X, Y + 80);
  vi.useFakeTimers();
  try {
    actions.select({ kind: "state", id: "c" });
    actions.nudge(1, 0);
    vi.runAllTimers();
  } finally {
    vi.useRealTimers();
  }
  await settle();
  expect(moves().map((positions) => Object.keys(positions as object))).toEqual([["c"]]);
});

test.each(["pointercancel", "lostpointercapture"])("%s gives up the drag and leaves what was dropped", async (type) => {
  const { stage, settle, moves, store, actions } = await openMap();
  void actions.move(new Map([["c", [896, 96]]]));
  stage.fire("pointerdown", X, Y);
  stage.fire("pointermove", X, Y + 80);
  stage.fire(type, X, Y + 80);
  expect([...store.movedNodes.peek()]).toEqual([[2, [896, 96]]]);
  await settle();
  expect(moves()).toEqual([{ c: [896, 96] }]);
});

test("a card that gives the capture over to the map does not end the drag", async () => {
  const { stage, settle, moves } = await openMap();
  stage.fire("pointerdown", X, Y);
  stage.fire("pointermove", X, Y + 80);
  stage.fire("lostpointercapture", X, Y + 80, { target: {} });
  stage.fire("pointerup", X, Y + 80);
  await settle();
  expect(moves()).toEqual([{ b: [448, 160] }]);
});

test("a second finger gives up the connection that is drawn, so that the next tap makes no event", async () => {
  const { stage, settle, ops, store } = await openMap();
  const [x, y] = [CARD_W / 2 - 1, CARD_H / 4];
  stage.fire("pointerdown", x, y);
  stage.fire("pointermove", x + 20, y + 20);
  expect(store.connection.peek()).toMatchObject({ fixed: 0 });
  stage.fire("pointerdown", 500, 300, { pointerId: 2 });
  expect(store.connecting.peek()).toBe(null);
  stage.fire("pointerup", 500, 300, { pointerId: 2 });
  stage.fire("pointerup", x + 20, y + 20);
  stage.fire("pointerdown", X, Y);
  stage.fire("pointerup", X, Y);
  await settle();
  expect(ops()).toEqual([]);
});

test("a connection begun by key goes on from its card though one before it is deleted, also after two fingers", async () => {
  const { stage, change, settle, ops, actions, store } = await openMap();
  actions.select({ kind: "state", id: "b" });
  actions.startConnecting();
  await change(["b", "c"]);
  stage.fire("pointerdown", 700, 300);
  stage.fire("pointerdown", 800, 400, { pointerId: 2 });
  stage.fire("pointerup", 800, 400, { pointerId: 2 });
  stage.fire("pointerup", 700, 300);
  expect(store.connection.peek()).toMatchObject({ fixed: 0, other: null });
  actions.walk("right");
  actions.finishConnecting();
  await settle();
  expect(ops()).toMatchObject([[{ op: "add_transition", event: { from: ["b"], to: "c" } }]]);
});

test("a connection whose card was deleted is drawn no more, and makes no event", async () => {
  const { change, settle, ops, actions, store } = await openMap();
  actions.select({ kind: "state", id: "b" });
  actions.startConnecting();
  await change(["a", "c"]);
  expect(store.connection.peek()).toBe(null);
  actions.finishConnecting();
  await settle();
  expect(ops()).toEqual([]);
});

test("a connection that ended with its card does not come back with it", async () => {
  const { stage, change, settle, ops, actions, store } = await openMap();
  actions.select({ kind: "state", id: "a" });
  actions.startConnecting();
  await change(["b", "c"]);
  await change(["a", "b", "c"]);
  expect(store.connecting.peek()).toBe(null);
  stage.fire("pointerdown", X, Y);
  stage.fire("pointerup", X, Y);
  await settle();
  expect(ops()).toEqual([]);
  expect(store.selected.peek()).toMatchObject({ id: "b" });
});

test("nor does it come back where the deletion is undone before it is answered", async () => {
  const { change, settle, actions, store, model, kernel } = await openMap();
  model.kernel = (message) => {
    const states = message.type === "undo" ? ["a", "b", "c"] : ["b", "c"];
    void change(states).then(() => {
      model.tell({ type: "accepted", id: message.id, view: message.view, rev: String(kernel.rev), notes: [] });
    });
  };
  actions.select({ kind: "state", id: "a" });
  actions.startConnecting();
  void store.submit({ type: "edit", base: "0", ops: [{ op: "delete_state", id: "a" }] });
  void store.submit({ type: "undo" });
  await settle();
  expect([...store.graph.peek().byId.keys()]).toEqual(["a", "b", "c"]);
  expect(store.connecting.peek()).toBe(null);
});

test("a connection goes on from a card that is renamed here meanwhile", async () => {
  const { change, settle, actions, store, model, kernel } = await openMap();
  model.kernel = (message) => {
    void change(["start", "b", "c"]).then(() => {
      model.tell({ type: "accepted", id: message.id, view: message.view, rev: String(kernel.rev), notes: [] });
    });
  };
  actions.select({ kind: "state", id: "a" });
  actions.startConnecting();
  void store.submit({ type: "edit", base: "0", ops: [{ op: "rename_state", from: "a", to: "start" }] });
  await settle();
  expect(store.connection.peek()).toMatchObject({ fixed: 0 });
});

test("an end that is led elsewhere is of the same event though one before it is deleted", async () => {
  const { change, settle, ops, actions, store } = await openMap();
  const states = ["a", "b", "c"];
  const wait = { ...GO_EVENT, name: "wait", to: "c" };
  await change(states, { events: [[0, 0, [wait, GO_EVENT]]] });
  actions.select({ kind: "event", id: "go" });
  actions.startConnecting();
  await change(states, { events: [[0, 1, []]] });
  expect(store.connection.peek()).toMatchObject({ fixed: 0, moving: { edge: 0, end: "to" } });
  actions.walk("right");
  actions.walk("right");
  actions.finishConnecting();
  await settle();
  expect(ops()).toMatchObject([[{ op: "update_event", name: "go", patch: { to: "c" } }]]);
});

test("a press that ends outside of the map, before it is a drag, moves nothing later", async () => {
  const { stage, settle, moves, store } = await openMap();
  stage.fire("pointerdown", X, Y, { buttons: 1 });
  stage.fire("pointermove", X + 2, Y, { buttons: 1 });
  stage.fire("pointermove", X + 40, Y + 10, { buttons: 0 });
  expect(store.movedNodes.peek().size).toBe(0);
  expect(store.hover.peek()).not.toBe(null);
  stage.fire("pointerup", X + 40, Y + 10, { buttons: 0 });
  await settle();
  expect([moves(), store.selected.peek()]).toEqual([[], null]);
});

test("a card that is dragged stays under the pointer while the view moves", async () => {
  const { stage, settle, moves, store } = await openMap();
  stage.fire("pointerdown", X, Y);
  stage.fire("pointermove", X, Y + 80);
  store.view.value = { x: -100, y: -60, k: 0.5 };
  stage.fire("pointermove", X, Y + 80);
  stage.fire("pointerup", X, Y + 80);
  await settle();
  expect(moves()).toEqual([{ b: [448 + 200, 160 + 120] }]);
});

test("a frame begins where it was begun on the ground while the view moves", async () => {
  const { stage, store } = await openMap();
  store.tool.value = "box";
  stage.fire("pointerdown", 800, 300);
  stage.fire("pointermove", 900, 340);
  store.view.value = { x: -100, y: -60, k: 0.5 };
  stage.fire("pointermove", 900, 340);
  expect(store.box.peek()).toEqual({ x: 1600, y: 600, w: 400, h: 200 });
  stage.fire("pointerup", 900, 340);
});

test("what is added at the pointer goes where it points to after the view was moved under it", async () => {
  const { stage, settle, store, actions, kernel } = await openMap();
  stage.fire("pointermove", 802, 302);
  store.view.value = { x: -200, y: -100, k: 0.5 };
  expect(addingPoint(store)).toEqual({ x: 2004, y: 804 });
  void actions.addNote(false);
  void actions.paste(JSON.stringify({ base: "A hut." }));
  await settle();
  const corner = [2004 - CARD_W / 2, 804 - CARD_H / 2];
  const seen = (type: string) => kernel.seen.find((message) => message.type === type);
  const patch = seen("annotate")?.annotations as AnnotationPatch | undefined;
  expect(Object.values(patch?.notes ?? {})).toMatchObject([{ at: corner }]);
  expect(seen("edit")).toMatchObject({ positions: { a_hut: corner } });
});
