import { expect, test } from "vitest";
import { wrapWords } from "../../map/canvas/text";

test("words break into lines that fit, and the last says that there is more", () => {
  expect(wrapWords("walk up the long lane", 9, 3)).toEqual(["walk up", "the long", "lane"]);
  expect(wrapWords("walk up the long lane", 9, 2)).toEqual(
    ["walk up", "the long…"].map((line, at) => (at ? expect.stringMatching(/…$/) : line)),
  );
  expect(wrapWords("antidisestablishmentarianism", 10, 2)).toEqual(["antidises…"]);
  expect(wrapWords("", 10, 2)).toEqual([""]);
});
