/**
 * Names from far away, at a size that can be read whatever the zoom: of regions first, then of states, those that matter
 * most before the others, each where it covers no other name.
 *
 * Names are placed once for a scene and a step of zoom, so that they do not jump while the map is moved.
 */
import { wrapWords } from "../../map/canvas/text";
import { inside, overlap, type Point, type Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W, GAP_X, PITCH_X, PITCH_Y } from "../../map/geometry/dimensions";
import type { Graph } from "../../map/graph";
import { extentOf, nodesIn, type Scene } from "../../map/scene";
import { FAR_NAMES_ZOOM, OVERVIEW_ZOOM, REGION_TABS_ZOOM } from "../../map/viewport";
import { readableName } from "../../shared/format";
import type { Position } from "../../shared/protocol";
import type { DrawnRegion } from "../annotations/drawn";
import { accentOf, arePictured, type Frame, isSelected, placeOf } from "./frame";
import { regionGrounds } from "./grounds";

type Ink = CanvasRenderingContext2D;

/** Zoom steps in a doubling. */
const ZOOM_STEPS_PER_DOUBLING = 8;
const NAME_SIZE_PX = 11;
/** The sizes of a name that does not fit otherwise: it is rather small than shortened. */
const SMALL_NAME_SIZE_PX = 10;
const MIN_NAME_SIZE_PX = 9;
/** So many times as much as there is room for is written in the smallest letters, which are then drawn narrower. */
const NARROWING_FACTOR = 1.15;
/** The room for a name that is shown whole at the pointer. */
const WHOLE_NAME_WIDTH_PX = 180;
/** The height of a line, as a part of the size. */
const LINE_HEIGHT = 1.1;
/** Width of a character, as a part of the size. */
const CHARACTER_WIDTH = 0.65;
/** The part of a card that its name may take where it has a picture. */
const PICTURED_NAME_SHARE = 0.72;
/** What is left free around a name from far away. */
const FAR_GAP = 6;
const MAX_REGION_NAME_SIZE_PX = 20;
const MIN_REGION_NAME_SIZE_PX = 13;
/** So many parts of a region's ground are tried for its name, the widest first. */
const MAX_TRIED_GROUNDS = 12;
/** So many states are tried; more names than this could not be told apart on any screen. */
const MAX_TRIED_STATES = 4000;

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
  const { scene, view, movedPlaces, hover } = frame;
  if (view.k >= FAR_NAMES_ZOOM) return;
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  ink.lineJoin = "round";
  const names = namesInSight(frame);
  // Grounds first: none may cover the words of a neighbour.
  for (const name of names) drawPlate(ink, frame, name);
  for (const name of names) drawWords(ink, frame, name);
  // Over them what is moved, and the whole name of what is under the pointer.
  const pointed = hover?.kind === "node" ? hover.node : -1;
  const isWhole = names.some(({ node, lines }) => node === pointed && !isShortened(lines));
  for (const node of new Set(isWhole ? movedPlaces.keys() : [...movedPlaces.keys(), pointed])) {
    const [name] = stateNames(scene, node, placeOf(frame, node), view.k, arePictured(frame), node === pointed);
    if (!name || frame.hidden?.has(node)) continue;
    drawPlate(ink, frame, name);
    drawWords(ink, frame, name);
  }
  // Set back: the outlines of cards have sharp corners in every frame.
  ink.lineJoin = "miter";
}

/** Return the names that are drawn of what stays where it is. */
export function namesInSight(frame: Frame): readonly FarName[] {
  const { visibleArea, movedPlaces, dimmed } = frame;
  // A name that is out of sight may stand on a ground that is not.
  const { x, y, w, h } = visibleArea;
  const area = { x: x - CARD_W, y: y - CARD_H, w: w + 2 * CARD_W, h: h + 2 * CARD_H };
  return namesFor(frame, arePictured(frame)).filter(
    (name) => !(movedPlaces.has(name.node) || dimmed?.has(name.node)) && overlap(name, area),
  );
}

