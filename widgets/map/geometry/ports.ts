/** Ports: where edges meet the sides of their cards, in the order of what they lead to, so that few cross. */
import type { Position } from "../../shared/protocol";
import type { Graph } from "../graph";
import { CARD_H, CARD_W, PORT_MARGIN, PORT_PITCH, WIDE_PORT_MARGIN, WIDE_PORT_PITCH } from "./dimensions";
import { type Side, sidesOf } from "./kinds";
import type { Decision } from "./route";

/** More than any height. */
const GROUP_OFFSET = 1e9;
const PLAIN_DECISION: Decision = { kind: "ahead", passages: null };

/** By edge: what was decided about it, its ends, and its number among its card's loops. */
export interface Ports {
  readonly decisions: Decision[];
  /** How far its ends are from the middles of their sides. */
  readonly out: Float64Array;
  readonly into: Float64Array;
  /** How many ends those sides have. */
  readonly outCount: Uint32Array;
  readonly intoCount: Uint32Array;
  readonly loops: Uint32Array;
}

export function noPorts(edges: number): Ports {
  return {
    decisions: new Array<Decision>(edges).fill(PLAIN_DECISION),
    out: new Float64Array(edges),
    into: new Float64Array(edges),
    outCount: new Uint32Array(edges),
    intoCount: new Uint32Array(edges),
    loops: new Uint32Array(edges),
  };
}

/** Return the ports of a scene for the next one; `oldEdges` has the old number of each edge, -1 for new ones. */
export function copyPorts(before: Ports, oldEdges: Int32Array | null): Ports {
  if (!oldEdges) {
    const { decisions, out, into, outCount, intoCount, loops } = before;
    const counts = { outCount: outCount.slice(), intoCount: intoCount.slice(), loops: loops.slice() };
    return { decisions: [...decisions], out: out.slice(), into: into.slice(), ...counts };
  }
  const ports = noPorts(oldEdges.length);
  oldEdges.forEach((was, edge) => {
    if (was < 0) return;
    ports.decisions[edge] = before.decisions[was] ?? PLAIN_DECISION;
    ports.out[edge] = before.out[was] ?? 0;
    ports.into[edge] = before.into[was] ?? 0;
    ports.outCount[edge] = before.outCount[was] ?? 0;
    ports.intoCount[edge] = before.intoCount[was] ?? 0;
    ports.loops[edge] = before.loops[was] ?? 0;
  });
  return ports;
}

/** Say whether an edge has the same ends in two scenes. */
export function samePort(ports: Ports, edge: number, before: Ports, was: number): boolean {
  return (
    ports.out[edge] === before.out[was] &&
    ports.into[edge] === before.into[was] &&
    ports.outCount[edge] === before.outCount[was] &&
    ports.intoCount[edge] === before.intoCount[was] &&
    ports.loops[edge] === before.loops[was]
  );
}

interface End {
  readonly edge: number;
  readonly leaving: boolean;
  readonly key: number;
  /** 1, or -1 for the reverse order among equals. */
  readonly direction: number;
  readonly span: number;
}

/** Spread the ends of the edges along the sides of one card. */
export function spreadEnds(graph: Graph, places: readonly Position[], ports: Ports, node: number): void {
  const sides: { [side in Side]: End[] } = { left: [], right: [], top: [], bottom: [] };
  const here = places[node] ?? [0, 0];
  let loops = 0;
  const addEnd = (edge: number, leaving: boolean, other: number) => {
    const decision = ports.decisions[edge] ?? PLAIN_DECISION;
    const there = places[other] ?? here;
    const [key, direction] = orderOf(decision, leaving, here, there);
    const span = Math.abs(here[0] - there[0]) + Math.abs(here[1] - there[1]);
    sides[sidesOf(decision.kind)[leaving ? 0 : 1]].push({ edge, leaving, key, direction, span });
  };
  for (const edge of graph.out[node] ?? []) {
    if (ports.decisions[edge]?.kind === "loop") {
      ports.loops[edge] = loops;
      loops += 1;
    } else addEnd(edge, true, graph.edges[edge]?.target ?? -1);
  }
  for (const edge of graph.into[node] ?? []) {
    if (ports.decisions[edge]?.kind !== "loop") addEnd(edge, false, graph.edges[edge]?.source ?? -1);
  }
  spreadAlongSide(ports, sides.left, PORT_PITCH, CARD_H - 2 * PORT_MARGIN);
  spreadAlongSide(ports, sides.right, PORT_PITCH, CARD_H - 2 * PORT_MARGIN);
  spreadAlongSide(ports, sides.top, WIDE_PORT_PITCH, CARD_W - 2 * WIDE_PORT_MARGIN);
  spreadAlongSide(ports, sides.bottom, WIDE_PORT_PITCH, CARD_W - 2 * WIDE_PORT_MARGIN);
}

/** Return the place of an end among those of its side as a number, and 1 or -1 for the order among equals. */
function orderOf({ kind, passages }: Decision, leaving: boolean, here: Position, there: Position): [number, number] {
  if (kind === "wrap") return [leaving ? 2 * GROUP_OFFSET : -2 * GROUP_OFFSET, 1];
  if (kind === "bow") {
    // The longest bow is the outermost.
    const isBelow = there[1] > here[1] || (there[1] === here[1] && !leaving);
    return isBelow ? [GROUP_OFFSET - there[1], 1] : [-GROUP_OFFSET - there[1], -1];
  }
  if (passages) {
    const { heights, directions } = passages;
    return leaving ? [heights[0] ?? 0, directions[0]] : [heights[heights.length - 1] ?? 0, directions[1]];
  }
  return [kind === "down" || kind === "up" ? there[0] + CARD_W / 2 : there[1] + CARD_H / 2, 1];
}

function spreadAlongSide(ports: Ports, ends: End[], pitch: number, length: number): void {
  const count = ends.length;
  if (count > 1) ends.sort((a, b) => a.key - b.key || inOrder(a, b));
  const step = Math.min(pitch, length / Math.max(1, count - 1));
  ends.forEach(({ edge, leaving }, at) => {
    const shift = (at - (count - 1) / 2) * step;
    ports[leaving ? "out" : "into"][edge] = shift;
    ports[leaving ? "outCount" : "intoCount"][edge] = count;
  });
}

function inOrder(a: End, b: End): number {
  return a.direction * a.span - b.direction * b.span || a.direction * a.edge - b.direction * b.edge;
}
