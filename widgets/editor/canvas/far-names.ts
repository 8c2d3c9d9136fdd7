/**
 * Names from far away, at a size that can be read whatever the zoom: of regions first, then of states, those that matter
 * most before the others, each where it covers no other name.
 *
 * Names are placed once for a scene and a step of zoom, so that they do not jump while the map is moved.
 */
import { wrapWords } from "../../map/canvas/text";
import { inside, overlap, type Point, type Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W, GAP_X, PITCH_X } from "../../map/geometry/dimensions";
import type { Graph } from "../../map/graph";
import { extentOf, nodesIn, type Scene } from "../../map/scene";
import { FAR_NAMES, REGION_TABS } from "../../map/viewport";
import { readableName } from "../../shared/format";
import type { DrawnRegion } from "../annotations/drawn";
import { accentOf, arePictured, type Frame, placeOf } from "./frame";
import { regionGrounds } from "./grounds";

type Ink = CanvasRenderingContext2D;

/** Zoom steps in a doubling. */
const STEPS = 4;
const SIZE = 11;
/** The size of a name that does not fit otherwise. */
const LEAST = 10;
/** The height of a line, as a part of the size. */
const LINE = 1.18;
/** Width of a character, as a part of the size. */
const CHARACTER = 0.65;
const LARGEST = 20;
const SMALLEST = 13;
/** So many parts of a region's ground are tried for its name, the widest first. */
const MOST_GROUNDS = 12;
/** So many states are tried; more names than this could not be told apart on any screen. */
const MOST = 4000;

interface FarName extends Rect {
  /** The number of the node; -1 for a region. */
  readonly node: number;
  readonly lines: readonly string[];
  readonly size: number;
  readonly region: DrawnRegion | null;
}

interface Placed {
  readonly step: number;
  readonly isPictured: boolean;
  readonly regions: readonly DrawnRegion[];
  readonly names: readonly FarName[];
}

const cache = new WeakMap<Scene, Placed>();
const orders = new WeakMap<Graph, readonly number[]>();

export function drawFarNames(ink: Ink, frame: Frame): void {
  const { view, visibleArea, selectedNodes, movedPlaces, dimmed } = frame;
  if (view.k >= FAR_NAMES) return;
  const isPictured = arePictured(frame);
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  ink.lineJoin = "round";
  const isOnTop = (node: number) => selectedNodes.has(node) || movedPlaces.has(node);
  // A name that is out of sight may stand on a ground that is not.
  const { x, y, w, h } = visibleArea;
  const area = { x: x - CARD_W, y: y - CARD_H, w: w + 2 * CARD_W, h: h + 2 * CARD_H };
  const names = namesFor(frame, isPictured).filter(
    (name) => !(isOnTop(name.node) || dimmed?.has(name.node)) && overlap(name, area),
  );
  // Grounds first: none may cover the words of a neighbour.
  for (const name of names) drawGround(ink, frame, name, isPictured);
  for (const name of names) drawWords(ink, frame, name, isPictured);
  for (const node of new Set([...selectedNodes, ...movedPlaces.keys()])) {
    const [x, y] = placeOf(frame, node);
    const [name] = stateNames(frame.scene, node, x, y, view.k, isPictured);
    if (!name || frame.hidden?.has(node)) continue;
    drawGround(ink, frame, name, isPictured);
    drawWords(ink, frame, name, isPictured);
  }
  // Set back: the outlines of cards have sharp corners in every frame.
  ink.lineJoin = "miter";
}

/** Return the region whose name, as it is drawn from far away, is under a point. */
export function regionNameAt(
  placed: Pick<Frame, "scene" | "view" | "regions" | "hidden">,
  { x, y }: Point,
): DrawnRegion | null {
  return namesFor(placed).find((name) => name.region && inside(name, x, y))?.region ?? null;
}

/** Whether a name stands on a strip under its picture. */
function hasCaption({ region, w }: FarName, isPictured: boolean): boolean {
  return isPictured && !region && w <= CARD_W;
}

function drawGround(ink: Ink, frame: Frame, name: FarName, isPictured: boolean): void {
  if (hasCaption(name, isPictured)) fillCaption(ink, name, frame.palette.surface, 1 / frame.view.k);
  else if (!name.region && (name.w > CARD_W || name.h > CARD_H)) drawPlate(ink, frame, name);
}

