import { describe, expect, it } from "vitest";
import { fromFirstChange } from "../../compare/card-text";
import { boundsOfChange, countMarks, groupChanges, nextStep, visibleChanges } from "../../compare/change-navigation";
import { readComparison } from "../../compare/data";
import { shownNames, summarySentence } from "../../compare/mark-display";
import { CHANGES, change, seed } from "./comparisons";

describe("stepping", () => {
  it("goes through the list and round at both ends", () => {
    expect(nextStep([2, 5, 7], null, 1)).toBe(2);
    expect(nextStep([2, 5, 7], null, -1)).toBe(7);
    expect(nextStep([2, 5, 7], 5, 1)).toBe(7);
    expect(nextStep([2, 5, 7], 7, 1)).toBe(2);
    expect(nextStep([2, 5, 7], 2, -1)).toBe(7);
  });
  it("goes on from where a change stood that was filtered away", () => {
    expect(nextStep([2, 5, 7], 6, 1)).toBe(7);
    expect(nextStep([2, 5, 7], 6, -1)).toBe(5);
    expect(nextStep([2, 5, 7], 9, 1)).toBe(2);
    expect(nextStep([2, 5, 7], 0, -1)).toBe(7);
  });
  it("goes nowhere when nothing is listed", () => expect(nextStep([], 3, 1)).toBeNull());
});

describe("filtering", () => {
  it("leaves a change as long as one of its marks is wanted", () => {
    expect(visibleChanges(CHANGES, new Set(["renamed"]))).toEqual([0, 1, 2, 3, 4]);
    expect(visibleChanges(CHANGES, new Set(["renamed", "moved"]))).toEqual([0, 1, 2, 4]);
  });
  it("counts each mark", () => {
    expect(Object.fromEntries(countMarks(CHANGES))).toEqual({ changed: 2, added: 1, renamed: 1, moved: 1, removed: 1 });
  });
});

describe("the list", () => {
  const many = Array.from({ length: 30 }, (_, at) => change({ id: `s${at}` }));
  const all = many.map((_, at) => at);
  it("is grouped by world, state and event", () => {
    expect(groupChanges(CHANGES, [0, 1, 2, 3, 4], 100, null).map(({ kind, all }) => [kind, all])).toEqual([
      ["world", 1],
      ["state", 2],
      ["event", 2],
    ]);
  });
  it("shows the first of many, and always the current one", () => {
    expect(groupChanges(many, all, 10, null)[0]?.visible.length).toBe(10);
    expect(groupChanges(many, all, 10, 17)[0]?.visible).toContain(17);
    expect(groupChanges(many, all, 10, 17)[0]?.visible.length).toBe(20);
  });
  it("has a heading that says how much differs", () => {
    expect([summarySentence([]), summarySentence(CHANGES.slice(0, 1)), summarySentence(CHANGES)]).toEqual([
      "No difference",
      "1 difference",
      "5 differences",
    ]);
  });
});

describe("where a change is", () => {
  const comparison = readComparison(seed());
  if (!comparison) throw new Error("no comparison");
  it("is its card, or the cards and ways of its event", () => {
    expect(boundsOfChange(comparison, CHANGES[1] ?? change())).toMatchObject({ x: 504, y: 0 });
    const wide = boundsOfChange(comparison, CHANGES[4] ?? change());
    expect(wide?.x).toBe(0);
    expect(wide?.h).toBeGreaterThan(2400);
  });
  it("is nowhere for a field of the world", () =>
    expect(boundsOfChange(comparison, CHANGES[0] ?? change())).toBeNull());
});

describe("a comparison from the kernel", () => {
  it("is a map of both worlds with what became of each thing", () => {
    const comparison = readComparison(seed());
    expect(comparison?.graph.edges.map(({ name }) => name)).toEqual(["walk", "leap"]);
    expect(comparison?.nodes.map(({ mark, side }) => [mark, side])).toEqual([
      ["same", "both"],
      ["changed", "both"],
      ["added", "after"],
    ]);
    expect(comparison?.events[1]).toEqual({ mark: "removed", side: "before", change: 4 });
  });
  it.each([null, {}, "x", seed({ protocol: 2 }), seed({ changes: null }), seed({ nodes: {} })])(
    "is not shown when it is not whole",
    (value) => expect(readComparison(value)).toBeNull(),
  );
});

describe("the name of what differs", () => {
  it("is read as on the map, and spelled out where a rename changed nothing that is read", () => {
    expect(shownNames({ id: "watch_room" })).toEqual(["watch room", undefined]);
    expect(shownNames({ id: "wash_house", was: "old_barn" })).toEqual(["wash house", "old barn"]);
    expect(shownNames({ id: "wash_house", was: "wash house" })).toEqual(["wash_house", "wash house"]);
  });
});

describe("prose on a card", () => {
  it("begins shortly before the first change", () => {
    const long = "word ".repeat(40);
    const pieces = fromFirstChange([
      ["same", long],
      ["ins", "new"],
    ]);
    expect(pieces[0]?.[1].length).toBeLessThan(60);
    expect(pieces[0]?.[1]).toMatch(/^…word/);
    expect(pieces[1]).toEqual(["ins", "new"]);
  });
  it("is whole when the change comes early", () => {
    const short = [
      ["same", "A "],
      ["ins", "new lane"],
    ] as const;
    expect(fromFirstChange(short)).toBe(short);
  });
});
