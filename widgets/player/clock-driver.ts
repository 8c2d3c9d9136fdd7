/**
 * The driver of the kernel's clock in real time: how much time to request, and when.
 *
 * One request is in flight at a time, so a busy kernel gets one for the time of several ticks. Time in which the kernel
 * does not answer, or the player is not visible, is not played, so the clock never jumps.
 */

/** The least real time between two ticks, in milliseconds. */
const MIN_TICK_MS = 100;

/** The most real time that one tick plays, in milliseconds. */
export const MAX_TICK_MS = 1000;

export class ClockDriver {
  #last: number | null = null;
  #unplayed = 0;
  #waiting = false;

  /** Note the real time in ms; return how many ms to request from the kernel, or 0 when none is due. */
  advance(wall: number, speed: number): number {
    if (this.#last !== null) this.#unplayed = Math.min(MAX_TICK_MS, this.#unplayed + Math.max(0, wall - this.#last));
    this.#last = wall;
    if (this.#waiting || this.#unplayed < MIN_TICK_MS) return 0;
    const ms = Math.round(this.#unplayed * speed);
    this.#unplayed = 0;
    this.#waiting = true;
    return ms;
  }

  /** The kernel has answered. */
  onReply(): void {
    this.#waiting = false;
  }

  /** Do not count the time until the next `advance`: the clock is paused, or the player is not visible. */
  pause(): void {
    this.#last = null;
    this.#unplayed = 0;
  }
}
