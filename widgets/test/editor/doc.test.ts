import { expect, test } from "vitest";
import { applyChange, applySplices } from "../../editor/data/patch";
import { fromSeed } from "../../map/document";
import type { Changed, Diagnostic, Patch, Seed } from "../../shared/protocol";
import { seedOf } from "../fake-kernel";

const changedMessage = (patch: Patch, more: Partial<Changed> = {}): Changed => ({
  type: "changed",
  from: "0",
  rev: "1",
  patch,
  layout: {},
  diagnostics: [],
  undo: "Edit",
  redo: null,
  cause: null,
  ...more,
});
const ids = (doc: ReturnType<typeof fromSeed> | null) => doc?.states.map((state) => state.id);

test("splices apply in the order given, each index as the one before left the list", () => {
  expect(
    applySplices(
      ["a", "b", "c", "d"],
      [
        [3, 1, ["D"]],
        [1, 1, ["x", "y"]],
        [0, 0, ["_"]],
      ],
    ),
  ).toEqual(["_", "a", "x", "y", "c", "D"]);
  expect(applySplices(["a"], [[1, 1, []]])).toBeNull();
  expect(applySplices(["a"], [[-1, 0, []]])).toBeNull();
  const list = ["a"];
  expect(applySplices(list, [])).toBe(list);
});

test("splicing a hundred thousand entries at once does not run out of stack", () => {
  expect(applySplices<number>([], [[0, 0, Array.from({ length: 100_000 }, (_, at) => at)]])).toHaveLength(100_000);
});

test("a patch changes states, events, fields of the world and of the scene, and keeps what it does not name", () => {
  const doc = fromSeed(seedOf(["a", "b"], [{ name: "go", kind: "transition", from: ["a"], to: "b" }]));
  const after = applyChange(
    doc,
    changedMessage({
      states: [[1, 1, [["c", { base: "C" }]]]],
      events: [[0, 1, []]],
      world: { set: { name: "N", "scene.music": "m" }, remove: ["entrance"] },
    }),
  );
  expect(ids(after)).toEqual(["a", "c"]);
  expect(after?.states[0]).toBe(doc.states[0]);
  expect(after?.events).toEqual([]);
  expect([after?.world, after?.scene, after?.rev, after?.undo]).toEqual([{ name: "N" }, { music: "m" }, "1", "Edit"]);
  expect(after?.layout.has("b")).toBe(false);
});

test("a change that does not follow from what we hold is not applied", () => {
  expect(applyChange(fromSeed(seedOf(["a"])), changedMessage({}, { from: "7" }))).toBeNull();
  expect(applyChange(fromSeed(seedOf(["a"])), changedMessage({ states: [[5, 1, []]] }))).toBeNull();
});

test("ids that look like numbers keep the kernel's order; without that order no splice is trusted", () => {
  const seed = seedOf(["z", "10", "2"]);
  expect(ids(fromSeed(seed))).toEqual(["z", "10", "2"]);
  const { order: _, ...blind } = seed;
  const doc = fromSeed(blind as Seed);
  expect(doc.ordered).toBe(false);
  expect(applyChange(doc, changedMessage({ states: [[0, 1, [["z", { base: "Z" }]]]] }))).toBeNull();
  expect(applyChange(doc, changedMessage({ events: [[0, 0, [{ name: "e" }]]] }))?.events).toHaveLength(1);
});

test("ids such as __proto__ are ids", () => {
  const seed = JSON.parse(
    '{"protocol":1,"rev":"0","order":["__proto__","constructor"],"layout":{"__proto__":[1,2]},"world":{"scene":{"states":{"__proto__":{"base":"p"},"constructor":{"base":"c"}},"events":[]}}}',
  );
  const doc = fromSeed(seed);
  expect(ids(doc)).toEqual(["__proto__", "constructor"]);
  expect(doc.states[0]?.body.base).toBe("p");
  expect(doc.layout.get("__proto__")).toEqual([1, 2]);
});

test("a field of the world whose name looks like one of the scene's is told from it", () => {
  const doc = fromSeed(seedOf(["a"]));
  const after = applyChange(
    doc,
    changedMessage({
      world: { set: { "scene.music": "theirs", "/scene.music": "ours", "//scene.x": 1, "/plain": 2 } },
    }),
  );
  expect(after?.scene).toEqual({ music: "theirs" });
  expect(after?.world).toEqual({ entrance: { state: "a" }, "scene.music": "ours", "/scene.x": 1, "/plain": 2 });
  const back =
    after && applyChange(after, changedMessage({ world: { remove: ["/scene.music", "scene.music"] } }, { from: "1" }));
  expect(back?.scene).toEqual({});
  expect(back?.world).toEqual({ entrance: { state: "a" }, "/scene.x": 1, "/plain": 2 });
});

test("a field named __proto__ is a field, and what is not named stays the same object", () => {
  const doc = fromSeed(seedOf(["a"]));
  const set = JSON.parse('{"__proto__":{"x":1}}');
  const after = applyChange(doc, changedMessage({ world: { set } }));
  expect(Object.keys(after?.world ?? {})).toContain("__proto__");
  expect(Object.getPrototypeOf(after?.world)).toBe(Object.prototype);
  expect(after?.scene).toBe(doc.scene);
});

test("findings come as differences; without one they are the same list", () => {
  const diagnosticOf = (message: string): Diagnostic => ({
    lint: "x",
    severity: "error",
    path: "p",
    message,
    item: { kind: "state", id: "a", field: "" },
  });
  const doc = fromSeed(
    seedOf(["a"], [], { diagnostics: [diagnosticOf("one"), diagnosticOf("two"), diagnosticOf("three")] }),
  );
  const after = applyChange(
    doc,
    changedMessage(
      {},
      {
        diagnostics: [
          [2, 1, [diagnosticOf("3")]],
          [0, 1, []],
        ],
      },
    ),
  );
  expect(after?.diagnostics.map((one) => one.message)).toEqual(["two", "3"]);
  expect(applyChange(doc, changedMessage({}))?.diagnostics).toBe(doc.diagnostics);
  expect(applyChange(doc, changedMessage({}, { diagnostics: [[7, 1, []]] }))).toBeNull();
});

test("a change of places alone keeps every state and event the same object", () => {
  const doc = fromSeed(seedOf(["a", "b"]));
  const after = applyChange(doc, changedMessage({}, { rev: "0", layout: { a: [8, 16] } }));
  expect(after?.states).toBe(doc.states);
  expect(after?.events).toBe(doc.events);
  expect(after?.diagnostics).toBe(doc.diagnostics);
  expect(after?.layout.get("a")).toEqual([8, 16]);
});

test.each([null, undefined, {}, { world: 3 }, { world: { scene: { states: [], events: {} } } }])(
  "a seed that is none is an empty document: %o",
  (seed) => expect(fromSeed(seed as never).states).toEqual([]),
);
