import { describe, expect, test } from "vitest";
import { nearestName } from "../../editor/forms/near-names";
import { choiceOps, stateNamed, writtenStateOps } from "../../editor/writing/choice-ops";
import { parseChoice, readChoices } from "../../editor/writing/choices";
import {
  followProse,
  followWords,
  nameRejection,
  openAutoNames,
  renameStateOps,
  writtenEventOps,
} from "../../editor/writing/names";
import { PATTERNS, patternEdit } from "../../editor/writing/patterns";
import { pushAside, slotBeside } from "../../editor/writing/placement";
import { fromSeed } from "../../map/document";
import { overlap } from "../../map/geometry/curve";
import { CARD_H, CARD_W, PITCH_X, PITCH_Y } from "../../map/geometry/dimensions";
import type { JsonObject } from "../../shared/json";
import type { Op, Position } from "../../shared/protocol";
import { seedOf } from "../fake-kernel";

const docOf = (ids: readonly string[], events: readonly JsonObject[] = []) => fromSeed(seedOf(ids, events));
const opNames = (ops: readonly Op[]) => ops.map(({ op }) => op);

describe("choices in prose", () => {
  test.each([
    ["Go down", { words: "Go down", target: "" }],
    ["Go down->cellar", { words: "Go down", target: "cellar" }],
    ["Go  down | the cellar ", { words: "Go down", target: "the cellar" }],
    ["cellar<-Go down", { words: "Go down", target: "cellar" }],
    ["->cellar", { words: "cellar", target: "cellar" }],
    [" -> ", null],
  ])("%s is read as other tools read it", (input, choice) => expect(parseChoice(input)).toEqual(choice));

  test.each([
    ["A hall. [[Go down]]", "A hall."],
    ["A hall. [[Go down]]. [[Go up]].", "A hall."],
    ["A hall.\n[[Go down]]\n[[Go up]]\nCandle light.", "A hall.\n\nCandle light."],
    ["A door leads to [[the cellar]].", "A door leads to the cellar."],
    ["[[Stairs]] lead down.", "Stairs lead down."],
    ["A hall. [[Go down]] Candle light.", "A hall. Candle light."],
    ["[[Go down]]", ""],
  ])("%j leaves only what the camera sees", (input, prose) => expect(readChoices(input).prose).toBe(prose));

  test("prose without choices stays as it is, to the space", () => {
    for (const prose of ["  two  spaces\n\n\n\nand lines ", "[[", "[[]]", "[a] [[ b", "]] [["]) {
      expect(readChoices(prose)).toEqual({ prose, choices: [] });
    }
  });

  test("no bracket is left over, whatever stands around a choice", () => {
    const parts = ["", " ", "\n", ".", "A hall", "“", "[[a->b]]", "[[c]]", "é", "!"];
    for (const a of parts)
      for (const b of parts)
        for (const c of parts) {
          const { prose, choices } = readChoices(`${a}[[Go|x]]${b}${c}`);
          expect(prose).not.toMatch(/\[\[|\]\]/);
          expect(choices.length).toBe(1 + [a, b, c].filter((part) => part.startsWith("[[")).length);
        }
  });

  test("a long text of brackets is read to its end", () => {
    expect(readChoices("[[".repeat(50_000)).choices).toEqual([]);
    expect(readChoices("[[a]] ".repeat(5_000)).choices).toHaveLength(5_000);
  });
});

