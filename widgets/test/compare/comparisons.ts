/** Comparisons to vary in tests, as the kernel makes them. */
import type { Change, Conflict } from "../../compare/data";

export function change(changes: Partial<Change> = {}): Change {
  return {
    kind: "state",
    id: "gate",
    marks: ["changed"],
    fields: [
      {
        path: "base",
        words: [
          ["same", "An iron "],
          ["del", "gate"],
          ["ins", "door"],
        ],
      },
    ],
    nodes: [1],
    pieces: [],
    ...changes,
  };
}

export const CHANGES: readonly Change[] = [
  change({ kind: "world", id: "name", nodes: [], marks: ["changed"] }),
  change(),
  change({ id: "pond", marks: ["added"], nodes: [2], fields: null }),
  change({ kind: "event", id: "walk", marks: ["renamed", "moved"], was: "go", nodes: [0, 1], pieces: [0] }),
  change({ kind: "event", id: "leap", marks: ["removed"], nodes: [0, 2], pieces: [1] }),
];

export function seed(changes: { [key: string]: unknown } = {}): { [key: string]: unknown } {
  return {
    protocol: 1,
    names: ["Lane", "Road"],
    world: {
      entrance: { state: "lane" },
      scene: {
        states: { lane: { base: "A lane." }, gate: { base: "An iron door." }, pond: { base: "Ice." } },
        events: [
          { name: "walk", kind: "transition", from: ["lane"], to: "gate" },
          { name: "leap", kind: "transition", from: ["lane"], to: "pond" },
          { name: "wait", kind: "override", from: ["lane"] },
        ],
      },
    },
    order: ["lane", "gate", "pond"],
    layout: { lane: [0, 0], gate: [504, 0], pond: [504, 2400] },
    nodes: [
      [1, "changed", 1],
      [2, "added", 2],
    ],
    pieces: [
      ["renamed", "both", 3],
      ["removed", "before", 4],
      ["same", "both", -1],
    ],
    changes: CHANGES,
    ...changes,
  };
}

export function conflict(changes: Partial<Conflict> = {}): Conflict {
  const side = (word: string): Conflict["ours"] => [{ path: "", words: [["ins", word]] }];
  return {
    path: "states.lane.base",
    item: { kind: "state", id: "lane", field: "base" },
    result: { form: "text", text: "wet" },
    why: "both changed it, differently",
    ours: side("wet"),
    theirs: side("dry"),
    picked: "",
    nodes: [0],
    pieces: [],
    ...changes,
  };
}

export function merge(changes: { [key: string]: unknown } = {}): { [key: string]: unknown } {
  return seed({ conflicts: [conflict(), conflict({ path: "states.gate", nodes: [1] })], ...changes });
}
