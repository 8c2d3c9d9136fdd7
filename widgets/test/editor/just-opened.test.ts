import { expect, test } from "vitest";
import { justOpened } from "../../editor/view/app";

test("what is opened is shown, also while the other is open, and nothing is when one is closed", () => {
  const states = [
    { open: false, isPlaying: false },
    { open: true, isPlaying: false },
    { open: true, isPlaying: true },
    { open: false, isPlaying: true },
    { open: true, isPlaying: true },
    { open: true, isPlaying: false },
  ] as const;
  const opened = states.slice(1).map((now, at) => justOpened(now, states[at] ?? now));
  expect(opened).toEqual(["panel", "player", null, "panel", null]);
});
