import { expect, test } from "vitest";
import { rankOptions } from "../../editor/forms/combo-field";
import { parseNumber } from "../../editor/forms/fields";
import { flagUses } from "../../editor/forms/flag-usage";
import { clashes, holderOf, isReserved, keyOf, readHotkey } from "../../editor/forms/hotkey";
import { inside } from "../../editor/forms/image-field";
import { parseMilliseconds, secondsText } from "../../editor/forms/seconds";
import { approachM, duration, landingWords, playingMs, waypointWords } from "../../editor/forms/timing-text";
import { parseJson, unknownFields } from "../../editor/forms/unknown-fields";
import { nextLabel } from "../../editor/inspector/state";
import { worldFindings } from "../../editor/inspector/world";
import type { JsonObject } from "../../shared/json";
import type { Diagnostic } from "../../shared/protocol";

// ---- numbers, JSON, pictures -------------------------------------------------------------------

test("a number is taken within its bounds, nothing is nothing, and the rest is refused in words", () => {
  expect(["", " ", "0", "1500", "2.5", "2,5"].map((typed) => parseNumber(typed, { least: 0 }))).toEqual([
    undefined,
    undefined,
    0,
    1500,
    2.5,
    2.5,
  ]);
  expect(["1,000", "-1,000", "1,000,000.5", "0,125", "12,5"].map((typed) => parseNumber(typed, {}))).toEqual([
    1000, -1000, 1_000_000.5, 0.125, 12.5,
  ]);
  expect(parseNumber("12,34,567", {})).toContain("Expected a number");
  expect(parseNumber("-1", { least: 0 })).toBe("Expected a number from 0 up, got “-1”.");
  expect(parseNumber("soon", {})).toBe("Expected a number, got “soon”.");
  expect(parseNumber("2", { least: 0, most: 1 })).toBe("Expected a number from 0 to 1, got “2”.");
  expect(parseNumber("0", { least: 0, above: true })).toBe("Expected a number above 0, got “0”.");
  expect(parseNumber("Infinity", {})).toContain("Expected a number");
  expect(parseNumber("", { required: true })).toBe("A number is needed here.");
});

test("unknown fields are read as JSON or refused with what is wrong", () => {
  expect(parseJson('{"a": [1, null]}')).toEqual({ value: { a: [1, null] } });
  expect(parseJson("null")).toEqual({ value: null });
  expect(parseJson("a text")).toHaveProperty("refused");
  expect(unknownFields({ base: "x", odd: 1, __proto__x: 2 }, new Set(["base"]))).toEqual(["odd", "__proto__x"]);
});

test("only a picture that is in the world itself is ever shown", () => {
  expect(inside("data:image/png;base64,AAAAAAAA")).toBe("image/png, 1 kB");
  for (const address of ["https://x.y/p.png", "p.png", "data:text/html;base64,AAAA", "javascript:1"])
    expect(inside(address)).toBeNull();
});

// ---- keys --------------------------------------------------------------------------------------

