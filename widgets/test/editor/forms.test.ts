import { expect, test } from "vitest";
import { BINDINGS } from "../../editor/keymap";
import { chipItems, fittingCount } from "../../editor/view/chips";
import type { Node } from "../../map/graph";
import { ownProse } from "../../map/own-prose";

test("chips show what they can and leave room to say how many more there are", () => {
  expect(fittingCount(["Start", "a", "3"], 256)).toBe(3);
  expect(fittingCount(["Start", "a long name here", "another long name", "one more of them"], 256)).toBeLessThan(4);
  expect(fittingCount(["x".repeat(100), "y"], 20)).toBe(1);
  expect(fittingCount(["Start", "pick up the red mitten", "look up"], 193)).toBe(2);
});

test("what stands in every base is not said on a card", () => {
  const world = { subject: "A courier in a grey coat.", styleTail: "Cold light." };
  expect(ownProse(world, "A courier in a grey coat. A wet lane. Cold light.")).toBe("A wet lane.");
  expect(ownProse(world, "A wet lane.")).toBe("A wet lane.");
  expect(ownProse(world, "A courier in a grey coat. Cold light.")).toBe("A courier in a grey coat. Cold light.");
  expect(ownProse({}, "A  wet lane.")).toBe("A  wet lane.");
});

test("the chips of a card come in order of importance", () => {
  const node: Node = {
    id: "a",
    prose: "",
    body: { ambient: ["x", "y"] },
    start: true,
    ending: { kind: "win", title: "Home" },
    local: [{ index: 4, name: "look_here", kind: "override", locked: false, problems: { error: 0, warning: 0 } }],
    problems: { error: 0, warning: 0 },
  };
  expect(chipItems(node).map((chip) => chip.words)).toEqual(["Start", "Win: Home", "look here"]);
});

test("no two commands have one key, and every command but a variant is in the help", () => {
  const chords = BINDINGS.flatMap((binding) => binding.chords);
  expect(new Set(chords).size).toBe(chords.length);
  for (const binding of BINDINGS) if (binding.does === "") expect(binding.chords[0]).toMatch(/shift\+arrow/);
});
