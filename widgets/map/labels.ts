/** Placing edge labels: on their route, at the first place where they cover neither a card nor another label. */
import { readableName, shorten } from "../shared/format";
import { lastOf, overlap, type Point, pointOn, type Rect, type Route } from "./geometry/curve";
import { labelSpots } from "./geometry/label-spots";
import type { Edge } from "./graph";

export interface LabelBox extends Rect {
  readonly text: string;
}

export const LABEL_H = 22;
export const MARK_W = 16;
const CHAR_W = 6.4;
const PAD = 8;
const CELL_SIZE = 256;
/** Fractions of a route at which a label is tried, after the best spots. */
const FRACTIONS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

export type Mark = "error" | "warning" | "lock" | "clock" | "hidden" | "once" | "film";

/** Return the marks that stand before a label's words. */
export function marks(edge: Edge): Mark[] {
  const edgeMarks: Mark[] = [];
  if (edge.problems.error > 0) edgeMarks.push("error");
  else if (edge.problems.warning > 0) edgeMarks.push("warning");
  if (edge.locked) edgeMarks.push("lock");
  if (edge.timed) edgeMarks.push("clock");
  if (edge.hidden) edgeMarks.push("hidden");
  if (edge.once) edgeMarks.push("once");
  if (edge.cut !== null) edgeMarks.push("film");
  return edgeMarks;
}

/** Characters of a name where there is room beside it, and where there is not. */
const LONG_NAME_CHARACTERS = 48;
const SHORT_NAME_CHARACTERS = 24;

/** Return what a label may say, the longest first: the event, and the cutscene it hops through. */
export function labelTexts(edge: Edge): readonly string[] {
  const name = readableName(edge.name);
  const withCut = (limit: number) =>
    edge.cut === null || edge.cut === edge.name
      ? shorten(name, limit)
      : `${shorten(name, limit)} · ${shorten(readableName(edge.cut), 16)}`;
  return name.length <= SHORT_NAME_CHARACTERS
    ? [withCut(SHORT_NAME_CHARACTERS)]
    : [withCut(LONG_NAME_CHARACTERS), withCut(SHORT_NAME_CHARACTERS)];
}

/** Return how wide a label is, in world units. */
export function labelWidth(text: string, markCount: number): number {
  let wide = 0;
  for (const char of text) wide += char.charCodeAt(0) > 0x2e7f ? 12 : CHAR_W;
  return wide + 2 * PAD + markCount * MARK_W;
}

/** So much of two labels may lie over one another: neighbours on parallel lines touch. */
const MAX_LABEL_OVERLAP = 3;

/** Whether a label would lie over one of some others. */
export function isCovered({ x, y, w, h }: Rect, others: readonly Rect[]): boolean {
  const inner = {
    x: x + MAX_LABEL_OVERLAP,
    y: y + MAX_LABEL_OVERLAP,
    w: w - 2 * MAX_LABEL_OVERLAP,
    h: h - 2 * MAX_LABEL_OVERLAP,
  };
  return others.some((other) => overlap(other, inner));
}

/** The labels of a scene. Each is placed when it is first asked for, and then stays there. */
export class Labels {
  readonly #boxes = new Map<number, LabelBox>();
  readonly #grid = new Map<string, LabelBox[]>();
  readonly #covered: (box: Rect) => boolean;

  /** `covered` says whether a box would lie over a card. */
  constructor(covered: (box: Rect) => boolean) {
    this.#covered = covered;
  }

  box(number: number, edge: Edge, route: Route): LabelBox {
    const cachedBox = this.#boxes.get(number);
    if (cachedBox) return cachedBox;
    let first: LabelBox | null = null;
    for (const text of labelTexts(edge)) {
      const w = labelWidth(text, marks(edge).length);
      first = null;
      for (const at of spotsOf(edge, route, w)) {
        const box: LabelBox = { x: at.x - w / 2, y: at.y - LABEL_H / 2, w, h: LABEL_H, text };
        if (this.#clear(box)) return this.#put(number, box);
        first ??= box;
      }
    }
    return this.#put(number, first as LabelBox);
  }

  /** Keep a label where it was in the scene before, if its text is the same and its place is still free. */
  keep(number: number, edge: Edge, box: LabelBox): void {
    const same = labelTexts(edge).includes(box.text) && box.w === labelWidth(box.text, marks(edge).length);
    if (same && this.#clear(box)) this.#put(number, box);
  }

  entries(): Iterable<[number, LabelBox]> {
    return this.#boxes;
  }

  #put(number: number, box: LabelBox): LabelBox {
    this.#boxes.set(number, box);
    for (const cell of cells(box)) {
      const list = this.#grid.get(cell);
      if (list) list.push(box);
      else this.#grid.set(cell, [box]);
    }
    return box;
  }

  #clear(box: Rect): boolean {
    if (this.#covered(box)) return false;
    return cells(box).every((cell) => !(this.#grid.get(cell) ?? []).some((other) => overlap(box, other)));
  }
}

/** Yield the centres at which a label is tried. */
function* spotsOf(edge: Edge, route: Route, width: number): Generator<Point> {
  if (edge.target < 0) {
    const { x1, y1 } = lastOf(route);
    yield { x: x1 + 12 + width / 2, y: y1 };
    return;
  }
  yield* labelSpots(route, width, edge.target === edge.source);
  for (const t of FRACTIONS) yield pointOn(route, t);
}

function cells(box: Rect): string[] {
  const keys: string[] = [];
  for (let x = Math.floor(box.x / CELL_SIZE); x <= Math.floor((box.x + box.w) / CELL_SIZE); x += 1) {
    for (let y = Math.floor(box.y / CELL_SIZE); y <= Math.floor((box.y + box.h) / CELL_SIZE); y += 1)
      keys.push(`${x} ${y}`);
  }
  return keys;
}
