/**
 * The pulse that drives the kernel's clock in real time: how much time to ask for, and when.
 *
 * One tick is under way at a time, so a busy kernel gets one that holds the time of many, and time in which nobody
 * answers, or nobody looks, is not played: it never leaps.
 */

/** Milliseconds on the wall between two ticks, at least. */
export const EVERY_MS = 100;

/** No more time on the wall than this is played at once. */
export const MOST_MS = 1000;

export class Pulse {
  #last: number | null = null;
  #owed = 0;
  #flying = false;

  /** Take note of the time on the wall; return how many ms to ask the kernel for, or 0 when it is not time yet. */
  beat(wall: number, speed: number): number {
    if (this.#last !== null) this.#owed = Math.min(MOST_MS, this.#owed + Math.max(0, wall - this.#last));
    this.#last = wall;
    if (this.#flying || this.#owed < EVERY_MS) return 0;
    const ms = Math.round(this.#owed * speed);
    this.#owed = 0;
    this.#flying = true;
    return ms;
  }

  /** The kernel has answered. */
  answered(): void {
    this.#flying = false;
  }

  /** Nobody looks, or it is paused: the time until the next beat does not count. */
  rest(): void {
    this.#last = null;
    this.#owed = 0;
  }
}
