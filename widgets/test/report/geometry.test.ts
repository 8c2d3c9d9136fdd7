import { describe, expect, it } from "vitest";
import { orAll, stretchesOf, viewOfAll, viewOfRun, viewOfStates, zoomView } from "../../report/geometry";
import { report, run } from "./reports";

const { chart } = report();

function holds(view: { x: number; y: number; w: number; h: number } | null, x: number, y: number): boolean {
  return view !== null && view.x < x && x + 280 < view.x + view.w && view.y < y && y + 168 < view.y + view.h;
}

describe("where to look", () => {
  it("is all of a way that is not far", () => {
    const view = viewOfRun(chart, run(["go", "a", "b"]), ["b"]);
    expect(holds(view, 0, 0) && holds(view, 504, 0)).toBe(true);
    expect(view?.w).toBeLessThan(2600);
  });
  it("is what a finding is about when the way is far", () => {
    const view = viewOfRun(chart, run(["out", "a", "c"]), ["c"]);
    expect(holds(view, 5040, 2400)).toBe(true);
    expect(holds(view, 0, 0)).toBe(false);
  });
  it("is the crossing too", () => {
    const crossed = { ...run(["go", "a", "b"], ["on", "b", "c"]), crossing: 0 };
    const view = viewOfRun(chart, crossed, ["c"]);
    expect(holds(view, 0, 0) && holds(view, 5040, 2400)).toBe(true);
  });
  it("is nowhere for what is not on the map", () => {
    expect(viewOfStates(chart, ["moon"])).toBeNull();
    expect(viewOfRun(chart, null, [])).toBeNull();
  });
});

describe("zoom", () => {
  const all = viewOfAll(chart.box);
  it("keeps the middle and the shape", () => {
    const near = zoomView(all, 0.5, all);
    expect(near.x + near.w / 2).toBeCloseTo(all.x + all.w / 2);
    expect(near.w / near.h).toBeCloseTo(all.w / all.h);
  });
  it("ends somewhere both ways", () => {
    let [near, far] = [all, all];
    for (let at = 0; at < 50; at++) {
      near = zoomView(near, 0.7, all);
      far = zoomView(far, 1.4, all);
    }
    expect(near.w).toBeGreaterThanOrEqual(200);
    expect(far.w).toBeLessThanOrEqual(all.w * 1.5);
  });
});

describe("a run on the map", () => {
  it("follows its lines, its numbers apart", () => {
    const stretches = stretchesOf(chart, run(["go", "a", "b"], ["back", "b", "a"], ["go", "a", "b"]));
    expect(stretches.map(({ d }) => d)).toEqual(["M280 84L495 84", "M504 96L289 96", "M280 84L495 84"]);
    expect(stretches[0]?.spot).toEqual([380, 84]);
    const columns = stretches.map(({ spot }) => Math.round((spot?.[0] ?? 0) / 50));
    expect(new Set(columns).size).toBe(3);
  });
  it("goes straight where there is no line, and stays where it happens in place", () => {
    const [hop, stay] = stretchesOf(chart, run(["sequence:x", "a", "c"], ["look", "c", "c"]));
    expect(hop?.d).toBe("M140 84L5180 2484");
    expect(stay?.d).toBe("");
    expect(stay?.spot).toEqual([5080, 2568]);
  });
  it("has no numbers where a map is too small for them, and skips what is not on it", () => {
    const small = { ...chart, detail: "titles" as const };
    expect(stretchesOf(small, run(["go", "a", "b"]))[0]?.spot).toBeNull();
    expect(stretchesOf(chart, run(["x", "moon", "mars"]))).toEqual([]);
  });
});

it("shows a map whole that is little larger than what is looked at", () => {
  const view = { x: 0, y: 0, w: 1500, h: 750 };
  expect(orAll(view, { x: -50, y: -50, w: 1600, h: 1000 })).toEqual({ x: -50, y: -50, w: 1600, h: 1000 });
  expect(orAll(view, { x: 0, y: 0, w: 4000, h: 1000 })).toBe(view);
  expect(orAll(null, view)).toBe(view);
});
