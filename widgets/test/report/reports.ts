/** A report to vary in tests. */
import type { Entry, Report, Run } from "../../report/data";

export function run(...events: [event: string, origin: string, state: string][]): Run {
  const hops = events.map(([event, origin, state]) => ({ event, label: event, origin, state, through: [] }));
  return { start: "a", hops, more: 0, crossing: null, length: hops.length, moment: hops.length };
}

export function entry(index: number, changes: Partial<Entry> = {}): Entry {
  return {
    index,
    kind: "soft-lock",
    severity: "error",
    message: "A run gets stuck.",
    fix: "Open a way.",
    states: ["b"],
    event: "go",
    before: [],
    run: { ...run(["go", "a", "b"]), crossing: 0, moment: 0 },
    later: false,
    ...changes,
  };
}

export function report(changes: Partial<Report> = {}): Report {
  return {
    protocol: 1,
    title: "Lane",
    mark: "wrong",
    worst: "error",
    verdict: "A run can get stuck.",
    figures: [["3", "positions"]],
    groups: [{ kind: "soft-lock", title: "Runs that get stuck", entries: [entry(0)], more: 0 }],
    endings: [{ state: "c", kind: "win", title: "OUT", reached: true, run: run(["out", "a", "c"]), later: false }],
    endings_more: 0,
    start: "a",
    marks: ["reached", "reached", "reached"],
    ends: [["c", "win", "OUT"]],
    stuck: ["b"],
    idle: [],
    dead: [],
    exact: true,
    chart: {
      detail: "full",
      card: [280, 168],
      cards: [
        ["a", 0, 0, ["a"], 44],
        ["b", 504, 0, ["b"], 44],
        ["c", 5040, 2400, ["c"], 44],
      ],
      lines: [
        ["go", "a", "b", "M280 84L495 84", "M504 84z", 380, 84],
        ["back", "b", "a", "M504 96L289 96", "M280 96z", 390, 96],
      ],
      web: { plain: "", dead: "", lost: "" },
      box: [0, 0, 5320, 2568],
    },
    ...changes,
  };
}
