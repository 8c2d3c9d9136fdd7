/** The label of what is pointed at or selected: larger where labels are too small to read, and beside the cards. */
import type { Rect } from "./geometry/curve";
import { nodesIn, type Scene } from "./scene";

const MAX_GROWTH = 4;
/** How far a label may be put from its place, in halves of its height and in quarters of its width, the nearest first. */
const ROWS = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8];
const COLUMNS = [0, 1, -1, 2, -2, 3, -3];

/** Return the place of a box that is free and nearest to its own; null where none is free. */
export function nearestFree<Box extends Rect>(box: Box, isFree: (moved: Rect) => boolean, rows = ROWS): Box | null {
  let [nearest, least]: [Box | null, number] = [null, Number.POSITIVE_INFINITY];
  for (const row of rows) {
    for (const column of COLUMNS) {
      const [dx, dy] = [(column * box.w) / 4, (row * box.h) / 2];
      const distance = Math.hypot(dx, dy);
      if (distance >= least) continue;
      const moved = { ...box, x: box.x + dx, y: box.y + dy };
      if (isFree(moved)) [nearest, least] = [moved, distance];
    }
  }
  return nearest;
}

/**
 * Return where a label stands that must be read.
 *
 * @param box The label at its size on the map.
 * @param readable The zoom at which labels can be read; further out this one is as large as there.
 * @param isFree Whether nothing but cards is in its way at a place; null where it must not be moved.
 * @returns The nearest place where it covers no card, as many times larger; its own place where there is none.
 */
export function strongLabel(
  scene: Scene,
  box: Rect,
  k: number,
  readable: number,
  isFree: ((moved: Rect) => boolean) | null = () => true,
): Rect & { readonly scale: number } {
  const scale = Math.max(1, Math.min(MAX_GROWTH, readable / k));
  const [w, h] = [box.w * scale, box.h * scale];
  const own = { x: box.x + (box.w - w) / 2, y: box.y + (box.h - h) / 2, w, h, scale };
  return (isFree && nearestFree(own, (moved) => isFree(moved) && nodesIn(scene, moved).length === 0)) ?? own;
}
