/** Names of events at middle zoom. */
import { expect, test } from "vitest";
import { drawLabels } from "../../editor/canvas/edges";
import { eventNames, inTwoLines } from "../../editor/canvas/event-names";
import { namesFor } from "../../editor/canvas/far-names";
import type { Frame } from "../../editor/canvas/frame";
import { headBox } from "../../map/canvas/routes";
import { fromSeed } from "../../map/document";
import { overlap, type Rect, type Route } from "../../map/geometry/curve";
import { CARD_H, CARD_W, PITCH_X, PITCH_Y } from "../../map/geometry/dimensions";
import { buildGraph } from "../../map/graph";
import { buildScene } from "../../map/scene";
import { FAR_NAMES_ZOOM } from "../../map/viewport";
import type { Position } from "../../shared/protocol";
import { fakeInk } from "../fake-ink";
import { seedOf } from "../fake-kernel";

const move = (name: string, from: string, to: string) => ({ name, kind: "transition", from: [from], to });

function namesAt(k: number, ...events: ReturnType<typeof move>[]) {
  const layout: { [id: string]: Position } = { lane: [0, 0], bench: [PITCH_X, 0], tree: [2 * PITCH_X, 0] };
  const doc = fromSeed(seedOf(Object.keys(layout), events, { layout }));
  const scene = buildScene(buildGraph(doc), doc.layout);
  const names = eventNames({ scene, view: { x: 0, y: 0, k }, visibleArea: { x: 0, y: -500, w: 2000, h: 1000 } });
  return { scene, names: [...names.values()] };
}

test("a name that is wider than the gap between two cards stands in two lines, and covers neither", () => {
  const { scene, names } = namesAt(0.42, move("walk_up_the_lane", "lane", "bench"));
  expect(names.map(({ text }) => text)).toEqual(["walk up\nthe lane"]);
  for (const { x, y, w, h } of names) {
    for (const [left, top] of scene.places) {
      expect(overlap({ x: x + 1, y, w: w - 2, h }, { x: left, y: top, w: CARD_W, h: CARD_H })).toBe(false);
    }
  }
});

test.each([0.24, 0.27, 0.3, 0.4, 0.55])(
  "at a zoom of %f no name touches a card, or what is written of a state",
  (k) => {
    const layout: { [id: string]: Position } = {
      deaccession_room: [0, 0],
      conservation_bench: [0, PITCH_Y],
      lane: [PITCH_X, 0],
    };
    const events = [move("ride", "deaccession_room", "conservation_bench"), move("go", "deaccession_room", "lane")];
    const doc = fromSeed(seedOf(Object.keys(layout), events, { layout }));
    const scene = buildScene(buildGraph(doc), doc.layout);
    const frame = { scene, view: { x: 0, y: 0, k }, visibleArea: { x: -500, y: -500, w: 2000, h: 1500 } };
    const gap = 1 / k;
    for (const { x, y, w, h } of eventNames(frame).values()) {
      const box = { x: x - gap, y: y - gap, w: w + 2 * gap, h: h + 2 * gap };
      for (const [left, top] of scene.places)
        expect(overlap(box, { x: left, y: top, w: CARD_W, h: CARD_H })).toBe(false);
      if (k < FAR_NAMES_ZOOM) for (const name of namesFor(frame)) expect(overlap({ x, y, w, h }, name)).toBe(false);
    }
  },
);

test("a name that fits stays in one line, and from far away no name has two", () => {
  expect(namesAt(0.55, move("walk_up", "lane", "bench")).names.map(({ text }) => text)).toEqual(["walk up"]);
  expect(namesAt(0.3, move("walk_up_the_lane", "lane", "bench")).names).toEqual([]);
});

test.each([0.42, 0.5, 0.58])("at a zoom of %f a name leaves the head of its arrow visible", (k) => {
  const layout: { [id: string]: Position } = { lane: [0, 0], bench: [PITCH_X, -200], tree: [PITCH_X, 200] };
  const events = [move("walk_along_the_wall", "lane", "bench"), move("climb_down_the_wall", "tree", "lane")];
  const doc = fromSeed(seedOf(Object.keys(layout), events, { layout }));
  const scene = buildScene(buildGraph(doc), doc.layout);
  const names = eventNames({ scene, view: { x: 0, y: 0, k }, visibleArea: { x: -500, y: -900, w: 2000, h: 1800 } });
  expect(names.size).toBe(2);
  for (const [edge, name] of names) expect(overlap(name, headBox(scene.routes[edge] as Route, k))).toBe(false);
});

