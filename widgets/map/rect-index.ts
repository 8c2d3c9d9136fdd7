/** A static index of rectangles. */
import { around, type Rect } from "./geometry/curve";

/** A half of the rectangles above it: the box around them, and its own halves or, where they are few, themselves. */
interface Part {
  readonly box: Rect;
  readonly halves: readonly Part[];
  readonly items: readonly number[];
}

const MOST_ITEMS = 8;

/** Rectangles halved again and again by their middles, across and down in turn. */
export class RectIndex {
  readonly #rects: readonly Rect[];
  readonly #root: Part;

  constructor(rects: readonly Rect[]) {
    this.#rects = rects;
    this.#root = this.#part([...rects.keys()], true);
  }

  /** Return the indices of the rectangles that touch a box, in their order. */
  search(box: Rect): number[] {
    const found: number[] = [];
    const visit = (part: Part) => {
      if (!touch(part.box, box)) return;
      part.halves.forEach(visit);
      for (const item of part.items) if (touch(this.#rects[item] as Rect, box)) found.push(item);
    };
    visit(this.#root);
    return found.sort((a, b) => a - b);
  }

  #part(items: number[], isAcross: boolean): Part {
    const rects = items.map((item) => this.#rects[item] as Rect);
    const box = around(rects);
    if (items.length <= MOST_ITEMS) return { box, halves: [], items };
    const middle = (item: number) => {
      const { x, y, w, h } = this.#rects[item] as Rect;
      return isAcross ? x + w / 2 : y + h / 2;
    };
    items.sort((a, b) => middle(a) - middle(b));
    const half = items.length >> 1;
    const halves = [items.slice(0, half), items.slice(half)].map((one) => this.#part(one, !isAcross));
    return { box, halves, items: [] };
  }
}

function touch(a: Rect, b: Rect): boolean {
  return a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h;
}
