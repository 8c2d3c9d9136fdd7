/** What is selected stays what was meant, whatever somebody else does to the world. */
import { beforeEach, expect, test, vi } from "vitest";
import type { Store } from "../../editor/store";
import type { JsonObject } from "../../shared/json";
import type { Region } from "../../shared/protocol";
import { openEditor } from "./open-editor";

beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run));
});

const move = (name: string, from: string, to: string): JsonObject => ({ name, kind: "transition", from: [from], to });

/** Return the names of all that is selected, those of events in brackets with their numbers. */
function selection(store: Store): string[] {
  const { nodes, events } = store.selectedItems.peek();
  const { nodes: all } = store.worldGraph.peek();
  return [...[...nodes].map((node) => all[node]?.id ?? ""), ...[...events].map((index) => `event ${index}`)];
}

const state = (id: string) => ({ kind: "state", id }) as const;

test("when the one that forms are about is deleted elsewhere, another that is selected takes its place", async () => {
  const { store, actions, tellOf } = await openEditor(["a", "b", "c"]);
  actions.select(state("a"));
  actions.toggle(state("c"));
  actions.toggle(state("b"));
  tellOf({ states: [[1, 1, []]] });
  expect(store.selected.peek()).toMatchObject(state("c"));
  expect(selection(store)).toEqual(["c", "a"]);
  tellOf({ states: [[1, 1, []]] });
  expect(store.selected.peek()).toMatchObject(state("a"));
  actions.escape();
  expect(selection(store)).toEqual([]);
});

test("what takes that place is not brought into sight as if Python had selected it", async () => {
  const { store, actions, tellOf } = await openEditor(["a", "b"]);
  actions.selectAll([0, 1]);
  tellOf({ states: [[0, 1, []]] });
  expect(store.selected.peek()).toMatchObject({ id: "b", key: expect.anything() });
});

test("each of several that are selected is followed when it is renamed elsewhere", async () => {
  const { store, actions, tellOf } = await openEditor(["a", "b", "c"], [move("go", "a", "b")]);
  actions.select(state("a"));
  actions.toggle({ kind: "event", id: "go", index: 0 });
  actions.toggle(state("c"));
  tellOf({ states: [[0, 1, [["attic", { base: "a" }]]]] });
  tellOf({ events: [[0, 1, [move("leave", "attic", "b")]]] });
  expect(selection(store)).toEqual(["c", "attic", "event 0"]);
});

test("of two events with one name the one that was pressed is selected with others, and taken out again", async () => {
  const { store, actions } = await openEditor(["a", "b"], [move("go", "a", "b"), move("go", "b", "a")]);
  const second = { kind: "event", id: "go", index: 1 } as const;
  actions.select(second);
  actions.toggle(state("a"));
  expect(selection(store)).toEqual(["a", "event 1"]);
  actions.toggle({ ...second, index: 0 });
  expect(new Set(selection(store))).toEqual(new Set(["a", "event 1", "event 0"]));
  actions.toggle({ ...second, index: 0 });
  actions.toggle(state("a"));
  expect(selection(store)).toEqual(["event 1"]);
});

test("of two events with one name the one that was pressed is deleted with others", async () => {
  const { actions, kernel, settle } = await openEditor(["a", "b"], [move("go", "a", "b"), move("go", "b", "a")]);
  actions.select({ kind: "event", id: "go", index: 1 });
  actions.toggle(state("a"));
  void actions.remove();
  await settle();
  const [edit] = kernel.seen.filter(({ type }) => type === "edit");
  expect(edit?.ops).toEqual([
    { op: "put_event", index: 1, event: null },
    { op: "delete_state", id: "a" },
  ]);
});

test("a frame that adds to the selection leaves the events in it as they were", async () => {
  const { store, actions } = await openEditor(["a", "b"], [move("go", "a", "b"), move("go", "b", "a")]);
  actions.select({ kind: "event", id: "go", index: 1 });
  actions.selectIn({ x: -1e5, y: -1e5, w: 2e5, h: 2e5 }, true);
  expect(selection(store)).toEqual(["a", "b", "event 1"]);
});

test("what opens the form of one thing asks for no field while several are selected", async () => {
  const { store, actions } = await openEditor(["a", "b"]);
  actions.selectAll([0, 1]);
  for (const field of [undefined, "id"]) {
    actions.openForm(field);
    expect(store.fieldToFocus.peek()).toBe(null);
  }
  actions.select(state("a"));
  actions.openForm();
  expect(store.fieldToFocus.peek()).toBe("base");
});

// ---- regions that are collapsed elsewhere ------------------------------------------------------

const region = (states: string[], collapsed: boolean): Region => ({ name: "R", states, color: "blue", collapsed });

/** Open an editor of a row of scenes, the last two of them in a region that somebody else can collapse. */
async function openRegion() {
  const events = [move("ab", "a", "b"), move("bc", "b", "c"), move("cd", "c", "d"), move("ad", "a", "d")];
  const annotations = { regions: { r: region(["c", "d"], false) }, notes: {}, tags: {}, tagged: {}, views: {} };
  const editor = await openEditor(["a", "b", "c", "d"], events, { annotations });
  const collapse = () => editor.tellOf({}, { annotations: { regions: { r: region(["c", "d"], true) } } });
  return { ...editor, collapse, isOpen: () => editor.store.onMap.projection.peek().hidden.size === 0 };
}

test("what else is selected goes with a region that is collapsed elsewhere", async () => {
  const { store, actions, collapse, isOpen } = await openRegion();
  actions.select(state("c"));
  actions.toggle({ kind: "event", id: "cd", index: 2 });
  actions.toggle({ kind: "event", id: "ab", index: 0 });
  actions.toggle(state("a"));
  collapse();
  expect(isOpen()).toBe(false);
  expect(selection(store)).toEqual(["a", "event 0"]);
});

test("with the one that forms are about all of its region stays selected, and open in this view", async () => {
  const { store, actions, collapse, isOpen } = await openRegion();
  actions.selectAll([2, 3]);
  collapse();
  expect(isOpen()).toBe(true);
  expect(selection(store)).toEqual(["c", "d"]);
});

test("all scenes are selected with those of regions that were collapsed before", async () => {
  const { store, actions, collapse, tellOf } = await openRegion();
  collapse();
  actions.everything();
  tellOf({ states: [[0, 1, [["a", { base: "Rain." }]]]] });
  expect(selection(store)).toEqual(["a", "b", "c", "d"]);
});

test("the region of a selected event stays open, though the number of the event is another by now", async () => {
  const { store, actions, collapse, tellOf, isOpen } = await openRegion();
  actions.select({ kind: "event", id: "cd", index: 2 });
  tellOf({ events: [[0, 1, []]] });
  collapse();
  expect(isOpen()).toBe(true);
  expect(selection(store)).toEqual(["event 1"]);
});

test("a region is not opened around an event that has the number which the selected one had", async () => {
  const { store, actions, collapse, tellOf, isOpen } = await openRegion();
  actions.select({ kind: "event", id: "bc", index: 1 });
  tellOf({ events: [[0, 1, []]] });
  collapse();
  expect(isOpen()).toBe(false);
  expect(selection(store)).toEqual(["event 0"]);
});
