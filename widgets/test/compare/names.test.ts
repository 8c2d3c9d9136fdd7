/** Names of the states that differ, from far away. */
import { expect, test } from "vitest";
import { changedNames } from "../../compare/canvas/names";
import { readComparison, SAME_STATUS } from "../../compare/data";
import { overlap } from "../../map/geometry/curve";
import { CARD_H, CARD_W, PITCH_X, PITCH_Y } from "../../map/geometry/dimensions";
import type { Position } from "../../shared/protocol";
import { seed } from "./comparisons";

const CARD_MARGIN = 24;

function namesOf(layout: { [id: string]: Position }, changed: readonly string[]) {
  const order = Object.keys(layout);
  const states = Object.fromEntries(order.map((id) => [id, { base: "A place." }]));
  const world = { entrance: { state: order[0] }, scene: { states, events: [] } };
  const of = readComparison(seed({ world, order, layout, nodes: [], pieces: [], changes: [] }));
  if (!of) throw new Error("not a comparison");
  const nodes = changed.map((id) => order.indexOf(id));
  const frame = { of, view: { x: 0, y: 0, k: 0.15 }, side: "both" as const, nodeStatus: () => SAME_STATUS };
  return { of, nodes, names: changedNames(frame, nodes, CARD_MARGIN) };
}

test("each state that differs is named, beside the cards", () => {
  const layout: { [id: string]: Position } = {
    oil_store: [0, 0],
    yard: [0, PITCH_Y],
    tower: [PITCH_X, PITCH_Y],
  };
  const { of, names } = namesOf(layout, ["oil_store", "tower"]);
  expect(names.map(({ text }) => text)).toEqual(["oil store", "tower"]);
  for (const name of names) {
    for (const [x, y] of of.scene.places) expect(overlap(name, { x, y, w: CARD_W, h: CARD_H })).toBe(false);
  }
});

test("no name covers another or a state that differs, however close they are", () => {
  const ids = Array.from({ length: 30 }, (_, at) => `a_long_corridor_${at}`);
  const layout = Object.fromEntries(
    ids.map((id, at): [string, Position] => [id, [(at % 5) * 300, Math.floor(at / 5) * 260]]),
  );
  const { of, names } = namesOf(layout, ids);
  expect(names.length).toBeGreaterThan(0);
  for (const [at, name] of names.entries()) {
    for (const other of names.slice(at + 1)) expect(overlap(name, other)).toBe(false);
    for (const [x, y] of of.scene.places) expect(overlap(name, { x, y, w: CARD_W, h: CARD_H })).toBe(false);
  }
});
