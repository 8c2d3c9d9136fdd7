import { describe, expect, it } from "vitest";
import { fileName, pngSize } from "../../editor/actions/picture";

describe("a picture of the map", () => {
  it("has a file name that every system takes", () => {
    expect(fileName("The Light at Skarra")).toBe("The-Light-at-Skarra");
    expect(fileName("../../etc/passwd\u0000")).toBe("etc-passwd");
    expect(fileName("Кафе «Ночь»")).toBe("Кафе-Ночь");
    expect(fileName("किताब")).toBe("किताब");
    expect(fileName("night_shift - 2")).toBe("night_shift---2");
    expect(fileName("  ")).toBe("world");
    expect(Array.from(fileName("𝕏".repeat(500)))).toHaveLength(80);
  });

  it("is twice as sharp as the map where a canvas may be so large", () => {
    expect(pngSize(1000, 500)).toEqual({ width: 2000, height: 1000 });
  });

  it("is never larger than a canvas may be, and keeps its shape", () => {
    for (const [width, height] of [
      [200_000, 100],
      [30_000, 30_000],
      [1, 900_000],
    ] as const) {
      const size = pngSize(width, height);
      expect(size.width).toBeLessThanOrEqual(12_000);
      expect(size.height).toBeLessThanOrEqual(12_000);
      expect(size.width * size.height).toBeLessThanOrEqual(64_000_000);
      expect(size.width / size.height).toBeCloseTo(Math.max(width / height, 1 / size.height), 0);
    }
  });
});
