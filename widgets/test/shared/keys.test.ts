/** Keys on the keyboards of the world: Latin shortcuts everywhere, and input methods that keep their keys. */
import { expect, test } from "vitest";
import { readHotkey } from "../../editor/forms/hotkey";
import { BINDINGS } from "../../editor/keymap";
import { chord, findBinding, indexByChord, isComposing, isolateKeys, type Press } from "../../shared/keys";

const press = (key: string, code: string, more: Partial<Press> = {}): Press => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});
const isAltGraph = (name: string) => name === "AltGraph";
/** Option as Firefox tells it on a Mac. */
const option = { altKey: true, getModifierState: isAltGraph };
const thirdLevel = { ctrlKey: true, altKey: true, getModifierState: isAltGraph };

test.each([
  ["я", "KeyZ", { ctrlKey: true }, "mod+z"],
  ["Я", "KeyZ", { ctrlKey: true, shiftKey: true }, "mod+shift+z"],
  ["ζ", "KeyZ", { metaKey: true }, "mod+z"],
  ["ז", "KeyZ", { ctrlKey: true }, "mod+z"],
  ["ئ", "KeyZ", { ctrlKey: true }, "mod+z"],
  ["لا", "KeyB", {}, "b"],
  ["ㅋ", "KeyZ", { ctrlKey: true }, "mod+z"],
  ["ं", "KeyX", { ctrlKey: true }, "mod+x"],
  ["т", "KeyN", {}, "n"],
  ["К", "KeyR", { shiftKey: true }, "r"],
  // a Latin layout means the letter that it writes, wherever the key is
  ["z", "KeyY", { ctrlKey: true }, "mod+z"],
  ["w", "KeyZ", { ctrlKey: true }, "mod+w"],
  ["ż", "KeyZ", {}, "ż"],
  ["é", "Digit2", {}, "é"],
  // what is no letter is a sign, whatever its place
  ["/", "KeyQ", {}, "/"],
  [";", "KeyQ", {}, ";"],
  ["4", "KeyU", {}, "4"],
  ["ж", "Semicolon", {}, "ж"],
  ["я", "", { ctrlKey: true }, "mod+я"],
  [" ", "Space", {}, "space"],
  ["?", "Slash", { shiftKey: true }, "?"],
  ["Enter", "Enter", { ctrlKey: true, shiftKey: true }, "mod+shift+enter"],
  // AltGr writes a character; it is no command
  ["@", "KeyQ", thirdLevel, "@"],
  ["ż", "KeyZ", thirdLevel, "ż"],
  ["ж", "KeyZ", thirdLevel, "ж"],
  ["z", "KeyZ", { ctrlKey: true, altKey: true }, "mod+alt+z"],
  // a key that writes no character has no third level
  ["ArrowLeft", "ArrowLeft", option, "alt+arrowleft"],
  ["ArrowUp", "ArrowUp", { ...option, shiftKey: true }, "alt+shift+arrowup"],
  ["Backspace", "Backspace", option, "alt+backspace"],
  ["Delete", "Delete", thirdLevel, "mod+alt+delete"],
  ["œ", "KeyQ", option, "œ"],
  ["ω", "KeyZ", { ...option, metaKey: true }, "mod+alt+z"],
])("%s on %s with %o is %s", (key, code, more, expected) => {
  expect(chord(press(key, code, more))).toBe(expected);
});

test("every letter shortcut of the editor works on a keyboard without Latin letters", () => {
  const letters = BINDINGS.flatMap(({ chords }) => chords).filter((one) => /^(mod\+)?(shift\+)?[a-z]$/.test(one));
  expect(letters.length).toBeGreaterThan(15);
  for (const one of letters) {
    const modifiers = { ctrlKey: one.startsWith("mod+"), shiftKey: one.includes("shift+") };
    expect(chord(press("ы", `Key${one.slice(-1).toUpperCase()}`, modifiers))).toBe(one);
  }
});

/** Return what hears each key press first in a widget. */
function keydownCaptures(): ((event: object) => void)[] {
  const handlers: ((event: object) => void)[] = [];
  const host = { setAttribute() {} } as unknown as HTMLElement;
  isolateKeys(host, (type, handler, { capture = false } = {}) => {
    if (type === "keydown" && capture) handlers.push((event) => handler(event as Event));
  });
  return handlers;
}

test("on a keyboard known to write no Latin letters, a sign in the place of a letter is that letter", () => {
  const hear = (one: Press) => {
    for (const handler of keydownCaptures()) handler({ isComposing: false, keyCode: 0, ...one });
  };
  const namesOfSigns = () => [press("'", "KeyW"), press("/", "KeyQ", { ctrlKey: true })].map(chord);
  expect(namesOfSigns()).toEqual(["'", "mod+/"]);
  hear(press("ש", "KeyA"));
  // Hebrew keyboards write Latin capitals with Shift and with Caps Lock
  hear(press("A", "KeyA", { shiftKey: true }));
  hear(press("A", "KeyA", { getModifierState: (name) => name === "CapsLock" }));
  hear(press("z", "KeyZ", { metaKey: true }));
  hear(press("Escape", "Escape"));
  expect(namesOfSigns()).toEqual(["w", "mod+q"]);
  expect(chord(press(".", "Slash"))).toBe(".");
  expect(chord(press("'", "KeyW", thirdLevel))).toBe("'");
  hear(press("a", "KeyA"));
  hear(press("π", "KeyP", option));
  expect(namesOfSigns()).toEqual(["'", "mod+/"]);
});

test("a shortcut that is a sign is found where the keyboard writes it, and one that is a letter in its place", () => {
  const byChord = indexByChord(BINDINGS);
  const names = (...presses: Press[]) =>
    presses.map((one) => {
      const { keys, binding } = findBinding(byChord, one);
      return binding?.chords.includes(keys) ? keys : null;
    });
  const hear = (one: Press) => {
    for (const handler of keydownCaptures()) handler({ isComposing: false, keyCode: 0, ...one });
  };
  const search = press("/", "KeyQ");
  expect(names(search)).toEqual(["/"]);
  hear(press("ש", "KeyA"));
  expect(names(search, press("'", "KeyW"), press("ק", "KeyE"), press("ז", "KeyZ", { ctrlKey: true }))).toEqual([
    "/",
    "w",
    "e",
    "mod+z",
  ]);
  expect(names(press("'", "KeyQ"), press("/", "KeyZ", { ctrlKey: true }))).toEqual([null, "mod+z"]);
  hear(press("a", "KeyA"));
});

test("a hotkey may be a sign that is written with AltGr, and no chord", () => {
  expect(readHotkey(press("@", "KeyQ", thirdLevel))).toEqual({ key: "@" });
  expect(readHotkey(press("q", "KeyQ", { ctrlKey: true, altKey: true }))).toHaveProperty("refused");
  expect(readHotkey(press("я", "KeyZ"))).toEqual({ key: "я" });
});

test("an input method keeps its keys: no element of the widget hears them", () => {
  const heard = (event: object): boolean => {
    let isHeard = true;
    const stopPropagation = () => {
      isHeard = false;
    };
    for (const handler of keydownCaptures()) handler({ ...event, stopPropagation });
    return isHeard;
  };
  expect(heard({ key: "Escape", isComposing: true, keyCode: 229 })).toBe(false);
  expect(heard({ key: "Enter", isComposing: false, keyCode: 229 })).toBe(false);
  expect(heard({ key: "Escape", isComposing: false, keyCode: 27 })).toBe(true);
  expect(isComposing({ isComposing: true, keyCode: 13 })).toBe(true);
});
