import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { movePatch, regionPatch, tagPatch, tagsPatch } from "../../editor/annotations/edits";
import { bulkOps, EVENT_EDITS, STATE_EDITS } from "../../editor/tables/bulk";
import { namesIn } from "../../editor/tables/columns";
import { findAll, keepsCapitals, patternOf, replaceMatches, replaceOps, type Search } from "../../editor/tables/find";
import { flagArcs } from "../../editor/tables/flag-arcs";
import { countWords, proseOf, worldWords } from "../../editor/tables/prose";
import { eventRows, filterRows, flagRows, missionRows, sortRows, stateRows, useName } from "../../editor/tables/rows";
import { NO_ANNOTATIONS, patchAnnotations } from "../../map/annotations";
import type { Doc } from "../../map/document";
import { fromSeed } from "../../map/document";
import { buildGraph } from "../../map/graph";
import type { JsonObject } from "../../shared/json";
import type { HeldReply, Seed } from "../../shared/protocol";

interface Case {
  text: string;
  matchCase?: boolean;
  wholeWords?: boolean;
  new: string;
  counts: number[];
  after: string[];
}
const CASES = JSON.parse(readFileSync(new URL("../../../schema/conformance/find.json", import.meta.url), "utf-8")) as {
  texts: string[];
  words: number[];
  find: Case[];
};

const WORLD: JsonObject = {
  name: "The brass key",
  subject: "Ines, in brass",
  missions: [
    {
      id: "m",
      title: "Light it",
      complete: "lit",
      objectives: [
        { id: "one", text: "Find the lamp" },
        { id: "two", text: "Climb" },
      ],
    },
  ],
  scene: {
    states: {
      "10": {
        base: "A brass lamp.",
        variants: [
          { label: "B", base: "Brass again." },
          { label: "B", base: "x" },
        ],
      },
      yard: { base: "A yard.", narration: "Brass.", ending: { kind: "win", title: "brass" } },
    },
    events: [
      { name: "go", kind: "transition", from: ["10"], to: "yard", requires: ["key"], detail: "Brass door" },
      { name: "take", kind: "override", from: ["yard"], grants: ["key", "brass_key"], phases: [{ base: "brass" }] },
      { name: "go", kind: "transition", from: ["yard"], to: "10", requires: ["brass_key"], base: "brass" },
    ],
  },
};
const seed = (world: JsonObject) =>
  fromSeed({
    protocol: 1,
    world,
    order: ["10", "yard"],
    layout: {},
    rev: "1",
    diagnostics: [],
    undo: null,
    redo: null,
    rules: {},
  } as Seed);
const DOC = seed(WORLD);
const ANNOTATIONS = patchAnnotations(NO_ANNOTATIONS, {
  regions: { r: { name: "Act one", states: ["yard"], color: "blue", collapsed: false } },
  tags: { night: { color: "teal" }, wet: { color: "purple" } },
  tagged: { yard: ["night", "wet"] },
});
const BRASS: Search = { text: "brass", matchCase: false, wholeWords: false, reader: null };

// ---- find and replace --------------------------------------------------------------------------

test.each(CASES.find)("finding “$text” agrees with the kernel's search ($matchCase, $wholeWords)", (one) => {
  const search = { text: one.text, matchCase: one.matchCase ?? false, wholeWords: one.wholeWords ?? false };
  const pattern = patternOf(search) as RegExp;
  expect(CASES.texts.map((text) => text.match(pattern)?.length ?? 0)).toEqual(one.counts);
  expect(CASES.texts.map((text) => replaceMatches(text, pattern, one.new, keepsCapitals(search)))).toEqual(one.after);
});

test("a hyphen is found and replaced as any other letter, and makes no range", () => {
  const search = { text: "well-known", matchCase: false, wholeWords: true };
  const pattern = patternOf(search) as RegExp;
  expect(replaceMatches("A well-known lamp. Well-known, well known.", pattern, "famous", keepsCapitals(search))).toBe(
    "A famous lamp. Famous, well known.",
  );
  const range = patternOf({ text: "a-z", matchCase: true, wholeWords: false }) as RegExp;
  expect("a to z, a-z, b".match(range)).toEqual(["a-z"]);
});

test("words are counted as the kernel counts them", () => {
  expect(CASES.texts.map(countWords)).toEqual(CASES.words);
});

