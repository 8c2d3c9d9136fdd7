/** What is done to a world while regions of its map are collapsed. */
import { beforeEach, expect, test, vi } from "vitest";
import { placeBlock } from "../../editor/writing/place";
import { GRID, PITCH_X, PITCH_Y } from "../../map/geometry/dimensions";
import type { JsonObject } from "../../shared/json";
import type { Position, Seed } from "../../shared/protocol";
import { openEditor } from "./open-editor";

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", () => 0));

const IDS = ["a", "b", "c", "d"];
const WAYS: JsonObject[] = [
  { name: "ab", kind: "transition", from: ["a"], to: "b" },
  { name: "bc", kind: "transition", from: ["b"], to: "c" },
  { name: "cd", kind: "transition", from: ["c"], to: "d" },
];

type Actions = Awaited<ReturnType<typeof openEditor>>["actions"];

/** Open the map of a row of states, of which b and c are in a region. */
async function openRow({ collapsed = true, ids = IDS, events = WAYS, tags = {}, tagged = {}, more = {} } = {}) {
  const regions = { r: { name: "Middle", states: ["b", "c"], color: "blue", collapsed } };
  const annotations = { regions, notes: {}, tags, tagged, views: {} } as unknown as Seed["annotations"];
  const editor = await openEditor(ids, events, { annotations, ...more } as Partial<Seed>);
  editor.kernel.seen.length = 0;
  const moves = () => editor.kernel.seen.filter(({ type }) => type === "move").map(({ positions }) => positions);
  return { ...editor, moves };
}

test("moving everything keeps the layout inside a collapsed region", async () => {
  const { store, actions } = await openRow();
  actions.everything();
  actions.nudge(1, 0);
  actions.nudge(1, 0);
  const places = store.pendingPlaces.peek() as ReadonlyMap<string, Position>;
  expect(IDS.map((id) => places.get(id))).toEqual([
    [2 * GRID, 0],
    [448 + 2 * GRID, 0],
    [896 + 2 * GRID, 0],
    [1344 + 2 * GRID, 0],
  ]);
});

test("what already stands evenly is not moved by distributing, with a region collapsed", async () => {
  const { actions, settle, moves } = await openRow();
  actions.everything();
  actions.distribute("across");
  await settle();
  expect(moves()).toEqual([]);
});

test("laying out everything follows the events inside a collapsed region", async () => {
  const { actions, settle, moves } = await openRow();
  actions.everything();
  actions.tidySelection();
  await settle();
  const [positions] = moves() as { [id: string]: Position }[];
  const columns = IDS.map((id) => positions?.[id]?.[0] ?? Number.NaN);
  expect(columns).toEqual([...columns].sort((one, other) => one - other));
  expect(new Set(columns).size).toBe(IDS.length);
});

test("what is copied out of a collapsed region stands as it does inside", async () => {
  const { actions } = await openRow();
  actions.everything();
  const { states } = JSON.parse(actions.copied() ?? "") as { states: { id: string; at: Position }[] };
  expect(states.map(({ id, at }) => [id, at[0]])).toEqual([
    ["a", 0],
    ["b", 448],
    ["c", 896],
    ["d", 1344],
  ]);
});

test("a collapsed region that is in the way of new cards moves as a whole", async () => {
  // d leaves no room below the box, and the box none above d
  const layout = { a: [0, 0], b: [448, 0], c: [896, 0], d: [PITCH_X, 5 * PITCH_Y] };
  const { store } = await openRow({ events: [], more: { layout } });
  const cards = Array.from({ length: 8 }, (_, row) => ({ id: `new_${row}`, column: 0, row }));
  const positions = placeBlock(store, 0, cards);
  expect(Object.keys(positions).filter((id) => !id.startsWith("new_"))).toEqual(["b", "c", "d"]);
  const [b, c] = [positions.b, positions.c] as [Position, Position];
  expect([b[0], c[0], b[1]]).toEqual([448, 896, c[1]]);
  expect(b[1]).toBeGreaterThan(0);
});

test("collapsing a region leaves none of its scenes selected", async () => {
  const { store, actions, settle } = await openRow({ collapsed: false });
  actions.selectAll([1, 2]);
  actions.toggleRegion("r");
  await settle();
  expect([store.selected.peek(), store.others.peek()]).toEqual([null, []]);
  expect(store.selectedItems.peek().nodes.size).toBe(0);
});

