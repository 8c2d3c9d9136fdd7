/** No script grows beyond what it may have, alone or with the others. */
import { expect, test } from "vitest";
import { overBudget } from "../budget.mjs";

test("scripts of which each is small enough are too large together, whichever bundling made them", () => {
  const widgets = [
    ["editor.js", 430_000],
    ["player.js", 120_000],
    ["compare.js", 125_000],
    ["generate.js", 46_000],
  ] as const;
  const others = [
    ["embed-page.js", 19_000],
    ["embed.js", 3_000],
    ["embed.global.js", 3_000],
  ] as const;
  expect(overBudget(new Map(widgets))).toEqual([]);
  expect(overBudget(new Map(others))).toEqual([]);
  expect(overBudget(new Map([...widgets, ...others]))).toEqual([
    "all scripts together have 746000 bytes, more than 745000",
  ]);
});

test("a script that is too large is named with its bytes", () => {
  expect(overBudget(new Map([["editor.js", 440_001]]))).toEqual(["editor.js has 440001 bytes, more than 440000"]);
  expect(overBudget(new Map([["embed.js", 4_001]]))).toEqual(["embed.js has 4001 bytes, more than 4000"]);
});
