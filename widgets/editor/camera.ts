/** Moving the view: at once, or gliding there when motion explains where things are. */

import { type Rect, wayBounds } from "../map/geometry/curve";
import { cardRect } from "../map/geometry/route";
import { extentOf } from "../map/scene";
import { between, clampZoom, fitted, READING, revealed, type Viewport, zoomed } from "../map/viewport";
import type { Disposal } from "../shared/disposal";
import type { Position } from "../shared/protocol";
import type { Store } from "./store";

const GLIDE_MS = 220;

export interface Camera {
  fit(): void;
  /** Show a node whole, moving no more than needed. */
  reveal(node: number): void;
  /** Put a node in the middle, at reading zoom at least. */
  centre(node: number): void;
  /** Put an edge in the middle. */
  centreEdge(edge: number): void;
  revealEdge(edge: number): void;
  /** Show an event: its way, or the card that it is a chip of. */
  revealEvent(index: number): void;
  /** Show some nodes, moving no more than needed. */
  revealAll(nodes: readonly number[]): void;
  /** Show some nodes whole, as large as there is room for. */
  fitTo(nodes: readonly number[]): void;
  zoomBy(factor: number): void;
  /** The first view: everything when it can be made out, else the entrance. */
  open(): void;
  stop(): void;
}

export function openCamera(store: Store, disposal: Disposal): Camera {
  let frame = 0;
  let goal: Viewport | null = null;
  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    goal = null;
  };
  /** Where the view is going, so that steps made while it glides add up. */
  const view = () => goal ?? store.view.peek();
  disposal.add(stop);

  const glide = (to: Viewport) => {
    stop();
    goal = to;
    const from = store.view.peek();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still || from === to) {
      store.view.value = to;
      goal = null;
      return;
    }
    const began = performance.now();
    const tick = (now: number) => {
      const t = Math.min(1, (now - began) / GLIDE_MS);
      const eased = 1 - (1 - t) ** 3;
      store.view.value = t === 1 ? to : between(from, to, eased, store.size.peek());
      if (t === 1) stop();
      else frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
  };

  const room = () => {
    const { w, h } = store.size.peek();
    return { w: Math.max(1, w - store.covered.peek()), h };
  };
  const placeOf = (node: number): Position | null =>
    store.movedNodes.peek().get(node) ?? store.scene.peek().places[node] ?? null;
  const rectOf = (node: number): Rect | null => {
    const place = placeOf(node);
    return place && cardRect(place);
  };
  const centreOn = (rect: Rect) => {
    const k = clampZoom(Math.max(view().k, READING + 0.25));
    const { w, h } = room();
    glide({ x: w / 2 - (rect.x + rect.w / 2) * k, y: h / 2 - (rect.y + rect.h / 2) * k, k });
  };
  const all = () => store.scene.peek().extent;
  const reveal = (node: number) => {
    const rect = rectOf(node);
    if (rect) glide(revealed(view(), rect, room()));
  };
  const revealEdge = (edge: number) => {
    const way = store.scene.peek().ways[edge];
    if (way) glide(revealed(view(), wayBounds(way), room()));
  };

  return {
    stop,
    fit: () => {
      const extent = all();
      if (extent) glide(fitted(extent, room()));
    },
    reveal,
    centre: (node) => {
      const rect = rectOf(node);
      if (rect) centreOn(rect);
    },
    centreEdge: (edge) => {
      const way = store.scene.peek().ways[edge];
      if (way) centreOn(wayBounds(way));
    },
    revealEdge,
    revealEvent: (index) => {
      const { edges, nodes } = store.graph.peek();
      const edge = edges.findIndex((one) => one.index === index);
      if (edge >= 0) revealEdge(edge);
      else reveal(nodes.findIndex((node) => node.local.some((event) => event.index === index)));
    },
    revealAll: (nodes) => {
      const extent = extentOf(nodes.map(placeOf).filter((place) => place !== null));
      const { w, h } = room();
      if (!extent) return;
      const fits = extent.w * view().k <= w - 64 && extent.h * view().k <= h - 64;
      glide(fits ? revealed(view(), extent, room()) : fitted(extent, room(), 64, view().k));
    },
    fitTo: (nodes) => {
      const extent = extentOf(nodes.map(placeOf).filter((place) => place !== null));
      if (extent) glide(fitted(extent, room(), 64, 1.25));
    },
    zoomBy: (factor) => {
      const { w, h } = room();
      glide(zoomed(view(), factor, w / 2, h / 2));
    },
    open: () => {
      const extent = all();
      const size = room();
      if (!extent) return;
      const whole = fitted(extent, size, 40);
      const start = store.graph.peek().nodes.findIndex((node) => node.start);
      const rect = rectOf(Math.max(0, start));
      if (whole.k >= 0.3 || !rect) store.view.value = whole;
      else {
        const k = READING + 0.25;
        store.view.value = { x: 40 - rect.x * k, y: size.h / 2 - (rect.y + rect.h / 2) * k, k };
      }
    },
  };
}