function drawWords(ink: Ink, { palette, view }: Frame, name: FarName, isPictured: boolean): void {
  const { region, lines, size, x, y, w, h } = name;
  ink.font = `600 ${size}px ${palette.font}`;
  ink.lineWidth = (region ? 5 : 3) / view.k;
  ink.strokeStyle = region ? palette.tints[region.colour] : palette.surface;
  ink.fillStyle = region ? palette.hues[region.colour] : palette.text;
  const line = h / lines.length;
  lines.forEach((words, row) => {
    const at = y + line * (row + 0.5);
    if (!hasCaption(name, isPictured)) ink.strokeText(words, x + w / 2, at);
    ink.fillText(words, x + w / 2, at);
  });
}

/** Draw a card anew that is smaller than its name, so large that the name stands on it. */
function drawPlate(ink: Ink, frame: Frame, { node, x, y, w, h }: FarName): void {
  const pixel = 1 / frame.view.k;
  const state = frame.scene.graph.nodes[node];
  const [left, upper] = placeOf(frame, node);
  const [right, lower] = [Math.max(left + CARD_W, x + w), Math.max(upper + CARD_H, y + h)];
  const [from, top] = [Math.min(left, x), Math.min(upper, y)];
  ink.save();
  ink.beginPath();
  ink.rect(from - pixel, top, right - from + 2 * pixel, lower - top);
  ink.fillStyle = frame.palette.surface;
  ink.fill();
  const selected = frame.selectedNodes.has(node);
  ink.lineWidth = (selected ? 2.5 : 1) * pixel;
  ink.strokeStyle = selected ? frame.palette.accent : ((state && accentOf(frame, state)) ?? frame.palette.strong);
  ink.stroke();
  ink.restore();
}

/** Fill the strip under a picture, inside the outline of its card, on which the name stands. */
function fillCaption(ink: Ink, { x, y, w, h }: FarName, colour: string, pixel: number): void {
  ink.beginPath();
  ink.roundRect(x + w / 2 - CARD_W / 2 + pixel, y - pixel, CARD_W - 2 * pixel, h + 2 * pixel, [0, 0, 9, 9]);
  ink.fillStyle = colour;
  ink.fill();
}

/** Return the names that are shown at a zoom, those that matter most first. */
export function namesFor(
  { scene, view, regions = [], hidden }: Pick<Frame, "scene" | "view" | "regions" | "hidden">,
  isPictured = false,
): readonly FarName[] {
  const step = Math.floor(Math.log2(view.k) * STEPS);
  const cached = cache.get(scene);
  if (cached?.step === step && cached.isPictured === isPictured && cached.regions === regions) return cached.names;
  const k = 2 ** (step / STEPS);
  const grid = new NameGrid(96 / k);
  const names: FarName[] = [];
  const placeOne = (variants: Iterable<FarName>) => {
    for (const name of variants) {
      if (grid.covers(name)) continue;
      grid.add(name);
      names.push(name);
      return;
    }
  };
  const bySize = [...regions].sort((a, b) => b.nodes.length - a.nodes.length);
  for (const region of bySize) if (k < REGION_TABS || region.box >= 0) placeOne(regionNames(scene, region, k));
  for (const node of orderOf(scene.graph).slice(0, MOST)) {
    const place = scene.places[node];
    if (place && !hidden?.has(node)) placeOne(stateNames(scene, node, place[0], place[1], k, isPictured));
  }
  cache.set(scene, { step, isPictured, regions, names });
  return names;
}

/**
 * Yield where the name of a region may stand: over or under a part of its ground where no card is, else in its middle,
 * where it covers the fewest cards.
 */
function* regionNames(scene: Scene, region: DrawnRegion, k: number): Generator<FarName> {
  const extent = extentOfRegion(scene, region);
  if (!extent) return;
  const room = Math.max(extent.w * 0.8, CARD_W + GAP_X) * k;
  const fits = room / (region.name.length * CHARACTER);
  const largest = Math.max(SMALLEST, Math.min(LARGEST, fits));
  const grounds = region.box >= 0 ? [] : [...regionGrounds(scene, region)].sort((a, b) => b.w - a.w);
  const middles: { readonly name: FarName; readonly covered: number }[] = [];
  for (const size of new Set([largest, SMALLEST])) {
    const lines = wrapWords(region.name, Math.max(12, room / (size * CHARACTER)), 2);
    const w = (Math.max(...lines.map((line) => line.length)) * size * CHARACTER) / k;
    const h = (lines.length * size * 1.2) / k;
    const nameAt = (x: number, y: number): FarName => ({ node: -1, region, lines, size: size / k, x, y, w, h });
    for (const ground of grounds.slice(0, MOST_GROUNDS)) {
      for (const y of [ground.y - h, ground.y + ground.h]) {
        const name = nameAt(ground.x + (ground.w - w) / 2, y);
        if (nodesIn(scene, name).length === 0) yield name;
      }
    }
    for (const part of [0.5, 0.3, 0.7, 0.1, 0.9]) {
      const name = nameAt(extent.x + (extent.w - w) / 2, extent.y + extent.h * part - h / 2);
      middles.push({ name, covered: nodesIn(scene, name).length });
    }
  }
  for (const { name } of middles.sort((a, b) => a.covered - b.covered)) yield name;
}

