import { expect, test } from "vitest";
import { complete, FORMS, type NameOption, namesOf, putIn } from "../../editor/properties/completion";
import { positionAt, readProperties } from "../../editor/properties/data";

const NAMES: NameOption[] = [
  { value: "oil_store", detail: "state" },
  { value: "lamp", detail: "state" },
  { value: "lamp", detail: "flag" },
  { value: "oil", detail: "flag" },
  { value: "light", detail: "event" },
];

function values(input: string): string[] {
  return complete(input, input.length, NAMES).options.map(({ value }) => value);
}

test("an empty field offers the forms of properties", () => {
  expect(complete("", 0, NAMES).options).toBe(FORMS);
});

test("names are offered in quotes, those that begin with what is typed first", () => {
  expect(values("never oi")).toEqual(['"oil_store"', '"oil"']);
  expect(values("never ght")).toEqual(['"light"']);
});

test("a name of several things is offered with what it is", () => {
  expect(values("never la")).toEqual(['state "lamp"', 'holding "lamp"']);
});

test("after a word for a kind only names of that kind are offered", () => {
  expect(values('never holding "')).toEqual(['"lamp"', '"oil"']);
  expect(values("never state ")).toEqual(['"oil_store"', '"lamp"']);
});

test("after a condition the words between two conditions are offered", () => {
  expect(values('"oil" ')).toContain("before ");
  expect(values('"oil" be')).toEqual(["before "]);
});

test("a name takes the place of what is typed, an open quote included", () => {
  const input = 'never "oi" while "lamp"';
  const caret = 9;
  const option = { value: '"oil"', detail: "flag" };
  expect(putIn(input, complete(input, caret, NAMES), option).text).toBe('never "oil" while "lamp"');
  expect(putIn("never oi", complete("never oi", 8, NAMES), option)).toEqual({ text: 'never "oil" ', caret: 12 });
});

test("the names of a world are those of its states, events, flags, endings, missions and tags", () => {
  const doc = {
    states: [{ id: "hall", body: { ending: { title: "HOME" } } }],
    events: [{ name: "enter", kind: "transition", requires: ["key"] }],
    world: { missions: [{ id: "find" }] },
  };
  expect(namesOf(doc, ["night"]).map(({ value, detail }) => `${detail} ${value}`)).toEqual([
    "state hall",
    "event enter",
    "flag key",
    "ending HOME",
    "mission find",
    "tag night",
  ]);
});

test("a run is shown as far as it is gone through", () => {
  const run = { start: "a", steps: [["go", "a", "c", ["b"]] as [string, string, string, string[]]], more: 0 };
  expect(positionAt(run, 0)).toMatchObject({ state: "a", states: ["a"], last: null });
  expect(positionAt(run, 1)).toMatchObject({ state: "c", states: ["a", "b", "c"], last: ["go", "a"] });
});

test("what is no list of properties is an empty one", () => {
  expect(readProperties(null)).toMatchObject({ rows: [], checking: false, readable: true });
  expect(readProperties({ rows: [{ name: 3, outcome: "odd" }] }).rows[0]).toMatchObject({ outcome: "waiting" });
});