test("a region that is closed again in this view leaves none of its scenes selected", async () => {
  const { store, actions } = await openRow();
  actions.selectRegion("r");
  actions.toggleRegion("r");
  expect(store.onMap.projection.peek().hidden.size).toBe(2);
  expect(store.selectedItems.peek().nodes.size).toBe(0);
});

test.each([
  ["alone", (actions: Actions) => actions.select({ kind: "event", id: "bc", index: 1 })],
  ["with a scene outside", (actions: Actions) => actions.selectAll([0], [{ kind: "event", id: "bc" }])],
  [
    "with an event outside",
    (actions: Actions) =>
      actions.selectAll(
        [],
        ["ab", "bc"].map((id) => ({ kind: "event", id })),
      ),
  ],
])("collapsing a region leaves none of its events selected that was selected %s", async (_, select) => {
  const { store, actions, kernel, settle } = await openRow({ collapsed: false });
  select(actions);
  actions.toggleRegion("r");
  await settle();
  void actions.remove();
  await settle();
  expect(store.selectedItems.peek().events.size).toBe(0);
  expect(kernel.seen.filter(({ type }) => type === "edit")).toEqual([]);
});

test("collapsing a region leaves an event selected that starts outside", async () => {
  const { store, actions, settle } = await openRow({ collapsed: false });
  actions.select({ kind: "event", id: "ab", index: 0 });
  actions.toggleRegion("r");
  await settle();
  expect(store.selected.peek()).toMatchObject({ id: "ab" });
});

test("an arrow key never begins with an entrance that is inside a collapsed region", async () => {
  const { store, actions, settle } = await openRow({ ids: ["b", "c", "d", "a"] });
  actions.walk("right");
  await settle();
  expect(store.selected.peek()).toBe(null);
  expect(store.notices.spoken.peek()).toContain("collapsed region");
});

test("the world has its own events while a region is collapsed, and is what is drawn while none is", async () => {
  const { store } = await openRow();
  const { edges, out, nodes } = store.worldGraph.peek();
  expect(edges.map(({ source, target }) => [source, target])).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  expect([out[1]?.length, nodes.length]).toEqual([1, 4]);
  const { store: open } = await openRow({ collapsed: false });
  expect(open.worldGraph.peek()).toBe(open.graph.peek());
});

test("the next scene without a text is found inside a collapsed region", async () => {
  const { store, actions, kernel, settle } = await openRow({ ids: ["other", ...IDS] });
  for (const id of ["other", "c"]) {
    kernel.change({ op: "update_state", id, patch: { base: "" } });
    await settle();
  }
  actions.select({ kind: "state", id: "a" });
  actions.nextUnwritten();
  await settle();
  expect(store.selected.peek()?.id).toBe("c");
});

test("writing goes on from the scene that an event leads to inside a collapsed region", async () => {
  const { actions, kernel, settle } = await openRow();
  actions.select({ kind: "event", id: "ab" });
  void actions.next();
  await settle();
  const ops = kernel.seen.filter(({ type }) => type === "edit").flatMap((message) => message.ops as JsonObject[]);
  expect(JSON.stringify(ops)).toContain('"from":["b"]');
});

test("arrow keys never choose a scene that is inside a collapsed region", async () => {
  const { store, actions } = await openRow({ events: [] });
  actions.select({ kind: "state", id: "a" });
  actions.startConnecting();
  actions.walk("right");
  expect(store.connecting.peek()?.other).toBe(null);
  expect(store.notices.spoken.peek()).toContain("collapsed region");
});

test("a tag that is deleted while it is lit dims nothing", async () => {
  const tags = { Draft: { color: "teal" } };
  const { store, actions, model, kernel } = await openRow({ collapsed: false, tags, tagged: { a: ["Draft"] } });
  actions.lightTag("Draft");
  expect(store.onMap.focus.peek()).toEqual(new Set(["a"]));
  const change = { patch: { states: [], events: [], world: { set: {}, remove: [] } }, layout: {}, diagnostics: [] };
  const annotations = { tags: { Draft: null }, tagged: { a: null } };
  const revisions = { from: String(kernel.rev), rev: "1", undo: "x", redo: null, cause: null };
  model.tell({ type: "changed", ...revisions, ...change, annotations });
  expect(store.onMap.annotations.peek().tags.size).toBe(0);
  expect(store.onMap.focus.peek()).toBe(null);
});
