/** Lanes: edges that pass the same cards side by side each have a height of their own. */
import { LANE_DISTANCE, MAX_LANES } from "./dimensions";
import type { Gap } from "./gaps";
import { firstIndex } from "./search";

/** A height that an edge occupies. */
export interface Lane {
  /** The left side of the column there; null between bands. */
  readonly where: number | null;
  readonly y: number;
}

export class Lanes {
  /** The occupied heights by place, from the top. */
  readonly #used = new Map<number | null, number[]>();

  /** `occupied` has the heights that edges have from the scene before. */
  constructor(occupied: Iterable<readonly Lane[]> = []) {
    for (const lanes of occupied) {
      for (const { where, y } of lanes) {
        const heights = this.#used.get(where);
        if (heights) heights.push(y);
        else this.#used.set(where, [y]);
      }
    }
    for (const heights of this.#used.values()) heights.sort((a, b) => a - b);
  }

  /** Occupy the free height in a gap that is nearest to the preferred one; the preferred one where all are occupied. */
  take(where: number | null, preferred: number, gap: Gap): Lane {
    const heights = this.#used.get(where) ?? [];
    let y = preferred;
    for (let step = 0; step < MAX_LANES; step += 1) {
      const candidate = preferred + LANE_DISTANCE * Math.ceil(step / 2) * (step % 2 === 1 ? 1 : -1);
      if (candidate < gap[0] || candidate > gap[1] || !isFree(heights, candidate)) continue;
      y = candidate;
      break;
    }
    heights.splice(placeAfter(heights, y), 0, y);
    this.#used.set(where, heights);
    return { where, y };
  }
}

function isFree(heights: readonly number[], y: number): boolean {
  const at = placeAfter(heights, y);
  const [above, below] = [heights[at - 1] ?? Number.NEGATIVE_INFINITY, heights[at] ?? Number.POSITIVE_INFINITY];
  return y - above >= LANE_DISTANCE - 1 && below - y >= LANE_DISTANCE - 1;
}

/** Return where to insert a height, after equal ones. */
function placeAfter(heights: readonly number[], y: number): number {
  return firstIndex(heights.length, (at) => (heights[at] as number) > y);
}
