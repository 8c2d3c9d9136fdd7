import { beforeEach, describe, expect, it, vi } from "vitest";
import { FrameQueue } from "../../player/frame-queue";

/** A picture that notes when it is closed; a real one is an ImageBitmap, which Node has not. */
class Picture {
  isClosed = false;
  close(): void {
    this.isClosed = true;
  }
}

function setUp() {
  const numbers: number[] = [];
  const pictures: Picture[] = [];
  const ticks: (() => void)[] = [];
  const queue = new FrameQueue<Picture>(
    (number, picture) => {
      expect(picture.isClosed).toBe(false);
      numbers.push(number);
    },
    (run) => ticks.push(run),
  );
  const add = (number: number): void => {
    const picture = new Picture();
    pictures.push(picture);
    queue.add(number, picture);
  };
  const tick = (): void => ticks.shift()?.();
  return { numbers, pictures, ticks, queue, add, tick };
}

describe("frames until they are drawn", () => {
  it("are drawn one at each tick when two come within one", () => {
    const { numbers, add, tick, ticks, pictures } = setUp();
    add(1);
    add(2);
    expect(numbers).toEqual([]);
    tick();
    expect(numbers).toEqual([1]);
    tick();
    expect(numbers).toEqual([1, 2]);
    expect(ticks).toHaveLength(0);
    expect(pictures.every((picture) => picture.isClosed)).toBe(true);
  });

  it("are the newest two when more wait, and come in their order however they were decoded", () => {
    const { numbers, add, tick } = setUp();
    for (const number of [2, 1, 5, 4]) add(number);
    for (let count = 0; count < 4; count += 1) tick();
    expect(numbers).toEqual([4, 5]);
  });

  it("are left out when a newer one was drawn", () => {
    const { numbers, add, tick, pictures, ticks } = setUp();
    add(3);
    tick();
    add(2);
    expect(ticks).toHaveLength(0);
    expect(numbers).toEqual([3]);
    expect(pictures.every((picture) => picture.isClosed)).toBe(true);
  });

  it("are closed when the view closes, and the tick that was asked for draws nothing", () => {
    const { numbers, add, tick, queue, pictures } = setUp();
    add(1);
    add(2);
    queue.clear();
    tick();
    expect(numbers).toEqual([]);
    expect(pictures.every((picture) => picture.isClosed)).toBe(true);
    add(3);
    tick();
    expect(numbers).toEqual([3]);
  });

  it("go on after one that could not be drawn", () => {
    const ticks: (() => void)[] = [];
    const numbers: number[] = [];
    const queue = new FrameQueue<Picture>(
      (number) => {
        if (number === 1) throw new Error("no context");
        numbers.push(number);
      },
      (run) => ticks.push(run),
    );
    queue.add(1, new Picture());
    queue.add(2, new Picture());
    expect(() => ticks.shift()?.()).toThrow("no context");
    ticks.shift()?.();
    expect(numbers).toEqual([2]);
  });
});

describe("the tick of a page", () => {
  beforeEach(() => void vi.useFakeTimers());

  it("is at once in a page that is hidden, which has none", () => {
    vi.stubGlobal("document", { hidden: true });
    const numbers: number[] = [];
    const queue = new FrameQueue<Picture>((number) => void numbers.push(number));
    queue.add(1, new Picture());
    expect(numbers).toEqual([1]);
  });

  it("is not waited for without end when the page is hidden meanwhile, and counts once", () => {
    const frames: (() => void)[] = [];
    vi.stubGlobal("document", { hidden: false });
    vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.push(run));
    const numbers: number[] = [];
    const queue = new FrameQueue<Picture>((number) => void numbers.push(number));
    queue.add(1, new Picture());
    queue.add(2, new Picture());
    vi.advanceTimersByTime(100);
    expect(numbers).toEqual([1]);
    frames.shift()?.();
    expect(numbers).toEqual([1]);
    frames.shift()?.();
    expect(numbers).toEqual([1, 2]);
  });
});
