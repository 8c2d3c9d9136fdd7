/** Where edge labels go: on their curve, at the first place where they cover neither a card nor another label. */
import type Flatbush from "flatbush";
import { shorten, spoken } from "../../shared/format";
import { type Curve, overlap, pointAt, type Rect } from "./curve";
import type { Edge, Graph } from "./graph";

export interface LabelBox extends Rect {
  readonly text: string;
}

export const LABEL_H = 22;
export const MARK_W = 16;
const CHAR_W = 6.4;
const PAD = 8;
const CELL = 256;
const LOOP_SPOTS = [0.5];
const SPOTS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

/** Return the marks that stand before a label's words. */
export function marks(edge: Edge): ("error" | "warning" | "lock" | "clock" | "hidden" | "once" | "film")[] {
  const made: ReturnType<typeof marks> = [];
  if (edge.problems.error > 0) made.push("error");
  else if (edge.problems.warning > 0) made.push("warning");
  if (edge.locked) made.push("lock");
  if (edge.timed) made.push("clock");
  if (edge.hidden) made.push("hidden");
  if (edge.once) made.push("once");
  if (edge.cut !== null) made.push("film");
  return made;
}

export function labelText(edge: Edge): string {
  return shorten(spoken(edge.name), 24);
}

/** Return how wide a label is, in world units. */
export function labelWidth(text: string, markCount: number): number {
  let wide = 0;
  for (const char of text) wide += char.charCodeAt(0) > 0x2e7f ? 12 : CHAR_W;
  return wide + 2 * PAD + markCount * MARK_W;
}

export function placeLabels(graph: Graph, curves: readonly Curve[], cards: Flatbush | null): (LabelBox | null)[] {
  const grid = new Map<string, LabelBox[]>();
  const clear = (box: Rect): boolean => {
    if (cards && cards.search(box.x, box.y, box.x + box.w, box.y + box.h).length > 0) return false;
    return cells(box).every((cell) => !(grid.get(cell) ?? []).some((other) => overlap(box, other)));
  };
  return graph.edges.map((edge, index) => {
    const curve = curves[index];
    if (!curve) return null;
    const text = labelText(edge);
    const w = labelWidth(text, marks(edge).length);
    const spots = edge.target < 0 ? [1] : edge.target === edge.source ? LOOP_SPOTS : SPOTS;
    let first: LabelBox | null = null;
    for (const t of spots) {
      const at = pointAt(curve, t);
      const x = edge.target < 0 ? at.x + 12 : at.x - w / 2;
      const box: LabelBox = { x, y: at.y - LABEL_H / 2, w, h: LABEL_H, text };
      first ??= box;
      if (!clear(box)) continue;
      first = box;
      break;
    }
    if (first) for (const cell of cells(first)) grid.set(cell, [...(grid.get(cell) ?? []), first]);
    return first;
  });
}

function cells(box: Rect): string[] {
  const made: string[] = [];
  for (let x = Math.floor(box.x / CELL); x <= Math.floor((box.x + box.w) / CELL); x += 1) {
    for (let y = Math.floor(box.y / CELL); y <= Math.floor((box.y + box.h) / CELL); y += 1) made.push(`${x} ${y}`);
  }
  return made;
}
