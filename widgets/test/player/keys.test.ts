import { describe, expect, it } from "vitest";
import { type Command, command, isTaken, keyCap, withKeys } from "../../player/keys";
import { offer, playingNow, view } from "./views";

const press = (
  key: string,
  modifiers: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});
const walk = offer("walk", { hotkey: "e" });
const look = offer("look");
const locked = offer("enter", { hotkey: "k", available: false, hint: "need: key" });
const timer = offer("timer", { hotkey: "h" });
const here = view({ offers: [walk, look, locked], hidden: [timer] });
const describeCommand = (pressCommand: Command | null) =>
  pressCommand && "offer" in pressCommand
    ? `${pressCommand.type} ${pressCommand.offer.name}`
    : (pressCommand?.type ?? null);

describe("a key press on a keyboard without Latin letters", () => {
  const cyrillic = (key: string, code: string, more: object = {}) => ({ ...press(key, more), code });
  it.each([
    ["я", "KeyZ", { ctrlKey: true }, "undo"],
    ["г", "KeyU", {}, "undo"],
    ["К", "KeyR", { shiftKey: true }, "restart"],
    ["у", "KeyE", {}, "fire walk"],
    ["л", "KeyK", {}, "locked enter"],
    ["э", "Quote", {}, null],
  ])("%s on %s with %o does %s", (key, code, more, expected) =>
    expect(describeCommand(command(cyrillic(key, code, more), false, here))).toBe(expected),
  );

  it("plays the author's hotkey in that script rather than what its place means", () => {
    const author = view({ offers: [offer("ring", { hotkey: "Г" }), walk] });
    expect(describeCommand(command(cyrillic("г", "KeyU"), false, author))).toBe("fire ring");
  });

  it("plays a hotkey that is written with AltGr", () => {
    const author = view({ offers: [offer("mail", { hotkey: "@" })] });
    const altGr = { ctrlKey: true, altKey: true, getModifierState: (name: string) => name === "AltGraph" };
    expect(describeCommand(command({ ...press("@"), ...altGr, code: "KeyQ" }, false, author))).toBe("fire mail");
  });
});

describe("a key press", () => {
  it.each([
    ["e", {}, "fire walk"],
    ["E", { shiftKey: true }, "fire walk"],
    ["k", {}, "locked enter"],
    ["h", {}, "fire timer"],
    ["1", {}, "fire walk"],
    ["2", {}, "fire look"],
    ["3", {}, "locked enter"],
    ["4", {}, null],
    ["0", {}, null],
    ["z", { ctrlKey: true }, "undo"],
    ["z", { metaKey: true }, "undo"],
    ["z", {}, null],
    ["z", { ctrlKey: true, shiftKey: true }, null],
    ["r", {}, "retry"],
    ["R", { shiftKey: true }, "restart"],
    ["u", {}, "undo"],
    [" ", {}, null],
    ["w", {}, null],
    ["r", { ctrlKey: true }, null],
    ["e", { altKey: true }, null],
    ["?", { shiftKey: true }, "help"],
    ["Escape", {}, "escape"],
    ["Tab", {}, null],
    ["Enter", {}, null],
  ])("%s %j means %s", (key, modifiers, meaning) =>
    expect(describeCommand(command(press(key, modifiers), false, here))).toBe(meaning),
  );

  it("means nothing while typing, but for Escape", () => {
    for (const key of ["e", "1", "r", "?"]) expect(command(press(key), true, here)).toBeNull();
    expect(command(press("z", { ctrlKey: true }), true, here)).toBeNull();
    expect(describeCommand(command(press("Escape"), true, here))).toBe("escape");
  });

  it("is the author's before it is ours", () => {
    const own = view({
      offers: [look, offer("rope", { hotkey: "r" }), offer("one", { hotkey: "1" }), offer("ask", { hotkey: "?" })],
    });
    expect(describeCommand(command(press("r"), false, own))).toBe("fire rope");
    expect(describeCommand(command(press("1"), false, own))).toBe("fire one");
    expect(describeCommand(command(press("?"), false, own))).toBe("fire ask");
  });

  it("fires nothing while the world is blocked or a console is open", () => {
    const finding = {
      lint: "x",
      severity: "error" as const,
      path: "",
      message: "",
      item: { kind: "state" as const, id: "", field: "" },
    };
    expect(command(press("e"), false, { ...here, blocked: [finding] })).toBeNull();
    const terminal = { name: "t", persona: "", greeting: null, log: [], facts: 0, pending: "" };
    expect(command(press("1"), false, { ...here, terminal })).toBeNull();
    expect(describeCommand(command(press("z", { ctrlKey: true }), false, { ...here, terminal }))).toBe("undo");
  });
});

describe("a key press in real time", () => {
  const live = view({
    mode: "real-time",
    offers: [walk, offer("steer", { hotkey: "w" }), offer("jump", { hotkey: " " })],
  });
  const playing = view({ mode: "real-time", playing: playingNow() });
  it("steers the clock", () => {
    expect(describeCommand(command(press(" "), false, live))).toBe("pause");
    expect(describeCommand(command(press("w"), false, live))).toBe("forward");
    expect(describeCommand(command(press("l"), false, live))).toBeNull();
    expect(describeCommand(command(press("l"), false, playing))).toBe("skip");
  });
  it("leaves Space to a control that has the focus, and to whoever types", () => {
    expect(command(press(" "), false, live, true)).toBeNull();
    expect(command(press(" "), true, live)).toBeNull();
  });
  it("never takes a reserved key for an offer's", () => {
    expect(describeCommand(command(press("w"), false, live))).toBe("forward");
    expect(live.offers.map((item, at) => keyCap(item, at, live.offers))).toEqual(["E", "2", "3"]);
  });
});

describe("the key shown on an offer", () => {
  const all = [walk, look, offer("one", { hotkey: "2" })];
  it("is its hotkey, else its number, unless that is somebody's hotkey", () => {
    expect(all.map((item, at) => keyCap(item, at, all))).toEqual(["E", "", "2"]);
    expect(keyCap(look, 1, [walk, look])).toBe("2");
    expect(keyCap(look, 9, [look])).toBe("");
  });
});

describe("the keys that a button names", () => {
  it("are those that no choice has, shown or not", () => {
    const rest = offer("rest", { hotkey: "R" });
    expect(withKeys("Restart", view({ offers: [walk] }), "R")).toBe("Restart (R)");
    for (const taken of [view({ offers: [rest] }), view({ hidden: [rest] })]) {
      expect(withKeys("Restart", taken, "R")).toBe("Restart");
      expect(withKeys("Undo", taken, "R", "Ctrl+Z")).toBe("Undo (Ctrl+Z)");
      for (const [shiftKey, key] of [
        [false, "R"],
        [true, "Shift+R"],
      ] as const) {
        expect(isTaken(key, taken)).toBe(true);
        expect(describeCommand(command(press("r", { shiftKey }), false, taken))).toBe("fire rest");
      }
      expect(isTaken("Ctrl+Z", view({ offers: [offer("zip", { hotkey: "z" })] }))).toBe(false);
    }
  });
});
