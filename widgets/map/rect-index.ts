/** Rectangles in a tree, packed in the order of the Hilbert curve: those that touch another are found without the rest. */
import type { Rect } from "./geometry/curve";

export interface RectIndex {
  /** Return the numbers of the rectangles that touch a rectangle, in no particular order. */
  search(left: number, top: number, right: number, bottom: number): number[];
}

/** So many branches has each node of the tree. */
const BRANCHES = 16;

/** Return an index of some rectangles, or null when there are none. */
export function indexRects(rects: readonly Rect[]): RectIndex | null {
  if (rects.length === 0) return null;
  const numbers = alongCurve(rects);
  let level = new Float64Array(rects.length * 4);
  numbers.forEach((number, at) => {
    const { x, y, w, h } = rects[number] as Rect;
    level[at * 4] = x;
    level[at * 4 + 1] = y;
    level[at * 4 + 2] = x + w;
    level[at * 4 + 3] = y + h;
  });
  /** The boxes of each level, four numbers each: first those of the rectangles, last those of the root's branches. */
  const levels = [level];
  while (level.length > BRANCHES * 4) {
    level = boundsOf(level);
    levels.push(level);
  }
  const search = (left: number, top: number, right: number, bottom: number): number[] => {
    const touching: number[] = [];
    const visit = (height: number, first: number): void => {
      const boxes = levels[height] as Float64Array;
      const end = Math.min(first + BRANCHES, boxes.length / 4);
      for (let at = first; at < end; at += 1) {
        const box = at * 4;
        if ((boxes[box] as number) > right || (boxes[box + 1] as number) > bottom) continue;
        if ((boxes[box + 2] as number) < left || (boxes[box + 3] as number) < top) continue;
        if (height === 0) touching.push(numbers[at] as number);
        else visit(height - 1, at * BRANCHES);
      }
    };
    visit(levels.length - 1, 0);
    return touching;
  };
  return { search };
}

/** Return the bounds of each so many boxes. */
function boundsOf(boxes: Float64Array): Float64Array<ArrayBuffer> {
  const bounds = new Float64Array(Math.ceil(boxes.length / 4 / BRANCHES) * 4);
  for (let box = 0; box < boxes.length; box += 4) {
    const into = Math.floor(box / 4 / BRANCHES) * 4;
    const isFirst = box % (BRANCHES * 4) === 0;
    for (let side = 0; side < 4; side += 1) {
      const [value, old] = [boxes[box + side] as number, bounds[into + side] as number];
      if (isFirst || (side < 2 ? value < old : value > old)) bounds[into + side] = value;
    }
  }
  return bounds;
}

/** Return the numbers of rectangles in the order in which the Hilbert curve passes their middles. */
function alongCurve(rects: readonly Rect[]): Float64Array {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, w, h } of rects) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + w);
    bottom = Math.max(bottom, y + h);
  }
  const across = (SIDE - 1) / (right - left || 1);
  const down = (SIDE - 1) / (bottom - top || 1);
  // place and number in one float: numbers are sorted ten times as fast as by a function that compares
  const keys = new Float64Array(rects.length);
  rects.forEach(({ x, y, w, h }, number) => {
    const place = placeOnCurve(((x + w / 2 - left) * across) | 0, ((y + h / 2 - top) * down) | 0);
    keys[number] = place * rects.length + number;
  });
  return keys.sort().map((key) => key - Math.floor(key / rects.length) * rects.length); // % takes ten times as long
}

/** The curve passes all points of a square of this side, in the square of so many steps. */
const SIDE = 2 ** 12;

/** Return after how many steps the Hilbert curve passes a point. */
function placeOnCurve(x: number, y: number): number {
  let place = 0;
  for (let side = SIDE / 2; side >= 1; side /= 2) {
    const [isRight, isDown] = [(x & side) > 0, (y & side) > 0];
    place += side * side * (isRight ? (isDown ? 2 : 3) : isDown ? 1 : 0);
    if (isDown) continue;
    if (isRight) [x, y] = [SIDE - 1 - x, SIDE - 1 - y];
    [x, y] = [y, x];
  }
  return place;
}
