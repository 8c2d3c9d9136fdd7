/** Overlays: what the kernel says is read with care, put on the numbers of the drawing, and said in words too. */
import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import type { Frame } from "../../editor/canvas/frame";
import { readLayers, readPlaying } from "../../editor/overlay/data";
import { drawOver } from "../../editor/overlay/draw";
import { marksOf, NO_MARKS, wordsOf } from "../../editor/overlay/marks";
import { openOverlays } from "../../editor/overlay/state";
import { fromSeed } from "../../map/document";
import type { Rect } from "../../map/geometry/curve";
import { CARD_W } from "../../map/geometry/dimensions";
import { buildGraph } from "../../map/graph";
import { buildScene } from "../../map/scene";
import { Disposal } from "../../shared/disposal";
import { Link } from "../../shared/link";
import { Notices } from "../../shared/ui/toasts";
import { fakeInk } from "../fake-ink";
import { seedOf } from "../fake-kernel";
import { FakeModel } from "../fake-model";

const EVENTS = [
  { name: "walk", kind: "transition", from: ["lane", "yard"], to: "gate" },
  { name: "take", kind: "override", from: ["gate"] },
  { name: "drop", kind: "override", from: ["gate"] },
];
const graph = buildGraph(fromSeed(seedOf(["lane", "gate", "yard"], EVENTS)));

const layer = (more: object = {}) => ({
  key: "runs",
  kind: "runs",
  title: "Runs so far",
  said: "1 run",
  stale: false,
  serial: 1,
  states: [
    ["gate", "seen", "visited", 1],
    ["yard", "unseen", "not visited", 0],
  ],
  events: [["walk", "lane", "seen", "fired", 1]],
  legend: [{ mark: "seen", states: 1, stateWords: "visited", events: 1, eventWords: "fired" }],
  findings: [],
  ...more,
});
const playing = {
  state: "gate",
  over: false,
  steps: 1,
  states: ["lane", "gate"],
  edges: [["walk", "lane"]],
  last: ["walk", "lane"],
};

test("anything at all may come from the kernel, and only what can be read is drawn", () => {
  expect(readLayers(undefined)).toEqual([]);
  expect(readLayers([null, 3, "x"])).toEqual([]);
  const [firstLayer] = readLayers([{ states: [["a", "sparkling", "x", 1], 3, ["b", "seen", null, "x"]], events: {} }]);
  expect(firstLayer?.states).toEqual([{ id: "b", word: "seen", text: "", part: 0 }]);
  expect(firstLayer?.events).toEqual([]);
  expect(readPlaying({ states: ["a"] })).toBeNull();
  expect(readPlaying({ state: "a", edges: [["x"], ["y", "a"]], last: 4 })).toMatchObject({
    edges: [["y", "a"]],
    last: null,
  });
});

test("nothing is drawn where there is nothing to say", () => {
  expect(marksOf(graph, null, null)).toBe(NO_MARKS);
});

test("a state of any name is marked, and no name reaches a prototype", () => {
  const odd = buildGraph(fromSeed(seedOf(["constructor", "toString"])));
  const [firstLayer = null] = readLayers([layer({ states: [["constructor", "never", "never reached", 0]] })]);
  expect([...marksOf(odd, firstLayer, null).nodes.keys()]).toEqual([0]);
});

test("an edge is marked in the state it was fired in, and everywhere when no state is named", () => {
  const [one = null] = readLayers([layer()]);
  expect([...marksOf(graph, one, null).edges.keys()]).toEqual([0]);
  const [every = null] = readLayers([layer({ events: [["walk", null, "never", "never happens", 0]] })]);
  expect([...marksOf(graph, every, null).edges.keys()]).toEqual([0, 1]);
});

test("the run beside marks where the player is, where they were and in which order, and the last step", () => {
  const { nodes, edges } = marksOf(graph, null, readPlaying(playing));
  expect(nodes.get(0)).toMatchObject({ here: false, visit: 1 });
  expect(nodes.get(1)).toMatchObject({ here: true, visit: 2 });
  expect(nodes.has(2)).toBe(false);
  expect(edges.get(0)).toEqual({ layer: null, taken: true, last: true });
  expect(edges.has(1)).toBe(false);
});

