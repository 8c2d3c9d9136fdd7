import { expect, test } from "vitest";
import { canPress, whereabouts } from "../../player/parts/anchors";
import type { FoundAnchor, OfferInfo } from "../../shared/protocol";

const offer = { name: "climb", label: "Climb", available: true, hint: null, hotkey: null, kind: "transition" } as const;
const at = (left: number, right: number, isClose: boolean, isCentered: boolean): FoundAnchor => ({
  event: "climb",
  box: [left, 0.2, right, 0.8],
  isClose,
  isCentered,
});

test("a thing is pressed when it is close and in the middle, and its place is said until then", () => {
  const words = (anchor?: FoundAnchor, of: OfferInfo = offer) => [anchor && canPress(anchor), whereabouts(anchor, of)];
  expect(words()).toEqual([undefined, "not in sight"]);
  expect(words(at(0, 0.1, false, false))).toEqual([false, "left, far"]);
  expect(words(at(0.8, 1, true, false))).toEqual([false, "right"]);
  expect(words(at(0.48, 0.5, false, true))).toEqual([false, "far"]);
  expect(words(at(0.4, 0.6, true, true))).toEqual([true, "here"]);
  expect(words(at(0.4, 0.6, true, true), { ...offer, available: false })).toEqual([true, "locked"]);
});
