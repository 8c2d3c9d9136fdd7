/** Regions on the map: what is drawn while some are collapsed, and names from far away. */
import { expect, test } from "vitest";
import { project, regionOfBox } from "../../editor/annotations/projection";
import { namesFor } from "../../editor/canvas/far-names";
import type { Frame } from "../../editor/canvas/frame";
import { groundsOf } from "../../editor/canvas/grounds";
import { titledLayout } from "../../editor/canvas/titled-card";
import { NO_ANNOTATIONS, patchAnnotations } from "../../map/annotations";
import { type Doc, fromSeed } from "../../map/document";
import { overlap } from "../../map/geometry/curve";
import { CARD_H } from "../../map/geometry/dimensions";
import { buildGraph } from "../../map/graph";
import { buildScene, labelOf, nodesIn } from "../../map/scene";
import type { Position, Region, Seed } from "../../shared/protocol";

/** A world of rooms in a row, each with a way to the next and one back to the first. */
function row(n: number): Doc {
  const ids = Array.from({ length: n }, (_, at) => `room_${at}`);
  const events = ids.flatMap((id, at) => [
    { name: `on_${at}`, kind: "transition", from: [id], to: ids[at + 1] ?? ids[0] },
    { name: `back_${at}`, kind: "transition", from: [id], to: ids[0] },
    { name: `look_${at}`, kind: "override", from: [id] },
  ]);
  const states = Object.fromEntries(ids.map((id) => [id, { base: `The ${id}.` }]));
  const layout = Object.fromEntries(ids.map((id, at) => [id, [(at % 10) * 504, Math.floor(at / 10) * 240]]));
  return fromSeed({
    world: { entrance: { state: ids[0] }, scene: { states, events } },
    order: ids,
    layout,
    rev: "1",
    diagnostics: [],
  } as unknown as Seed);
}

const region = (...states: string[]): Region => ({ name: "Act one", states, color: "blue", collapsed: true });

test("a collapsed region is one box, to which the ways into it lead", () => {
  const doc = row(6);
  const { doc: drawn, boxes, hidden } = project(doc, [["r", region("room_1", "room_2")]], null);
  const graph = buildGraph(drawn);
  expect([...boxes]).toEqual([[6, "r"]]);
  expect([...hidden]).toEqual([
    [1, 6],
    [2, 6],
  ]);
  const ways = graph.edges.map(({ source, target, index }) => [source, target, drawn.events[index]?.name]);
  expect(ways).toContainEqual([0, 6, "on_0"]);
  expect(ways).toContainEqual([6, 3, "on_2"]);
  // Within the box nothing is drawn, and chips of its states are not on it.
  expect(ways.some(([, , name]) => name === "on_1")).toBe(false);
  expect(graph.nodes[6]?.local).toEqual([]);
  expect(graph.out[1]).toEqual([]);
});

test("numbers of states and events mean the same with and without collapsed regions", () => {
  const doc = row(6);
  const { doc: drawn } = project(doc, [["r", region("room_1", "room_2")]], null);
  expect(drawn.states.slice(0, 6)).toEqual(doc.states);
  expect(drawn.events.map((event) => event.name)).toEqual(doc.events.map((event) => event.name));
  expect(regionOfBox(drawn.states[6]?.id ?? "")).toBe("r");
  expect(regionOfBox("room_1")).toBe(null);
});

test("what is inside a box stands where the box stands", () => {
  const { doc: drawn } = project(row(6), [["r", region("room_1", "room_3")]], null);
  const place = drawn.layout.get("room_1");
  expect(place).toEqual([1008, 0]);
  expect(drawn.layout.get(drawn.states[6]?.id ?? "")).toEqual(place);
});

test("with nothing collapsed the document itself is drawn", () => {
  const doc = row(3);
  expect(project(doc, [], null).doc).toBe(doc);
  expect(project(doc, [["r", region("gone")]], null).boxes.size).toBe(0);
});

test("an edit elsewhere leaves the events that are drawn the same objects", () => {
  const doc = row(6);
  const collapsed: [string, Region][] = [["r", region("room_1", "room_2")]];
  const before = project(doc, collapsed, null);
  const moved = { ...doc, layout: new Map([...doc.layout, ["room_5", [0, 900]]]) } as Doc;
  const after = project(moved, collapsed, before);
  expect(after.doc.events).toBe(before.doc.events);
  expect(after.doc.states).toBe(before.doc.states);
});

