/** The camera over the drawing: a screen point is `k * world + (x, y)`. */
import type { Point, Rect } from "./geometry/curve";

export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export interface Size {
  readonly w: number;
  readonly h: number;
}

export const MIN_ZOOM = 0.005;
export const MAX_ZOOM = 2.5;

/** From this zoom on nodes are cards that can be read. */
export const READING_ZOOM = 0.6;
/** From this zoom on nodes have titles; below they are dots. */
const TITLES_ZOOM = 0.16;

/** The smallest zoom at which every state has its name, so that a world opens whole. */
export const OVERVIEW_ZOOM = 2 ** -3.25;
/** Below this zoom a card is too small to hold its own name: names are drawn over the cards, as large as can be read. */
export const FAR_NAMES_ZOOM = 0.32;
/** From this zoom on the name of a region stands at its edge; below it is drawn in its middle. */
export const REGION_TABS_ZOOM = 0.12;

/** How a state is shown: as a block, a box with its title, or a card with all of its content. */
export type Detail = "dots" | "titles" | "cards";

export function detailAt({ k }: Viewport): Detail {
  return k >= READING_ZOOM ? "cards" : k >= TITLES_ZOOM ? "titles" : "dots";
}

export function clampZoom(k: number): number {
  return Math.max(MIN_ZOOM, Math.min(MAX_ZOOM, k));
}

export function toWorld(view: Viewport, x: number, y: number): Point {
  return { x: (x - view.x) / view.k, y: (y - view.y) / view.k };
}

export function toScreen(view: Viewport, x: number, y: number): Point {
  return { x: x * view.k + view.x, y: y * view.k + view.y };
}

/** Return the part of the map that is visible. */
export function visibleRect(view: Viewport, size: Size, margin = 0): Rect {
  const from = toWorld(view, -margin, -margin);
  return { x: from.x, y: from.y, w: (size.w + 2 * margin) / view.k, h: (size.h + 2 * margin) / view.k };
}

/** Labels are chosen for whole tiles of so many pixels, so that they do not change while the map is moved a little. */
const TILE_SIZE_PX = 480;

/** Return the whole tiles that an area touches. */
export function tilesAround(area: Rect, k: number): Rect {
  const tile = TILE_SIZE_PX / k;
  const [left, top] = [Math.floor(area.x / tile), Math.floor(area.y / tile)];
  const [right, bottom] = [Math.ceil((area.x + area.w) / tile), Math.ceil((area.y + area.h) / tile)];
  return { x: left * tile, y: top * tile, w: (right - left) * tile, h: (bottom - top) * tile };
}

/** Whether an area holds a rectangle whole. */
export function holds(area: Rect, rect: Rect): boolean {
  const ends = rect.x + rect.w <= area.x + area.w && rect.y + rect.h <= area.y + area.h;
  return ends && rect.x >= area.x && rect.y >= area.y;
}

export function pan(view: Viewport, dx: number, dy: number): Viewport {
  return { x: view.x + dx, y: view.y + dy, k: view.k };
}

/** Zoom by a factor, keeping the screen point (x, y) over the same place. */
export function zoomAt(view: Viewport, factor: number, x: number, y: number): Viewport {
  const k = clampZoom(view.k * factor);
  const at = toWorld(view, x, y);
  return { x: x - at.x * k, y: y - at.y * k, k };
}

/** Return the view that shows a rectangle whole, no larger than `max`. */
export function fitRect(rect: Rect, size: Size, margin = 48, max = 1): Viewport {
  if (size.w <= 0 || size.h <= 0) return { x: 0, y: 0, k: 1 };
  const room = { w: Math.max(1, size.w - 2 * margin), h: Math.max(1, size.h - 2 * margin) };
  const k = Math.min(max, room.w / Math.max(1, rect.w), room.h / Math.max(1, rect.h));
  return centreRect(rect, size, k);
}

/** How far the column of buttons in the lower left corner of a map reaches, with room beside it and above it. */
const TOOLS = { w: 80, h: 208 };
/** Room at the top for a line that says what to do. */
const HINT_HEIGHT_PX = 52;

