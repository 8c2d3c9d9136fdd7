/** The editor's camera: what to bring into view, and how far to move for it. */

import { type Camera as MapCamera, openCamera as openMapCamera } from "../map/camera";
import { type Rect, routeBounds } from "../map/geometry/curve";
import { cardRect } from "../map/geometry/route";
import { extentOf } from "../map/scene";
import {
  centreRect,
  clampZoom,
  clearOfMinimap,
  fitBesideTools,
  fitRect,
  holds,
  type Legend,
  OVERVIEW_ZOOM,
  READING_ZOOM,
  revealRect,
  type Size,
  type Viewport,
  visibleRect,
} from "../map/viewport";
import type { Disposal } from "../shared/disposal";
import type { Position } from "../shared/protocol";
import type { Store } from "./store";

/** From this zoom on the names and pictures of two columns can be made out in a notebook on a laptop. */
const LEGIBLE_ZOOM = 0.5;

export interface Camera extends MapCamera {
  /** Show a node whole, moving no more than needed. */
  reveal(node: number): void;
  /** Put a node in the middle, at reading zoom at least. */
  centre(node: number): void;
  /** Put an edge in the middle. */
  centreEdge(edge: number): void;
  revealEdge(edge: number): void;
  /** Show an event: its route, or the card that it is a chip of. */
  revealEvent(index: number): void;
  /** Show some nodes, moving no more than needed. */
  revealAll(nodes: readonly number[]): void;
  /** Show the last of some nodes, and the others as well where all can still be made out. */
  revealLast(nodes: readonly number[]): void;
  /** Show some nodes whole, as large as there is room for. */
  fitTo(nodes: readonly number[]): void;
  /** The first view: everything when it can be made out, else the entrance. */
  open(): void;
}

export function openCamera(store: Store, disposal: Disposal): Camera {
  const legend = (): Legend | undefined => {
    const element = store.overlay.legend.current;
    if (!element) return undefined;
    const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = element;
    const cards = store.scene.peek().places.map(cardRect);
    return { w: offsetLeft + offsetWidth + 20, h: offsetTop + offsetHeight + 20, cards };
  };
  const camera = openMapCamera(store, disposal, () => store.freeSize.peek(), legend);
  const { target, glideTo, area } = camera;

  const placeOf = (node: number): Position | null =>
    store.movedNodes.peek().get(node) ?? store.scene.peek().places[node] ?? null;
  const rectOf = (node: number): Rect | null => {
    const place = placeOf(node);
    return place && cardRect(place);
  };
  const extentOfNodes = (nodes: readonly number[]): Rect | null =>
    extentOf(nodes.map(placeOf).filter((place) => place !== null));
  const centreOn = (rect: Rect) =>
    glideTo(centreRect(rect, area(), clampZoom(Math.max(target().k, READING_ZOOM + 0.25))));
  const shown = (rect: Rect, size: Size): Viewport => {
    const view = revealRect(target(), rect, size);
    const all = camera.extent();
    // The minimap is there as long as not all of the map is seen.
    return all === null || holds(visibleRect(view, size), all) ? view : clearOfMinimap(view, rect, size);
  };
  const reveal = (node: number) => {
    const rect = rectOf(node);
    if (rect) glideTo(shown(rect, area()));
  };
  const revealEdge = (edge: number) => {
    const route = store.scene.peek().routes[edge];
    if (route) glideTo(revealRect(target(), routeBounds(route), area()));
  };

  return {
    ...camera,
    reveal,
    centre: (node) => {
      const rect = rectOf(node);
      if (rect) centreOn(rect);
    },
    centreEdge: (edge) => {
      const route = store.scene.peek().routes[edge];
      if (route) centreOn(routeBounds(route));
    },
    revealEdge,
    revealEvent: (index) => {
      const { edges, nodes } = store.graph.peek();
      const edge = edges.findIndex((one) => one.index === index);
      if (edge >= 0) revealEdge(edge);
      else reveal(nodes.findIndex((node) => node.local.some((event) => event.index === index)));
    },
    revealAll: (nodes) => {
      const extent = extentOfNodes(nodes);
      const size = area();
      if (!extent) return;
      const { k } = target();
      const fits = extent.w * k <= size.w - 64 && extent.h * k <= size.h - 64;
      glideTo(fits ? shown(extent, size) : fitRect(extent, size, 64, k));
    },
    revealLast: (nodes) => {
      const extent = extentOfNodes(nodes);
      const size = area();
      if (!extent) return;
      const { k } = target();
      const fitted = fitRect(extent, size, 32, k);
      const all = fitted.k < k ? fitted : shown(extent, size);
      if (all.k >= Math.min(k, LEGIBLE_ZOOM)) glideTo(all);
      else reveal(nodes.at(-1) ?? -1);
    },
    fitTo: (nodes) => {
      const extent = extentOfNodes(nodes);
      if (extent) glideTo(fitBesideTools(extent, area(), 64, 1.25));
    },
    open: () => {
      const extent = camera.extent();
      const size = area();
      if (!extent) return;
      const fitted = fitBesideTools(extent, size, undefined, undefined, legend());
      const start = store.graph.peek().nodes.findIndex((node) => node.start);
      const rect = rectOf(Math.max(0, start));
      if (fitted.k >= OVERVIEW_ZOOM || !rect) store.view.value = fitted;
      else {
        const k = READING_ZOOM + 0.25;
        store.view.value = { x: 40 - rect.x * k, y: size.h / 2 - (rect.y + rect.h / 2) * k, k };
      }
    },
  };
}