test.each([0.03, 0.06, 0.1, 0.15, 0.25])("at a zoom of %f no name covers another, and regions come first", (k) => {
  const doc = row(80);
  const scene = buildScene(buildGraph(doc), doc.layout);
  const view = { x: 0, y: 0, k };
  const regions = [{ id: "r", name: "Act one", colour: "blue" as const, nodes: [...Array(30).keys()], box: -1 }];
  const names = namesFor({ scene, view, regions });
  if (k > 0.05) expect(names.some(({ node }) => node === 0)).toBe(true);
  if (k < 0.12) expect(names[0]?.region?.id).toBe("r");
  for (const [at, name] of names.entries())
    for (const other of names.slice(at + 1)) expect(overlap(name, other)).toBe(false);
});

test("at the zoom at which a world opens whole every state whose name is not long has it, in letters of 9 pixels at the least", () => {
  const doc = row(80);
  const scene = buildScene(buildGraph(doc), doc.layout);
  const names = namesFor({ scene, view: { x: 0, y: 0, k: 0.16 }, regions: [] });
  expect(new Set(names.map(({ node }) => node)).size).toBe(80);
  expect(Math.min(...names.map(({ size }) => size * 0.16))).toBeGreaterThanOrEqual(9);
});

test.each([0.1052, 0.13, 0.16, 0.25, 0.31])(
  "at a zoom of %f each state of a grid has its name, which covers no other card",
  (k) => {
    const doc = row(40);
    const grid = doc.states.map(({ id }, at): [string, Position] => [id, [(at % 8) * 504, Math.floor(at / 8) * 240]]);
    const gridDoc: Doc = { ...doc, layout: new Map(grid) };
    const scene = buildScene(buildGraph(gridDoc), gridDoc.layout);
    const names = namesFor({ scene, view: { x: 0, y: 0, k }, regions: [] });
    expect(new Set(names.map(({ node }) => node)).size).toBe(40);
    for (const { node, x, y, w, h } of names)
      expect(nodesIn(scene, { x: x + 1, y: y + 1, w: w - 2, h: h - 2 })).toEqual([node]);
  },
);

test.each([
  [0.139, false],
  [0.2, false],
  [0.25, true],
  [0.3, true],
])("at a zoom of %f a long word of a name stands whole, in smaller letters (under a picture: %s)", (k, isPictured) => {
  const names = [
    "weighbridge",
    "blossoming_border",
    "cross_reference_stair",
    "conservation_bench",
    "the_new_night_clerk",
  ];
  const states = Object.fromEntries(names.map((id) => [id, { base: "A place." }]));
  const layout = Object.fromEntries(names.map((id, at) => [id, [at * 504, 0]]));
  const doc = fromSeed({ world: { scene: { states, events: [] } }, layout, rev: "1" } as unknown as Seed);
  const scene = buildScene(buildGraph(doc), doc.layout);
  const drawn = namesFor({ scene, view: { x: 0, y: 0, k }, regions: [] }, isPictured);
  const texts = drawn.map(({ lines }) => lines.join("_").replaceAll(" ", "_"));
  for (const name of names) expect(texts).toContain(name);
  for (const { size, x, y, w, h } of drawn) {
    expect(size * k).toBeGreaterThanOrEqual(9);
    expect(nodesIn(scene, { x: x + 1, y: y + 1, w: w - 2, h: h - 2 }).length).toBe(1);
  }
});

test("a patch leaves the sections that it does not name the same objects", () => {
  const first = patchAnnotations(NO_ANNOTATIONS, { regions: { r: region("a") }, tags: { night: { color: "red" } } });
  const second = patchAnnotations(first, { regions: { r: null } });
  expect(second.regions.size).toBe(0);
  expect(second.tags).toBe(first.tags);
  expect(patchAnnotations(second, undefined)).toBe(second);
});

