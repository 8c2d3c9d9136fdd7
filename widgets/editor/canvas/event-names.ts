/**
 * Names of events: as many as there is room for, those that matter most first. At reading zoom they are the labels of the
 * map; at middle zoom, where cards still show a title and labels are too small, they have a size that can be read.
 */
import { HEAD_ZOOM, headBox } from "../../map/canvas/routes";
import { overlap, type Rect } from "../../map/geometry/curve";
import { CARD_W } from "../../map/geometry/dimensions";
import type { Edge } from "../../map/graph";
import { isCovered, LABEL_H, type LabelBox, labelTexts, labelWidth, marks } from "../../map/labels";
import { edgesIn, labelOf, nodesIn, type Scene } from "../../map/scene";
import { FAR_NAMES_ZOOM, READING_ZOOM, tilesAround } from "../../map/viewport";
import { namesFor } from "./far-names";
import { arePictured, type Frame } from "./frame";

/** The size of a name, as a part of that at reading zoom. */
const SCALE = 0.92;
/** The size of a name in two lines, the smallest that is read without effort. */
const TWO_LINE_SCALE = 0.83;
/** The height of its second line, at reading zoom. */
export const LINE_H = 14;
/** From this zoom on a name may have two lines: further out it would be as high as a card. */
const TWO_LINES_ZOOM = 0.36;
/** With more edges than this in sight there is room for hardly any name. */
const MAX_VISIBLE_EDGES = 500;

/** A name; a line break parts its two lines. */
export interface EventName extends LabelBox {
  /** How many times larger than its label on the map it is. */
  readonly scale: number;
}

interface Chosen {
  readonly key: string;
  readonly names: ReadonlyMap<number, EventName>;
}

const cache = new WeakMap<Scene, Chosen>();
const NO_NAMES: ReadonlyMap<number, EventName> = new Map();

/** Return the boxes of the names that are shown, by edge. */
export function eventNames(
  frame: Pick<Frame, "scene" | "view" | "visibleArea" | "regions" | "hidden" | "thumbnails">,
): ReadonlyMap<number, EventName> {
  const { scene, view, visibleArea } = frame;
  if (view.k < HEAD_ZOOM) return NO_NAMES;
  const area = tilesAround(visibleArea, view.k);
  const isPictured = arePictured(frame);
  const key = `${view.k} ${area.x} ${area.y} ${area.w} ${area.h} ${isPictured}`;
  const cached = cache.get(scene);
  if (cached?.key === key) return cached.names;
  // From far away a state's name may be wider than its card, and is drawn over what is beside it.
  const taken = view.k < FAR_NAMES_ZOOM ? namesFor(frame, isPictured).filter((name) => overlap(name, area)) : [];
  const edges = byWeight(scene, edgesIn(scene, area));
  const names = view.k >= READING_ZOOM ? labelsApart(scene, edges, area) : choose(scene, edges, view.k, taken);
  cache.set(scene, { key, names });
  return names;
}

function byWeight(scene: Scene, edges: readonly number[]): readonly number[] {
  const weight = (edge: number) => weightOf(scene, scene.graph.edges[edge]);
  return [...edges].sort((a, b) => weight(b) - weight(a) || a - b);
}

/** Return the labels in an area that lie over none that matters more: each is held against no more than there is room for. */
function labelsApart(scene: Scene, edges: readonly number[], area: Rect): ReadonlyMap<number, EventName> {
  const names = new Map<number, EventName>();
  const boxes: Rect[] = [];
  for (const number of edges) {
    const label = labelOf(scene, number);
    if (!label || !overlap(label, area)) continue;
    if (isCovered(label, boxes)) continue;
    boxes.push(label);
    names.set(number, { ...label, scale: 1 });
  }
  return names;
}

function choose(scene: Scene, edges: readonly number[], k: number, boxes: Rect[]): ReadonlyMap<number, EventName> {
  if (edges.length > MAX_VISIBLE_EDGES) return NO_NAMES;
  const names = new Map<number, EventName>();
  for (const number of edges) {
    const edge = scene.graph.edges[number];
    const label = labelOf(scene, number);
    if (!edge || !label) continue;
    const name = nameFor(scene, number, edge, label, k, boxes);
    if (!name) continue;
    boxes.push(name);
    names.set(number, name);
  }
  return names;
}