describe("choices as operations", () => {
  test("a choice makes an event and a scene of its own, one that names a scene leads there", () => {
    const doc = docOf(["start", "old_hall"]);
    const choices = [
      { words: "Go down", target: "" },
      { words: "Go back", target: "Old Hall" },
    ];
    const { ops, states, events } = choiceOps(doc, openAutoNames(), "start", choices);
    expect(opNames(ops)).toEqual(["add_state", "add_transition", "add_transition"]);
    expect([states, events]).toEqual([["go_down"], ["go_down", "go_back"]]);
    expect(ops[2]).toMatchObject({ event: { from: ["start"], to: "old_hall", detail: "Go back" } });
  });

  test("two choices that name one new scene share it, and what is offered already is left out", () => {
    const doc = docOf(["start"]);
    const twice = [
      { words: "Walk", target: "cellar" },
      { words: "Run", target: "Cellar" },
    ];
    expect(choiceOps(doc, openAutoNames(), "start", twice).states).toEqual(["cellar"]);
    const offered = docOf(["start", "cellar"], [{ name: "w", from: ["start"], to: "cellar", detail: "Walk" }]);
    expect(choiceOps(offered, openAutoNames(), "start", twice.slice(0, 1)).ops).toEqual([]);
  });

  test("a scene that a choice names keeps that name, one named after its words follows its text", () => {
    const auto = openAutoNames();
    const choices = [
      { words: "Go down", target: "cellar" },
      { words: "Go up", target: "" },
    ];
    expect(choiceOps(docOf(["start"]), auto, "start", choices).states).toEqual(["cellar", "go_up"]);
    expect([...auto.states]).toEqual(["go_up"]);
  });

  test("a scene is found by its id first, then without case and underscores", () => {
    const doc = docOf(["Old hall", "old_hall"]);
    expect(stateNamed(doc, "old_hall")).toBe("old_hall");
    expect(stateNamed(doc, "OLD-HALL")).toBe("Old hall");
    expect(stateNamed(doc, "")).toBeNull();
  });

  test("a scene that a choice made is found again by what it was called, in any script and however long", () => {
    const names = [
      "Café du Port",
      "The miller's kitchen",
      "Старый мост",
      "緑の扉",
      "The long hall, east of the second stair and the door",
    ];
    for (const target of names) {
      const { states } = choiceOps(docOf(["start"]), openAutoNames(), "start", [{ words: "Go", target }]);
      expect(stateNamed(docOf(["start", ...states]), target)).toBe(states[0]);
    }
  });

  test("an empty scene with the words of its choice for a name follows its text in a view that did not make it", () => {
    const written = (id: string, detail: string, base: string) => {
      const events = [{ name: "k", from: ["start"], to: id, detail }];
      const states = { start: { base: "A yard." }, [id]: { base } };
      const doc = fromSeed({ ...seedOf(["start", id]), world: { scene: { states, events } } });
      return opNames(followProse(doc, openAutoNames(), id, "A low kitchen."));
    };
    expect(written("knock_2", "Knock", "")).toEqual(["rename_state"]);
    expect(written("knock", "Knock", "A kitchen.")).toEqual([]);
    expect(written("cellar", "Knock", "")).toEqual([]);
  });

  test("prose, its choices and the scene's name are one edit, the rename last", () => {
    const doc = docOf(["start", "scene"], [{ name: "go_to_scene", from: ["start"], to: "scene" }]);
    const auto = openAutoNames();
    const after = { base: "A damp cellar, wet stone. [[Go up->start]] [[Dig]]" };
    const { ops } = writtenStateOps(doc, auto, "scene", { base: "" }, after);
    expect(ops).toEqual([
      { op: "update_state", id: "scene", patch: { base: "A damp cellar, wet stone." } },
      { op: "add_transition", name: "go_up", event: { from: ["scene"], to: "start", detail: "Go up" } },
      { op: "add_state", id: "dig", state: { base: "" } },
      { op: "add_transition", name: "dig", event: { from: ["scene"], to: "dig", detail: "Dig" } },
      { op: "rename_state", from: "scene", to: "a_damp_cellar" },
      { op: "rename_event", from: "go_to_scene", to: "go_to_a_damp_cellar" },
    ]);
  });
});

describe("names follow the text", () => {
  test("until they are set by hand", () => {
    const doc = docOf(["scene_2", "yard"]);
    const auto = openAutoNames();
    expect(followProse(doc, auto, "scene_2", "A lit yard, rain.")).toEqual([
      { op: "rename_state", from: "scene_2", to: "a_lit_yard" },
    ]);
    expect(followProse(docOf(["a_lit_yard"]), auto, "a_lit_yard", "A dark yard.")).toHaveLength(1);
    expect(followProse(doc, auto, "yard", "A dark yard.")).toEqual([]);
    expect(followProse(doc, auto, "scene_2", " ")).toEqual([]);
  });

  test("a new name is free, of other scenes and of other events", () => {
    const doc = docOf(["scene", "a_hall"], [{ name: "go_to_scene", to: "scene" }, { name: "go_to_a_hall_2" }]);
    expect(followProse(doc, openAutoNames(), "scene", "A hall.")).toEqual([
      { op: "rename_state", from: "scene", to: "a_hall_2" },
      { op: "rename_event", from: "go_to_scene", to: "go_to_a_hall_2_2" },
    ]);
  });

  test("renaming a scene renames the ways named after it, and no others", () => {
    const events = ["go_to_scene", "go_to_scene_2", "go_to_scene_x", "leave"].map((name) => ({ name, to: "scene" }));
    expect(renameStateOps(docOf(["scene"], events), openAutoNames(), "scene", "hall")).toEqual([
      { op: "rename_state", from: "scene", to: "hall" },
      { op: "rename_event", from: "go_to_scene", to: "go_to_hall" },
      { op: "rename_event", from: "go_to_scene_2", to: "go_to_hall_2" },
    ]);
  });

  test("an event is named after the words that a player reads, else after where it leads", () => {
    const doc = docOf(["hall", "yard"], [{ name: "go_to_hall", from: ["yard"], to: "hall" }, { name: "open" }]);
    const auto = openAutoNames();
    expect(followWords(doc, auto, 0, "Open the squire’s door!")).toEqual([
      { op: "rename_event", from: "go_to_hall", to: "open_the_squires_door" },
    ]);
    expect(followWords(doc, auto, 1, "Shut")).toEqual([]);
    const elsewhere = writtenEventOps(doc, auto, 0, { name: "go_to_hall", from: ["yard"], to: "yard" });
    expect(opNames(elsewhere)).toContain("rename_event");
  });

  test("a name with a slash is refused with a name that would do", () => {
    expect(nameRejection("go_to_hall/kitchen")).toContain("go_to_hall_kitchen");
    expect(nameRejection("öffnen_2")).toBeNull();
    expect(nameRejection("")).not.toBeNull();
  });
});

