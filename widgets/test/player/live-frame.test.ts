import { expect, it } from "vitest";
import { pace, steer } from "../../player/parts/live-frame";

it("says how many pictures come, and how late they are once that is known", () => {
  expect(pace(30, null)).toBe("30 pictures/s");
  expect(pace(29, 41)).toBe("29 pictures/s, 41 ms");
  expect(pace(0, 41)).toBe("paused");
});

it("lets go of a control whatever else is down by then, and presses none with Ctrl, Alt or Command", () => {
  const heard: [string, boolean][] = [];
  const live = { key: (code: string, down: boolean) => heard.push([code, down]) > 0 };
  const key = (type: string, ctrlKey = false) => ({ type, code: "KeyW", ctrlKey, metaKey: false, altKey: false });
  expect([key("keydown"), key("keydown", true), key("keyup", true)].map((event) => steer(live, event))).toEqual([
    true,
    false,
    true,
  ]);
  expect(heard).toEqual([
    ["KeyW", true],
    ["KeyW", false],
  ]);
});
