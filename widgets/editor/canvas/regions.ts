/** Regions under the cards: the ground that their cards stand on, tinted, with an outline and a name. */
import { drawOutline } from "../../map/canvas/outline";
import { inside, overlap, type Point, type Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { nodesIn } from "../../map/scene";
import { FAR_NAMES_ZOOM, REGION_TABS_ZOOM } from "../../map/viewport";
import { count, shorten } from "../../shared/format";
import { iconPath } from "../../shared/ui/icon";
import type { DrawnRegion } from "../annotations/drawn";
import { regionNameAt } from "./far-names";
import { type Frame, placeOf } from "./frame";
import { groundsOf, REACH_X, regionGrounds } from "./grounds";

type Ink = CanvasRenderingContext2D;

/** How far grounds lie over each other, so that no line is left between them. */
const GROUND_OVERLAP = 3;

/** Draw the grounds of all regions that are open. */
export function drawRegions(ink: Ink, frame: Frame): void {
  const { palette, view, visibleArea, regions = [] } = frame;
  const edge = 1.5 / view.k;
  for (const region of regions) {
    if (region.box >= 0) continue;
    const grounds = groundsIn(frame, region).filter((ground) => overlap(ground, visibleArea));
    if (grounds.length === 0) continue;
    ink.globalAlpha = isDimmed(frame, region) ? 0.35 : 1;
    // The outline of all first, then the ground over it, so that only the outer line is left.
    ink.fillStyle = palette.hues[region.colour];
    for (const ground of grounds) fillGround(ink, ground, GROUND_OVERLAP + edge);
    ink.fillStyle = palette.tints[region.colour];
    for (const ground of grounds) fillGround(ink, ground, GROUND_OVERLAP);
    ink.globalAlpha = 1;
  }
}

/** Say whether cards that stand on the ground of a region are being moved, so that the ground changes. */
export function groundMoves({ movedPlaces, regions = [] }: Pick<Frame, "movedPlaces" | "regions">): boolean {
  if (movedPlaces.size === 0) return false;
  return regions.some(({ box, nodes }) => box < 0 && nodes.some((node) => movedPlaces.has(node)));
}

/** Return the ground of a region; joined once for a scene, and anew while cards of it are being moved. */
function groundsIn({ scene, movedPlaces }: Placed, region: DrawnRegion): readonly Rect[] {
  const isMoving = movedPlaces.size > 0 && region.nodes.some((node) => movedPlaces.has(node));
  if (!isMoving) return regionGrounds(scene, region);
  const places = region.nodes.map((node) => movedPlaces.get(node) ?? scene.places[node]);
  return groundsOf(places.filter((place) => place !== undefined));
}

function fillGround(ink: Ink, { x, y, w, h }: Rect, by: number): void {
  ink.fillRect(x - by, y - by, w + 2 * by, h + 2 * by);
}

interface Tab extends Rect {
  readonly region: DrawnRegion;
}

type Placed = Pick<Frame, "scene" | "view" | "movedPlaces" | "regions">;

/** Close up, the name of a region stands on the rim of its ground; from far away `far-names` draws it in the middle. */
export function drawRegionTabs(ink: Ink, frame: Frame): void {
  const { palette, view } = frame;
  for (const tab of tabsOf(frame)) {
    if (!overlap(tab, frame.visibleArea)) continue;
    ink.globalAlpha = isDimmed(frame, tab.region) ? 0.35 : 1;
    ink.beginPath();
    ink.roundRect(tab.x, tab.y, tab.w, tab.h, 5 / view.k);
    ink.fillStyle = palette.hues[tab.region.colour];
    ink.fill();
    ink.fillStyle = palette.surface;
    ink.font = `600 ${12 / view.k}px ${palette.font}`;
    ink.textAlign = "left";
    ink.textBaseline = "middle";
    const name = shorten(tab.region.name, Math.max(3, Math.floor((tab.w * view.k - 14) / TAB_CHARACTER_PX)));
    ink.fillText(name, tab.x + 8 / view.k, tab.y + tab.h / 2 + 0.5 / view.k, tab.w - 14 / view.k);
    ink.globalAlpha = 1;
  }
}

/** Width of a character of a tab's name, in pixels. */
const TAB_CHARACTER_PX = 7.2;
const TAB_H = 20;
/** So many parts of a region's ground are tried for its tab. */
const MAX_TRIED_GROUNDS = 12;

/**
 * Return the tabs of the open regions. A tab stands on the highest part of its region's ground over which there is no
 * card; where two would lie over each other one is cut to the width of a card's ground.
 */
function tabsOf(placed: Placed): Tab[] {
  const { scene, view, regions = [] } = placed;
  if (view.k < REGION_TABS_ZOOM) return [];
  const tabs: Tab[] = [];
  const h = TAB_H / view.k;
  const narrowest = CARD_W + 2 * REACH_X - 4 / view.k;
  const isTaken = (rect: Rect) => tabs.some((other) => overlap(rect, other));
  for (const region of regions) {
    if (region.box >= 0) continue;
    const w = (16 + region.name.length * TAB_CHARACTER_PX) / view.k;
    const grounds = [...groundsIn(placed, region)].sort((a, b) => a.y - b.y || a.x - b.x).slice(0, MAX_TRIED_GROUNDS);
    const places = grounds.map(({ x, y }): Rect => ({ x, y: y - h, w, h }));
    const rect = places.find((place) => !isTaken(place) && nodesIn(scene, place).length === 0) ?? places[0];
    if (!rect) continue;
    tabs.push({ region, ...rect, w: isTaken(rect) ? Math.min(w, narrowest) : w });
  }
  return tabs;
}

/** Return the region whose name is under a point. */
export function regionAt(placed: Placed & Pick<Frame, "hidden">, { x, y }: Point): DrawnRegion | null {
  if (placed.view.k < REGION_TABS_ZOOM) return regionNameAt(placed, { x, y });
  return tabsOf(placed).find((tab) => inside(tab, x, y))?.region ?? null;
}

/** Draw a region that is collapsed, as a stack of cards with its name. */
export function drawCollapsed(ink: Ink, frame: Frame, region: DrawnRegion): void {
  const { palette, view } = frame;
  const [x, y] = placeOf(frame, region.box);
  const px = 1 / view.k;
  ink.lineWidth = 1.5 * px;
  ink.strokeStyle = palette.hues[region.colour];
  ink.fillStyle = palette.tints[region.colour];
  for (const by of [16, 8, 0]) {
    ink.beginPath();
    ink.roundRect(x + by, y - by, CARD_W, CARD_H, 10);
    ink.fill();
    ink.stroke();
  }
  if (view.k < FAR_NAMES_ZOOM) return;
  const size = Math.max(13 * px, 15);
  ink.fillStyle = palette.text;
  ink.textAlign = "left";
  ink.textBaseline = "top";
  ink.font = `600 ${size}px ${palette.font}`;
  ink.fillText(region.name, x + 14, y + 14, CARD_W - 28);
  ink.fillStyle = palette.muted;
  ink.font = `${size * 0.85}px ${palette.font}`;
  ink.fillText(count(region.nodes.length, "state"), x + 14, y + 20 + size, CARD_W - 28);
  drawOutline(ink, iconPath("layers"), x + CARD_W - 30, y + CARD_H - 30, 20, palette.hues[region.colour], 1.25);
}

function isDimmed({ dimmed }: Frame, { nodes }: DrawnRegion): boolean {
  return dimmed !== undefined && dimmed !== null && nodes.every((node) => dimmed.has(node));
}
