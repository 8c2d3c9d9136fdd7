import { expect, test } from "vitest";
import { eventOps, sceneOps, stateOps, worldOps } from "../../editor/forms/edits";
import { halfText } from "../../editor/forms/fields";
import { fieldName, isUnder, matchKeys, moveItem, put, read } from "../../editor/forms/paths";
import { type Doc, EMPTY_DOC } from "../../map/document";
import type { JsonObject } from "../../shared/json";

const POLLUTING_BODY = JSON.parse('{"__proto__": {"polluted": 1}, "base": "x"}') as JsonObject;

// ---- paths -------------------------------------------------------------------------------------

test("a value put at a path leaves everything beside it as it was, key order included", () => {
  const body = { base: "x", anchor: { label: "key", odd: [1] }, phases: [{ base: "a" }, { base: "b" }] };
  const changed = put(body, ["phases", 1, "camera"], "close");
  expect(changed.phases).toEqual([{ base: "a" }, { base: "b", camera: "close" }]);
  expect(changed.anchor).toBe(body.anchor);
  expect(Object.keys(put(body, ["base"], "y"))).toEqual(["base", "anchor", "phases"]);
  expect(body.phases[1]).toEqual({ base: "b" });
});

test("what has nothing left in it goes with its last field, and never more than that", () => {
  expect(put({ base: "x", drive: { movement: "back" } }, ["drive", "movement"], undefined)).toEqual({ base: "x" });
  expect(put({ landWhen: { label: "a", odd: 1 } }, ["landWhen", "label"], undefined)).toEqual({ landWhen: { odd: 1 } });
  expect(put({ phases: [{ base: "a" }] }, ["phases", 0], undefined)).toEqual({});
  expect(put({ a: [{ b: 1 }] }, ["a", 0, "b"], undefined)).toEqual({ a: [{}] });
  expect(put({}, ["autopilot", "keepCentered", "label"], "lamp")).toEqual({
    autopilot: { keepCentered: { label: "lamp" } },
  });
});

test("what was typed for an item that is gone by now changes nothing", () => {
  const body = { phases: [{ base: "a" }] };
  expect(put(body, ["phases", 3, "base"], "late")).toEqual(body);
});

test("a name that looks like a prototype is a name like any other", () => {
  const changed = put(POLLUTING_BODY, ["constructor"], "mine");
  expect(Object.keys(changed)).toEqual(["__proto__", "base", "constructor"]);
  expect(Object.keys(put({}, ["__proto__"], { a: 1 }))).toEqual(["__proto__"]);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
  expect(read({}, ["toString"])).toBeUndefined();
  expect(Object.keys(stateOps("s", {}, POLLUTING_BODY)[0]?.patch as JsonObject)).toContain("__proto__");
});

test("fields are named as the rules name them, and a field is under the thing it is in", () => {
  expect(fieldName(["phases", 1, "camera"])).toBe("phases[1].camera");
  expect(isUnder("phases[1].camera", ["phases"])).toBe(true);
  expect(isUnder("phases[1].camera", ["phases", 1])).toBe(true);
  expect(isUnder("phases[10].camera", ["phases", 1])).toBe(false);
  expect(isUnder("baseline", ["base"])).toBe(false);
});

test("items keep their keys through edits, moves, removals and undo", () => {
  const [a, b, c] = [{ t: "a" }, { t: "b" }, { t: "c" }];
  let next = 10;
  const fresh = () => next++;
  const keys = [1, 2, 3];
  expect(matchKeys([a, b, c], keys, [a, { t: "B" }, c], fresh)).toEqual([1, 2, 3]);
  expect(matchKeys([a, b, c], keys, [c, a, b], fresh)).toEqual([3, 1, 2]);
  expect(matchKeys([a, b, c], keys, [a, c], fresh)).toEqual([1, 3]);
  expect(matchKeys([a, c], [1, 3], [a, b, c], fresh)).toEqual([1, 10, 3]);
  expect(matchKeys([a, a], [1, 2], [a, a, a], fresh)).toEqual([1, 2, 11]);
  expect(moveItem([1, 2, 3], 2, 0)).toEqual([3, 1, 2]);
});

test("an emptied half stays beside one that says something, and both go together", () => {
  expect(halfText({}, ["camera", "static"], "dynamic", "wide")).toEqual({ camera: { static: "wide", dynamic: "" } });
  expect(halfText({ camera: { static: "a", dynamic: "b" } }, ["camera", "static"], "dynamic", "")).toEqual({
    camera: { static: "", dynamic: "b" },
  });
  expect(halfText({ camera: { static: "a", dynamic: "" } }, ["camera", "static"], "dynamic", "")).toEqual({});
});

