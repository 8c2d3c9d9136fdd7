import { describe, expect, it } from "vitest";
import { BINDINGS, reasonNotToAct } from "../../editor/keymap";
import type { Place } from "../../shared/last-used";

const PLACES: readonly (Place | null)[] = ["map", "control", "text", null];
const bound = (chord: string) => {
  const binding = BINDINGS.find(({ chords }) => chords.includes(chord));
  if (!binding) throw new Error(`nothing is bound to ${chord}`);
  return binding;
};

describe("keys of the editor", () => {
  it.each(["delete", "backspace", "mod+x", "n", "a", "c"])("%s acts only while the map is used", (chord) => {
    expect(PLACES.filter((used) => reasonNotToAct(bound(chord), used) === null)).toEqual(["map"]);
  });

  it.each(["f", "l", "p", "?", "/", "mod+c"])("%s acts from every control, too", (chord) => {
    expect(PLACES.filter((used) => reasonNotToAct(bound(chord), used) === null)).toEqual(["map", "control", null]);
  });

  it("only undo and redo act while the field that was typed in is gone", () => {
    const acting = BINDINGS.filter((binding) => reasonNotToAct(binding, "text") === null);
    expect(acting.flatMap(({ chords }) => chords)).toEqual(["mod+z", "mod+shift+z", "mod+y"]);
  });

  it("every key without a modifier that edits is one of those that need the map", () => {
    const edits = BINDINGS.filter(({ group, changes, onMap }) => group === "Edit" && !changes && !onMap);
    const plain = edits.flatMap(({ chords }) => chords).filter((chord) => !/^(mod|alt)\+/.test(chord));
    expect(plain).toEqual(["f2"]);
  });
});
