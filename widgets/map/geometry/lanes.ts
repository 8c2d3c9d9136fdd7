/** Lines that pass the same cards side by side: each takes a height of its own. */
import type { Gap } from "./gaps";

const LANE = 12;
const TRIED = 24;

/** A height taken beside some column of cards. */
export interface Taken {
  readonly where: number;
  readonly y: number;
}

export class Lanes {
  readonly #used = new Map<number, number[]>();

  /** Take the height in a gap nearest to the wanted one that keeps clear of the lines there. */
  take(where: number, wanted: number, gap: Gap): Taken {
    const used = this.#used.get(where) ?? [];
    let y = wanted;
    for (let step = 0; step < TRIED; step += 1) {
      const tried = wanted + LANE * Math.ceil(step / 2) * (step % 2 === 1 ? 1 : -1);
      const free = tried >= gap[0] && tried <= gap[1] && used.every((other) => Math.abs(other - tried) >= LANE - 1);
      if (!free) continue;
      y = tried;
      break;
    }
    const taken = { where, y };
    this.put(taken);
    return taken;
  }

  /** Keep a height that a line has from before. */
  put({ where, y }: Taken): void {
    const used = this.#used.get(where);
    if (used) used.push(y);
    else this.#used.set(where, [y]);
  }
}
