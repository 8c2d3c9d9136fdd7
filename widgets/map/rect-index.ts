/** A static index of rectangles. */
import { around, type Rect } from "./geometry/curve";

/** So many boxes lie in one box of the level above. */
const FAN_OUT = 16;

/** Rectangles as a tree of boxes, packed by "sort, tile, recurse" (Leutenegger, Lopez, Edgington, 1997). */
export class RectIndex {
  readonly #order: readonly number[];
  /** The boxes of every level, the rectangles themselves first. */
  readonly #levels: readonly (readonly Rect[])[];

  constructor(rects: readonly Rect[]) {
    const xs = Float64Array.from(rects, ({ x, w }) => x + w / 2);
    const ys = Float64Array.from(rects, ({ y, h }) => y + h / 2);
    const perStrip = FAN_OUT * Math.ceil(Math.sqrt(rects.length / FAN_OUT));
    const strips = chunks(sorted([...rects.keys()], xs), perStrip);
    this.#order = strips.flatMap((strip) => sorted(strip, ys));
    let level = this.#order.map((item) => rects[item] as Rect);
    const levels = [level];
    while (level.length > 1) {
      level = chunks(level, FAN_OUT).map(around);
      levels.push(level);
    }
    this.#levels = levels;
  }

  /** Return the indices of the rectangles that touch a box, in their order. */
  search(box: Rect): number[] {
    const found: number[] = [];
    const visit = (level: number, from: number, to: number) => {
      const boxes = this.#levels[level] as readonly Rect[];
      for (let at = from; at < Math.min(to, boxes.length); at++) {
        if (!touch(boxes[at] as Rect, box)) continue;
        if (level === 0) found.push(this.#order[at] as number);
        else visit(level - 1, at * FAN_OUT, (at + 1) * FAN_OUT);
      }
    };
    visit(this.#levels.length - 1, 0, 1);
    return found.sort((a, b) => a - b);
  }
}

function sorted(items: number[], keys: Float64Array): number[] {
  return items.sort((a, b) => (keys[a] as number) - (keys[b] as number));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const all: T[][] = [];
  for (let at = 0; at < items.length; at += size) all.push(items.slice(at, at + size));
  return all;
}

function touch(a: Rect, b: Rect): boolean {
  return a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h;
}