const press = (key: string, more: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("a hotkey is one key that nothing else has a use for", () => {
  expect(readHotkey(press("K"))).toEqual({ key: "k" });
  expect(readHotkey(press("1"))).toHaveProperty("refused", expect.stringContaining("Digits choose"));
  expect(readHotkey(press("F2"))).toHaveProperty("refused");
  for (const key of ["w", "A", "s", "D", " ", "ArrowUp", "ArrowLeft"])
    expect(readHotkey(press(key))).toHaveProperty("refused", expect.stringContaining("moves the player"));
  expect(readHotkey(press("k", { ctrlKey: true }))).toHaveProperty("refused");
  expect(readHotkey(press("Enter"))).toHaveProperty("refused");
  expect(readHotkey(press("Shift"))).toBeNull();
  expect(["Arrow Up", "arrow-up", "ArrowUp"].map(keyOf)).toEqual(["arrowup", "arrowup", "arrowup"]);
  expect([isReserved("Space"), isReserved(" "), isReserved("k"), isReserved("")]).toEqual([true, true, false, false]);
});

test("two events clash under one key in one state, unless one is hidden", () => {
  const go = (name: string, from: string[], more: JsonObject = {}): JsonObject => ({
    name,
    kind: "override",
    from,
    ...more,
  });
  const events = [
    go("x", ["a"], { hotkey: "K" }),
    go("y", ["a", "b"], { hotkey: "k" }),
    go("z", ["b"], { hotkey: "k", hidden: true }),
    go("n", ["a"], { hotkey: null }),
  ];
  expect([0, 1, 2, 3, 99].map((index) => clashes({ events }, index))).toEqual([[1], [0], [], [], []]);
  expect([0, 2, 3, 99].map((index) => holderOf({ events }, index, "K"))).toEqual([1, 1, 0, null]);
});

// ---- flags -------------------------------------------------------------------------------------

test("a flag knows who grants it and who asks for it; opening a console grants nothing", () => {
  const events: JsonObject[] = [
    { name: "take_oil", kind: "override", from: ["a"], grants: ["oil"] },
    { name: "light", kind: "transition", from: ["a"], to: "b", requires: ["oil", "__proto__"] },
    {
      name: "radio",
      kind: "terminal",
      from: ["a"],
      grants: ["oil"],
      terminal: { persona: "p", facts: [{ text: "t", requires: ["oil"] }] },
    },
  ];
  const world: JsonObject = {
    cutscenes: [{ id: "beam", video: "v", from: "a", to: "b", requires: ["oil"] }],
    missions: [{ id: "m", title: "Watch", objectives: [], complete: "lit" }],
    outro: { video: "v", flag: "lit", state: "b" },
  };
  const uses = flagUses({ events, world });
  expect(uses.get("oil")).toEqual({
    grants: [{ event: 0, name: "take_oil" }],
    asks: [{ event: 1, name: "light" }, { event: 2, name: "radio" }, { words: "cutscene beam" }],
  });
  expect(uses.get("lit")?.asks).toEqual([{ words: "mission Watch" }, { words: "the outro" }]);
  expect(uses.get("__proto__")?.asks).toHaveLength(1);
});

// ---- landing -----------------------------------------------------------------------------------

test.each<[JsonObject, string, string]>([
  [{}, "", "It lands as soon as it has played."],
  [{}, "the lamp", "It lands when “the lamp” is seen, the arrival label of its destination."],
  [
    { landWhen: { label: "gate", aliases: ["wicket"] } },
    "",
    "It lands when “gate” or “wicket” is seen; after 20 s it lands anyway, unverified.",
  ],
  [
    { landWhen: { minLuminance: 120, maxMotion: 12, hits: 2, timeoutMs: 3000 } },
    "",
    "It lands when brightness is at least 120, or motion is at most 12, in 2 checks; after 3 s it lands anyway, unverified.",
  ],
  [
    { landWhen: { minExtent: 0.3, label: "door" } },
    "",
    "It lands when “door” covers 30% of the picture; after 20 s it lands anyway, unverified.",
  ],
  [
    { landWhen: { auto: true, maxLuminance: 40, hits: 3 } },
    "x",
    "A trigger zone: it fires by itself when brightness is at most 40, in 3 checks in a row.",
  ],
  [
    { landWhen: { auto: true, label: "door" } },
    "",
    "A trigger zone fires on brightness or motion, and neither is set: it never fires.",
  ],
  [{ landWhen: { hits: 2 } }, "", "No evidence is set: it waits until the timeout, then lands unverified."],
])("when an event lands is said in words: %j", (event, arriveLabel, words) => {
  expect(landingWords(event, arriveLabel)).toBe(words);
});

test("durations and distances come to what the clock makes of them", () => {
  expect([0, 350, 1000, 2100, 59_960, 60_000, 90_000, 119_400, 119_600].map(duration)).toEqual([
    "0 s",
    "0.35 s",
    "1 s",
    "2.1 s",
    "1 min",
    "1 min",
    "1 min 30 s",
    "1 min 59 s",
    "2 min",
  ]);
  expect(playingMs({ phases: [{ base: "a" }, { base: "b", minMs: 10 }], minPlayMs: 500 })).toBe(6500);
  expect([100, 1000].map(approachM)).toEqual([35, 200]);
  expect(waypointWords({ label: "l", distanceM: 140 })).toBe(
    "Reached after 10 s of holding forward; near from 49 m on.",
  );
});

test("a time is typed in seconds and kept in milliseconds", () => {
  expect(["4", "2,5", " 4 s", "0.0304", "1.5 seconds", "0"].map((typed) => parseMilliseconds(typed))).toEqual([
    4000, 2500, 4000, 30, 1500, 0,
  ]);
  expect(parseMilliseconds("")).toBeUndefined();
  expect([parseMilliseconds("", true), parseMilliseconds("-1"), parseMilliseconds("soon")]).toEqual([
    "A number is needed here.",
    "Expected a number from 0 up, got “-1”.",
    "Expected a number from 0 up, got “soon”.",
  ]);
  expect([4000, 350, 30_000, 0].map(secondsText)).toEqual(["4", "0.35", "30", "0"]);
});

// ---- picking, naming, placing ------------------------------------------------------------------

test("a search ranks what begins with the words first, then what holds them, then what is said of it", () => {
  const options = ["lamp_lit", "the_lamp", "yard"].map((value) => ({
    value,
    detail: value === "yard" ? "a lamp post" : "",
  }));
  expect(rankOptions(options, "lamp").map(({ value }) => value)).toEqual(["lamp_lit", "the_lamp", "yard"]);
  expect(rankOptions(options, "").length).toBe(3);
  expect(rankOptions(options, "zzz")).toEqual([]);
});

test("a new variant has the next free letter; the state itself is A", () => {
  expect(nextLabel([])).toBe("B");
  expect(
    nextLabel([
      { label: "B", base: "" },
      { label: "D", base: "" },
    ]),
  ).toBe("C");
});

test("what the rules say of a record stands at its field in the world's form", () => {
  const world: JsonObject = { cutscenes: [{ id: "a" }, { id: "b" }], missions: [{ id: "m" }] };
  const diagnosticOf = (kind: Diagnostic["item"]["kind"], id: string, field: string): Diagnostic => ({
    lint: "x",
    severity: "error",
    path: "",
    message: "",
    item: { kind, id, field },
  });
  const diagnostics = [
    diagnosticOf("cutscene", "b", "video"),
    diagnosticOf("mission", "m", "objectives[0].location"),
    diagnosticOf("mission", "m", ""),
    diagnosticOf("world", "", "outro.flag"),
    diagnosticOf("world", "", "scene.states"),
    diagnosticOf("cutscene", "gone", "video"),
    diagnosticOf("state", "a", "base"),
  ];
  expect(worldFindings({ world, diagnostics }).map(({ item }) => item.field)).toEqual([
    "cutscenes[1].video",
    "missions[0].objectives[0].location",
    "missions[0]",
    "outro.flag",
  ]);
});
