/** Pointer and wheel on the map: pan, zoom, choose a change. */
import type { Point } from "../../map/geometry/curve";
import { type Hit, hit } from "../../map/scene";
import { panned, toWorld, zoomed } from "../../map/viewport";
import type { Disposal } from "../../shared/disposal";
import type { Camera } from "../camera";
import { type Store, stands } from "../store";

const SLOP = 4;
const REACH = 7;

export function attachGestures(stage: HTMLElement, store: Store, camera: Camera, disposal: Disposal): void {
  const pointers = new Map<number, Point>();
  let start: Point = { x: 0, y: 0 };
  let dragging = false;

  const local = (event: MouseEvent): Point => {
    const box = stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const under = (event: MouseEvent, at: Point): Hit | null => {
    const comparison = store.comparison.peek();
    if (!comparison) return null;
    const element = event.composedPath()[0];
    const card = element instanceof Element ? element.closest<HTMLElement>("[data-node]") : null;
    if (card) return { kind: "node", node: Number(card.dataset.node) };
    const view = store.view.peek();
    const found = hit(comparison.scene, toWorld(view, at.x, at.y), REACH / view.k, view.k >= 0.5);
    const side = store.side.peek();
    if (found?.kind === "node") return stands(store.nodeFate(found.node), side) ? found : null;
    const index = found ? (comparison.graph.edges[found.edge]?.index ?? -1) : -1;
    return found && stands(store.eventFate(index), side) ? found : null;
  };

  const click = (event: PointerEvent, at: Point) => {
    const element = event.composedPath()[0];
    if (element instanceof Element && element.closest("[data-local]")) return;
    const found = under(event, at);
    const graph = store.comparison.peek()?.graph;
    const fate =
      found?.kind === "node"
        ? store.nodeFate(found.node)
        : found
          ? store.eventFate(graph?.edges[found.edge]?.index ?? -1)
          : null;
    store.choose(fate && fate.change >= 0 ? fate.change : null);
  };

  disposal.listen(stage, "pointerdown", (event: PointerEvent) => {
    if (event.button > 1) return;
    camera.stop();
    start = local(event);
    pointers.set(event.pointerId, start);
    dragging = false;
  });

  disposal.listen(stage, "pointermove", (event: PointerEvent) => {
    const at = local(event);
    const last = pointers.get(event.pointerId);
    if (!last) {
      store.hover.value = under(event, at);
      return;
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      dragging = true;
      const before = Math.hypot(last.x - other.x, last.y - other.y) || 1;
      const after = Math.hypot(at.x - other.x, at.y - other.y) || 1;
      store.view.value = zoomed(store.view.peek(), after / before, (at.x + other.x) / 2, (at.y + other.y) / 2);
    } else if (dragging || Math.hypot(at.x - start.x, at.y - start.y) > SLOP) {
      if (!dragging) {
        dragging = true;
        stage.setPointerCapture(event.pointerId);
        stage.toggleAttribute("data-dragging", true);
      }
      store.view.value = panned(store.view.peek(), at.x - last.x, at.y - last.y);
    } else return;
    pointers.set(event.pointerId, at);
  });

  const end = (event: PointerEvent, clicked: boolean) => {
    if (!pointers.delete(event.pointerId)) return;
    stage.toggleAttribute("data-dragging", false);
    if (clicked && !dragging && event.button === 0) click(event, local(event));
    if (pointers.size === 0) dragging = false;
  };
  disposal.listen(stage, "pointerup", (event: PointerEvent) => end(event, true));
  disposal.listen(stage, "pointercancel", (event: PointerEvent) => end(event, false));
  disposal.listen(stage, "pointerleave", () => {
    store.hover.value = null;
  });

  // The notebook scrolls with the wheel; the map takes it only while the comparison has the focus. Pinching, which
  // comes as a wheel with Ctrl, always zooms the map, as it would otherwise zoom the page.
  const wheel = (event: WheelEvent) => {
    const zooming = event.ctrlKey || event.metaKey;
    const root = stage.getRootNode();
    if (!zooming && !(root instanceof ShadowRoot && root.activeElement !== null)) return;
    event.preventDefault();
    camera.stop();
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? stage.clientHeight : 1;
    if (zooming) {
      const at = local(event);
      const factor = Math.exp(-Math.max(-60, Math.min(60, event.deltaY * unit)) * 0.01);
      store.view.value = zoomed(store.view.peek(), factor, at.x, at.y);
    } else {
      const sideways = event.shiftKey && event.deltaX === 0;
      const dx = sideways ? event.deltaY : event.deltaX;
      store.view.value = panned(store.view.peek(), -dx * unit, sideways ? 0 : -event.deltaY * unit);
    }
  };
  disposal.listen(stage, "wheel", wheel, { passive: false });
}
