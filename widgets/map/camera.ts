/** Moving the view over the map: at once, or gliding so that the movement can be followed. Respects reduced motion. */
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Disposal } from "../shared/disposal";
import type { Rect } from "./geometry/curve";
import type { Scene } from "./scene";
import { fitBesideTools, interpolate, type Legend, pan, type Size, type Viewport, zoomAt } from "./viewport";

const GLIDE_MS = 220;

/** The signals that a widget with a map has in its store. */
export interface MapState {
  readonly view: Signal<Viewport>;
  readonly size: Signal<Size>;
  /** The drawing; null while there is none. */
  readonly scene: ReadonlySignal<Scene | null>;
}

export interface Camera {
  /** Return the size of the part of the stage that no panel covers, as it is now. */
  area(): Size;
  /** Have the stage measured before its size is used: an observer tells of a change only with the next frame. */
  measureWith(measure: () => void): void;
  /** Return the view, or the one it is gliding to, so that steps made while it glides add up. */
  target(): Viewport;
  /** Return the bounds of the whole drawing; null when it is empty. */
  extent(): Rect | null;
  glideTo(to: Viewport): void;
  fit(): void;
  /** Whether everything is shown, as `fit` left it. */
  isFitted(): boolean;
  zoomBy(factor: number): void;
  pan(dx: number, dy: number): void;
  stop(): void;
}

/**
 * Open the camera of a map.
 *
 * `free` returns the size of the part of the stage that no panel covers, by its size as it was last measured; `legend`
 * what stands in its upper left corner.
 */
export function openCamera(
  map: MapState,
  disposal: Disposal,
  free: () => Size = () => map.size.peek(),
  legend?: () => Legend | undefined,
): Camera {
  let frame = 0;
  let fitted: Viewport | null = null;
  let measure = () => {};
  let goal: Viewport | null = null;
  const stop = () => {
    cancelAnimationFrame(frame);
    goal = null;
  };
  disposal.add(stop);
  const area = () => {
    measure();
    return free();
  };
  const target = () => goal ?? map.view.peek();
  const extent = () => map.scene.peek()?.extent ?? null;

  const glideTo = (to: Viewport) => {
    stop();
    const from = map.view.peek();
    if (from === to || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      map.view.value = to;
      return;
    }
    goal = to;
    const start = performance.now();
    const tick = (now: number) => {
      const t = Math.min(1, (now - start) / GLIDE_MS);
      map.view.value = t === 1 ? to : interpolate(from, to, 1 - (1 - t) ** 3, map.size.peek());
      if (t === 1) stop();
      else frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
  };

  return {
    area,
    measureWith: (how) => {
      measure = how;
    },
    target,
    extent,
    glideTo,
    fit: () => {
      const all = extent();
      if (!all) return;
      fitted = fitBesideTools(all, area(), undefined, undefined, legend?.());
      glideTo(fitted);
    },
    isFitted: () => fitted === map.view.peek(),
    zoomBy: (factor) => {
      const { w, h } = area();
      glideTo(zoomAt(target(), factor, w / 2, h / 2));
    },
    pan: (dx, dy) => {
      stop();
      map.view.value = pan(map.view.peek(), dx, dy);
    },
    stop,
  };
}