test("a name that has line breaks of its own has no more lines than another", () => {
  const broken = namesAt(0.42, move("walk\nup\nthe\nlane", "lane", "bench")).names;
  expect(broken.map(({ text }) => text)).toEqual(["walk up\nthe lane"]);
});

test("words are parted where both lines are about the same length, and one word is not", () => {
  expect(inTwoLines("hold out the mitten")).toBe("hold out\nthe mitten");
  expect(inTwoLines("a windlass")).toBe("a\nwindlass");
  expect(inTwoLines("windlass")).toBe("");
});

test("at reading zoom no label lies over another, and what is locked keeps its own", () => {
  const events = Array.from({ length: 60 }, (_, at) => move(`open_the_door_${at}`, "lane", "bench"));
  const locked = events.map((event, at) => (at === 37 ? { ...event, requires: ["key"], lockedHint: "No." } : event));
  const { names } = namesAt(1, ...locked);
  expect(names.length).toBeGreaterThan(2);
  expect(names.some(({ text }) => text.includes("37"))).toBe(true);
  for (const [at, { x, y, w, h }] of names.entries())
    for (const other of names.slice(at + 1))
      expect(
        overlap(
          { x: x + 3, y: y + 3, w: w - 6, h: h - 6 },
          { ...other, x: other.x + 3, y: other.y + 3, w: other.w - 6, h: other.h - 6 },
        ),
      ).toBe(false);
});

test("at reading zoom two labels that have room are both shown", () => {
  const { names } = namesAt(1, move("walk_up", "lane", "bench"), move("walk_back", "bench", "lane"));
  expect(names.map(({ text }) => text).sort()).toEqual(["walk back", "walk up"]);
});

test("at reading zoom a label out of sight is none, though its line comes into sight", () => {
  const layout: { [id: string]: Position } = { lane: [0, 0], bench: [PITCH_X, 0], sea: [40 * PITCH_X, 0] };
  const events = [
    move("walk_up", "lane", "bench"),
    ...Array.from({ length: 9 }, (_, at) => move(`sail_${at}`, "lane", "sea")),
  ];
  const doc = fromSeed(seedOf(Object.keys(layout), events, { layout }));
  const scene = buildScene(buildGraph(doc), doc.layout);
  const names = eventNames({ scene, view: { x: 0, y: 0, k: 1 }, visibleArea: { x: 0, y: -200, w: 900, h: 400 } });
  expect([...names.values()].map(({ text }) => text)).toEqual(["walk up"]);
});

test.each([0.55, 1])("at a zoom of %f no name is cut by the miniature of the map", (k) => {
  const layout: { [id: string]: Position } = { lane: [0, 0], bench: [2 * PITCH_X, 0] };
  const doc = fromSeed(seedOf(Object.keys(layout), [move("walk_up", "lane", "bench")], { layout }));
  const scene = buildScene(buildGraph(doc), doc.layout);
  const visibleArea = { x: 0, y: -500, w: 2000, h: 1000 };
  const frame = {
    ...{ scene, view: { x: 0, y: 0, k }, visibleArea, palette: {}, liveRoutes: new Map(), detail: "titles" },
    ...{ selectedEvents: new Set(), selectedNodes: new Set(), hover: null },
  } as unknown as Frame;
  const [name] = eventNames(frame).values();
  if (!name) throw new Error("no name");
  const wordsWith = (covered: Rect | null) => {
    const { ink, words } = fakeInk();
    drawLabels(ink, { ...frame, covered });
    return words;
  };
  expect(wordsWith(null)).toEqual(["walk up"]);
  expect(wordsWith({ x: name.x + name.w - 4, y: name.y - 96, w: 152, h: 100 })).toEqual([]);
});
