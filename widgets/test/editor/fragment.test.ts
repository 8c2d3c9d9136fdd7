import { describe, expect, test } from "vitest";
import { fragmentOf, pasteFragment, readFragment, serializeFragment, spreadPlaces } from "../../editor/data/fragment";
import { fromSeed } from "../../map/document";
import type { JsonObject } from "../../shared/json";
import type { Position } from "../../shared/protocol";
import { seedOf } from "../fake-kernel";

const move = (name: string, from: string[], to: string, more: JsonObject = {}): JsonObject => ({
  name,
  kind: "transition",
  from,
  to,
  ...more,
});
const doc = fromSeed(
  seedOf(
    ["a", "b", "c"],
    [
      move("go", ["a", "c"], "b", { requires: ["key"] }),
      move("out", ["b"], "c"),
      { name: "look", kind: "override", from: ["a", "b"], grants: ["key"], later: { kept: true } },
      move("lost", ["a"], "gone"),
    ],
  ),
);
const places: { [id: string]: Position } = { a: [0, 0], b: [504, 240], c: [1008, 0] };
const fragmentOfStates = (ids: string[], events: number[] = []) =>
  fragmentOf(doc, new Set(ids), new Set(events), (id) => places[id]);

describe("a fragment", () => {
  test("says which region it is, and is read back with it; a foreign one needs a name only", () => {
    const region = { name: "Act one", color: "red" } as const;
    const text = serializeFragment({ ...fragmentOfStates(["a", "b"]), region });
    expect(readFragment(text)?.region).toEqual(region);
    const foreign = (value: unknown) =>
      readFragment(JSON.stringify({ format: "smworld-fragment", states: [{ id: "a", state: {} }], region: value }));
    expect(foreign({ name: " Harbour ", color: "pink" })?.region).toEqual({ name: "Harbour", color: "blue" });
    for (const value of [null, 3, "x", [], { name: "" }, { name: 7 }]) expect(foreign(value)?.region).toBe(undefined);
  });

  test("holds the states, where they stood, and the events that stay among them", () => {
    const fragment = fragmentOfStates(["a", "b"]);
    expect(fragment.states).toEqual([
      { id: "a", state: { base: "a" }, at: [0, 0] },
      { id: "b", state: { base: "b" }, at: [504, 240] },
    ]);
    expect(fragment.events.map((event) => [event.name, event.from])).toEqual([
      ["go", ["a"]],
      ["look", ["a", "b"]],
    ]);
    expect(fragment.events[1]?.later).toEqual({ kept: true });
  });

  test("keeps an event through a cutscene when both ends are among the states", () => {
    const seed = seedOf(["a", "b"], [move("jump", ["a"], "fall")]);
    seed.world.cutscenes = [{ id: "fall", from: "a", to: "b", video: "x" }];
    const fragment = fragmentOf(fromSeed(seed), new Set(["a", "b"]), new Set(), () => undefined);
    expect(fragment.events.map((event) => event.to)).toEqual(["fall"]);
  });

  test("follows the first of two cutscenes with one id", () => {
    const seed = seedOf(["a", "b", "c"], [move("jump", ["a"], "fall")]);
    const cut = { id: "fall", from: "a", to: "b", video: "x" };
    seed.world.cutscenes = [cut, { ...cut, to: "c" }];
    const namesOf = (...ids: string[]) =>
      fragmentOf(fromSeed(seed), new Set(ids), new Set(), () => undefined).events.map((event) => event.to);
    expect(namesOf("a", "b")).toEqual(["fall"]);
    expect(namesOf("a", "c")).not.toEqual(["fall"]);
  });

  test("is the same after it has been on the clipboard", () => {
    const fragment = fragmentOfStates(["a", "b"]);
    expect(readFragment(serializeFragment(fragment))).toEqual(fragment);
    expect(JSON.parse(serializeFragment(fragment)).format).toBe("smworld-fragment");
  });
});