// ---- a state -----------------------------------------------------------------------------------

test.each<[string, JsonObject, JsonObject, JsonObject[]]>([
  ["nothing", { base: "x" }, { base: "x" }, []],
  ["a field", { base: "x" }, { base: "y" }, [{ op: "update_state", id: "s", patch: { base: "y" } }]],
  [
    "a field away",
    { base: "x", narration: "n" },
    { base: "x" },
    [{ op: "update_state", id: "s", patch: { narration: null } }],
  ],
  [
    "a null of somebody's own, kept as one",
    { base: "x" },
    { base: "x", odd: null },
    [{ op: "put_state", id: "s", state: { base: "x", odd: null } }],
  ],
  [
    "half of a camera",
    { base: "x" },
    { base: "x", camera: { static: "wide", dynamic: "" } },
    [{ op: "set_field", state: "s", field: "camera.static", value: "wide" }],
  ],
  [
    "the last half away",
    { movement: { static: "", dynamic: "runs" } },
    {},
    [{ op: "set_field", state: "s", field: "movement.dynamic", value: null }],
  ],
  [
    "an ending",
    { base: "x" },
    { base: "x", ending: { title: "Home", kind: "win" } },
    [{ op: "set_state_ending", state: "s", title: "Home", kind: "win" }],
  ],
  [
    "an ending's subtitle away",
    { ending: { kind: "win", title: "a", subtitle: "b" } },
    { ending: { kind: "win", title: "a" } },
    [{ op: "set_state_ending", state: "s", subtitle: null, kind: "win" }],
  ],
  [
    "the title of an ending of a later version",
    { ending: { kind: "draw", title: "a", more: 1 } },
    { ending: { kind: "draw", title: "b", more: 1 } },
    [{ op: "update_state", id: "s", patch: { ending: { kind: "draw", title: "b", more: 1 } } }],
  ],
  ["an ending away", { ending: { kind: "win", title: "a" } }, {}, [{ op: "set_state_ending", state: "s", kind: null }]],
  [
    "another variant",
    {},
    { variants: [{ label: "B", base: "b" }] },
    [{ op: "add_variant", state: "s", variant: { label: "B", base: "b" } }],
  ],
  [
    "a variant less",
    {
      variants: [
        { label: "B", base: "b" },
        { label: "C", base: "c" },
      ],
    },
    { variants: [{ label: "C", base: "c" }] },
    [{ op: "remove_variant", state: "s", index: 0 }],
  ],
  [
    "a variant's words",
    { variants: [{ label: "B", base: "b" }] },
    { variants: [{ label: "B", base: "bb" }] },
    [{ op: "set_variant_field", state: "s", label: "B", field: "base", value: "bb" }],
  ],
  [
    "variants in another order",
    {
      variants: [
        { label: "B", base: "b" },
        { label: "C", base: "c" },
      ],
    },
    {
      variants: [
        { label: "C", base: "c" },
        { label: "B", base: "b" },
      ],
    },
    [
      {
        op: "update_state",
        id: "s",
        patch: {
          variants: [
            { label: "C", base: "c" },
            { label: "B", base: "b" },
          ],
        },
      },
    ],
  ],
])("a state's change is said by the exact operation: %s", (_, before, after, ops) => {
  expect(stateOps("s", before, after)).toEqual(ops);
});

// ---- an event ----------------------------------------------------------------------------------

const doc = (events: JsonObject[]): Doc => ({ ...EMPTY_DOC, events });
const GATE: JsonObject = { name: "open_gate", kind: "transition", from: ["a"], to: "b" };

test.each<[string, JsonObject, JsonObject]>([
  ["hint", { lockedHint: "no" }, { op: "set_event_locked_hint", event: "open_gate", hint: "no" }],
  ["hotkey", { hotkey: "k" }, { op: "set_event_hotkey", event: "open_gate", value: "k" }],
  ["phases", { phases: [{ base: "p" }] }, { op: "set_event_phases", event: "open_gate", value: [{ base: "p" }] }],
  ["grants", { grants: ["f"] }, { op: "set_event_grants", event: "open_gate", value: ["f"] }],
  ["base", { base: "b" }, { op: "set_event_field", event: "open_gate", field: "base", value: "b" }],
  ["kind", { kind: "override" }, { op: "set_event_kind", event: "open_gate", kind: "override" }],
  ["anchor", { anchor: { label: "gate" } }, { op: "set_event_anchor", event: "open_gate", label: "gate" }],
  ["timer", { autoAfterMs: 9 }, { op: "update_event", name: "open_gate", patch: { autoAfterMs: 9 } }],
  ["null", { odd: null }, { op: "put_event", index: 0, event: { ...GATE, odd: null } }],
])("an event's change is said by the exact operation: %s", (_, change, op) => {
  expect(eventOps(doc([GATE]), 0, { ...GATE, ...change })).toEqual([op]);
});

