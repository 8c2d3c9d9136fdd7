import { expect, test } from "vitest";
import { stateName } from "../../report/text";
import { declaredTheme } from "../../shared/declared-theme";
import {
  count,
  firstCharacters,
  joinWords,
  lastCharacters,
  readableName,
  sentence,
  shorten,
} from "../../shared/format";
import { same, text, texts } from "../../shared/json";
import { chord } from "../../shared/keys";

const key = (name: string, ...modifiers: ("ctrlKey" | "metaKey" | "altKey" | "shiftKey")[]) => ({
  key: name,
  ctrlKey: modifiers.includes("ctrlKey"),
  metaKey: modifiers.includes("metaKey"),
  altKey: modifiers.includes("altKey"),
  shiftKey: modifiers.includes("shiftKey"),
});

test.each([
  [key("z", "ctrlKey"), "mod+z"],
  [key("Z", "metaKey", "shiftKey"), "mod+shift+z"],
  [key("?", "shiftKey"), "?"],
  [key("N", "shiftKey"), "n"],
  [key("ArrowLeft", "shiftKey"), "shift+arrowleft"],
  [key(" "), "space"],
])("a chord is named once, on a Mac as elsewhere: %o", (event, name) => expect(chord(event)).toBe(name));

test("equality is JSON's: order of keys aside, types apart", () => {
  expect(same({ a: [1, { b: null }], c: "x" }, { c: "x", a: [1, { b: null }] })).toBe(true);
  expect(same({ a: 1 }, { a: "1" })).toBe(false);
  expect(same([1, 2], [1])).toBe(false);
  expect(same({ a: undefined }, { b: undefined })).toBe(false);
  expect(same(null, {})).toBe(false);
});

test("wording", () => {
  expect([count(1, "state"), count(2000, "state")]).toEqual(["1 state", "2,000 states"]);
  expect([readableName("walk_up-the_lane"), readableName("___")]).toEqual(["walk up the lane", "___"]);
  expect(["keeper_s_hut", "the_miller_s", "s_curve", "phase_2_s", "as_is"].map(readableName)).toEqual([
    "keeper's hut",
    "the miller's",
    "s curve",
    "phase 2 s",
    "as is",
  ]);
  expect(shorten("👩‍🚀👩‍🚀abc", 4)).not.toContain("\ufffd");
  expect([sentence("the end"), sentence("Stop!"), sentence("")]).toEqual(["The end.", "Stop!", "."]);
  expect([text(3), texts("a"), texts(["a", 2, "b"]), texts(null)]).toEqual(["", ["a"], ["a", "b"], []]);
});

test("the theme is what the host declares, and nobody's guess where it declares none", () => {
  const body = (attributes: { [name: string]: string }, classes: string[] = []) => ({
    getAttribute: (name: string) => attributes[name] ?? null,
    classList: { contains: (name: string) => classes.includes(name) } as DOMTokenList,
  });
  expect(declaredTheme(body({ "data-jp-theme-light": "false" }))).toBe("dark");
  expect(declaredTheme(body({ "data-jp-theme-light": "true" }))).toBe("light");
  expect(declaredTheme(body({ "data-vscode-theme-kind": "vscode-dark" }))).toBe("dark");
  expect(declaredTheme(body({}, ["dark"]))).toBe("dark");
  expect(declaredTheme(body({}))).toBeNull();
});

/** Letters of which a cut must take care: of two units, with marks, joined, and halves that stand alone. */
const LETTERS = [
  "a",
  " ",
  "_",
  "é",
  "e\u0301",
  "한",
  "ガ",
  "𠮷",
  "𞤀",
  "दि",
  "ต่ำ",
  "👩‍🚀",
  "👍🏽",
  "\u0301",
  "i̇",
  "’",
  "\u200c",
];

/** The first character of a text, with what belongs to it. */
const FIRST_CHARACTER = /^.(?:[\p{M}\p{Emoji_Modifier}\u200c]|\u200d.?)*/su;

function* samples(): Generator<string> {
  let state = 7;
  const random = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let at = 0; at < 3000; at += 1)
    yield Array.from({ length: random(30) }, () => LETTERS[random(LETTERS.length)] ?? "").join("");
}

test("a text that is cut has whole characters only, and is no longer than asked", () => {
  let at = 0;
  for (const sample of samples()) {
    at += 1;
    const most = 1 + (at % 24);
    const [head, tail, short] = [firstCharacters(sample, most), lastCharacters(sample, most), shorten(sample, most)];
    for (const part of [head, tail, short]) {
      expect(part).not.toMatch(/\p{Cs}/u);
      expect([...part].length).toBeLessThanOrEqual(most);
    }
    expect(sample.startsWith(head) && sample.endsWith(tail)).toBe(true);
    if ([...sample].length <= most) expect([head, tail, short]).toEqual([sample, sample, sample]);
    else if ([...(FIRST_CHARACTER.exec(sample)?.[0] ?? "")].length <= most)
      expect(sample.slice(head.length)).not.toMatch(/^[\p{M}\p{Emoji_Modifier}\u200c\u200d]/u);
  }
});

test("a character that is longer than the whole is cut, for otherwise nothing would be left", () => {
  expect(firstCharacters("\u0301\u0301\u0301", 2)).toBe("\u0301\u0301");
  expect(lastCharacters("a\u0301\u0301\u0301", 2)).toBe("\u0301\u0301");
  expect(firstCharacters("", 3)).toBe("");
});

test.each([
  ["दरवाज़ा खोलो", "दरवाज़ा_खोलो"],
  ["ประตูเปิด", "ประตูเปิด"],
  ["한국", "한국"],
  ["Ｆｕｌｌ width", "Full_width"],
  ["ශ්\u200dරී ලංකා", "ශ්රී_ලංකා"],
  ["dun\u00adgeon", "dungeon"],
  ["\u0301 a \u0301b", "a_b"],
  ["\ud800x", "x"],
  ["…", ""],
])("the words of %j are joined to %j", (words, name) => expect(joinWords(words, "_")).toBe(name.normalize("NFKC")));

test("a state's name in a report is the name on the page without a kernel: its dashes stay", () => {
  expect(["keeper_s_hut", "north-wing", "a\u202eb"].map(stateName)).toEqual(["keeper's hut", "north-wing", "ab"]);
});
