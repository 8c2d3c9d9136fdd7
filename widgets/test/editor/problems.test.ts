/** Problems are grouped by their cause, and a group has one repair for all of it. */
import { h } from "preact";
import { describe, expect, it } from "vitest";
import { groupProblems, groupTitle, placesOf, reachedFrom } from "../../editor/problems/groups";
import { RepairForm } from "../../editor/problems/repair-form";
import { type Repair, repairsOf, twinOf } from "../../editor/problems/repairs";
import { fromSeed } from "../../map/document";
import { buildGraph, type Graph } from "../../map/graph";
import type { JsonObject } from "../../shared/json";
import type { Diagnostic, Seed } from "../../shared/protocol";
import { openPage } from "../fake-dom";
import { seedOf } from "../fake-kernel";
import { openEditor } from "./open-editor";

const SURROUNDINGS = { near: null, stuck: [], guards: [] };

type Kind = Diagnostic["item"]["kind"];

function found(lint: string, kind: Kind, id: string, field = "", more: Partial<Diagnostic> = {}): Diagnostic {
  return {
    lint,
    severity: "warning",
    path: `${kind}[${id}]`,
    message: `about ${id}`,
    item: { kind, id, field },
    ...more,
  };
}

const go = (name: string, from: string, to: string, more: object = {}) => ({
  name,
  kind: "transition",
  from: [from],
  to,
  ...more,
});
const lost = (...ids: string[]) => ids.map((id) => found("unreachable-state", "state", id));

function world(states: string[], events: object[], diagnostics: Diagnostic[], more: object = {}): Graph {
  const seed = seedOf(states, events as JsonObject[]);
  return buildGraph(fromSeed({ ...seed, world: { ...seed.world, ...more }, diagnostics } as Seed));
}

describe("findings in groups", () => {
  const events = [
    go("in", "cave", "hole"),
    go("on", "hole", "shaft"),
    go("back", "shaft", "hole"),
    go("up", "attic", "roof"),
  ];
  const diagnostics = [...lost("hole", "cave", "shaft", "attic", "roof"), found("negation", "state", "lane", "base")];
  const graph = world(["lane", "hole", "cave", "shaft", "attic", "roof"], events, diagnostics);

  it("tells several findings about one scene apart by their fields, and lists a place once", () => {
    const at = (field: string, message: string) => found("budget", "state", "start", field, { message });
    const places = placesOf([at("base", "66 too many"), at("ambient", "4 too many"), at("base", "7 too many")]);
    expect(places.map(({ title, messages }) => [title, messages])).toEqual([
      ["State start: what the camera sees", ["66 too many", "7 too many"]],
      ["State start: ambient lines", ["4 too many"]],
    ]);
    expect(placesOf([at("base", ""), ...lost("yard")]).map(({ title }) => title)).toEqual([
      "State start",
      "State yard",
    ]);
  });

  it("are one group for each part of the map that nothing leads to", () => {
    const groups = groupProblems(diagnostics, graph);
    expect(groups.map(({ cause, size }) => [cause.kind, size])).toEqual([
      ["unreachable", 3],
      ["unreachable", 2],
      ["rule", 1],
    ]);
    expect(groups[0]?.cause).toEqual({ kind: "unreachable", states: ["hole", "cave", "shaft"], root: "cave" });
    expect(groupTitle(groups[1] as never, "")).toBe("No way leads to 2 scenes: “attic”, “roof”.");
  });

  it("are repaired by one way to the state from which all the others are reached", () => {
    const [group] = groupProblems(diagnostics, graph);
    const [connect, remove] = repairsOf(group as never, graph, SURROUNDINGS);
    expect(connect?.questions().map(({ initial }) => initial)).toEqual(["lane", "cave"]);
    expect(connect?.questions()[0]?.options.map(([id]) => id)).toEqual(["lane"]);
    expect(connect?.ops(["lane", "cave"])).toEqual([
      { op: "add_transition", name: "go_to_cave", event: { from: ["lane"], to: "cave" } },
    ]);
    expect(connect?.outcome(["lane", "cave"])).toBe("All 3 scenes can be reached then.");
    expect(connect?.outcome(["lane", "hole"])).toBe("2 scenes can be reached then, 1 still cannot.");
    expect(remove?.ops([]).map((op) => op.op)).toEqual(["delete_state", "delete_state", "delete_state"]);
    expect(reachedFrom(graph, "nowhere", ["hole"])).toBe(0);
  });

  it("list errors first, and count what a rule does not list", () => {
    const many = found("negation", "state", "", "", { count: 40 });
    const error = found("orphan-event", "event", "in", "from", { severity: "error" });
    const groups = groupProblems([found("negation", "state", "lane"), many, error], graph);
    expect(groups.map(({ lint, size }) => [lint, size])).toEqual([
      ["orphan-event", 1],
      ["negation", 41],
    ]);
    expect(groupTitle(groups[1] as never, "Says what is not there")).toBe("41 × Says what is not there");
  });
});

