/** Pictures in pixels, as a canvas shows them quickly: drawing SVG takes as long each time as the first time. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Disposal } from "../shared/disposal";

/** Pixels of a picture: as many as the largest card has that is drawn on the canvas. */
export const RASTER_W = 192;
export const RASTER_H = 108;

/** Milliseconds between two repaints of the map while pictures arrive. */
const REPAINT_INTERVAL_MS = 120;

export type Raster = HTMLCanvasElement;

/** A picture, told from others as an object. */
interface Address {
  readonly url: string;
}

export interface Rasters {
  /** The pixels of a picture, null until they are there; asking for them orders them. */
  of(picture: Address | null): Raster | null;
  /** Counts up when there are more. */
  readonly version: ReadonlySignal<number>;
  /** Whether some were ordered that are not there yet. */
  readonly areDue: ReadonlySignal<boolean>;
}

export function openRasters(disposal: Disposal): Rasters {
  const version: Signal<number> = signal(0);
  const rasters = new WeakMap<Address, Raster | null>();
  const queue: Address[] = [];
  const areDue: Signal<boolean> = signal(false);
  disposal.add(() => queue.splice(0));

  // One after the other, each in a task of its own, so that no frame waits for many of them.
  const work = async (): Promise<void> => {
    areDue.value = true;
    let shownAt = performance.now();
    for (let picture = queue.shift(); picture !== undefined; picture = queue.shift()) {
      rasters.set(picture, await rasterOf(picture.url).catch(() => null));
      if (queue.length > 0 && performance.now() - shownAt < REPAINT_INTERVAL_MS) continue;
      shownAt = performance.now();
      version.value += 1;
    }
    areDue.value = false;
  };

  return {
    of(picture) {
      if (picture === null || picture.url === "") return null;
      const raster = rasters.get(picture);
      if (raster === undefined) {
        rasters.set(picture, null);
        queue.push(picture);
        if (!areDue.peek()) void work();
      }
      return raster ?? null;
    },
    version,
    areDue,
  };
}

async function rasterOf(url: string): Promise<Raster | null> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: RASTER_W, height: RASTER_H });
  const { naturalWidth: w, naturalHeight: h } = image;
  const scale = Math.max(RASTER_W / w, RASTER_H / h);
  const [across, down] = [w * scale, h * scale];
  canvas.getContext("2d")?.drawImage(image, (RASTER_W - across) / 2, (RASTER_H - down) / 2, across, down);
  return canvas;
}
