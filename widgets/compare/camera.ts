/** Moving the view over the map: gliding, so that where one goes can be seen, unless motion is not wanted. */
import type { Rect } from "../map/geometry/curve";
import { between, clampZoom, fitted, READING, type Viewport, zoomed } from "../map/viewport";
import type { Disposal } from "../shared/disposal";
import { conflictAt } from "./data";
import { whereabouts } from "./steps";
import type { Store } from "./store";

const GLIDE_MS = 240;
const CLOSEST = 1;
const MARGIN = 56;

export interface Camera {
  fit(): void;
  /** Show where a change is, with what is around it. */
  show(change: number): void;
  zoomBy(factor: number): void;
  pan(dx: number, dy: number): void;
  /** The first view: everything when its titles can be read, else where the changes are. */
  open(): void;
  stop(): void;
}

export function openCamera(store: Store, disposal: Disposal): Camera {
  let frame = 0;
  let goal: Viewport | null = null;
  const stop = () => {
    cancelAnimationFrame(frame);
    goal = null;
  };
  disposal.add(stop);
  /** Where the view is going, so that steps made while it glides add up. */
  const view = () => goal ?? store.view.peek();

  const glide = (to: Viewport) => {
    stop();
    const from = store.view.peek();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      store.view.value = to;
      return;
    }
    goal = to;
    const began = performance.now();
    const tick = (now: number) => {
      const t = Math.min(1, (now - began) / GLIDE_MS);
      store.view.value = t === 1 ? to : between(from, to, 1 - (1 - t) ** 3, store.size.peek());
      if (t === 1) stop();
      else frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
  };

  const extent = (): Rect | null => store.comparison.peek()?.scene.extent ?? null;

  return {
    stop,
    fit: () => {
      const all = extent();
      if (all) glide(fitted(all, store.size.peek()));
    },
    show: (at) => {
      const comparison = store.comparison.peek();
      const change = conflictAt(comparison, at) ?? comparison?.changes[at];
      const rect = comparison && change ? whereabouts(comparison, change) : null;
      if (!rect) return;
      const size = store.size.peek();
      const whole = fitted(rect, size, MARGIN, CLOSEST);
      // near enough to be read where it fits; else all of it, however small
      const k = clampZoom(Math.min(whole.k, Math.max(view().k, READING + 0.2)));
      glide({ x: size.w / 2 - (rect.x + rect.w / 2) * k, y: size.h / 2 - (rect.y + rect.h / 2) * k, k });
    },
    zoomBy: (factor) => {
      const { w, h } = store.size.peek();
      glide(zoomed(view(), factor, w / 2, h / 2));
    },
    pan: (dx, dy) => {
      stop();
      const { x, y, k } = store.view.peek();
      store.view.value = { x: x + dx, y: y + dy, k };
    },
    open: () => {
      const all = extent();
      if (all) store.view.value = fitted(all, store.size.peek(), 40);
    },
  };
}