test("events that stay in their state are told of on its card when they never happen", () => {
  const never = (...names: string[]) => names.map((name) => [name, null, "never", "never happens", 0]);
  const [one = null] = readLayers([layer({ states: [], events: never("take") })]);
  expect(marksOf(graph, one, null).nodes.get(1)?.local).toBe("take never happens");
  const [both = null] = readLayers([layer({ states: [], events: never("take", "drop") })]);
  expect(marksOf(graph, both, null).nodes.get(1)?.local).toBe("2 events never happen");
});

test("what is drawn is said in the name of the card too", () => {
  const [firstLayer = null] = readLayers([layer()]);
  const { nodes } = marksOf(graph, firstLayer, readPlaying(playing));
  expect(wordsOf(nodes.get(0))).toBe(", the player was here");
  expect(wordsOf(nodes.get(1))).toBe(", the player is here, visited");
  expect(wordsOf(nodes.get(2))).toBe(", not visited");
  expect(wordsOf(undefined)).toBe("");
});

function setUp(traits: { [name: string]: unknown } = {}) {
  const model = new FakeModel(traits);
  const disposal = new Disposal();
  const link = new Link(model);
  const notices = new Notices();
  return { model, disposal, link, notices, overlays: openOverlays(model, link, notices, signal(graph), disposal) };
}

test("the newest overlay is shown when it comes, and one made again is not forced on a view that hid it", () => {
  const { model, overlays } = setUp({ overlays: [layer()] });
  expect(overlays.visibleKey.value).toBe("runs");
  model.put("overlays", [layer(), layer({ key: "explored", serial: 2 })]);
  expect(overlays.visibleKey.value).toBe("explored");
  overlays.visibleKey.value = null;
  model.put("overlays", [layer(), layer({ key: "explored", serial: 2, stale: true })]);
  expect(overlays.visibleKey.value).toBeNull();
  model.put("overlays", [layer({ serial: 3 })]);
  expect(overlays.layer.value?.title).toBe("Runs so far");
});

test("an overlay that is taken away is no longer drawn", () => {
  const { model, overlays } = setUp({ overlays: [layer()] });
  expect(overlays.marks.value.nodes.size).toBe(2);
  model.put("overlays", []);
  expect(overlays.layer.value).toBeNull();
  expect(overlays.marks.value).toBe(NO_MARKS);
});

test("exploring is asked for once at a time, and a refusal is shown", async () => {
  const { model, overlays, notices } = setUp();
  const first = overlays.explore();
  expect(overlays.busy.value).toBe(true);
  expect(await overlays.explore()).toBe(false);
  model.kernel = ({ id, view, type }) => {
    expect(type).toBe("explore");
    model.tell({ type: "rejected", id, view, code: "op", message: "there is nothing to play yet" });
  };
  model.deliver();
  expect(await first).toBe(false);
  expect(overlays.busy.value).toBe(false);
  expect(notices.list.value.map(({ text }) => text)).toEqual(["There is nothing to play yet."]);
});

test("an exploration whose answer was lost can be asked for again", async () => {
  const { model, link, overlays } = setUp();
  const lost = overlays.explore();
  model.deliver();
  model.kernel = ({ id, view }) => model.tell({ type: "accepted", id, view });
  link.hello();
  model.deliver();
  expect(await lost).toBe(false);
  expect(overlays.busy.value).toBe(false);
  const again = overlays.explore();
  model.deliver();
  expect(await again).toBe(true);
});

test("a view that is closed listens no longer", () => {
  const { model, disposal, link } = setUp();
  disposal.dispose();
  link.dispose();
  expect(model.listeners).toBe(0);
});

test("from far away, where a card is its name, the sign of where the player is leaves the name free", () => {
  vi.stubGlobal("Path2D", class {});
  const scene = buildScene(
    graph,
    new Map([
      ["lane", [0, 0]],
      ["gate", [600, 0]],
      ["yard", [1200, 0]],
    ]),
  );
  const frame = {
    ...{ scene, view: { x: 0, y: 0, k: 0.2 }, visibleArea: { x: -500, y: -500, w: 3000, h: 1500 }, detail: "titles" },
    ...{ palette: {}, movedPlaces: new Map(), liveRoutes: new Map(), thumbnails: null },
    overlay: { nodes: new Map([[1, { here: true, visit: 2, local: "", layer: null }]]), edges: new Map() },
  } as unknown as Frame;
  const { ink, words, boxes } = fakeInk();
  drawOver(ink, frame);
  const sign = boxes.at(-1) as Rect;
  expect(words).toEqual([]);
  expect(sign.x + sign.w).toBeLessThan(600 + 0.15 * CARD_W);
});
