/**
 * Decoded frames until they are drawn: one at each tick of the display, the oldest first.
 *
 * Two frames that come close together would be drawn within one tick, and the first of them never be displayed. Of
 * more than two that wait, the newest stay.
 */

/** So many frames wait; as many as the kernel sends before it is told that one was drawn. */
const MAX_WAITING = 2;
/** A tick that does not come in this time is not waited for: the page may have been hidden meanwhile. */
const MAX_TICK_WAIT_MS = 100;

interface Decoded {
  close(): void;
}

export class FrameQueue<Picture extends Decoded> {
  readonly #draw: (number: number, picture: Picture) => void;
  readonly #onNextTick: (run: () => void) => void;
  #queue: { number: number; picture: Picture }[] = [];
  #newestNumber = 0;
  #isTicking = false;

  constructor(draw: (number: number, picture: Picture) => void, onNextTick: (run: () => void) => void = nextTick) {
    this.#draw = draw;
    this.#onNextTick = onNextTick;
  }

  /** Draw a frame at a tick to come; one that is older than what was drawn is left out. */
  add(number: number, picture: Picture): void {
    if (number <= this.#newestNumber) {
      picture.close();
      return;
    }
    // of two frames that are decoded at once, the older one may be ready last
    this.#queue = [...this.#queue, { number, picture }].sort((one, other) => one.number - other.number);
    while (this.#queue.length > MAX_WAITING) this.#queue.shift()?.picture.close();
    this.#ask();
  }

  /** Leave out what waits. */
  clear(): void {
    for (const { picture } of this.#queue) picture.close();
    this.#queue = [];
  }

  #ask(): void {
    if (this.#isTicking || this.#queue.length === 0) return;
    this.#isTicking = true;
    this.#onNextTick(() => {
      this.#isTicking = false;
      const next = this.#queue.shift();
      if (!next) return;
      this.#newestNumber = next.number;
      try {
        this.#draw(next.number, next.picture);
      } finally {
        next.picture.close();
        this.#ask();
      }
    });
  }
}

/** Run at the next tick of the display; at once in a page that is hidden, which has none. */
function nextTick(run: () => void): void {
  let isDue = true;
  const once = (): void => {
    if (isDue) run();
    isDue = false;
  };
  if (document.hidden) once();
  else {
    requestAnimationFrame(once);
    setTimeout(once, MAX_TICK_WAIT_MS);
  }
}