/** Return the region whose name, as it is drawn from far away, is under a point. */
export function regionNameAt(
  placed: Pick<Frame, "scene" | "view" | "regions" | "hidden">,
  { x, y }: Point,
): DrawnRegion | null {
  return namesFor(placed).find((name) => name.region && inside(name, x, y))?.region ?? null;
}

/** Draw what the name of a state stands on: a strip under its picture, or its card drawn anew, as large as its name. */
function drawPlate(ink: Ink, frame: Frame, { node, region, x, y, w, h }: FarName): void {
  if (region) return;
  const { palette, view } = frame;
  const pixel = 1 / view.k;
  const state = frame.scene.graph.nodes[node];
  // A name that is shown whole at the pointer may be wider than its card.
  const isUnderPicture = arePictured(frame) && w < CARD_W + pixel;
  const tone = state && accentOf(frame, state);
  ink.beginPath();
  if (isUnderPicture) ink.roundRect(x + pixel, y - pixel, w - 2 * pixel, h, [0, 0, 9, 9]);
  else ink.roundRect(x, y, w, h, 3 * pixel);
  ink.fillStyle = palette.surface;
  ink.fill();
  if (isUnderPicture) return;
  if (tone) {
    ink.globalAlpha = 0.14;
    ink.fillStyle = tone;
    ink.fill();
    ink.globalAlpha = 1;
  }
  const selected = isSelected(frame, node);
  ink.lineWidth = (selected ? 2.5 : tone ? 1.5 : 1) * pixel;
  ink.strokeStyle = selected
    ? palette.accent
    : (state?.problems.error ?? 0) > 0
      ? palette.error
      : (tone ?? palette.strong);
  ink.stroke();
}

function drawWords(ink: Ink, { palette, view }: Frame, { region, lines, size, x, y, w, h }: FarName): void {
  ink.font = `600 ${size}px ${palette.font}`;
  ink.fillStyle = region ? palette.hues[region.colour] : palette.text;
  const line = size * LINE_HEIGHT;
  const room = w - 4 / view.k;
  lines.forEach((words, row) => {
    const at = y + h / 2 + (row + 0.5 - lines.length / 2) * line;
    if (region) {
      ink.lineWidth = 5 / view.k;
      ink.strokeStyle = palette.tints[region.colour];
      ink.strokeText(words, x + w / 2, at);
    }
    ink.fillText(words, x + w / 2, at, region ? undefined : room);
  });
}

