import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cutPrompt, type PromptParts } from "../../editor/forms/prompt-parts";
import { budget, eventPrompt, phasePrompt, statePrompt, withVariant } from "../../editor/forms/prompts";
import { type Doc, EMPTY_DOC } from "../../map/document";
import type { JsonObject } from "../../shared/json";

interface Table {
  states: {
    says: string;
    world: JsonObject;
    state: JsonObject;
    standing: string;
    moving: string;
    budget: number;
  }[];
  cuts: { says: string; parts: PromptParts; limit: number; prompt: string }[];
  events: { event: JsonObject; prompt: string }[];
  phases: { phase: JsonObject; prompt: string }[];
}

/** The cases that `tests/notebook/test_prompt_table.py` holds the kernel to as well. */
const TABLE = JSON.parse(readFileSync(join(import.meta.dirname, "prompts.json"), "utf8")) as Table;

describe("the prompts that are shown are the kernel's", () => {
  test.each(TABLE.states)("$says", ({ world, state, standing, moving, budget: counted }) => {
    expect(statePrompt(world, state, false)).toBe(standing);
    expect(statePrompt(world, state, true)).toBe(moving);
    expect(budget(state).total).toBe(counted);
  });

  test("of an event: its own prose, else its destination's, else its detail, else its name", () => {
    const doc: Doc = {
      ...EMPTY_DOC,
      states: [
        { id: "a", body: { base: "The foot." } },
        { id: "b", body: { base: "The gallery." } },
        { id: "c", body: { base: "" } },
      ],
      world: { cutscenes: [{ id: "cut", video: "v", from: "a", to: "b" }] },
    };
    for (const { event, prompt } of TABLE.events) expect(eventPrompt(doc, event)).toBe(prompt);
  });

  test.each(TABLE.cuts)("too long: $says", ({ parts, limit, prompt }) => {
    expect(cutPrompt(parts, limit)).toBe(prompt);
  });

  test("of a phase", () => {
    for (const { phase, prompt } of TABLE.phases) expect(phasePrompt(phase)).toBe(prompt);
  });
});

test("a variant speaks in the state's place, with what it does not have of its own taken from the state", () => {
  const state = { base: "a", camera: { static: "s", dynamic: "d" }, ambient: ["x"] };
  expect(withVariant(state, { label: "B", base: "b", ambient: ["y"] })).toEqual({
    base: "b",
    camera: { static: "s", dynamic: "d" },
    ambient: ["y"],
  });
});

test("the bar's parts are those the budget counts", () => {
  const { shares } = budget({ base: "ab", movement: { static: "c", dynamic: "" }, ambient: ["d", "e"] });
  expect(shares.map(({ part, length: n }) => [part, n])).toEqual([
    ["Scene", 2],
    ["Camera", 0],
    ["Movement", 1],
    ["Ambient", 3],
  ]);
});
