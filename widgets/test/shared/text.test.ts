import { expect, test } from "vitest";
import { count, readableName, sentence, shorten } from "../../shared/format";
import { same, text, texts } from "../../shared/json";
import { chord } from "../../shared/keys";
import { declaredTheme } from "../../shared/theme";

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