/** Return the first way of writing a name that has room, beside the head of its arrow where that can be. */
function nameFor(
  scene: Scene,
  number: number,
  edge: Edge,
  label: LabelBox,
  k: number,
  boxes: readonly Rect[],
): EventName | null {
  const route = scene.routes[number];
  const head = route && edge.target >= 0 ? headBox(route, k) : null;
  const spellings = [...variants(edge, k)];
  for (const headToClear of head ? [head, null] : [null]) {
    for (const [text, size] of spellings) {
      const scale = size / k;
      const lines = text.split("\n");
      const w = Math.max(...lines.map((line) => labelWidth(line, marks(edge).length))) * scale;
      const h = (LABEL_H + (lines.length - 1) * LINE_H) * scale;
      const centred = { x: label.x + (label.w - w) / 2, y: label.y + (label.h - h) / 2, w, h };
      const box = besideCards(scene, headToClear ? besideHead(centred, headToClear) : centred);
      if (!box || (headToClear && overlap(box, headToClear)) || boxes.some((other) => overlap(other, box))) continue;
      return { ...box, text, scale };
    }
  }
  return null;
}

/** How far a name may move away from the head of its arrow, as a part of its height: further, it would hide other lines. */
const MAX_SHIFT_FROM_HEAD = 1.2;

/** Return the box, moved sideways to the nearer side of an arrow's head that it covers, if that is not far. */
function besideHead(box: Rect, head: Rect): Rect {
  if (!overlap(box, head)) return box;
  const isBefore = box.x + box.w / 2 < head.x + head.w / 2;
  const x = isBefore ? head.x - box.w : head.x + head.w;
  return Math.abs(x - box.x) <= box.h * MAX_SHIFT_FROM_HEAD ? { ...box, x } : box;
}

/** Yield how a name may be written, with its size: in one line, in two, and shortened at the end. */
function* variants(edge: Edge, k: number): Generator<readonly [text: string, size: number]> {
  const [whole = "", ...shortened] = labelTexts(edge);
  const broken = k < TWO_LINES_ZOOM ? "" : inTwoLines(whole);
  yield [whole, SCALE];
  if (broken) yield [broken, TWO_LINE_SCALE];
  for (const text of shortened) yield [text, SCALE];
}

/** Return words in two lines of about the same length; "" for one word. */
export function inTwoLines(words: string): string {
  const middle = words.length / 2;
  let best = -1;
  for (let at = words.indexOf(" "); at >= 0; at = words.indexOf(" ", at + 1)) {
    if (Math.abs(at - middle) < Math.abs(best - middle)) best = at;
  }
  return best < 0 ? "" : `${words.slice(0, best)}\n${words.slice(best + 1)}`;
}

/** What is left free between a name and a card, as a part of its height. */
const CARD_GAP_SHARE = 0.06;
/** How far a name may move along its line, as a part of its height. */
const MAX_SHIFT = 0.7;

/** Return the box, moved sideways a little where it would cover a card; null where it covers one all the same. */
function besideCards(scene: Scene, box: Rect): Rect | null {
  const rim = box.h * CARD_GAP_SHARE;
  const covered = ({ x, y, w, h }: Rect) => nodesIn(scene, { x: x - rim, y: y - rim, w: w + 2 * rim, h: h + 2 * rim });
  const cards = covered(box);
  if (cards.length === 0) return box;
  for (const card of cards) {
    const left = scene.places[card]?.[0] ?? 0;
    for (const x of [left - box.w - 2 * rim, left + CARD_W + 2 * rim]) {
      const moved = { ...box, x };
      if (Math.abs(x - box.x) <= box.h * MAX_SHIFT && covered(moved).length === 0) return moved;
    }
  }
  return null;
}

/** What is wrong comes first, then what a player needs something for, then ways out of the entrance and into endings. */
function weightOf({ graph }: Scene, edge: Edge | undefined): number {
  if (!edge) return 0;
  const [from, to] = [graph.nodes[edge.source], graph.nodes[edge.target]];
  return (
    (edge.problems.error > 0 ? 16 : 0) +
    (edge.locked ? 8 : 0) +
    (to?.ending ? 4 : 0) +
    (from?.start ? 4 : 0) +
    (edge.timed || edge.hidden ? 2 : 0) +
    (edge.target > edge.source ? 1 : 0)
  );
}
