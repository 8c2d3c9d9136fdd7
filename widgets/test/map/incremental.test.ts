/** A drawing made of the one before is the drawing made from nothing. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { applyChange } from "../../editor/data/patch";
import { type Doc, fromSeed } from "../../map/document";
import { buildGraph, type Graph } from "../../map/graph";
import { buildScene, labelOf, type Scene } from "../../map/scene";
import type { JsonObject } from "../../shared/json";
import type { Changed, Diagnostic, Patch, Position } from "../../shared/protocol";
import { seedOf } from "../fake-kernel";

function dice(seed: number): (n: number) => number {
  let at = seed;
  return (n) => {
    at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
    return Math.floor((at / 2 ** 32) * n);
  };
}

const applyPatch = (doc: Doc, patch: Patch, more: Partial<Changed> = {}): Doc => {
  const rev = String(Number(doc.rev) + 1);
  const head = {
    type: "changed",
    from: doc.rev,
    rev,
    layout: {},
    diagnostics: [],
    undo: null,
    redo: null,
    cause: null,
  };
  return applyChange(doc, { ...head, patch, ...more } as Changed) as Doc;
};
const bare = ({ doc: _, ...graph }: Graph) => graph;
const settled = (scene: Scene) => ({
  places: scene.places,
  decisions: scene.ports.decisions,
  out: [...scene.ports.out],
  into: [...scene.ports.into],
  outCount: [...scene.ports.outCount],
  intoCount: [...scene.ports.intoCount],
  loops: [...scene.ports.loops],
  columns: scene.obstacles?.columns,
  extent: scene.extent,
});

function start(roll: (n: number) => number, size: number): Doc {
  const ids = Array.from({ length: size }, (_, n) => `s${n}`);
  const events = Array.from({ length: size * 2 }, (_, n) => event(roll, n, size));
  const columns = Math.ceil(Math.sqrt(size));
  const layout = Object.fromEntries(
    ids.map((id, n): [string, Position] => [id, [(n % columns) * 504, Math.floor(n / columns) * 240]]),
  );
  return fromSeed(seedOf(ids, events, { layout }));
}

function event(roll: (n: number) => number, n: number, size: number): JsonObject {
  const kind = roll(5) === 0 ? "override" : "transition";
  const to = roll(12) === 0 ? "nowhere" : `s${roll(size)}`;
  const from = Array.from({ length: 1 + roll(2) }, () => `s${roll(size)}`);
  return { name: `e${n}`, kind, from, ...(kind === "transition" ? { to } : {}), requires: roll(3) ? [] : ["key"] };
}

/** One change of any sort. */
function edited(doc: Doc, roll: (n: number) => number, n: number): Doc {
  const at = roll(doc.states.length);
  const index = roll(doc.events.length);
  const id = doc.states[at]?.id ?? "";
  const body = doc.events[index] ?? {};
  switch (roll(8)) {
    case 0:
      return applyPatch(doc, { states: [[at, 1, [[id, { base: `prose ${n}` }]]]] });
    case 1:
      return applyPatch(doc, {}, { layout: { [id]: [roll(3000), roll(1500)] } });
    case 2:
      return applyPatch(doc, { events: [[index, 1, [{ ...body, base: `prose ${n}`, requires: ["lamp"] }]]] });
    case 3:
      return applyPatch(doc, { events: [[index, 1, [event(roll, 1000 + n, doc.states.length)]]] });
    case 4:
      return applyPatch(doc, { events: [[index, 1, []]] });
    case 5:
      return applyPatch(
        doc,
        { states: [[doc.states.length, 0, [[`n${n}`, { base: "" }]]]] },
        { layout: { [`n${n}`]: [roll(3000), roll(1500)] } },
      );
    case 6:
      return applyPatch(doc, { states: [[at, 1, []]] });
    default: {
      const diagnostic: Diagnostic = {
        lint: "x",
        severity: "error",
        path: "",
        message: "m",
        item: { kind: roll(2) ? "state" : "event", id: roll(2) ? id : String(body.name), field: "" },
      };
      return applyPatch(doc, {}, { diagnostics: [[0, doc.diagnostics.length > 2 ? 1 : 0, [diagnostic]]] });
    }
  }
}