/** Return the names that are shown at a zoom, those that matter most first. */
export function namesFor(
  { scene, view, regions = [], hidden }: Pick<Frame, "scene" | "view" | "regions" | "hidden">,
  isPictured = false,
): readonly FarName[] {
  const step = Math.floor(Math.log2(view.k) * ZOOM_STEPS_PER_DOUBLING);
  const cached = cache.get(scene);
  if (cached?.step === step && cached.isPictured === isPictured && cached.regions === regions) return cached.names;
  const k = 2 ** (step / ZOOM_STEPS_PER_DOUBLING);
  const grid = new NameGrid(96 / k);
  const names: FarName[] = [];
  const placeOne = (variants: Iterable<FarName>) => {
    for (const name of variants) {
      if (grid.covers(inset(name, -gap)) || isInTheWay(name)) continue;
      grid.add(name);
      names.push(name);
      return;
    }
  };
  const gap = k < OVERVIEW_ZOOM ? FAR_GAP / k : 0;
  // At the zoom of an overview no name covers another card; from further away cards are only marks on the ground.
  const isInTheWay = (name: FarName) =>
    k >= OVERVIEW_ZOOM &&
    name.region === null &&
    nodesIn(scene, inset(name, 1 / k)).some((node) => node !== name.node && !hidden?.has(node));
  const bySize = [...regions].sort((a, b) => b.nodes.length - a.nodes.length);
  for (const region of bySize) if (k < REGION_TABS_ZOOM || region.box >= 0) placeOne(regionNames(scene, region, k));
  for (const node of orderOf(scene.graph).slice(0, MAX_TRIED_STATES)) {
    const place = scene.places[node];
    if (place && !hidden?.has(node)) placeOne(stateNames(scene, node, place, k, isPictured));
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
  const fits = room / (region.name.length * CHARACTER_WIDTH);
  const largest = Math.max(MIN_REGION_NAME_SIZE_PX, Math.min(MAX_REGION_NAME_SIZE_PX, fits));
  const grounds = region.box >= 0 ? [] : [...regionGrounds(scene, region)].sort((a, b) => b.w - a.w);
  const middles: { readonly name: FarName; readonly covered: number }[] = [];
  for (const size of new Set([largest, MIN_REGION_NAME_SIZE_PX])) {
    const lines = wrapWords(region.name, Math.max(12, room / (size * CHARACTER_WIDTH)), 2);
    const w = (Math.max(...lines.map((line) => line.length)) * size * CHARACTER_WIDTH) / k;
    const h = (lines.length * size * 1.2) / k;
    const nameAt = (x: number, y: number): FarName => ({ node: -1, region, lines, size: size / k, x, y, w, h });
    for (const ground of grounds.slice(0, MAX_TRIED_GROUNDS)) {
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
 * Yield how the name of a state may be written: within its card, else as wide as its column, then smaller, at the end
 * shortened. Under a picture it stands at the foot of the card. At the pointer it is whole, whatever it covers.
 */
function* stateNames(
  scene: Scene,
  node: number,
  [x, y]: Position,
  k: number,
  isPictured: boolean,
  isPointed = false,
): Generator<FarName> {
  const id = scene.graph.nodes[node]?.id;
  if (id === undefined || id.startsWith("\u0000")) return;
  const inner = CARD_W * k - 4;
  const column = isPictured ? inner : PITCH_X * k - 6;
  const far = Math.max(72, Math.min(150, (PITCH_X + GAP_X / 2) * k));
  const height =
    k < OVERVIEW_ZOOM || isPointed
      ? 3 * NAME_SIZE_PX * LINE_HEIGHT
      : isPictured
        ? CARD_H * k * PICTURED_NAME_SHARE
        : PITCH_Y * k - 3;
  const variants: readonly (readonly [room: number, size: number, mayShorten?: boolean])[] = isPointed
    ? [[WHOLE_NAME_WIDTH_PX, NAME_SIZE_PX, true]]
    : k < OVERVIEW_ZOOM
      ? [
          [far, SMALL_NAME_SIZE_PX],
          [far, MIN_NAME_SIZE_PX, true],
          [far * 0.7, MIN_NAME_SIZE_PX, true],
        ]
      : [
          [inner, NAME_SIZE_PX],
          [column, NAME_SIZE_PX],
          [column, SMALL_NAME_SIZE_PX],
          [column, MIN_NAME_SIZE_PX],
          [column, SMALL_NAME_SIZE_PX, true],
          [inner, SMALL_NAME_SIZE_PX, true],
        ];
  for (const [room, size, mayShorten] of variants) {
    const rows = Math.max(1, Math.min(3, Math.floor(height / (size * LINE_HEIGHT))));
    const characters = (room * (size === MIN_NAME_SIZE_PX ? NARROWING_FACTOR : 1)) / (size * CHARACTER_WIDTH);
    const lines = wrapWords(readableName(id), characters, rows);
    if (!mayShorten && isShortened(lines)) continue;
    const longest = Math.max(...lines.map((line) => line.length)) * size * CHARACTER_WIDTH;
    const w = Math.max(CARD_W, (Math.min(room, longest) + 4) / k);
    const wordsHeight = (lines.length * size * LINE_HEIGHT + 2) / k;
    const h = isPictured ? wordsHeight : Math.max(CARD_H, wordsHeight);
    const top = isPictured ? y + CARD_H - h : y + (CARD_H - h) / 2;
    yield { node, region: null, lines, size: size / k, x: x + (CARD_W - w) / 2, y: top, w, h };
  }
}

/** Whether some words of a name are left out. */
function isShortened(lines: readonly string[]): boolean {
  return lines.some((line) => line.endsWith("…"));
}

function inset({ x, y, w, h }: Rect, by: number): Rect {
  return { x: x + by, y: y + by, w: w - 2 * by, h: h - 2 * by };
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
