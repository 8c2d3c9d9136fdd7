/** Names of events on the map of a comparison. */
import { expect, test } from "vitest";
import { drawLabels } from "../../compare/canvas/edges";
import type { Frame } from "../../compare/canvas/frame";
import { eventLabels } from "../../compare/canvas/labels";
import { type Comparison, readComparison, SAME_STATUS } from "../../compare/data";
import { overlap, type Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W, PITCH_X } from "../../map/geometry/dimensions";
import { fakeInk } from "../fake-ink";
import { seed } from "./comparisons";

const WORDS = ["unlock_the_oil_store", "roll_the_iron_door_shut", "look_at_the_shelves", "fill_a_carrying_can"];

/** Return a comparison with many moves between two neighbours, of which the first of each pair differs. */
function neighbours(marks: readonly string[]): Comparison {
  const events = marks.map((_, at) => {
    const [from, to] = at % 2 ? ["gate", "lane"] : ["lane", "gate"];
    return { name: `${WORDS[at % WORDS.length]}_${at}`, kind: "transition", from: [from], to };
  });
  const states = { lane: { base: "A lane." }, gate: { base: "A gate." } };
  const comparison = readComparison(
    seed({
      world: { entrance: { state: "lane" }, scene: { states, events } },
      order: ["lane", "gate"],
      layout: { lane: [0, 0], gate: [PITCH_X, 0] },
      nodes: [],
      pieces: marks.map((mark) => [mark, mark === "removed" ? "before" : "both", -1]),
      changes: [],
    }),
  );
  if (!comparison) throw new Error("not a comparison");
  return comparison;
}

function frameOf(of: Comparison, covered: Frame["covered"] = null): Frame {
  return {
    of,
    view: { x: 0, y: 0, k: 1 },
    size: { w: 1200, h: 800 },
    ratio: 1,
    visibleArea: { x: -200, y: -400, w: 1400, h: 1000 },
    covered,
    side: "both",
    current: null,
    hidden: new Set(),
    hover: null,
    detail: "cards",
    palette: {},
    nodeStatus: () => SAME_STATUS,
    eventStatus: (at: number) => of.events[at] ?? SAME_STATUS,
  } as unknown as Frame;
}

test.each([2, 4, 6, 8])("no name of %d moves between neighbours lies over another, or over a card", (moves) => {
  const of = neighbours(Array.from({ length: moves }, (_, at) => ["changed", "removed", "same"][at % 3] as string));
  const boxes = [...eventLabels(frameOf(of)).values()];
  expect(boxes.length).toBeGreaterThan(0);
  for (const [at, { x, y, w, h }] of boxes.entries()) {
    const inner = { x: x + 3, y: y + 3, w: w - 6, h: h - 6 };
    for (const other of boxes.slice(at + 1)) expect(overlap(inner, other)).toBe(false);
    for (const [left, top] of of.scene.places)
      expect(overlap(inner, { x: left, y: top, w: CARD_W, h: CARD_H })).toBe(false);
  }
});

test("a name that differs is shown before one that is the same", () => {
  const marks = ["same", "same", "same", "same", "same", "changed", "removed"];
  const shown = eventLabels(frameOf(neighbours(marks)));
  expect([5, 6].every((edge) => shown.has(edge))).toBe(true);
});

test("a name has the width of one that is the same as soon as what differs is hidden", () => {
  const of = neighbours(["removed"]);
  const marked = eventLabels(frameOf(of)).get(0);
  const hidden: Frame["hidden"] = new Set(["removed"]);
  const plain = eventLabels({ ...frameOf(of), hidden, eventStatus: () => SAME_STATUS }).get(0);
  expect(plain?.w).toBeLessThan(marked?.w ?? 0);
});

test("a name that would lie in part under the miniature of the map is left out", () => {
  const of = neighbours(["same"]);
  const [label] = eventLabels(frameOf(of)).values();
  if (!label) throw new Error("no label");
  const wordsWith = (covered: Rect | null) => {
    const { ink, words } = fakeInk();
    drawLabels(ink, frameOf(of, covered));
    return words;
  };
  expect(wordsWith(null)).toEqual([label.text]);
  expect(wordsWith({ x: label.x, y: label.y + label.h - 4, w: 152, h: 96 })).toEqual([]);
});
