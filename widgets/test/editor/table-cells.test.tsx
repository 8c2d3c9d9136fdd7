/** What is typed in a cell changes what its row is about, and nothing that was not typed is sent. */
import { beforeEach, expect, test, vi } from "vitest";
import type { Camera } from "../../editor/camera";
import { CellEditor } from "../../editor/tables/cell-editor";
import { EventTable } from "../../editor/tables/event-table";
import { MissionTable } from "../../editor/tables/mission-table";
import type { JsonObject } from "../../shared/json";
import { openPage } from "../fake-dom";
import { openEditor, turn } from "./open-editor";

beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
});

/** Open a cell that shows a text, and then another that somebody else put there. */
function openCell(choices?: readonly (readonly [string, string])[]) {
  const { root, show } = openPage();
  const [onCommit, onDiscard, onDone] = [vi.fn(), vi.fn(), vi.fn()];
  const handlers = { onCommit, onDiscard, onDone, ...(choices ? { choices } : {}) };
  const change = (value: string) => show(<CellEditor label="Text" value={value} {...handlers} />);
  change("win");
  return { root, change, close: () => show(null), onCommit, onDiscard };
}

const ENDINGS = [
  ["", "goes on"],
  ["win", "win"],
  ["lose", "lose"],
] as const;

test.each([
  ["a field", undefined],
  ["a list", ENDINGS],
])("%s in which nothing was typed leaves what somebody else put there", (_, choices) => {
  const { root, change, onCommit, onDiscard } = openCell(choices);
  change("lose");
  const field = root.find("aria-label", "Text");
  expect(field).toMatchObject({ value: "lose" });
  field.fire("blur");
  expect([onCommit.mock.calls, onDiscard.mock.calls.length]).toEqual([[], 1]);
});

test("a field that is scrolled away sends only what was typed in it", () => {
  const untouched = openCell();
  untouched.change("lose");
  untouched.close();
  expect(untouched.onCommit).not.toHaveBeenCalled();
  const typed = openCell();
  typed.root.find("aria-label", "Text").typeText("draw");
  typed.change("lose");
  typed.close();
  expect(typed.onCommit.mock.calls).toEqual([["draw"]]);
});

const MISSIONS = ["one", "two", "three"].map((id) => ({ id, title: `The ${id}`, objectives: [] }));
const EVENTS = ["first", "second"].map((name) => ({ name, kind: "transition", from: ["a"], to: "b", detail: name }));

/** Open a table; what is typed in it waits until another change was made. */
async function openTable(Table: typeof EventTable, { events = EVENTS, missions = MISSIONS } = {}) {
  const world = { scene: { states: { a: { base: "a" }, b: { base: "b" } }, events }, missions };
  const editor = await openEditor(["a", "b"], events, { world: world as JsonObject });
  const { kernel, model, store, actions, settle } = editor;
  const { root, show } = openPage();
  const camera = {} as Camera;
  show(<Table store={store} actions={actions} camera={camera} />);
  kernel.seen.length = 0;
  let goOn = () => {};
  void actions.inTurn(
    () =>
      new Promise<void>((resolve) => {
        goOn = resolve;
      }),
  );
  /** Type a text in the cell that shows another. */
  const typeIn = (shown: string, typed: string) => {
    const cell = root.descendants.find(
      (one) => one.attributes.get("title") === shown && one.attributes.get("role") === "gridcell",
    );
    cell?.fire("dblclick");
    const field = root.descendants.find(({ attributes }) => attributes.get("class") === "wk-input we-cell-field");
    field?.typeText(typed);
    field?.fire("keydown", { key: "Enter" });
  };
  /** Somebody else changes the world; then the cell has its turn. */
  const change = async (patch: object) => {
    const revisions = { from: String(kernel.rev), rev: String(kernel.rev + 1), undo: "x", redo: null, cause: null };
    kernel.rev += 1;
    const whole = { states: [], events: [], world: { set: {}, remove: [] }, ...patch };
    model.tell({ type: "changed", ...revisions, patch: whole, layout: {}, diagnostics: [] });
    goOn();
    await settle();
    return kernel.seen.filter(({ type }) => type === "edit").flatMap((message) => message.ops as JsonObject[]);
  };
  return { root, typeIn, change };
}

test("the title of a mission goes to that mission, though one before it was deleted meanwhile", async () => {
  const { typeIn, change } = await openTable(MissionTable);
  typeIn("The two", "The second");
  const ops = await change({ world: { set: { missions: MISSIONS.slice(1) }, remove: [] } });
  expect(JSON.stringify(ops)).toContain('"two","title":"The second"');
  expect(JSON.stringify(ops)).not.toContain('"three","title":"The second"');
});

test("the title of a mission that was deleted meanwhile goes to no other", async () => {
  const { typeIn, change } = await openTable(MissionTable);
  typeIn("The two", "The second");
  expect(await change({ world: { set: { missions: [MISSIONS[0], MISSIONS[2]] }, remove: [] } })).toEqual([]);
});

test("the words of an event go to that event, though one before it was deleted meanwhile", async () => {
  const { typeIn, change } = await openTable(EventTable);
  typeIn("second", "Go on");
  const ops = await change({ events: [[0, 1, []]] });
  expect(JSON.stringify(ops)).toContain("Go on");
});

const go = (detail: string) => ({ name: "go", kind: "transition", from: ["a"], to: "b", detail });
const [FIRST, BETWEEN, THIRD] = [go("first"), { ...go("between"), name: "x" }, go("third")];

test.each<[string, object, (ops: JsonObject[]) => void]>([
  [
    "an event between them was deleted",
    { events: [[1, 1, []]] },
    (ops) => expect(ops).toMatchObject([{ index: 1, event: { detail: "Go on" } }]),
  ],
  ["it was deleted itself", { events: [[2, 1, []]] }, (ops) => expect(ops).toEqual([])],
  ["the other was deleted", { events: [[0, 1, []]] }, (ops) => expect(ops).toEqual([])],
  ["a third came before it", { events: [[0, 0, [go("new")]]] }, (ops) => expect(ops).toEqual([])],
])("the words of an event go to no other of its name, though %s", async (_, patch, check) => {
  const { typeIn, change } = await openTable(EventTable, { events: [FIRST, BETWEEN, THIRD] });
  typeIn("third", "Go on");
  check(await change(patch));
});

test("an event that was alone with its name is not taken for one that came before it", async () => {
  const { typeIn, change } = await openTable(EventTable, { events: [THIRD] });
  typeIn("third", "Go on");
  expect(await change({ events: [[0, 0, [FIRST]]] })).toEqual([]);
});

test("the title of a mission goes to no other of its id", async () => {
  const [one, two] = ["first", "second"].map((title) => ({ id: "same", title, objectives: [] })) as typeof MISSIONS;
  const { typeIn, change } = await openTable(MissionTable, { missions: [one, two] as typeof MISSIONS });
  typeIn("second", "The second");
  expect(await change({ world: { set: { missions: [one] }, remove: [] } })).toEqual([]);
});

test("deleting the rows that are chosen takes no other event of their name", async () => {
  const { root, change } = await openTable(EventTable, { events: [FIRST, BETWEEN, THIRD] });
  const boxes = root.descendants.filter((one) => one.attributes.get("aria-label") === "Select go");
  boxes[1]?.fire("change");
  await turn();
  root.find("aria-label", "Delete 1 event").fire("click");
  expect(await change({ events: [[2, 1, []]] })).toEqual([]);
});
