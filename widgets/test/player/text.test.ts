import { describe, expect, it } from "vitest";
import {
  actStatus,
  announcement,
  clockForSpeech,
  clockText,
  clockUses,
  flagOrigin,
  heading,
  offerLabel,
  outcome,
  parseSeconds,
  remainingText,
  stageText,
  trailLabel,
  untilLanding,
  waysOn,
} from "../../player/text";
import type { PainterInfo } from "../../shared/protocol";
import { offer, playingNow, view } from "./views";

describe("where nothing can be chosen", () => {
  const timer = { event: "dawn", label: "", since: 0, due: 9, available: true, hidden: false };
  const gate = { event: "gate", label: "", distanceM: 9, leftM: 9, near: false, available: true };
  it.each([
    ["nothing leads on", {}, ""],
    ["a timer runs, for a player without tools", { tools: false, timers: [timer], hidden: [offer("dawn")] }, "Wait."],
    ["a place is walked to", { tools: false, waypoints: [gate] }, "Walk forward."],
    ["what would fire is locked", { timers: [{ ...timer, available: false }] }, ""],
    ["only an event is hidden", { hidden: [offer("dawn")] }, "Fire a hidden event under Tester."],
    ["both are there", { timers: [timer], hidden: [offer("dawn")] }, "Wait or fire a hidden event under Tester."],
  ])("is said what does when %s", (_, changes, words) => expect(waysOn(view(changes))).toBe(words));
});

describe("the clock", () => {
  const none = { lasting: false, waiting: false, walking: false };
  const painter = { status: "open" } as PainterInfo;
  it.each([
    ["nothing takes time", {}, { clock: false, waiting: false, walking: false }],
    ["events take time", { timeUses: { ...none, lasting: true } }, { clock: true, waiting: false, walking: false }],
    [
      "something fires by itself",
      { timeUses: { ...none, waiting: true } },
      { clock: true, waiting: true, walking: false },
    ],
    ["a place is walked to", { timeUses: { ...none, walking: true } }, { clock: true, waiting: true, walking: true }],
    ["a model paints", { painter }, { clock: true, waiting: true, walking: true }],
    ["time runs", { mode: "real-time" as const }, { clock: true, waiting: false, walking: false }],
  ])("shows only what has a use where %s", (_, changes, uses) => expect(clockUses(view(changes))).toEqual(uses));

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
  ])("says %i ms as %s", (ms, text) => expect(clockForSpeech(ms)).toBe(text));
});

