/** Pictures of states: asked for in batches, once each, and kept while there is room. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Link } from "./link";
import type { PicturesReply, Rejected, StatePicture } from "./protocol";

export type Detail = "full" | "thumbnail";

/** So many pictures are asked for in one message; the kernel takes no more. */
const BATCH = 24;

export interface StatePictures {
  /** The picture of a state, null until it is there; asking for it orders it. */
  of(state: string): StatePicture | null;
  /** Forget all, for instance since the world is another one. */
  clear(): void;
  dispose(): void;
}

/**
 * Open a cache of pictures of one detail.
 *
 * `most` are kept. The oldest are forgotten first, but none that was asked for since the last reply.
 */
export function openPictures(link: Link, detail: Detail, most: number): StatePictures {
  const version: Signal<number> = signal(0);
  const kept = new Map<string, StatePicture | null>();
  const ordered = new Set<string>();
  let isUnderWay = false;
  let isDisposed = false;
  let generation = 0;

  const ask = (): void => {
    if (isUnderWay || isDisposed || ordered.size === 0) return;
    const states = [...ordered].slice(-BATCH);
    const asked = generation;
    isUnderWay = true;
    void link.request<PicturesReply | Rejected>({ type: "pictures", states, detail }).then((reply) => {
      isUnderWay = false;
      if (asked === generation && !isDisposed) {
        const pictures = reply.type === "pictures" ? (reply as PicturesReply).pictures : {};
        for (const state of states) {
          ordered.delete(state);
          kept.delete(state);
          kept.set(state, (Object.hasOwn(pictures, state) ? pictures[state] : null) ?? null);
        }
        for (const state of kept.keys()) {
          if (kept.size <= most) break;
          kept.delete(state);
        }
        version.value += 1;
      }
      ask();
    });
  };

  return {
    of(state) {
      void (version as ReadonlySignal<number>).value;
      const picture = kept.get(state);
      if (picture === undefined && !ordered.has(state)) {
        if (ordered.size === 0) queueMicrotask(ask);
        ordered.add(state);
      }
      return picture ?? null;
    },
    clear() {
      generation += 1;
      kept.clear();
      ordered.clear();
      version.value += 1;
    },
    dispose() {
      isDisposed = true;
      kept.clear();
      ordered.clear();
    },
  };
}

/** The address of an image of SVG text. As an image it runs no script and loads nothing. */
export function imageUrl(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** The address of a picture with little detail; empty when it is too large to be sent. */
export function thumbnailUrl(picture: StatePicture): string {
  const [svg] = picture.layers;
  return svg === undefined ? picture.src : imageUrl(svg);
}
