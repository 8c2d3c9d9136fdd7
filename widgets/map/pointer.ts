/** Pointer and wheel on the stage of a map, for what all widgets with a map have in common. */
import type { Disposal } from "../shared/disposal";
import type { Camera, MapState } from "./camera";
import type { Point } from "./geometry/curve";
import { pan, type Viewport, zoomAt } from "./viewport";

/** Pixels that a press may move and still be a click. */
export const CLICK_SLOP = 4;
/** Pixels from a line within which it counts as under the pointer. */
export const LINE_REACH = 7;

/** Return where on an element an event is. */
export function pointOf(stage: HTMLElement, event: MouseEvent): Point {
  const box = stage.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

/** Return the innermost element that an event is on. */
export function topElement(event: Event): Element | null {
  const target = event.composedPath()[0];
  return target instanceof Element ? target : null;
}

/** Return the number of the node whose card an event is on; null when it is on none. */
export function cardUnder(event: Event): number | null {
  const card = topElement(event)?.closest<HTMLElement>("[data-node]");
  return card ? Number(card.dataset.node) : null;
}

/** Return the view after one of two fingers has moved from one point to another. */
export function pinch(view: Viewport, from: Point, to: Point, other: Point): Viewport {
  const before = Math.hypot(from.x - other.x, from.y - other.y) || 1;
  const after = Math.hypot(to.x - other.x, to.y - other.y) || 1;
  return zoomAt(view, after / before, (to.x + other.x) / 2, (to.y + other.y) / 2);
}

/**
 * Pan and zoom by the wheel.
 *
 * The notebook scrolls with the wheel; the map takes it only while the widget has the focus. Pinching, which comes as a
 * wheel with Ctrl, always zooms the map, as it would otherwise zoom the page.
 */
export function attachWheel(stage: HTMLElement, map: MapState, camera: Camera, disposal: Disposal): void {
  const onWheel = (event: WheelEvent) => {
    const zooming = event.ctrlKey || event.metaKey;
    const root = stage.getRootNode();
    if (!zooming && !(root instanceof ShadowRoot && root.activeElement !== null)) return;
    event.preventDefault();
    camera.stop();
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? stage.clientHeight : 1;
    if (zooming) {
      const at = pointOf(stage, event);
      const factor = Math.exp(-Math.max(-60, Math.min(60, event.deltaY * unit)) * 0.01);
      map.view.value = zoomAt(map.view.peek(), factor, at.x, at.y);
    } else {
      const sideways = event.shiftKey && event.deltaX === 0;
      const dx = sideways ? event.deltaY : event.deltaX;
      map.view.value = pan(map.view.peek(), -dx * unit, sideways ? 0 : -event.deltaY * unit);
    }
  };
  disposal.listen(stage, "wheel", onWheel, { passive: false });
}