test("the second of two events with one name is put whole, by its place", () => {
  const after = { ...GATE, base: "x" };
  expect(eventOps(doc([GATE, GATE]), 1, after)).toEqual([{ op: "put_event", index: 1, event: after }]);
});

// ---- the world ---------------------------------------------------------------------------------

const CUT: JsonObject = { id: "fall", video: "f.mp4", from: "a", to: "b" };
const WALK: JsonObject = { id: "walk", title: "Walk", beats: [{ state: "a" }] };

test.each<[string, JsonObject, JsonObject, JsonObject[]]>([
  ["the subject", {}, { subject: "x" }, [{ op: "set_subject", subject: "x" }]],
  ["narration off", { narrate: true }, {}, [{ op: "set_narrate", narrate: null }]],
  ["the intro", {}, { introVideo: "v" }, [{ op: "set_intro", video: "v" }]],
  ["the entrance", {}, { entrance: { state: "a" } }, [{ op: "set_entrance", state: "a" }]],
  [
    "its picture",
    { entrance: { state: "a" } },
    { entrance: { state: "a", image: { src: "p" } } },
    [{ op: "set_entrance", state: "a", image: { src: "p" } }],
  ],
  ["the name", { name: "a" }, { name: "b" }, [{ op: "put_world", set: { name: "b" } }]],
  ["a cover of null", {}, { cover: null }, [{ op: "put_world", set: { cover: null } }]],
  [
    "a field of one's own",
    { odd: 1 },
    { "scene.x": [2] },
    [{ op: "put_world", set: { "/scene.x": [2] }, remove: ["odd"] }],
  ],
  ["another cutscene", {}, { cutscenes: [CUT] }, [{ op: "add_cutscene", cutscene: CUT }]],
  ["a cutscene less", { cutscenes: [CUT] }, {}, [{ op: "remove_cutscene", id: "fall" }]],
  ["another set-piece", {}, { sequences: [WALK] }, [{ op: "add_sequence", sequence: WALK }]],
  [
    "a mission's record less",
    { missions: [{ id: "m", title: "M", objectives: [] }] },
    {},
    [{ op: "put_world", remove: ["missions"] }],
  ],
  [
    "the logline",
    { story: { logline: "a", beats: [] } },
    { story: { logline: "b", beats: [] } },
    [{ op: "set_story", logline: "b" }],
  ],
  ["the outro away", { outro: { video: "v", flag: "f", state: "a" } }, {}, [{ op: "set_outro", video: null }]],
])("the world's change is said by the exact operation: %s", (_, before, after, ops) => {
  expect(worldOps({ events: [] }, before, after)).toEqual(ops);
});

test("events follow a cutscene to its new id, and story beats a set-piece", () => {
  const event: JsonObject = { name: "go", kind: "transition", from: ["a"], to: "fall" };
  const renamed = { ...CUT, id: "drop" };
  expect(worldOps({ events: [event] }, { cutscenes: [CUT] }, { cutscenes: [renamed] })).toEqual([
    { op: "put_world", set: { cutscenes: [renamed] } },
    { op: "put_event", index: 0, event: { ...event, to: "drop" } },
  ]);
  const story = { logline: "l", beats: [{ summary: "s", sequence: "walk" }, { summary: "t" }] };
  const stroll = { ...WALK, id: "stroll" };
  const [op] = worldOps({ events: [] }, { sequences: [WALK], story }, { sequences: [stroll], story });
  expect(((op?.set ?? {}) as JsonObject).story).toEqual({
    logline: "l",
    beats: [{ summary: "s", sequence: "stroll" }, { summary: "t" }],
  });
});

test("the scene's own fields are named as the scene's", () => {
  expect(sceneOps({ odd: 1, gone: 2 }, { odd: 3 })).toEqual([
    { op: "put_world", set: { "scene.odd": 3 }, remove: ["scene.gone"] },
  ]);
});
