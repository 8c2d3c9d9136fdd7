import { expect, test } from "vitest";
import type { Rect } from "../../map/geometry/curve";
import { indexRects } from "../../map/rect-index";

/** A repeatable number from 0 to 1. */
const random = (seed: number) => Math.abs(Math.sin(seed * 12.9898) * 43758.5453) % 1;

const rectOf = (seed: number): Rect => {
  const [x, y, w, h] = [0.1, 0.2, 0.3, 0.4].map((part) => random(seed + part)) as [number, number, number, number];
  return { x: 1000 * x - 500, y: 600 * y, w: 60 * w ** 4, h: 40 * h ** 4 };
};

const touches = (a: Rect, b: Rect) => a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h;

test.each([1, 2, 16, 17, 256, 257, 3000])("the index of %i rectangles knows all that touch one, and no others", (n) => {
  const rects = Array.from({ length: n }, (_, at) => rectOf(at));
  const index = indexRects(rects);
  for (let at = 0; at < 60; at += 1) {
    const { x, y } = rectOf(at + 0.5);
    const size = at % 3 === 0 ? 0 : 40 * (at % 7);
    const box = { x, y, w: size, h: size };
    const expected = rects.flatMap((rect, number) => (touches(rect, box) ? [number] : []));
    expect(index?.search(x, y, x + size, y + size).sort((a, b) => a - b)).toEqual(expected);
  }
  expect(index?.search(-1e9, -1e9, 1e9, 1e9)).toHaveLength(n);
});

test("rectangles that all lie in one place, or in one line, are all in the index", () => {
  const same = Array.from({ length: 100 }, () => ({ x: 5, y: 5, w: 0, h: 0 }));
  expect(indexRects(same)?.search(5, 5, 5, 5)).toHaveLength(100);
  const line = Array.from({ length: 100 }, (_, at) => ({ x: 10 * at, y: 0, w: 4, h: 4 }));
  expect(
    indexRects(line)
      ?.search(101, 0, 121, 9)
      .sort((a, b) => a - b),
  ).toEqual([10, 11, 12]);
  expect(indexRects([])).toBeNull();
});
