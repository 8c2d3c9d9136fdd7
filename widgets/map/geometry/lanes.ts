/** Lanes: edges that pass the same cards side by side each have a height of their own. */
import type { Gap } from "./gaps";

const LANE = 12;
const MOST_CANDIDATES = 24;

/** A height taken beside some column of cards. */
export interface Lane {
  readonly where: number;
  readonly y: number;
}

export class Lanes {
  readonly #used = new Map<number, number[]>();

  /** Take the free height in a gap that is nearest to the preferred one. */
  take(where: number, preferred: number, gap: Gap): Lane {
    const heights = this.#used.get(where) ?? [];
    let y = preferred;
    for (let step = 0; step < MOST_CANDIDATES; step += 1) {
      const candidate = preferred + LANE * Math.ceil(step / 2) * (step % 2 === 1 ? 1 : -1);
      const free =
        candidate >= gap[0] && candidate <= gap[1] && heights.every((other) => Math.abs(other - candidate) >= LANE - 1);
      if (!free) continue;
      y = candidate;
      break;
    }
    const lane = { where, y };
    this.put(lane);
    return lane;
  }

  /** Reserve a height that an edge has from the scene before. */
  put({ where, y }: Lane): void {
    const heights = this.#used.get(where);
    if (heights) heights.push(y);
    else this.#used.set(where, [y]);
  }
}
