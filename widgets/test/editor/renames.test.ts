import { expect, test } from "vitest";
import { openRenames } from "../../editor/data/renames";

const isOneOf =
  (...names: string[]) =>
  (name: string) =>
    names.includes(name);

test("a name is followed through every rename to the one that is in use", () => {
  const renames = openRenames();
  renames.add([{ op: "rename_state", from: "a", to: "b" }]);
  renames.add([
    { op: "set_field", state: "b", field: "base", value: "" },
    { op: "rename_state", from: "b", to: "c" },
  ]);
  expect(renames.follow("state", "a", isOneOf("c"))).toBe("c");
  expect(renames.follow("event", "a", isOneOf("c"))).toBe("a");
});

test("a name that is in use again stands for itself, and names in a circle end", () => {
  const renames = openRenames();
  renames.add([
    { op: "rename_event", from: "a", to: "b" },
    { op: "rename_event", from: "b", to: "a" },
  ]);
  expect(renames.follow("event", "a", isOneOf("a"))).toBe("a");
  expect(renames.follow("event", "a", isOneOf("x"))).toBe("a");
});

test("a flag is followed too, and nothing else of its name", () => {
  const renames = openRenames();
  renames.add([{ op: "rename_flag", from: "oil", to: "lamp_oil" }]);
  expect(renames.follow("flag", "oil", isOneOf("lamp_oil"))).toBe("lamp_oil");
  expect(renames.follow("state", "oil", isOneOf("lamp_oil"))).toBe("oil");
});
