import { describe, expect, it } from "vitest";
import { ClockDriver, MAX_TICK_MS } from "../../player/clock-driver";

describe("the pulse", () => {
  it("asks for the time that passed, at most ten times a second", () => {
    const pulse = new ClockDriver();
    const requests: number[] = [];
    for (let wall = 1000; wall <= 2000; wall += 16) {
      const ms = pulse.advance(wall, 1);
      if (ms > 0) requests.push(ms);
      pulse.onReply();
    }
    expect(requests.length).toBeLessThanOrEqual(10);
    expect(requests.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(850);
  });

  it("has one tick under way: a busy kernel gets one for the time of many", () => {
    const pulse = new ClockDriver();
    pulse.advance(0, 1);
    expect(pulse.advance(100, 1)).toBe(100);
    for (let wall = 200; wall < 600; wall += 100) expect(pulse.advance(wall, 1)).toBe(0);
    pulse.onReply();
    expect(pulse.advance(600, 1)).toBe(500);
  });

  it("never leaps: time in which nobody answered is played up to a limit only", () => {
    const pulse = new ClockDriver();
    pulse.advance(0, 1);
    pulse.advance(100, 1);
    pulse.advance(60_000, 1);
    pulse.onReply();
    expect(pulse.advance(60_016, 1)).toBe(MAX_TICK_MS);
  });

  it("does not count the time in which it rests", () => {
    const pulse = new ClockDriver();
    pulse.advance(0, 1);
    pulse.advance(60, 1);
    pulse.pause();
    expect(pulse.advance(90_000, 1)).toBe(0);
    expect(pulse.advance(90_100, 1)).toBe(100);
  });

  it("runs as fast as it is told", () => {
    const pulse = new ClockDriver();
    pulse.advance(0, 4);
    expect(pulse.advance(100, 4)).toBe(400);
    pulse.onReply();
    expect(pulse.advance(200, 0.5)).toBe(50);
  });
});
