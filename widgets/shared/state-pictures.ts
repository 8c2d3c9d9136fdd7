/**
 * Pictures of states: asked for in batches, once for each version of a state, and kept while there is room. Those that
 * were made meanwhile come unasked.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { isLost, type Link } from "./link";
import type { NewPictures, PicturesReply, Rejected, StatePicture } from "./protocol";

export type Detail = "full" | "thumbnail";

/** So many pictures are asked for in one message; the kernel takes no more. */
const BATCH_SIZE = 24;

export interface StatePictures {
  /**
   * The picture of a state, null until it is there; asking for it orders it.
   *
   * Where the state's version is another one than before, it is ordered again, and the old picture stays until then.
   */
  of(state: string, version?: unknown): StatePicture | null;
  /** Counts up whenever pictures came or went, for those who draw outside of an effect. */
  readonly changes: ReadonlySignal<number>;
  /** Whether pictures were asked for that are not there yet. */
  readonly areDue: ReadonlySignal<boolean>;
  /** All pictures are out of date: they are ordered again when they are asked for, and stay until then. */
  outdate(): void;
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
  const changes: Signal<number> = signal(0);
  const areDue: Signal<boolean> = signal(false);
  const entries = new Map<string, Entry>();
  const ordered = new Map<string, unknown>();
  let isUnderWay = false;
  let isDisposed = false;
  let era = 0;
  let generation = 0;
  const arrived = new Set<string>();

  const stopListening = link.listen((message) => {
    if (message.type !== "new_pictures" || (message as NewPictures).detail !== detail) return;
    for (const [state, picture] of Object.entries((message as NewPictures).pictures)) {
      // A reply that is under way may be older than this.
      if (isUnderWay) arrived.add(state);
      const entry = entries.get(state);
      if (entry) entries.set(state, picture ? { ...entry, picture } : { ...entry, era: OUTDATED_ERA });
      else if (picture && ordered.has(state)) entries.set(state, { picture, version: undefined, era: OUTDATED_ERA });
    }
    changes.value += 1;
  });

  const keep = (orders: [string, unknown][], pictures: PicturesReply["pictures"], askedEra: number): void => {
    for (const [state, version] of orders) {
      const before = entries.get(state)?.picture ?? null;
      const picture = Object.hasOwn(pictures, state) ? pictures[state] : null;
      entries.delete(state);
      if (arrived.has(state)) entries.set(state, { picture: before, version, era: OUTDATED_ERA });
      else entries.set(state, { picture: sameOrNew(before, picture ?? null), version, era: askedEra });
    }
    for (const state of entries.keys()) {
      if (entries.size <= most) break;
      entries.delete(state);
    }
    changes.value += 1;
  };

  const ask = (): void => {
    areDue.value = isUnderWay || ordered.size > 0;
    if (isUnderWay || isDisposed || ordered.size === 0) return;
    const orders = [...ordered].slice(-BATCH_SIZE);
    const [askedGeneration, askedEra] = [generation, era];
    isUnderWay = true;
    const states = orders.map(([state]) => state);
    void link.request<PicturesReply | Rejected>({ type: "pictures", states, detail }).then((reply) => {
      isUnderWay = false;
      if (askedGeneration === generation && !isDisposed && !isLost(reply)) {
        for (const [state, version] of orders) if (ordered.get(state) === version) ordered.delete(state);
        // what was refused, as by a kernel that was interrupted, is ordered again when it is drawn next
        if (reply.type === "pictures") keep(orders, (reply as PicturesReply).pictures, askedEra);
        arrived.clear();
      }
      ask();
    });
  };

  return {
    changes,
    areDue,
    of(state, version) {
      void changes.value;
      const entry = entries.get(state);
      const isCurrent = entry !== undefined && entry.version === version && entry.era === era;
      if (!isCurrent && !(ordered.has(state) && ordered.get(state) === version)) {
        if (ordered.size === 0) queueMicrotask(ask);
        ordered.set(state, version);
      }
      return entry?.picture ?? null;
    },
    outdate() {
      era += 1;
      changes.value += 1;
    },
    clear() {
      generation += 1;
      entries.clear();
      ordered.clear();
      changes.value += 1;
    },
    dispose() {
      isDisposed = true;
      stopListening();
      entries.clear();
      ordered.clear();
    },
  };
}

/** An era that never is: the picture is shown until another one comes, and is asked for again. */
const OUTDATED_ERA = -1;

interface Entry {
  readonly picture: StatePicture | null;
  readonly version: unknown;
  readonly era: number;
}

/** Return the picture as it was where nothing of it changed: what is made of a picture is kept for the object. */
function sameOrNew(before: StatePicture | null, picture: StatePicture | null): StatePicture | null {
  return before !== null && picture !== null && JSON.stringify(before) === JSON.stringify(picture) ? before : picture;
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
