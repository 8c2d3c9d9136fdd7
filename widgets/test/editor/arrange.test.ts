import { describe, expect, test } from "vitest";
import { alignCards, distributeCards, freeGround, layOutColumns } from "../../editor/graph/arrange";
import { fromSeed } from "../../map/document";
import { overlap, type Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { buildGraph } from "../../map/graph";
import type { Position } from "../../shared/protocol";
import { seedOf } from "../fake-kernel";

const places = new Map<number, Position>([
  [0, [0, 16]],
  [1, [600, 400]],
  [2, [200, 160]],
]);

describe("aligning", () => {
  test.each([
    ["left", { 1: [0, 400], 2: [0, 160] }],
    ["right", { 0: [600, 16], 2: [600, 160] }],
    ["centre", { 0: [304, 16], 1: [304, 400], 2: [304, 160] }],
    ["top", { 1: [600, 16], 2: [200, 16] }],
    ["bottom", { 0: [0, 400], 2: [200, 400] }],
    ["middle", { 0: [0, 208], 1: [600, 208], 2: [200, 208] }],
  ] as const)("%s moves the others into one line, and nothing that is in it", (line, expected) => {
    expect(Object.fromEntries(alignCards(places, line))).toEqual(expected);
  });
});

describe("distributing", () => {
  test("sets even steps between the outermost, which stay", () => {
    expect(Object.fromEntries(distributeCards(places, "down"))).toEqual({ 2: [200, 208] });
  });

  test("keeps cards clear of each other where there is no room between the outermost", () => {
    const xs = [...new Map([...places, ...distributeCards(places, "across")]).values()]
      .map(([x]) => x)
      .sort((a, b) => a - b);
    for (let at = 1; at < xs.length; at += 1) expect((xs[at] ?? 0) - (xs[at - 1] ?? 0)).toBeGreaterThan(CARD_W);
  });
});

test("new cards go to the nearest free ground, all of them together", () => {
  const others: Rect[] = [{ x: 0, y: 0, w: CARD_W, h: CARD_H }];
  const isCovered = (rect: Rect) => others.some((other) => overlap(other, rect));
  expect(freeGround([[2000, 2000]], isCovered)).toEqual([0, 0]);
  const pair: Position[] = [
    [-504, 20],
    [0, 20],
  ];
  const [dx, dy] = freeGround(pair, isCovered);
  for (const [x, y] of pair) expect(isCovered({ x: x + dx, y: y + dy, w: CARD_W, h: CARD_H })).toBe(false);
  expect(Math.max(Math.abs(dx), Math.abs(dy))).toBeLessThan(300);
  expect([dx % 8, dy % 8].map(Math.abs)).toEqual([0, 0]);
  expect(freeGround([[0, 0]], () => true)).toEqual([64, 64]);
});

test("a tidied selection stands in columns by the events among it, from its own corner, and nothing else moves", () => {
  const go = (from: string, to: string) => ({ name: `${from}${to}`, kind: "transition", from: [from], to });
  const graph = buildGraph(
    fromSeed(seedOf(["a", "b", "c", "d"], [go("a", "b"), go("a", "c"), go("c", "a"), go("d", "a")])),
  );
  const stood = new Map<number, Position>([
    [0, [40, 80]],
    [1, [16, 400]],
    [2, [900, 24]],
  ]);
  const places = new Map([...stood, ...layOutColumns(graph, stood)]);
  expect([...places.keys()].sort()).toEqual([0, 1, 2]);
  expect(places.get(0)?.[0]).toBe(16);
  expect([places.get(1)?.[0], places.get(2)?.[0]]).toEqual([520, 520]);
  expect((places.get(1)?.[1] ?? 0) - (places.get(2)?.[1] ?? 0)).toBe(240);
  expect(Math.min(...[...places.values()].map(([, y]) => y))).toBe(24);
});