describe("a flag that nothing gives", () => {
  const events = [
    go("open", "lane", "gate", { requires: ["charter", "seal"] }),
    go("enter", "gate", "lane", { requires: ["charter"] }),
    { name: "take", kind: "override", from: ["lane"], grants: ["brass_key"] },
    { name: "unlock", kind: "override", from: ["gate"], requires: ["brass"] },
    { name: "desk", kind: "terminal", from: ["gate"], terminal: { facts: [{ text: "x", requires: ["charter"] }] } },
  ];
  const asks = (name: string) => found("unreachable-require", "event", name, "requires");
  const fact = found("ungranted-flag", "event", "desk", "terminal.facts[0].requires");
  const graphOf = (diagnostics: Diagnostic[]) => world(["lane", "gate"], events, diagnostics);

  it("is one group with everything that waits for it, by whatever rule", () => {
    const diagnostics = [asks("open"), asks("open"), asks("enter"), asks("unlock"), fact];
    const groups = groupProblems(diagnostics, graphOf(diagnostics));
    expect(groups.map(({ key, size }) => [key, size])).toEqual([
      ["flag charter", 3],
      ["flag seal", 1],
      ["flag brass", 1],
    ]);
    expect(groupTitle(groups[0] as never, "")).toBe("3 things wait for “charter”, and nothing grants it.");
  });

  it("is given in an event that does not wait for it, or asked for nowhere", () => {
    const diagnostics = [asks("open"), asks("open"), asks("enter")];
    const graph = graphOf(diagnostics);
    const [give, drop] = repairsOf(groupProblems(diagnostics, graph)[0] as never, graph, SURROUNDINGS);
    expect(give?.questions()[0]?.options.map(([name]) => name)).toEqual(["take", "unlock"]);
    expect(give?.ops(["take"])).toEqual([
      { op: "update_event", name: "take", patch: { grants: ["brass_key", "charter"] } },
    ]);
    expect(drop?.ops([])).toEqual([
      { op: "update_event", name: "open", patch: { requires: ["seal"] } },
      { op: "update_event", name: "enter", patch: { requires: null } },
    ]);
  });

  it("is only given where something besides events waits for it", () => {
    const diagnostics = [asks("enter"), fact];
    const graph = graphOf(diagnostics);
    const repairs = repairsOf(groupProblems(diagnostics, graph)[0] as never, graph, SURROUNDINGS);
    expect(repairs.map(({ key }) => key)).toEqual(["give"]);
  });

  it("is taken for the one that was most likely meant", () => {
    const diagnostics = [asks("unlock")];
    const graph = graphOf(diagnostics);
    const [twin] = repairsOf(groupProblems(diagnostics, graph)[0] as never, graph, SURROUNDINGS);
    expect(twin?.ops([])).toEqual([{ op: "update_event", name: "unlock", patch: { requires: ["brass_key"] } }]);
    expect(twinOf("bras_kye", graph)).toBeNull();
    expect(twinOf("brass_kez", graph)).toBe("brass_key");
    expect(twinOf("k", graph)).toBeNull();
  });
});

