/** What is typed in a cell changes what its row is about, and nothing that was not typed is sent. */
import { type ComponentChildren, isValidElement, type VNode } from "preact";
import { beforeEach, expect, test, vi } from "vitest";
import type { Camera } from "../../editor/camera";
import { STATE_EDITS } from "../../editor/tables/bulk";
import { BulkBar } from "../../editor/tables/bulk-bar";
import { CellEditor } from "../../editor/tables/cell-editor";
import { EventTable } from "../../editor/tables/event-table";
import { MissionTable } from "../../editor/tables/mission-table";
import { ReplacePanel } from "../../editor/tables/replace-panel";
import { StateTable } from "../../editor/tables/state-table";
import { TablesView } from "../../editor/tables/view";
import { App } from "../../editor/view/app";
import { Panel } from "../../editor/view/panel";
import type { JsonObject } from "../../shared/json";
import { RefusedText } from "../../shared/ui/field";
import { type FakeElement, openPage } from "../fake-dom";
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
  return { root, change, close: () => show(null), onCommit, onDiscard, onDone };
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

test.each<[string, (field: FakeElement) => void, unknown[]]>([
  ["Enter", (field) => field.fire("keydown", { key: "Enter" }), [1, false]],
  ["leaving it", (field) => field.fire("blur"), [0, true]],
])("choosing in a list sends nothing before %s", (_, end, done) => {
  const { root, onCommit, onDone } = openCell(ENDINGS);
  const field = root.find("aria-label", "Text");
  // as the arrow keys pass from one to the next
  for (const value of ["", "lose"]) {
    Object.assign(field, { value });
    field.fire("change");
  }
  expect([onCommit.mock.calls, onDone.mock.calls]).toEqual([[], []]);
  end(field);
  expect([onCommit.mock.calls, onDone.mock.calls]).toEqual([[["lose"]], [done]]);
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
  show(
    <RefusedText.Provider value={actions.giveBack}>
      <Table store={store} actions={actions} camera={camera} />
    </RefusedText.Provider>,
  );
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
  return { root, typeIn, change, store, close: () => show(null) };
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

test("a state is renamed as its form renames it: the ways that are named after it follow", async () => {
  const way = { name: "go_to_b", kind: "transition", from: ["a"], to: "b", detail: "Go" };
  const { typeIn, change } = await openTable(StateTable, { events: [way] });
  typeIn("b", "cellar");
  expect(await change({})).toEqual([
    { op: "rename_state", from: "b", to: "cellar" },
    { op: "rename_event", from: "go_to_b", to: "go_to_cellar" },
  ]);
});

test("a name that the form of an event refuses is refused in its cell", async () => {
  const { root, typeIn, change } = await openTable(EventTable);
  typeIn("second", "up/down");
  expect(await change({})).toEqual([]);
  expect(root.find("aria-invalid", "true").attributes.get("title")).toBe(
    "up/down\nA name is made of letters, digits, spaces and _: try up_down.",
  );
});

test.each([
  ["the table was closed", true],
  ["its row is gone", false],
])("what is typed in a cell and refused after %s is offered to be copied", async (_, isClosed) => {
  const { typeIn, change, store, close } = await openTable(EventTable);
  typeIn("second", "Go on");
  if (isClosed) close();
  await change({ events: [[1, 1, []]] });
  expect(store.notices.list.peek()).toMatchObject([
    {
      text: "“Go on” was not saved. It was deleted by someone else.",
      action: { label: "Copy the text", stays: true },
    },
  ]);
});

/** Return the elements that a component returned, those of its parts left out. */
function elementsIn(tree: ComponentChildren): VNode[] {
  if (Array.isArray(tree)) return tree.flatMap((one) => elementsIn(one));
  return isValidElement(tree) ? [tree, ...elementsIn(tree.props.children)] : [];
}

test("what is refused is offered to be copied over the map as in the panel beside it", async () => {
  const { store, actions } = await openEditor(["a"]);
  const props = { store, actions, camera: {}, host: {} } as unknown as Parameters<typeof App>[0];
  let whole: VNode[] = [];
  const Whole = () => {
    whole = elementsIn(App(props));
    return null;
  };
  openPage().show(<Whole />);
  const provider = whole.find(({ type }) => type === RefusedText.Provider);
  expect(provider?.props).toMatchObject({ value: actions.giveBack });
  const inside = elementsIn(provider).map(({ type }) => type);
  for (const part of [TablesView, Panel]) expect(inside.includes(part as VNode["type"])).toBe(true);
});

test("a second press on Apply before the first was answered changes nothing more", async () => {
  const { root, show } = openPage();
  const answers: ((isDone: boolean) => void)[] = [];
  const onApply = vi.fn(() => new Promise<boolean>((resolve) => answers.push(resolve)));
  show(<BulkBar edits={STATE_EDITS} namesFor={() => []} disabled={false} onApply={onApply} />);
  const press = () => root.find("aria-label", "Apply: add to what the camera sees").fire("click");
  root.find("aria-label", "Text").typeText("It rains.");
  press();
  press();
  root.find("aria-label", "Text").fire("keydown", { key: "Enter" });
  expect(onApply.mock.calls).toHaveLength(1);
  answers.shift()?.(false);
  await turn();
  press();
  expect(onApply.mock.calls).toHaveLength(2);
});

test("a second press on Replace before the first was answered replaces nothing in what came of it", async () => {
  const { kernel, store, actions, settle } = await openEditor(["a", "b"]);
  const { root, show } = openPage();
  show(<ReplacePanel store={store} actions={actions} camera={{} as Camera} />);
  const fields = root.descendants.filter(({ attributes }) => attributes.get("type") === "text");
  fields[0]?.typeText("a");
  fields[1]?.typeText("aa");
  const button = root.find("aria-label", "Replace 1 time in 1 text");
  button.fire("click");
  button.fire("click");
  await settle();
  const ops = kernel.seen.filter(({ type }) => type === "edit").flatMap((message) => message.ops);
  expect(ops).toEqual([{ op: "update_state", id: "a", patch: { base: "aa" } }]);
});
