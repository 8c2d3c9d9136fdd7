import { expect, it } from "vitest";
import { pace } from "../../player/parts/live-frame";

it("says how many pictures come, and how late they are once that is known", () => {
  expect(pace(30, null)).toBe("30 pictures/s");
  expect(pace(29, 41)).toBe("29 pictures/s, 41 ms");
  expect(pace(0, 41)).toBe("paused");
});