test("every text is found where it stands, ids and flags never", () => {
  expect(findAll(DOC, BRASS).map(({ key, count }) => `${key} ${count}`)).toEqual([
    "world 0  name 1",
    "world 0  subject 1",
    "state 0 10 base 1",
    "state 0 10 variants[0].base 1",
    "state 0 yard narration 1",
    "state 0 yard ending.title 1",
    "event 0 go detail 1",
    "event 0 take phases[0].base 1",
    "event 1 go base 1",
  ]);
  expect(findAll(DOC, { ...BRASS, reader: "player" }).map(({ key }) => key)).toEqual([
    "world 0  name",
    "state 0 yard narration",
    "state 0 yard ending.title",
    "event 0 go detail",
  ]);
  expect(findAll(DOC, { ...BRASS, text: "" })).toEqual([]);
});

test("a replacement is one batch, of two events of one name by index, of doubtful variants whole", () => {
  expect(replaceOps(DOC, findAll(DOC, BRASS), BRASS, "iron")).toEqual([
    { op: "put_world", set: { name: "The iron key", subject: "Ines, in iron" } },
    {
      op: "put_state",
      id: "10",
      state: {
        base: "A iron lamp.",
        variants: [
          { label: "B", base: "Iron again." },
          { label: "B", base: "x" },
        ],
      },
    },
    { op: "update_state", id: "yard", patch: { narration: "Iron.", ending: { kind: "win", title: "iron" } } },
    { op: "set_event_field", event: "go", field: "detail", value: "Iron door" },
    { op: "set_event_phases", event: "take", value: [{ base: "iron" }] },
    {
      op: "put_event",
      index: 2,
      event: { name: "go", kind: "transition", from: ["yard"], to: "10", requires: ["brass_key"], base: "iron" },
    },
  ]);
});

test("a text that is left out is known again after states and events were added and moved elsewhere", () => {
  const keysOf = (doc: Doc) => new Map(findAll(doc, BRASS).map(({ key, text }) => [key, text]));
  const before = keysOf(DOC);
  const [first, second, ...events] = DOC.events;
  const after = keysOf({
    ...DOC,
    states: [{ id: "new", body: { base: "A brass bell." } }, ...DOC.states],
    events: [{ ...second, name: "ring", base: "Brass rings." }, second, first, ...events],
  } as Doc);
  for (const [key, text] of before) expect([key, after.get(key)]).toEqual([key, text]);
});

test("texts that are left out stay", () => {
  const some = findAll(DOC, BRASS).filter(({ kind }) => kind === "world");
  expect(replaceOps(DOC, some.slice(1), BRASS, "iron")).toEqual([
    { op: "put_world", set: { subject: "Ines, in iron" } },
  ]);
});

// ---- rows --------------------------------------------------------------------------------------

test("a row of each kind says what its thing is", () => {
  const graph = buildGraph(DOC, null);
  const rows = stateRows(DOC, graph, ANNOTATIONS, new Map([["yard", "r"]]));
  expect(rows.map(({ region, tags }) => [region, tags])).toEqual([
    ["", []],
    ["Act one", ["night", "wet"]],
  ]);
  expect(rows[1]).toMatchObject({
    id: "yard",
    prose: "A yard.",
    ending: "win",
    out: 1,
    into: 1,
    words: 4,
  });
  expect(eventRows(DOC).map(({ key }) => key)).toEqual(["go 0", "take 0", "go 1"]);
  expect(missionRows(DOC)).toMatchObject([
    { key: "m 0", index: 0, id: "m", title: "Light it", steps: ["Find the lamp", "Climb"], complete: "lit", words: 6 },
  ]);
});

test("a flag's row has who gives it, who needs it, and where it is held", () => {
  const reply: HeldReply = {
    type: "held",
    id: 1,
    view: "v",
    rev: "1",
    flags: { key: { always: ["10"], sometimes: [] } },
  };
  const [key, lit] = [
    flagRows(DOC, reply).find(({ name }) => name === "key"),
    flagRows(DOC, null).find(({ name }) => name === "lit"),
  ];
  expect(key).toMatchObject({ always: ["10"], sometimes: [] });
  expect([key?.givenBy.map(useName), key?.neededBy.map(useName)]).toEqual([["take"], ["go"]]);
  expect(lit?.always).toBeNull();
  expect(lit?.neededBy.map(useName)).toEqual(["mission Light it"]);
});

