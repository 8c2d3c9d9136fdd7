/** Edges run as schema/conformance/geometry.json says, which Python is held to as well. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fromSeed } from "../../map/document";
import { isStraight, type Route } from "../../map/geometry/curve";
import * as dimensions from "../../map/geometry/dimensions";
import { labelSpots } from "../../map/geometry/label-spots";
import { buildGraph } from "../../map/graph";
import { buildScene } from "../../map/scene";
import type { Position } from "../../shared/protocol";
import { seedOf } from "../fake-kernel";

interface Expected {
  readonly kind: string;
  readonly ports: readonly number[];
  readonly path: readonly (readonly number[])[];
  readonly lanes: readonly (readonly (number | null)[])[];
  readonly spots: readonly (readonly number[])[];
}

interface Case {
  readonly title: string;
  readonly cards: { readonly [id: string]: Position };
  readonly edges: readonly (readonly [source: string, target: string | null])[];
  readonly routes: readonly Expected[];
}

interface Conformance {
  readonly labelWidth: number;
  readonly sizes: { readonly [name: string]: number };
  readonly cases: readonly Case[];
}

const TOLERANCE = 0.01;
const path = new URL("../../../schema/conformance/geometry.json", import.meta.url);
const { labelWidth, sizes, cases } = JSON.parse(readFileSync(path, "utf8")) as Conformance;

/** Return where each line ends, and the control points and end of each curve, after the beginning. */
function pathOf(route: Route): number[][] {
  const [first] = route;
  const parts = route.map((c) => (isStraight(c) ? [c.x1, c.y1] : [c.ax, c.ay, c.bx, c.by, c.x1, c.y1]));
  return [first ? [first.x0, first.y0] : [], ...parts];
}

function routesOf({ cards, edges }: Case): Expected[] {
  const events = edges.map(([from, to], at) => ({
    name: `e${at}`,
    kind: "transition",
    from: [from],
    to: to ?? "gone",
  }));
  const doc = fromSeed(seedOf(Object.keys(cards), events, { layout: { ...cards } }));
  const { routes, ports, lanes } = buildScene(buildGraph(doc), doc.layout);
  return routes.map((route, edge) => ({
    kind: ports.decisions[edge]?.kind ?? "",
    ports: [ports.out[edge] ?? 0, ports.into[edge] ?? 0],
    path: pathOf(route),
    lanes: (lanes.get(edge) ?? []).map(({ where, y }) => [where, y]),
    spots: labelSpots(route, labelWidth, ports.decisions[edge]?.kind === "loop").map(({ x, y }) => [x, y]),
  }));
}

/** Return a list of what differs by more than the tolerance, with the path to each. */
function differences(actual: unknown, expected: unknown, at = ""): string[] {
  if (typeof actual === "number" && typeof expected === "number") {
    return Math.abs(actual - expected) <= TOLERANCE ? [] : [`${at}: ${actual}, expected ${expected}`];
  }
  if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) return [`${at}: ${actual.length} items, expected ${expected.length}`];
    return actual.flatMap((one, index) => differences(one, expected[index], `${at}/${index}`));
  }
  if (actual !== null && expected !== null && typeof actual === "object" && typeof expected === "object") {
    const [one, two] = [Object.entries(actual), expected as { [key: string]: unknown }];
    return one.flatMap(([key, value]) => differences(value, two[key], `${at}/${key}`));
  }
  return actual === expected ? [] : [`${at}: ${actual}, expected ${expected}`];
}

test("the sizes are those of the cases", () => {
  expect({ ...dimensions }).toEqual(sizes);
});

describe("edges run as in the case:", () => {
  test.each(cases.map((one) => [one.title, one] as const))("%s", (_, one) => {
    expect(differences(routesOf(one), one.routes)).toEqual([]);
  });
});
