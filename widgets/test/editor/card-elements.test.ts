/** Every card in sight is drawn: as an element, or on the canvas where there are more than a page can hold. */
import { expect, test } from "vitest";
import { MAX_ELEMENTS } from "../../editor/canvas/card-elements";
import { type Frame, isSelected } from "../../editor/canvas/frame";
import { drawNodes } from "../../editor/canvas/nodes";
import { visibleRect } from "../../map/viewport";
import type { Position } from "../../shared/protocol";
import { fakeInk } from "../fake-ink";
import { openEditor } from "./open-editor";

const STATE_COUNT = 1000;
const ids = Array.from({ length: STATE_COUNT }, (_, at) => `s${String(at).padStart(3, "0")}`);

/** Open a world whose cards stand in a row, at reading zoom with some of them in sight. */
async function openRow(inSight: number, from = 0) {
  const editor = await openEditor(ids);
  const { store } = editor;
  store.size.value = { w: inSight * 448, h: 800 };
  store.view.value = { x: -from * 448, y: 0, k: 1 };
  const elements = () => [...store.cardElements.peek()];
  return { ...editor, elements };
}

/** Return the names of the cards that the canvas draws. */
function namesDrawn({ store }: Awaited<ReturnType<typeof openRow>>): string[] {
  const { ink, words } = fakeInk();
  const [view, size] = [store.view.peek(), store.size.peek()];
  const frame = {
    view,
    size,
    ratio: 1,
    palette: {},
    scene: store.scene.peek(),
    detail: store.detail.peek(),
    visibleArea: visibleRect(view, size, 8),
    cardElements: store.cardElements.peek(),
    selectedNodes: new Set(),
    selectedEvents: new Set(),
    hover: null,
    movedPlaces: store.movedNodes.peek(),
    liveRoutes: new Map(),
    connecting: null,
    editable: true,
  };
  drawNodes(ink, frame as unknown as Frame);
  return [...words];
}

test("of a thousand cards that are moved together, those in sight are elements", async () => {
  const { store, elements } = await openRow(10, 500);
  const before = elements();
  expect(before).toContain(505);
  const places = ids.map((id, at) => [id, [at * 448, 8] as Position] as const);
  store.draggedPlaces.value = new Map(places);
  expect(elements()).toEqual(before);
});

test("a card that is moved into sight is an element, and one that is moved out of it is none", async () => {
  const { store, elements } = await openRow(10, 500);
  store.draggedPlaces.value = new Map([
    ["s010", [505 * 448, 300]],
    ["s505", [5 * 448, 300]],
  ]);
  expect(elements()).toContain(10);
  expect(elements()).not.toContain(505);
});

test("more cards than a page can hold are drawn on the canvas, with nothing twice", async () => {
  const row = await openRow(400);
  const elements = row.elements();
  expect(elements).toHaveLength(MAX_ELEMENTS);
  const drawn = namesDrawn(row);
  for (const at of [0, 299]) expect(drawn).not.toContain(ids[at]);
  for (const at of [300, 399]) expect(drawn).toContain(ids[at]);
  expect(drawn).not.toContain(ids[600]);
});

test("of too many cards the selected one and those that are moved are elements", async () => {
  const { store, actions, elements } = await openRow(400);
  actions.select({ kind: "state", id: "s390" });
  store.draggedPlaces.value = new Map([["s380", [380 * 448, 80]]]);
  const [last, lastButOne] = elements().reverse();
  expect([lastButOne, last]).toEqual([380, 390]);
  expect(elements()).toHaveLength(MAX_ELEMENTS);
});

test("the list stays the same while no card comes or goes, so that nothing is rendered again", async () => {
  const { store } = await openRow(400);
  const before = store.cardElements.peek();
  store.view.value = { ...store.view.peek(), y: 5 };
  expect(store.cardElements.peek()).toBe(before);
});

test("the cards of an event that stays in its scenes are drawn as selected with it", async () => {
  const look = { name: "look", kind: "override", from: ["a", "c"] };
  const { store } = await openEditor(["a", "b", "c"], [look, { name: "go", kind: "transition", from: ["b"], to: "c" }]);
  const selected = (event: number) => {
    const frame = { scene: store.scene.peek(), selectedNodes: new Set(), selectedEvents: new Set([event]) };
    return [0, 1, 2].filter((node) => isSelected({ ...frame, connecting: null } as unknown as Frame, node));
  };
  expect(selected(0)).toEqual([0, 2]);
  expect(selected(1)).toEqual([]);
});