test("the ground of a region covers the ground of each of its cards and nothing else, in few rectangles", () => {
  const card = ([x, y]: readonly number[]) => [(x ?? 0) - 112, (y ?? 0) - 36, (x ?? 0) + 392, (y ?? 0) + 204] as const;
  const grid = Array.from({ length: 40 }, (_, at): [number, number] => [(at % 8) * 504, Math.floor(at / 8) * 240]);
  expect(groundsOf(grid).length).toBe(5);
  expect(groundsOf([])).toEqual([]);
  for (const places of [
    grid,
    grid.filter((_, at) => at % 3 > 0),
    grid.map(([x, y], at): [number, number] => [x + at * 7, y]),
  ]) {
    const grounds = groundsOf(places);
    const covers = (x: number, y: number) =>
      grounds.some((one) => x >= one.x && x <= one.x + one.w && y >= one.y && y <= one.y + one.h);
    const inCard = (x: number, y: number) =>
      places.map(card).some(([l, t, r, b]) => x >= l && x <= r && y >= t && y <= b);
    for (let x = -200; x < 4600; x += 61)
      for (let y = -100; y < 1300; y += 53) expect(covers(x, y), `${x} ${y}`).toBe(inCard(x, y));
  }
});

test("the ground of a region goes on where there is only free room between its cards", () => {
  const column: [number, number][] = [0, 1, 4, 5, 20].map((row) => [0, row * 240]);
  expect(groundsOf(column).length).toBe(3);
  expect(groundsOf(column, () => true).map(({ y, h }) => [y, y + h])).toEqual([
    [-36, 5 * 240 + 204],
    [20 * 240 - 36, 20 * 240 + 204],
  ]);
  const scattered: [number, number][] = [
    [0, 0],
    [504, 0],
    [504, 960],
  ];
  const grounds = groundsOf(scattered, () => true);
  expect(grounds.some(({ x, y, w, h }) => x <= 600 && x + w >= 600 && y <= 500 && y + h >= 500)).toBe(true);
});

test.each([0.05, 0.08, 0.11])(
  "at a zoom of %f the name of a region stands beside its cards where there is room",
  (k) => {
    const doc = row(20);
    const scene = buildScene(buildGraph(doc), doc.layout);
    const nodes = [...Array(6).keys()];
    const regions = [{ id: "r", name: "The long quay", colour: "blue" as const, nodes, box: -1 }];
    const [name] = namesFor({ scene, view: { x: 0, y: 0, k }, regions });
    expect(name?.region?.id).toBe("r");
    expect(name && nodesIn(scene, name)).toEqual([]);
  },
);

test("a long name of an event stands whole where there is room beside it, and is cut where there is not", () => {
  const between = (distance: number) => {
    const doc = fromSeed({
      world: {
        scene: {
          states: { a: { base: "A." }, b: { base: "B." } },
          events: [{ name: "descend_to_the_conservation_bench", kind: "transition", from: ["a"], to: "b" }],
        },
      },
      layout: { a: [0, 0], b: [280 + distance, 0] },
      rev: "1",
    } as unknown as Seed);
    return labelOf(buildScene(buildGraph(doc), doc.layout), 0)?.text;
  };
  expect(between(600)).toBe("descend to the conservation bench");
  expect(between(224)).toMatch(/^descend to the .*…$/);
});

test.each([0.25, 0.3, 0.32, 0.35, 0.38, 0.46, 0.6])(
  "at zoom %f a name of three words stands whole on its card, under a picture too",
  (k) => {
    const ids = ["where_the_token_is", "upper_department_store"];
    const states = Object.fromEntries(ids.map((id) => [id, { base: "A hut." }]));
    const layout = Object.fromEntries(ids.map((id) => [id, [0, 0]]));
    const doc = fromSeed({ world: { scene: { states, events: [] } }, layout, rev: "1" } as unknown as Seed);
    const { nodes } = buildGraph(doc);
    const palette = {} as Frame["palette"];
    const looks = nodes.flatMap((node) =>
      [null, {} as NonNullable<Frame["thumbnails"]>].map((look) => [node, look] as const),
    );
    expect(looks).toHaveLength(4);
    for (const [node, thumbnails] of looks) {
      const { name, above, line, pad } = titledLayout({ thumbnails, view: { x: 0, y: 0, k }, palette }, node);
      if (name.length === 0) continue; // from far away the name is drawn over the card
      expect(name.join("_").replaceAll(" ", "_")).toBe(node.id);
      expect(above + pad * 0.8 + name.length * line).toBeLessThanOrEqual(CARD_H);
    }
  },
);