describe("new cards", () => {
  const ground = (places: readonly Position[]) => ({
    places,
    cardsIn: (rect: { x: number; y: number; w: number; h: number }) =>
      places.flatMap(([x, y], at) => (overlap({ x, y, w: CARD_W, h: CARD_H }, rect) ? [at] : [])),
  });

  test("stand level with the scene they follow, then below its last follower", () => {
    expect(slotBeside(ground([[0, 0]]), 0, [])).toEqual([PITCH_X, 0]);
    const withFollower = ground([
      [0, 0],
      [PITCH_X, 0],
    ]);
    expect(slotBeside(withFollower, 0, [1])).toEqual([PITCH_X, PITCH_Y]);
    expect(slotBeside(withFollower, 0, [])).toEqual([PITCH_X, PITCH_Y]);
  });

  test("lie on no other card, and neither does what moves aside for them, down and no further than needed", () => {
    let seed = 7;
    const random = (most: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * most);
    };
    for (let round = 0; round < 300; round += 1) {
      const places: Position[] = [[0, 0]];
      for (let tries = 0; tries < 60; tries += 1) {
        const place: Position = [random(260) * 8 - 400, random(200) * 8 - 400];
        const covered = ground(places).cardsIn({ x: place[0], y: place[1], w: CARD_W, h: CARD_H }).length > 0;
        if (!covered) places.push(place);
      }
      const rows = 1 + random(3);
      const [x, y] = slotBeside(ground(places), 0, [random(places.length)], rows);
      const fresh = Array.from({ length: rows }, (_, row): Position => [x, y + row * PITCH_Y]);
      const moves = pushAside(ground(places), fresh);
      const after = [...places.map((place, at) => moves.get(at) ?? place), ...fresh];
      for (const [at, place] of after.entries()) {
        const box = { x: place[0], y: place[1], w: CARD_W, h: CARD_H };
        expect(ground(after).cardsIn(box)).toEqual([at]);
      }
      for (const [node, [movedX, movedY]] of moves) {
        expect(movedX).toBe(places[node]?.[0]);
        expect(movedY).toBeGreaterThan(places[node]?.[1] ?? 0);
      }
    }
  });
});

describe("patterns", () => {
  test.each(PATTERNS.map((pattern) => [pattern.keyword, pattern] as const))(
    "%s makes what refers only to what is there, with names that are free",
    (_, pattern) => {
      let states = ["start"];
      const events: JsonObject[] = [];
      for (let round = 0; round < 3; round += 1) {
        const { ops, cards } = patternEdit(docOf(states, events), openAutoNames(), pattern, "start");
        for (const op of ops) {
          if (op.op === "add_state") {
            expect(states).not.toContain(op.id);
            states = [...states, String(op.id)];
          } else {
            const event = op.event as JsonObject;
            expect(events.map(({ name }) => name)).not.toContain(event.name);
            for (const id of [...(event.from as string[]), ...(event.to ? [event.to] : [])])
              expect(states).toContain(id);
            events.push(event);
          }
        }
        expect(new Set(cards.map(({ column, row }) => `${column} ${row}`)).size).toBe(cards.length);
      }
    },
  );

  test("names that are typed name their things, and a hub has as many places as are named", () => {
    const [lock, , hub] = PATTERNS;
    if (!lock || !hub) throw new Error("no patterns");
    const { ops } = patternEdit(docOf(["start"]), openAutoNames(), lock, "start", "brass key");
    expect(JSON.stringify(ops)).toContain('"requires":["brass_key"]');
    const edit = patternEdit(docOf(["start"]), openAutoNames(), hub, "start", "kitchen, study, cellar, attic");
    expect(edit.cards.map(({ id }) => id)).toEqual(["kitchen", "study", "cellar", "attic"]);
  });
});

describe("near-twins", () => {
  const flags = ["brass_key", "lamp lit", "door_1", "oil"];
  test.each([
    ["brass", "brass_key"],
    ["Brass Key", "brass_key"],
    ["key", "brass_key"],
    ["bras_key", "brass_key"],
    ["lamp_lit", "lamp lit"],
    ["door_2", null],
    ["oil", null],
    ["oak", null],
    ["rope", null],
    ["", null],
  ])("%j most likely means %j", (typed, name) => expect(nearestName(flags, typed)).toBe(name));
});