describe("a typed time", () => {
  it.each([
    ["5", 5_000],
    [" 2.5 ", 2_500],
    ["2,5", 2_500],
    [".5", 500],
    ["86400", 86_400_000],
  ])("reads %j", (typed, ms) => expect(parseSeconds(typed)).toBe(ms));

  it.each(["", "0", "-1", "1e3", "5s", "0x10", "86401", "Infinity", "1.2.3"])("refuses %j", (typed) =>
    expect(parseSeconds(typed)).toBeNull(),
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

describe("time left", () => {
  it.each([
    [0, "0.0 s"],
    [1, "0.1 s"],
    [2_400, "2.4 s"],
    [59_950, "1:00"],
    [65_000, "1:05"],
    [-9, "0.0 s"],
  ])("shows %i ms as %s", (ms, text) => expect(remainingText(ms)).toBe(text));
  it("counts the stages to come", () => {
    expect(untilLanding(playingNow(), 1000)).toBe(2000 + 2000 + 20000);
    expect(untilLanding(playingNow({ index: 2, until: 25000 }), 24000)).toBe(1000);
  });
});

describe("a point of the trail", () => {
  it.each([
    [{ state: "a", event: null, at: 0 }, "Start"],
    [{ state: "a", event: "sequence:the_tour", at: 0 }, "The tour"],
    [{ state: "a", event: "author:grant", at: 0, granted: ["key"] }, "Set by hand: key"],
    [{ state: "a", event: "author:revoke", at: 0 }, "Cleared by hand: not held"],
    [{ state: "a", event: "author:variant", at: 0, variant: "B" }, "Prompt variant B"],
    [{ state: "a", event: "author:variant", at: 0, variant: null }, "The state's own prompt"],
  ])("%j says %s", (point, text) => expect(trailLabel(point)).toBe(text));
});

describe("a flag", () => {
  it("says where it is from", () => {
    expect(flagOrigin({ flag: "k", event: null, at: 0, by: "start" })).toBe("held at the start");
    expect(flagOrigin({ flag: "k", event: "take_key", at: 3400, by: "player" })).toBe("Take key, 0:03.4");
    expect(flagOrigin({ flag: "k", event: "author:grant", at: 100, by: "author" })).toBe("set by hand, 0:00.1");
  });
});

describe("what plays", () => {
  it("says its stage", () => {
    expect(stageText(playingNow())).toBe("Phase 1 of 2");
    expect(stageText(playingNow({ stage: "evidence", waitsFor: "'lamp' in the picture" }))).toBe(
      "Waits for 'lamp' in the picture",
    );
  });
  it("is announced once, and so is a pause", () => {
    const playingView = view({ playing: playingNow(), driver: "a" });
    expect(announcement(view(), playingView)).toBe("Playing: Climb.");
    expect(announcement(playingView, { ...playingView, driver: null })).toBe("Paused.");
    expect(announcement(playingView, { ...playingView, playing: playingNow({ number: 2 }) })).toBe("");
  });
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
  it("says the line of a new scene after what happened, and not again while one stays there", () => {
    const gate = { id: "the_gate", base: "", ending: null };
    const after = view({ state: gate, line: "You climb.", sceneLine: "A gate, at last." });
    expect(announcement(before, after)).toBe("The gate. You climb. A gate, at last.");
    expect(announcement(after, { ...after, line: "You knock." })).toBe("You knock.");
  });
  it("says nothing when nothing changed", () => expect(announcement(before, view())).toBe(""));
  it("says how it ended, in words", () => {
    const ended = { kind: "lose" as const, title: "LILIES", subtitle: "x" };
    expect(announcement(before, view({ ended }))).toBe("You lose: LILIES.");
  });
  it("reads what a console answers", () => {
    const open = { name: "t", persona: "", greeting: "", facts: 1, pending: "", log: [] };
    const reply = {
      ...open,
      log: [
        { who: "you" as const, text: "hi" },
        { who: "console" as const, text: "No record." },
      ],
    };
    expect(announcement(view({ terminal: open }), view({ terminal: reply }))).toBe("No record.");
  });
});

describe("what handlers do", () => {
  it("is named in the trail as theirs", () => {
    const point = { state: "lane", at: 0, by: "handler" as const };
    expect(trailLabel({ ...point, event: "author:say", text: "A bell rings." })).toBe("Said: A bell rings.");
    expect(trailLabel({ ...point, event: "author:grant", granted: ["key"] })).toBe("Given: key");
    expect(trailLabel({ ...point, event: "author:apply", text: "Set base" })).toBe("The world changed: Set base");
    expect(trailLabel({ ...point, event: "author:stop", text: "" })).toBe("Stopped");
    expect(flagOrigin({ flag: "key", event: "author:grant", at: 1000, by: "handler" })).toBe(
      "given by a handler, 0:01.0",
    );
  });

  it("is read aloud when it ends the run", () => {
    expect(announcement(view(), view({ stopped: "The park closes." }))).toContain(
      "The run was stopped. The park closes.",
    );
    expect(outcome(view({ stopped: "" }))).toEqual({
      kind: "stop",
      word: "Stopped",
      title: "The run was stopped",
      subtitle: null,
    });
    expect(outcome(view())).toBeNull();
  });
});

describe("an ending", () => {
  const ended = (kind: string) => view({ ended: { kind, title: "The garden", subtitle: null } });

  it.each([
    ["win", "win", "Win", "You win: The garden."],
    ["lose", "lose", "Lose", "You lose: The garden."],
    ["draw", "other", "draw", "The end: The garden."],
    ["stop", "other", "stop", "The end: The garden."],
    ["constructor", "other", "constructor", "The end: The garden."],
    ["", "other", "The end", "The end: The garden."],
  ])("of the kind %j looks like %s, and says %j", (kind, tone, word, spoken) => {
    expect(outcome(ended(kind))).toEqual({ kind: tone, word, title: "The garden", subtitle: null });
    expect(announcement(view(), ended(kind))).toContain(spoken);
  });
});

describe("a campaign", () => {
  const campaign = {
    title: "Saga",
    act: "The second evening",
    number: 2,
    deadEnds: 0,
    acts: [],
    edges: [],
    box: [0, 0, 1, 1] as [number, number, number, number],
    card: [1, 1] as [number, number],
    handOver: { kind: "act" as const, title: "The second evening", text: "", flags: ["key"] },
  };

  it("says aloud which act begins, and where a dead end leads back", () => {
    expect(announcement(view(), view({ campaign }))).toContain("The next act: The second evening.");
    const rewind = { kind: "rewind" as const, title: "The first evening", text: "Drowned", flags: [] };
    expect(announcement(view(), view({ campaign: { ...campaign, handOver: rewind } }))).toContain(
      "A dead end: Drowned. The first evening starts again.",
    );
    expect(announcement(view({ campaign }), view({ campaign }))).not.toContain("The next act");
  });

  it("says of each act what became of it", () => {
    const act = { id: "a", title: "A", summary: "", x: 0, y: 0, lines: [], size: 44 };
    expect(actStatus({ ...act, status: "here", begun: 1 })).toBe("you are here");
    expect(actStatus({ ...act, status: "here", begun: 3 })).toBe("you are here, started 3 times");
    expect(actStatus({ ...act, status: "played", begun: 1 })).toBe("played");
    expect(actStatus({ ...act, status: "ahead", begun: 0 })).toBe("not yet");
  });
});
