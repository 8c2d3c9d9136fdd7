import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { freeName, moveName, nameFromProse, nameFromWords, shortName } from "../../editor/data/names";
import * as ops from "../../editor/data/ops";
import { describeState, entranceNode, nearest, neighbour } from "../../editor/graph/navigate";
import { search } from "../../editor/graph/search";
import { nameRejection } from "../../editor/writing/names";
import { fromSeed } from "../../map/document";
import { buildGraph, eventIndex } from "../../map/graph";
import { marks } from "../../map/labels";
import type { JsonObject } from "../../shared/json";
import type { Diagnostic, Position, Seed } from "../../shared/protocol";
import { seedOf } from "../fake-kernel";

const world = (ids: string[], events: JsonObject[] = [], more: Partial<Seed> = {}) =>
  fromSeed(seedOf(ids, events, more));
const move = (name: string, from: string | string[], to: string, more: JsonObject = {}): JsonObject => ({
  name,
  kind: "transition",
  from,
  to,
  ...more,
});
const finding = (severity: "error" | "warning", kind: Diagnostic["item"]["kind"], id: string): Diagnostic => ({
  lint: "x",
  severity,
  path: "",
  message: "m",
  item: { kind, id, field: "" },
});

describe("the graph", () => {
  test("has an edge for each source of a move, and chips for what stays", () => {
    const graph = buildGraph(
      world(
        ["a", "b"],
        [
          move("go", ["a", "b", "a"], "b"),
          { name: "look", kind: "override", from: "a" },
          { name: "tty", kind: "terminal", from: ["b"] },
        ],
      ),
    );
    expect(graph.edges.map((edge) => [edge.source, edge.target])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(graph.nodes.map((node) => node.local.map((event) => event.kind))).toEqual([["override"], ["terminal"]]);
    expect([graph.out, graph.into]).toEqual([
      [[0], [1]],
      [[], [0, 1]],
    ]);
  });

  test("hops through a cutscene, which is looked up before a state", () => {
    const seed = seedOf(["a", "b", "c"], [move("go", "a", "b")]);
    seed.world.cutscenes = [{ id: "b", from: "a", to: "c" }];
    expect(buildGraph(fromSeed(seed)).edges[0]).toMatchObject({ cut: "b", target: 2 });
  });

  test("shows the cutscene of the pair of states on the way, if it has a video", () => {
    const seed = seedOf(["a", "b", "c"], [move("go", "a", "b"), move("on", "b", "c"), move("skip", "c", "a")]);
    seed.world.cutscenes = [
      { id: "empty", from: "a", to: "b", video: " " },
      { id: "beam", from: "a", to: "b", video: "beam.mp4" },
      { id: "later", from: "a", to: "b", video: "later.mp4" },
      { id: "other", from: "c", to: "b", video: "other.mp4" },
    ];
    expect(buildGraph(fromSeed(seed)).edges.map((edge) => edge.cut)).toEqual(["beam", null, null]);
  });

  test("keeps an edge that leads nowhere, and drops one from nowhere", () => {
    const graph = buildGraph(
      world(
        ["a"],
        [move("lost", "a", "gone"), { name: "no_to", kind: "transition", from: ["a"] }, move("ghost", "gone", "a")],
      ),
    );
    expect(graph.edges.map((edge) => [edge.name, edge.target])).toEqual([
      ["lost", -1],
      ["no_to", -1],
    ]);
  });

  test("knows who grants each flag, and flags that nobody grants", () => {
    const graph = buildGraph(
      world(
        ["a"],
        [move("x", "a", "a", { grants: ["key"], requires: ["lamp"] }), move("y", "a", "a", { grants: ["key"] })],
      ),
    );
    expect([...graph.flags]).toEqual([
      ["lamp", []],
      ["key", ["x", "y"]],
    ]);
  });

  test("marks entrance, endings and what is wrong, by item and never by path", () => {
    const seed = seedOf(
      ["a.b", "c d"],
      [move("go", "a.b", "c d", { requires: ["k"], autoAfterMs: 5, oneShot: true, hidden: true })],
      {
        diagnostics: [
          finding("error", "state", "a.b"),
          finding("warning", "event", "go"),
          finding("error", "world", ""),
        ],
      },
    );
    (seed.world.scene as { states: JsonObject }).states["c d"] = { base: "", ending: { kind: "lose", title: "T" } };
    const graph = buildGraph(fromSeed(seed));
    expect(graph.nodes[0]).toMatchObject({ start: true, problems: { error: 1, warning: 0 } });
    expect(graph.nodes[1]?.ending).toEqual({ kind: "lose", title: "T" });
    expect(marks(graph.edges[0] as (typeof graph.edges)[number])).toEqual([
      "warning",
      "lock",
      "clock",
      "hidden",
      "once",
    ]);
    expect(describeState(graph, 0)).toBe("a.b, entrance, 1 exit, 1 error");
    expect(describeState(graph, 1)).toBe("c d, lose ending: T, 0 exits");
  });

  test("knows which missions happen in a state", () => {
    const seed = seedOf(["a", "b"]);
    seed.world.missions = [
      { id: "m", title: "Light the lamp", objectives: [{ location: "a" }, { location: "a" }, { location: "b" }] },
      { id: "n", objectives: [{ location: "a" }, 7] },
      3,
    ];
    expect([...buildGraph(fromSeed(seed)).missions]).toEqual([
      ["a", ["Light the lamp", "n"]],
      ["b", ["Light the lamp"]],
    ]);
  });

  test("reads a world of the wrong shapes without an exception", () => {
    const graph = buildGraph(
      fromSeed({
        ...seedOf(["a"]),
        world: {
          entrance: 3,
          cutscenes: { x: 1 },
          scene: { states: { a: 4 }, events: [7, { from: {} }, { name: 3, kind: 5, from: [null, "a"] }] },
        },
      } as unknown as Seed),
    );
    expect(graph.nodes).toHaveLength(1);
  });
});

describe("names", () => {
  test("are free, and say where the move goes", () => {
    const isTaken = (name: string) => ["scene", "scene_2", "go_to_b"].includes(name);
    expect([freeName("scene", isTaken), freeName("x", isTaken)]).toEqual(["scene_3", "x"]);
    expect([
      moveName("b", isTaken),
      moveName("The Old  Hall!", isTaken),
      moveName("café 2", isTaken),
      moveName("!!", isTaken),
    ]).toEqual(["go_to_b_2", "go_to_the_old_hall", "go_to_café_2", "go_on"]);
  });

  test("of events keep the marks of their script, and are cut between words and characters", () => {
    expect(nameFromWords("दरवाज़ा खोलो")).toBe("दरवाज़ा_खोलो".normalize("NFKC"));
    expect(nameFromWords("Don’t open the gate!")).toBe("dont_open_the_gate");
    expect(nameFromWords("…")).toBe("go_on");
    expect(nameFromWords("Go down the long winding stairs to the flooded cellar")).toBe(
      "go_down_the_long_winding_stairs",
    );
    expect(moveName("दरवाज़ा", () => false)).toBe(`go_to_${"दरवाज़ा".normalize("NFKC")}`);
    for (const letter of ["𠮷", "𞤀", "दि", "e\u0301", "नी "]) {
      for (let ahead = 0; ahead < 45; ahead += 1) {
        const words = "一".repeat(ahead) + letter.repeat(60);
        for (const name of [nameFromWords(words), moveName(words, () => false)]) {
          expect(name).not.toMatch(/\p{Cs}/u);
          expect([...name].length).toBeLessThanOrEqual(46);
          expect(nameRejection(name)).toBeNull();
        }
      }
    }
  });

  test("of states are made of the first clause, in any script, as long as a card can show", () => {
    const prose = [
      "Rain on the Lane, cold light.",
      "Don't look — the café's LAMP!",
      ". , ;",
      "霧の中。雨",
      `${"x".repeat(63)} y`,
    ];
    expect(prose.map(nameFromProse)).toEqual([
      "rain_on_the_lane",
      "dont_look_the_cafés_lamp",
      "state",
      "霧の中",
      "x".repeat(40),
    ]);
  });

  test("are cut as in Python, at the end of a phrase", () => {
    expect(nameFromProse("A great oak wheel stands still in green water.")).toBe("a_great_oak_wheel_stands_still");
    const cases = JSON.parse(
      readFileSync(new URL("../../../schema/conformance/names.json", import.meta.url), "utf-8"),
    ) as {
      name: string;
      longest: number;
      short: string;
    }[];
    expect(cases.length).toBeGreaterThan(30);
    for (const { name, longest, short } of cases) expect(shortName(name, longest), name).toBe(short);
  });
});

describe("operations", () => {
  const doc = world(["a", "scene"], [move("go", "a", "scene"), move("go", "scene", "a", { hotkey: "k" })]);

  test("a branch is one batch: the state, then the way to it", () => {
    expect(ops.branch(doc, "a").ops).toEqual([
      { op: "add_state", id: "scene_2", state: { base: "" } },
      { op: "add_transition", name: "go_to_scene_2", event: { from: ["a"], to: "scene_2" } },
    ]);
  });

  test("a field is patched by name; of two with one name the later by its place, whole", () => {
    expect(ops.patchEvent(doc, 0, { base: "x" })).toEqual([{ op: "update_event", name: "go", patch: { base: "x" } }]);
    expect(ops.patchEvent(doc, 1, { hotkey: null, base: "x" })).toEqual([
      { op: "put_event", index: 1, event: { name: "go", kind: "transition", from: "scene", to: "a", base: "x" } },
    ]);
    expect([ops.deleteEvent(doc, 0), ops.deleteEvent(doc, 1), ops.deleteEvent(doc, 9)]).toEqual([
      [{ op: "delete_event", name: "go" }],
      [{ op: "put_event", index: 1, event: null }],
      [],
    ]);
  });

  test("an override loses its destination by the operation that reports it", () => {
    expect(ops.patchEvent(doc, 0, { kind: "override" })).toEqual([
      { op: "set_event_kind", event: "go", kind: "override" },
    ]);
  });

  test("leading an end elsewhere changes one destination, or one of the sources", () => {
    const two = world(["a", "b", "c"], [move("go", ["a", "b"], "c"), { name: "look", kind: "override", from: "a" }]);
    expect(ops.reconnect(two, 0, "to", "c", "a")).toEqual([{ op: "update_event", name: "go", patch: { to: "a" } }]);
    expect(ops.reconnect(two, 0, "from", "a", "c")).toEqual([
      { op: "update_event", name: "go", patch: { from: ["c", "b"] } },
    ]);
    expect(ops.reconnect(two, 0, "from", "a", "b")).toEqual([
      { op: "update_event", name: "go", patch: { from: ["b"] } },
    ]);
    expect([ops.reconnect(two, 0, "to", "c", "c"), ops.reconnect(two, 9, "to", "c", "a")]).toEqual([[], []]);
  });

  test("several are deleted in one batch, events first and from the last, so that indices hold", () => {
    expect(ops.removeAll(doc, ["a"], [0, 1])).toEqual([
      { op: "put_event", index: 1, event: null },
      { op: "delete_event", name: "go" },
      { op: "delete_state", id: "a" },
    ]);
  });

  test("an event is found by name, by its place when names clash", () => {
    expect([eventIndex(doc, "go"), eventIndex(doc, "go", 1), eventIndex(doc, "none", 0)]).toEqual([0, 1, -1]);
  });
});

describe("walking", () => {
  const places: Position[] = [
    [0, 0],
    [448, 0],
    [448, 240],
    [0, 240],
    [448, -2000],
  ];
  const graph = buildGraph(world(["a", "b", "c", "d", "e"], [move("x", "a", "c")]));

  test("goes to what lies that way, the connected before the merely near", () => {
    expect(neighbour(graph, places, 0, "right")).toBe(2);
    expect(neighbour(buildGraph(world(["a", "b", "c"])), places.slice(0, 3), 0, "right")).toBe(1);
    expect(neighbour(graph, places, 0, "down")).toBe(3);
    expect(neighbour(graph, places, 3, "right")).toBe(2);
    expect(
      neighbour(
        graph,
        [
          [0, 0],
          [448, -60],
          [448, 100],
          [0, 900],
          [0, 0],
        ],
        0,
        "right",
      ),
    ).toBe(2);
  });

  test("stands still where nothing lies that way", () => {
    expect(neighbour(graph, places, 0, "left")).toBeNull();
    expect(neighbour(graph, places, 99, "left")).toBeNull();
  });

  test("goes on from the card nearest to one that is gone", () => {
    expect(nearest(places, [430, 200])).toBe(2);
    expect(nearest([], [0, 0])).toBeNull();
  });

  test("begins at the entrance", () => {
    expect([entranceNode(graph), entranceNode(buildGraph(world([])))]).toEqual([0, null]);
  });
});

describe("search", () => {
  const seed = seedOf(
    ["lamp_room", "yard"],
    [move("light_the_lamp", "yard", "lamp_room", { base: "A match in the yard." })],
  );
  (seed.world.scene as { states: { yard: JsonObject } }).states.yard.base =
    "Flagstones, and one lamp burning low by the gate.";
  const doc = fromSeed(seed);

  test("puts names before prose and needs every word", () => {
    expect(search(doc, "lamp").map((hit) => hit.id)).toEqual(["lamp_room", "light_the_lamp", "yard"]);
    expect(search(doc, "LAMP  gate").map((hit) => hit.id)).toEqual(["yard"]);
    expect(search(doc, "yard").map((hit) => hit.kind)).toEqual(["state", "event"]);
    expect([search(doc, " "), search(doc, "zebra")]).toEqual([[], []]);
  });

  test("a name typed in full comes first, before one that has its first word and the rest in its prose", () => {
    const seed = seedOf(["state", "state_2"]);
    const states = { state: { base: "Gate 2." }, state_2: { base: "" } };
    const doc = fromSeed({ ...seed, world: { scene: { states, events: [] } } });
    for (const query of ["state 2", "STATE_2"]) expect(search(doc, query)[0]?.id).toBe("state_2");
    expect(search(doc, "state")[0]?.id).toBe("state");
  });

  test("finds who grants and who needs a flag", () => {
    const diagnosed = world(
      ["a"],
      [
        move("fill_the_can", "a", "a", { grants: ["lamp_oil"] }),
        move("light_it", "a", "a", { requires: ["lamp_oil", "match"], grants: ["light"] }),
      ],
    );
    expect(search(diagnosed, "grants lamp oil").map((hit) => [hit.id, hit.context])).toEqual([
      ["fill_the_can", "grants lamp_oil"],
    ]);
    expect(search(diagnosed, "Needs OIL").map((hit) => [hit.id, hit.context])).toEqual([
      ["light_it", "needs lamp_oil, match · grants light"],
    ]);
    expect(search(diagnosed, "match").map((hit) => hit.id)).toEqual(["light_it"]);
  });

  test("does not find what the subject and the style say of every state", () => {
    const styled = seedOf(["yard", "cellar"], []);
    styled.world.styleTail = "Dusk, lamp-yellow accents.";
    const states = (styled.world.scene as { states: { [id: string]: JsonObject } }).states;
    states.yard = { base: "Flagstones under a lamp. Dusk, lamp-yellow accents." };
    states.cellar = { base: "Barrels. Dusk, lamp-yellow accents." };
    expect(search(fromSeed(styled), "lamp").map((hit) => [hit.id, hit.context])).toEqual([["yard", "…under a lamp."]]);
  });

  test("shows the words around a hit in the prose", () => {
    expect(search(doc, "burning")[0]?.context).toContain("burning low");
  });
});
