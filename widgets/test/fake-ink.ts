import type { Rect } from "../map/geometry/curve";

interface FakeInk {
  readonly ink: CanvasRenderingContext2D;
  readonly words: readonly string[];
  readonly boxes: readonly Rect[];
}

/** A canvas that only notes the words and the rounded boxes that are drawn on it. */
export function fakeInk(): FakeInk {
  const boxes: Rect[] = [];
  const words: string[] = [];
  const own: { [name: string]: unknown } = {
    fillText: (text: string) => void words.push(text),
    roundRect: (x: number, y: number, w: number, h: number) => void boxes.push({ x, y, w, h }),
    measureText: (text: string) => ({ width: 6 * text.length }),
  };
  const ink = new Proxy(own, { get: (target, name: string) => target[name] ?? (() => {}) });
  return { ink: ink as unknown as CanvasRenderingContext2D, words, boxes };
}