/** What stands in the upper left corner of a map: how far it reaches, with room around it, and the cards to keep clear. */
export interface Legend extends Size {
  readonly cards: readonly Rect[];
}
const NO_LEGEND: Legend = { w: 0, h: 0, cards: [] };

/** Return the view that shows a rectangle whole, and not under what floats over the map, as large as can be. */
export function fitBesideTools(rect: Rect, size: Size, margin = 32, max = 1, legend = NO_LEGEND): Viewport {
  const fitted = fitRect(rect, size, margin, max);
  const isFree = (view: Viewport) => {
    const at = toScreen(view, rect.x, rect.y);
    const [x, y] = [Math.ceil(at.x), Math.ceil(at.y)];
    const isBesideTools = x >= TOOLS.w || y + rect.h * view.k <= size.h - TOOLS.h;
    if (y < HINT_HEIGHT_PX || !isBesideTools) return false;
    const corner = toWorld(view, legend.w, legend.h);
    return legend.cards.every((card) => card.x >= corner.x - 1 || card.y >= corner.y - 1);
  };
  let best: Viewport | null = null;
  for (const left of [0, TOOLS.w - margin, legend.w - margin])
    for (const top of [0, HINT_HEIGHT_PX - margin, legend.h - margin])
      for (const bottom of [0, TOOLS.h - margin]) {
        if (left < 0 || top < 0) continue;
        const room = { w: size.w - left, h: size.h - top - bottom };
        const view = pan(fitRect(rect, room, margin, max), left, top);
        if (isFree(view) && view.k > (best?.k ?? 0) + 1e-9) best = view;
      }
  if (best) return best;
  return legend.h > 0 ? fitBesideTools(rect, size, margin, max) : fitted;
}

/** Return the view at a zoom with the middle of a rectangle in the middle of the stage. */
export function centreRect(rect: Rect, size: Size, k: number): Viewport {
  return { x: size.w / 2 - (rect.x + rect.w / 2) * k, y: size.h / 2 - (rect.y + rect.h / 2) * k, k };
}

/** Return the view moved, as little as needed, to show a rectangle; the same object when it is in sight. */
export function revealRect(view: Viewport, rect: Rect, size: Size, margin = 32): Viewport {
  const left = rect.x * view.k + view.x;
  const top = rect.y * view.k + view.y;
  const shift = (low: number, long: number, room: number) => {
    if (long > room - 2 * margin) return (room - long) / 2 - low;
    if (low < margin) return margin - low;
    return Math.min(0, room - margin - (low + long));
  };
  const dx = shift(left, rect.w * view.k, size.w);
  const dy = shift(top, rect.h * view.k, size.h);
  return Math.abs(dx) < 0.5 && Math.abs(dy) < 0.5 ? view : pan(view, dx, dy);
}

/** How far the minimap in the lower right corner of a map reaches, with room around it. */
export const MINIMAP: Size = { w: 176, h: 120 };

/** Return the view moved up, as little as needed, so that a rectangle does not lie under the minimap. */
export function clearOfMinimap(view: Viewport, rect: Rect, size: Size): Viewport {
  const { x, y } = toScreen(view, rect.x, rect.y);
  const under = y + rect.h * view.k - (size.h - MINIMAP.h);
  const isUnder = under > 0 && x + rect.w * view.k > size.w - MINIMAP.w;
  return isUnder && y - under >= HINT_HEIGHT_PX ? pan(view, 0, -under) : view;
}

/** Return the view at a fraction (0..1) of the way from one to another, zooming evenly. */
export function interpolate(a: Viewport, b: Viewport, t: number, size: Size): Viewport {
  const k = a.k * (b.k / a.k) ** t;
  const centre = (v: Viewport) => toWorld(v, size.w / 2, size.h / 2);
  const from = centre(a);
  const to = centre(b);
  const share = Math.abs(a.k - b.k) < 1e-6 ? t : (1 / a.k - 1 / k) / (1 / a.k - 1 / b.k);
  const x = from.x + (to.x - from.x) * share;
  const y = from.y + (to.y - from.y) * share;
  return { x: size.w / 2 - x * k, y: size.h / 2 - y * k, k };
}