test("sorting knows numbers in names and keeps the order of equals", () => {
  const rows = ["room 10", "room 2", "Room 2", "hall"].map((name, at) => ({ name, at }));
  const names = (down: boolean) => sortRows(rows, ({ name }) => name, down).map(({ at }) => at);
  expect(names(false)).toEqual([3, 1, 2, 0]);
  expect(names(true)).toEqual([0, 1, 2, 3]);
  for (const down of [true, false]) expect(sortRows(["", "b", ""], (row) => row, down)).toEqual(["b", "", ""]);
});

test("a filter wants every word, in whatever column", () => {
  const rows = [
    ["brass key", "hall"],
    ["brass", "yard"],
  ];
  expect(filterRows(rows, "HALL brass", (row) => row)).toEqual([rows[0]]);
  expect(filterRows(rows, " ", (row) => row)).toEqual(rows);
});

test("words are summed by who reads them, over the whole world", () => {
  expect(Object.fromEntries(worldWords(DOC))).toEqual({ player: 13, picture: 13 });
});

// ---- bulk edits --------------------------------------------------------------------------------

const edit = (key: string) =>
  [...STATE_EDITS, ...EVENT_EDITS].find((one) => one.key === key) as (typeof STATE_EDITS)[number];

test("a bulk edit changes every row that it changes anything in", () => {
  expect(bulkOps(DOC, "event", [0, 2], edit("needs"), "key")).toEqual([
    { op: "put_event", index: 2, event: { ...DOC.events[2], requires: ["brass_key", "key"] } },
  ]);
  expect(bulkOps(DOC, "event", [0, 1], edit("needs-not"), "key")).toEqual([
    { op: "set_event_requires", event: "go", value: null },
  ]);
  expect(bulkOps(DOC, "state", [1], edit("append-base"), "It rains.")).toEqual([
    { op: "update_state", id: "yard", patch: { base: "A yard. It rains." } },
  ]);
  expect(bulkOps(DOC, "state", [1, 7], edit("camera.static"), "Wide.")).toEqual([
    { op: "set_field", state: "yard", field: "camera.static", value: "Wide." },
  ]);
  expect(bulkOps(DOC, "event", [0], edit("often"), "")).toEqual([]);
});

test("tags and regions of many rows change in one patch, and a new name makes a tag or a region", () => {
  expect(tagPatch(ANNOTATIONS, ["10", "yard"], " Wet ", true)).toEqual({
    tagged: { "10": ["wet"], yard: ["night", "wet"] },
  });
  expect(tagPatch(ANNOTATIONS, ["yard"], "night", false)).toEqual({ tagged: { yard: ["wet"] } });
  expect(tagPatch(ANNOTATIONS, ["yard"], "  ", true)).toBeNull();
  expect(tagsPatch(ANNOTATIONS, "10", namesIn("wet,  needs   work, wet,"))).toEqual({
    tags: { "needs work": { color: "orange" } },
    tagged: { "10": ["wet", "needs work"] },
  });
  const region = (states: string[]) => ({ name: "Act one", states, color: "blue", collapsed: false });
  expect(regionPatch(ANNOTATIONS, ["10", "yard"], "ACT one")).toEqual({ regions: { r: region(["yard", "10"]) } });
  expect(regionPatch(ANNOTATIONS, ["10", "yard"], "")).toEqual({ regions: { r: region([]) } });
  expect(movePatch(ANNOTATIONS, ["10"], "r")).toEqual({ regions: { r: region(["yard", "10"]) } });
  expect(Object.values(regionPatch(ANNOTATIONS, ["10"], "Act two").regions ?? {})).toEqual([
    { name: "Act two", states: ["10"], color: "teal", collapsed: false },
  ]);
});

// ---- on the map --------------------------------------------------------------------------------

test("a flag's arcs begin where it is given and end where it is needed", () => {
  const graph = buildGraph(DOC, null);
  expect(flagArcs(graph, "key")).toEqual({ flag: "key", givers: [{ node: 1 }], users: [{ edge: 0 }] });
  expect(flagArcs(graph, "nothing")).toEqual({ flag: "nothing", givers: [], users: [] });
});

test("a field whose name is that of a prototype is no text", () => {
  expect(proseOf("state", JSON.parse('{"base": "x", "__proto__": {"narration": "y"}}') as JsonObject)).toHaveLength(1);
});
