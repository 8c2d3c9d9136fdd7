/** No script grows beyond what it may have, alone or with the others. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EACH, overBudget, TOGETHER } from "../budget.mjs";

test("the guide of the widgets names the limits that the build keeps", () => {
  const guide = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  for (const limit of [EACH, TOGETHER]) expect(guide).toContain(`under ${limit.toLocaleString("en")}`);
});

test("scripts of which each is small enough are too large together, whichever bundling made them", () => {
  const widgets = [
    ["editor.js", 425_000],
    ["player.js", 120_000],
    ["compare.js", 125_000],
    ["generate.js", 46_000],
  ] as const;
  const others = [
    ["embed-page.js", 22_000],
    ["embed.js", 3_000],
    ["embed.global.js", 3_000],
  ] as const;
  expect(overBudget(new Map(widgets))).toEqual([]);
  expect(overBudget(new Map(others))).toEqual([]);
  expect(overBudget(new Map([...widgets, ...others]))).toEqual([
    "all scripts together have 744000 bytes, more than 742000",
  ]);
});

test("a script that is too large is named with its bytes", () => {
  expect(overBudget(new Map([["editor.js", 440_001]]))).toEqual(["editor.js has 440001 bytes, more than 440000"]);
  expect(overBudget(new Map([["embed.js", 4_001]]))).toEqual(["embed.js has 4001 bytes, more than 4000"]);
});