describe("what play found", () => {
  const events = [go("down", "lane", "cellar"), go("row", "cellar", "shore", { requires: ["oar"] })];
  const graph = world(["lane", "cellar", "shore"], events, []);

  it("is repaired by a way on, a way there, or by needing less", () => {
    const stuck = repairsOf(
      groupProblems([found("dead-end", "state", "cellar")], graph)[0] as never,
      graph,
      SURROUNDINGS,
    );
    expect(stuck[0]?.ops(["lane"])).toEqual([
      { op: "add_transition", name: "go_to_lane", event: { from: ["cellar"], to: "lane" } },
    ]);
    const closed = repairsOf(groupProblems([found("unreachable-ending", "state", "shore")], graph)[0] as never, graph, {
      ...SURROUNDINGS,
      near: "lane",
    });
    expect(closed[0]?.ops(["lane"])).toEqual([
      { op: "add_transition", name: "go_to_shore", event: { from: ["lane"], to: "shore" } },
    ]);
    const dead = repairsOf(
      groupProblems([found("dead-event", "event", "row")], graph)[0] as never,
      graph,
      SURROUNDINGS,
    );
    expect(dead[0]?.ops([])).toEqual([{ op: "update_event", name: "row", patch: { requires: null } }]);
    const lock = groupProblems([found("soft-lock", "event", "down")], graph)[0] as never;
    expect(repairsOf(lock, graph, SURROUNDINGS)).toEqual([]);
    const [on] = repairsOf(lock, graph, { near: null, stuck: ["cellar", "gone"], guards: [] });
    expect(on?.ops(["shore"])).toEqual([
      { op: "add_transition", name: "go_to_shore", event: { from: ["cellar"], to: "shore" } },
    ]);
    const guards = [{ events: ["row"], flags: ["lamp"], states: ["cellar"] }];
    const [guard] = repairsOf(lock, graph, { near: null, stuck: ["cellar"], guards });
    expect(guard?.label).toBe("Require “lamp” for “row”…");
    expect(guard?.outcome([])).toBe(
      "Played through: no run gets stuck in “cellar”, and everything is still reachable.",
    );
    expect(guard?.ops([])).toEqual([{ op: "update_event", name: "row", patch: { requires: ["oar", "lamp"] } }]);
    expect(
      repairsOf(groupProblems([found("negation", "state", "lane")], graph)[0] as never, graph, SURROUNDINGS),
    ).toEqual([]);
  });

  it("is left, where a scene has no exit, by the way back rather than by an ending that loses", () => {
    const moves = [go("slip", "lane", "mud"), go("stay", "lane", "drowned")];
    const states = {
      lane: { base: "" },
      drowned: { base: "", ending: { kind: "lose", title: "" } },
      mud: { base: "" },
    };
    const muddy = world(["drowned", "lane", "mud"], moves, [], { scene: { states, events: moves } });
    const [exit] = repairsOf(
      groupProblems([found("dead-end", "state", "mud")], muddy)[0] as never,
      muddy,
      SURROUNDINGS,
    );
    expect(exit?.questions()[0]?.initial).toBe("lane");
  });
});

describe("a story without an ending", () => {
  const repairFor = (events: object[], near: string | null = null) => {
    const graph = world(["lane", "cellar", "shore"], events, [found("no-ending", "world", "")]);
    const [repair] = repairsOf(groupProblems(graph.doc.diagnostics, graph)[0] as never, graph, {
      ...SURROUNDINGS,
      near,
    });
    return repair as Repair;
  };

  it("ends in a scene that nothing leads out of, won or lost", () => {
    const end = repairFor([go("down", "lane", "cellar"), go("up", "cellar", "lane")]);
    expect(end.questions().map(({ options }) => options.map(([value]) => value))).toEqual([["shore"], ["win", "lose"]]);
    expect(end.ops(["shore", "lose"])).toEqual([
      { op: "set_state_ending", state: "shore", kind: "lose", title: "It ends here" },
    ]);
    expect(end.name(["shore", "lose"])).toBe("Make shore a losing ending");
  });

  it("ends in the scene that is selected, rather than where it begins", () => {
    const down = [go("down", "lane", "cellar")];
    expect(repairFor(down).questions()[0]?.initial).toBe("cellar");
    expect(repairFor(down, "shore").questions()[0]?.initial).toBe("shore");
    const circle = [...down, go("on", "cellar", "shore"), go("back", "shore", "lane")];
    expect(
      repairFor(circle)
        .questions()[0]
        ?.options.map(([id]) => id),
    ).toEqual(["lane", "cellar", "shore"]);
    expect(repairFor(circle).questions()[0]?.initial).toBe("cellar");
  });
});

describe("the form of a repair", () => {
  it("shows what the present answers would do, and never for them what others would have done", async () => {
    const { model, store, actions, settle } = await openEditor(["a", "b"]);
    const { kernel } = model;
    model.kernel = (message) => {
      const { type, id, view } = message;
      if (type !== "preview") kernel(message);
      else model.tell({ type: "preview", id, view, changes: [], settled: 1, raised: 0, fresh: [] });
    };
    const { root, show } = openPage();
    const shown: string[] = [];
    const repair: Repair = {
      key: "connect",
      label: "Connect it…",
      questions: () => [{ label: "From", initial: "a", options: ["a", "b"].map((id) => [id, id] as const) }],
      // it is asked for in each render: what stands there is what was shown until then
      name: ([from]) => {
        shown.push(root.textContent);
        return `connect it from ${from}`;
      },
      ops: ([from = ""]) => [{ op: "add_transition", name: "go", event: { from: [from], to: "b" } }],
      outcome: () => "",
    };
    show(h(RepairForm, { store, actions, repair, played: false, onClose: () => {} }));
    await settle();
    expect(root.textContent).toContain("Connect it from a. 1 problem fewer.");
    const list = root.field("From");
    Object.assign(list, { value: "b" });
    list.fire("change");
    expect(root.textContent).toContain("Looking at what it would do…");
    expect(shown.filter((text) => text.includes("Connect it from b."))).toEqual([]);
    await settle();
    expect(root.textContent).toContain("Connect it from b. 1 problem fewer.");
  });
});
