import { describe, expect, it } from "vitest";
import { MOST_MS, Pulse } from "../../player/clock-driver";

describe("the pulse", () => {
  it("asks for the time that passed, at most ten times a second", () => {
    const pulse = new Pulse();
    const asked: number[] = [];
    for (let wall = 1000; wall <= 2000; wall += 16) {
      const ms = pulse.beat(wall, 1);
      if (ms > 0) asked.push(ms);
      pulse.answered();
    }
    expect(asked.length).toBeLessThanOrEqual(10);
    expect(asked.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(850);
  });

  it("has one tick under way: a busy kernel gets one for the time of many", () => {
    const pulse = new Pulse();
    pulse.beat(0, 1);
    expect(pulse.beat(100, 1)).toBe(100);
    for (let wall = 200; wall < 600; wall += 100) expect(pulse.beat(wall, 1)).toBe(0);
    pulse.answered();
    expect(pulse.beat(600, 1)).toBe(500);
  });

  it("never leaps: time in which nobody answered is played up to a limit only", () => {
    const pulse = new Pulse();
    pulse.beat(0, 1);
    pulse.beat(100, 1);
    pulse.beat(60_000, 1);
    pulse.answered();
    expect(pulse.beat(60_016, 1)).toBe(MOST_MS);
  });

  it("does not count the time in which it rests", () => {
    const pulse = new Pulse();
    pulse.beat(0, 1);
    pulse.beat(60, 1);
    pulse.rest();
    expect(pulse.beat(90_000, 1)).toBe(0);
    expect(pulse.beat(90_100, 1)).toBe(100);
  });

  it("runs as fast as it is told", () => {
    const pulse = new Pulse();
    pulse.beat(0, 4);
    expect(pulse.beat(100, 4)).toBe(400);
    pulse.answered();
    expect(pulse.beat(200, 0.5)).toBe(50);
  });
});