/**
 * Yield how the name of a state may be written over its card: within the card where its words fit, else in wide
 * lines, else in narrow ones, else moved a little. Under a picture it stands at the foot of the card.
 */
function* stateNames(
  scene: Scene,
  node: number,
  x: number,
  y: number,
  k: number,
  isPictured: boolean,
): Generator<FarName> {
  const id = scene.graph.nodes[node]?.id;
  if (id === undefined || id.startsWith("\u0000")) return;
  const wide = Math.max(72, Math.min(150, (PITCH_X + GAP_X / 2) * k));
  const name = readableName(id);
  const middle = y + CARD_H / 2;
  const inside = CARD_W * k - 10;
  const longest = Math.max(...name.split(/\s+/).map((word) => word.length)) * SIZE * CHARACTER;
  const rows = wrapWords(name, inside / (SIZE * CHARACTER), 99).length;
  const isRoomy = longest <= inside && rows <= 3 && rows * SIZE * LINE <= CARD_H * k;
  for (const [room, size] of [
    [isRoomy ? inside : wide, SIZE],
    [wide, SIZE],
    [Math.max(60, wide * 0.7), SIZE],
    [wide, LEAST],
    [Math.max(60, wide * 0.7), LEAST],
  ] as const) {
    const lines = wrapWords(name, room / (size * CHARACTER), 3);
    const w = (Math.max(...lines.map((line) => line.length)) * size * CHARACTER) / k;
    const h = (lines.length * size * LINE) / k;
    for (const shift of [0, -0.5, 0.5, -0.8, 0.8]) {
      const top = (isPictured ? y + CARD_H - h - 2 / k : middle - h / 2) + (shift * size) / k;
      yield { node, region: null, lines, size: size / k, x: x + (CARD_W - w) / 2, y: top, w, h };
    }
  }
}

/** Return the nodes, those that a reader looks for first at the beginning: the entrance, endings, crossroads. */
function orderOf(graph: Graph): readonly number[] {
  const cached = orders.get(graph);
  if (cached) return cached;
  const weight = graph.nodes.map((node, at) => {
    const degree = (graph.out[at]?.length ?? 0) + (graph.into[at]?.length ?? 0);
    return degree + (node.start ? 1000 : node.ending ? 100 : 0);
  });
  const order = [...graph.nodes.keys()].sort((a, b) => (weight[b] ?? 0) - (weight[a] ?? 0) || a - b);
  orders.set(graph, order);
  return order;
}

/** The places that are taken, by cell. */
class NameGrid {
  readonly #cells = new Map<string, Rect[]>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  covers(rect: Rect): boolean {
    return this.#keys(rect).some((key) => (this.#cells.get(key) ?? []).some((other) => overlap(rect, other)));
  }

  add(rect: Rect): void {
    for (const key of this.#keys(rect)) {
      const cell = this.#cells.get(key);
      if (cell) cell.push(rect);
      else this.#cells.set(key, [rect]);
    }
  }

  #keys({ x, y, w, h }: Rect): string[] {
    const keys: string[] = [];
    const at = (value: number) => Math.floor(value / this.#size);
    for (let column = at(x); column <= at(x + w); column += 1) {
      for (let row = at(y); row <= at(y + h); row += 1) keys.push(`${column} ${row}`);
    }
    return keys;
  }
}

/** Return the rectangle around the cards of a region. */
function extentOfRegion(scene: Scene, { nodes, box }: DrawnRegion): Rect | null {
  return extentOf((box >= 0 ? [box] : nodes).flatMap((node) => (scene.places[node] ? [scene.places[node]] : [])));
}
