import { describe, expect, it } from "vitest";
import { announcement, clockSpoken, clockText, heading, offerLabel, secondsTyped } from "../../player/words";
import { view } from "./views";

describe("the clock", () => {
  it.each([
    [0, "0:00.0"],
    [99, "0:00.0"],
    [5_000, "0:05.0"],
    [59_999, "0:59.9"],
    [60_000, "1:00.0"],
    [3_599_900, "59:59.9"],
    [3_723_400, "1:02:03.4"],
    [-5, "0:00.0"],
  ])("shows %i ms as %s", (ms, text) => expect(clockText(ms)).toBe(text));

  it.each([
    [0, "0 seconds"],
    [1_000, "1 second"],
    [65_000, "1 minute 5 seconds"],
    [7_200_000, "2 hours"],
  ])("says %i ms as %s", (ms, text) => expect(clockSpoken(ms)).toBe(text));
});

describe("a typed time", () => {
  it.each([
    ["5", 5_000],
    [" 2.5 ", 2_500],
    ["2,5", 2_500],
    [".5", 500],
    ["86400", 86_400_000],
  ])("reads %j", (typed, ms) => expect(secondsTyped(typed)).toBe(ms));

  it.each(["", "0", "-1", "1e3", "5s", "0x10", "86401", "Infinity", "1.2.3"])("refuses %j", (typed) =>
    expect(secondsTyped(typed)).toBeNull(),
  );
});

describe("names", () => {
  it("are read aloud with a capital", () => {
    expect(heading("two_mittens")).toBe("Two mittens");
    expect(heading("état-du-lieu")).toBe("État du lieu");
    expect(heading("🦔 den")).toBe("🦔 den");
    expect(heading("_")).toBe("_");
  });
  it("stand in for an empty label", () => expect(offerLabel("  ", "walk_up")).toBe("Walk up"));
});

describe("what is read out after a step", () => {
  const before = view();
  it("names a new place, then its line, then what happened", () => {
    const after = view({
      state: { id: "the_gate", base: "", ending: null },
      line: "Rain.",
      notices: [{ kind: "grant", text: "Now held: key." }],
    });
    expect(announcement(before, after)).toBe("The gate. Rain. Now held: key.");
  });
  it("does not say a line twice that is a notice too", () => {
    const after = view({ line: "Rain.", notices: [{ kind: "narration", text: "Rain." }] });
    expect(announcement(before, after)).toBe("Rain.");
  });
  it("says nothing when nothing changed", () => expect(announcement(before, view())).toBe(""));
  it("says how it ended, in words", () => {
    const ended = { kind: "lose" as const, title: "LILIES", subtitle: "x" };
    expect(announcement(before, view({ ended }))).toBe("You lose: LILIES.");
  });
  it("reads what a console answers", () => {
    const open = { name: "t", persona: "", greeting: "", facts: 1, log: [] };
    const said = {
      ...open,
      log: [
        { who: "you" as const, text: "hi" },
        { who: "console" as const, text: "No record." },
      ],
    };
    expect(announcement(view({ terminal: open }), view({ terminal: said }))).toBe("No record.");
  });
});
