import { describe, expect, it } from "vitest";
import { type Cause, type Place, usedAfter } from "../../shared/last-used";

const PLACES: readonly (Place | null)[] = ["map", "control", "text", null];
const CAUSES: readonly Cause[] = ["press", "tab", "command", "fallback"];
const TARGETS: readonly Place[] = ["map", "control", "text"];

describe("what was last used on purpose", () => {
  it("never changes when the focus only falls back to a place", () => {
    for (const used of PLACES)
      for (const from of PLACES) for (const to of TARGETS) expect(usedAfter(used, from, to, "fallback")).toBe(used);
  });

  it("is where a pointer pressed or Tab led, whatever was used before", () => {
    for (const used of PLACES)
      for (const from of PLACES)
        for (const to of TARGETS)
          for (const cause of ["press", "tab"] as const) expect(usedAfter(used, from, to, cause)).toBe(to);
  });

  it("is where a command put the focus", () => {
    expect(usedAfter("text", "text", "map", "command")).toBe("map");
    expect(usedAfter("map", "map", "text", "command")).toBe("text");
    expect(usedAfter(null, null, "map", "command")).toBe("map");
  });

  it("does not become the map by walking on a map that the focus fell back to", () => {
    expect(usedAfter("text", "map", "map", "command")).toBe("text");
    expect(usedAfter("map", "map", "map", "command")).toBe("map");
  });

  it("becomes the map only by a press, by Tab or by a command from elsewhere", () => {
    for (const used of PLACES.filter((one) => one !== "map"))
      for (const from of PLACES)
        for (const to of TARGETS)
          for (const cause of CAUSES) {
            const isMap = usedAfter(used, from, to, cause) === "map";
            const isPurpose = cause === "press" || cause === "tab" || (cause === "command" && from !== "map");
            expect(isMap).toBe(to === "map" && isPurpose);
          }
  });
});