describe("the clipboard", () => {
  test.each<[string, string[], number]>([
    ['{"base":"A tall hall of oak."}', [""], 0],
    ['{"hall":{"base":"x"},"yard":{"base":"y"}}', ["hall", "yard"], 0],
    ['{"scene":{"states":{"z":{"base":"z"}},"events":[{"name":"e","from":"z"}]}}', ["z"], 1],
    ['{"world":{"scene":{"states":{"z":{"base":"z"}},"events":[]}}}', ["z"], 0],
    ['{"name":"look","kind":"override","from":["a"]}', [], 1],
  ])("may hold %s", (text, ids, events) => {
    const fragment = readFragment(text);
    expect([fragment?.states.map(({ id }) => id), fragment?.events.length]).toEqual([ids, events]);
  });

  test.each(["", "words", "7", "null", "[]", "{}", '{"a":1}', '{"base":7}', '{"a":{"base":"x"},"b":[]}'])(
    "holds nothing to paste when it is %j",
    (text) => expect(readFragment(text)).toBeNull(),
  );

  test("is read as data, whatever shape its parts have", () => {
    const fragment = readFragment(
      '{"format":"smworld-fragment","states":[7,{"id":3,"state":4,"at":[1,"x"]}],"events":{}}',
    );
    expect(fragment).toEqual({ states: [{ id: "", state: {} }], events: [] });
  });
});

describe("pasting", () => {
  test("makes names unique, and what refers to them follows", () => {
    const edit = pasteFragment(doc, fragmentOfStates(["a", "b"]), [80, 160], null);
    expect(edit.states).toEqual(["a_2", "b_2"]);
    expect(edit.positions).toEqual({ a_2: [80, 160], b_2: [584, 400] });
    expect(edit.ops).toEqual([
      { op: "add_state", id: "a_2", state: { base: "a" } },
      { op: "add_state", id: "b_2", state: { base: "b" } },
      { op: "add_event", event: move("go_2", ["a_2"], "b_2", { requires: ["key"] }) },
      {
        op: "add_event",
        event: { name: "look_2", kind: "override", from: ["a_2", "b_2"], grants: ["key"], later: { kept: true } },
      },
    ]);
  });

  test("keeps the names in a world that does not have them", () => {
    const empty = fromSeed(seedOf([]));
    expect(pasteFragment(empty, fragmentOfStates(["a", "b"]), [0, 0], null).states).toEqual(["a", "b"]);
    const bare = readFragment('{"base":"A tall hall of oak."}');
    expect(pasteFragment(empty, bare ?? { states: [], events: [] }, [0, 0], null).states).toEqual([
      "a_tall_hall_of_oak",
    ]);
  });

  test("gives an event alone to the selected state, else to the states it was in", () => {
    const alone = fragmentOfStates([], [2]);
    const onto = pasteFragment(doc, alone, [0, 0], "c").ops[0] as unknown as { event: JsonObject };
    expect([onto.event.name, onto.event.from]).toEqual(["look_2", ["c"]]);
    const back = pasteFragment(doc, alone, [0, 0], null).ops[0] as unknown as { event: JsonObject };
    expect(back.event.from).toEqual(["a", "b"]);
  });

  test("leaves out, and counts, events that would lead nowhere", () => {
    const elsewhere = fromSeed(seedOf(["x"]));
    const edit = pasteFragment(elsewhere, fragmentOfStates([], [1]), [0, 0], "x");
    expect([edit.ops, edit.left]).toEqual([[], 1]);
  });

  test("names such as __proto__ are names", () => {
    const from = readFragment(
      '{"format":"smworld-fragment","states":[{"id":"__proto__","state":{"base":"x"}}],"events":[]}',
    );
    const edit = pasteFragment(doc, from ?? { states: [], events: [] }, [0, 0], null);
    expect(edit.states).toEqual(["__proto__"]);
    expect(Object.keys(edit.positions)).toEqual(["__proto__"]);
  });

  test("puts what had no place in rows below what had one", () => {
    const state = { id: "", state: {} };
    const places = spreadPlaces([{ ...state, at: [100, 100] }, state, state], [0, 0]);
    expect(places).toEqual([
      [0, 0],
      [0, 240],
      [504, 240],
    ]);
  });
});
