import { describe, expect, it } from "vitest";
import { cardPieces, shortenRemoved } from "../../compare/card-text";
import { pickWords, sidePieces, textBefore } from "../../shared/conflict-words";
import { fieldWords } from "../../shared/field-words";
import { placeTitle } from "../../shared/place-title";
import type { DiffPiece } from "../../shared/ui/diff-text";
import { conflict } from "./comparisons";

describe("the title of a conflict", () => {
  it.each([
    ["state", "wash_house", "base", "states.wash_house.base", "State wash house: what the camera sees"],
    ["event", "go_in", "to", "events.go_in.to", "Event go in: where it leads"],
    ["event", "go_in", "phases[1].base", "", "Event go in: phases, 2: what is seen while it plays"],
    ["state", "yard", "", "states.yard", "State yard"],
    ["state", "yard", "id", "states.yard#id", "State yard: name"],
    ["event", "", "", "events#order", "Events: order"],
    ["world", "", "entrance.state", "entrance.state", "World: where play starts: state"],
    ["world", "", "scene.states", "scene.states", "World: states"],
    ["mission", "m1", "title", "missions.m1.title", "Mission m1: title"],
  ] as const)("of %s %s %s is in words", (kind, id, field, path, title) => {
    expect(placeTitle(conflict({ item: { kind, id, field }, path }))).toBe(title);
  });

  it("names a field without words of its own as it is", () => {
    expect(fieldWords("state", "x_studioNote.constructor")).toBe("x studio note: constructor");
  });
});

describe("the sides of a conflict", () => {
  it("are read without what both began with", () => {
    const words: [DiffPiece[0], string][] = [
      ["same", "A "],
      ["del", "dry"],
      ["ins", "wet"],
      ["same", " lane."],
    ];
    const about = conflict({ ours: [{ path: "", words }] });
    expect(sidePieces({ path: "", words }).map(([, text]) => text)).toEqual(["A ", "wet", " lane."]);
    expect(textBefore(about)).toBe("A dry lane.");
    expect(sidePieces({ path: "", before: "12", after: "15" })).toEqual([["ins", "15"]]);
    expect(sidePieces({ path: "", before: "12" })).toEqual([]);
  });

  it("say what picking one does where the other deleted the thing", () => {
    const about = conflict({ ours: [] });
    expect(pickWords(about, "ours")).toBe("Delete it");
    expect(pickWords(about, "theirs")).toBe("Keep it");
    expect(pickWords(conflict(), "theirs")).toBe("Pick theirs");
  });
});

describe("a card of a changed text", () => {
  const old = "A walled yard of wet flagstones at the foot of a white tower, with a low oil store on the right.";

  it("shows the new words alone where the text was rewritten", () => {
    expect(
      cardPieces([
        ["del", old],
        ["ins", "Snow, and nothing else."],
      ]),
    ).toEqual([["ins", "Snow, and nothing else."]]);
  });

  it("shows the new words before the old ones, and of a long passage that went only its beginning", () => {
    const pieces: DiffPiece[] = [
      ["same", `${old} ${old}`],
      ["del", "A line of washing, stiff with salt, swings"],
      ["ins", "Nothing moves"],
    ];
    const [same, added, removed] = shortenRemoved(pieces);
    expect([same?.[0], added, removed]).toEqual(["same", ["ins", "Nothing moves"], ["del", "A line of washing,…"]]);
  });

  it("still shows what went where nothing new came", () => {
    expect(shortenRemoved([["del", "All of it."]])).toEqual([["del", "All of it."]]);
  });
});
