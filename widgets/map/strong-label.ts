/** The label of what is pointed at or selected: larger where labels are too small to read, and beside the cards. */
import type { Rect } from "./geometry/curve";
import { nodesIn, type Scene } from "./scene";

const MOST_GROWTH = 4;
/** How far a label may be put from its place, in its heights and in quarters of its width, the nearest first. */
const ROWS = [0, 1, -1, 2, -2, 3, -3, 4, -4];
const COLUMNS = [0, 1, -1, 2, -2, 3, -3];

/**
 * Return where a label stands that must be read.
 *
 * @param box The label at its size on the map.
 * @param readable The zoom at which labels can be read; further out this one is as large as there.
 * @param mayMove Whether it may stand beside its place.
 * @returns The nearest place where it covers no card, as many times larger; its own place where there is none.
 */
export function strongLabel(
  scene: Scene,
  box: Rect,
  k: number,
  readable: number,
  mayMove = true,
): Rect & { readonly scale: number } {
  const scale = Math.max(1, Math.min(MOST_GROWTH, readable / k));
  const [w, h] = [box.w * scale, box.h * scale];
  const own = { x: box.x + (box.w - w) / 2, y: box.y + (box.h - h) / 2, w, h, scale };
  let [nearest, least] = [own, Number.POSITIVE_INFINITY];
  for (const row of mayMove ? ROWS : []) {
    for (const column of COLUMNS) {
      const [dx, dy] = [(column * w) / 4, row * h];
      const distance = Math.hypot(dx, dy);
      if (distance >= least) continue;
      const moved = { ...own, x: own.x + dx, y: own.y + dy };
      if (nodesIn(scene, moved).length === 0) [nearest, least] = [moved, distance];
    }
  }
  return nearest;
}
