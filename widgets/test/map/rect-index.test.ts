import { describe, expect, it } from "vitest";
import { overlap } from "../../map/geometry/curve";
import { RectIndex } from "../../map/rect-index";

/** Return numbers between 0 and 1, the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

describe("an index of rectangles", () => {
  it.each([0, 1, 16, 17, 500])("finds those of %i that touch a box, in their order", (count) => {
    const next = numbers(count + 1);
    const rect = (size: number) => ({ x: next() * 900, y: next() * 900, w: next() * size, h: next() * size });
    const rects = Array.from({ length: count }, () => rect(next() < 0.1 ? 900 : 60));
    const index = new RectIndex(rects);
    for (let trial = 0; trial < 50; trial += 1) {
      const box = rect(300);
      const touched = [...rects.keys()].filter((at) => overlap(rects[at] as typeof box, box));
      expect(index.search(box)).toEqual(touched);
    }
  });

  it("finds what only shares an edge or a corner with a box, and what stands on one place many times", () => {
    const index = new RectIndex(Array.from({ length: 40 }, () => ({ x: 0, y: 0, w: 10, h: 10 })));
    expect(index.search({ x: 10, y: 10, w: 0, h: 0 })).toHaveLength(40);
    expect(index.search({ x: 10.5, y: 0, w: 5, h: 5 })).toEqual([]);
  });
});