describe("after any change", () => {
  test.each([...[1, 2, 3, 4, 5, 6].map((seed) => [seed, 25] as const), ...[10, 11].map((seed) => [seed, 70] as const)])(
    "graph and ports are as if made anew (run %i, %i states)",
    (seed, size) => {
      const roll = dice(seed);
      let doc = start(roll, size);
      let graph = buildGraph(doc);
      let scene = buildScene(graph, doc.layout);
      for (let n = 0; n < 60; n += 1) {
        for (let edge = 0; edge < graph.edges.length; edge += 3) labelOf(scene, edge);
        doc = edited(doc, roll, n);
        graph = buildGraph(doc, graph);
        scene = buildScene(graph, doc.layout, scene);
        expect(bare(graph)).toEqual(bare(buildGraph(doc)));
        expect(settled(scene)).toEqual(settled(buildScene(graph, doc.layout)));
        expect(scene.graph).toBe(graph);
        scene.routes.forEach((route, edge) => {
          const { source } = graph.edges[edge] as Graph["edges"][number];
          const [x, y] = scene.places[source] as Position;
          const first = route[0] as (typeof route)[number];
          expect(first.x0 >= x && first.x0 <= x + 280 && first.y0 >= y && first.y0 <= y + 168).toBe(true);
        });
      }
    },
  );
});

describe("what a change does not reach stays", () => {
  const roll = dice(9);
  const doc = start(roll, 25);
  const graph = buildGraph(doc);
  const scene = buildScene(graph, doc.layout);

  test("prose of a state: every edge, every way and the index", () => {
    const after = applyPatch(doc, { states: [[3, 1, [["s3", { base: "other" }]]]] });
    const now = buildGraph(after, graph);
    const redrawn = buildScene(now, after.layout, scene);
    expect([now.edges, now.out, now.flags]).toEqual([graph.edges, graph.out, graph.flags]);
    expect(now.edges).toBe(graph.edges);
    expect(now.nodes.filter((node, at) => node !== graph.nodes[at]).map((node) => node.id)).toEqual(["s3"]);
    expect([redrawn.routes === scene.routes, redrawn.edgeIndex === scene.edgeIndex]).toEqual([true, true]);
  });

  test("a card that is moved: every way but those it touches", () => {
    const after = applyPatch(doc, {}, { layout: { s0: [-3000, -3000] } });
    const redrawn = buildScene(buildGraph(after, graph), after.layout, scene);
    const same = redrawn.routes.filter((route, edge) => route === scene.routes[edge]).length;
    expect(same).toBeGreaterThan(redrawn.routes.length / 2);
    expect(same).toBeLessThan(redrawn.routes.length);
  });

  test("labels: where they were, unless a card now lies there", () => {
    const before = graph.edges.map((_, edge) => labelOf(scene, edge));
    const after = applyPatch(doc, { states: [[3, 1, [["s3", { base: "more" }]]]] });
    const redrawn = buildScene(buildGraph(after, graph), after.layout, scene);
    const sameLabels = graph.edges.filter((_, edge) => labelOf(redrawn, edge) === before[edge]).length;
    expect(sameLabels).toBeGreaterThan(graph.edges.length * 0.8);
  });
});

test("a drawing does not keep the one it was made of", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const roll = dice(7);
  const scenes = (() => {
    let doc = start(roll, 20);
    let scene = buildScene(buildGraph(doc), doc.layout);
    const first = new WeakRef(scene);
    for (let n = 0; n < 3; n += 1) {
      doc = edited(doc, roll, n);
      scene = buildScene(buildGraph(doc, scene.graph), doc.layout, scene);
    }
    return { first, scene };
  })();
  // What a WeakRef was made of lives at least as long as the task it was made in.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(scenes.scene.routes.length).toBeGreaterThan(0);
  expect(scenes.first.deref()).toBeUndefined();
});
