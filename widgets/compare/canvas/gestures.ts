/** Pointer and wheel on the map: pan, zoom, choose a change. */
import type { Point } from "../../map/geometry/curve";
import { attachWheel, CLICK_SLOP, cardUnder, LINE_REACH, pinch, pointOf, topElement } from "../../map/pointer";
import { type Hit, hit } from "../../map/scene";
import { pan, toWorld } from "../../map/viewport";
import type { Disposal } from "../../shared/disposal";
import type { Camera } from "../camera";
import { existsIn, type Store } from "../store";

export function attachGestures(stage: HTMLElement, store: Store, camera: Camera, disposal: Disposal): void {
  const pointers = new Map<number, Point>();
  let start: Point = { x: 0, y: 0 };
  let dragging = false;

  const local = (event: MouseEvent): Point => pointOf(stage, event);

  const under = (event: MouseEvent, at: Point): Hit | null => {
    const comparison = store.comparison.peek();
    if (!comparison) return null;
    const card = cardUnder(event);
    if (card !== null) return { kind: "node", node: card };
    const view = store.view.peek();
    const target = hit(comparison.scene, toWorld(view, at.x, at.y), LINE_REACH / view.k, view.k >= 0.5);
    const side = store.side.peek();
    if (target?.kind === "node") return existsIn(store.nodeStatus(target.node), side) ? target : null;
    const index = target ? (comparison.graph.edges[target.edge]?.index ?? -1) : -1;
    return target && existsIn(store.eventStatus(index), side) ? target : null;
  };

  const click = (event: PointerEvent, at: Point) => {
    if (topElement(event)?.closest("[data-local]")) return;
    const target = under(event, at);
    const graph = store.comparison.peek()?.graph;
    const status =
      target?.kind === "node"
        ? store.nodeStatus(target.node)
        : target
          ? store.eventStatus(graph?.edges[target.edge]?.index ?? -1)
          : null;
    store.choose(status && status.change >= 0 ? status.change : null);
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
    // A press that left the stage before it was a drag has ended elsewhere.
    if (event.buttons === 0) end(event, false);
    const last = pointers.get(event.pointerId);
    if (!last) {
      store.hover.value = under(event, at);
      return;
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      dragging = true;
      store.view.value = pinch(store.view.peek(), last, at, other);
    } else if (dragging || Math.hypot(at.x - start.x, at.y - start.y) > CLICK_SLOP) {
      if (!dragging) {
        dragging = true;
        stage.setPointerCapture(event.pointerId);
        stage.toggleAttribute("data-dragging", true);
      }
      store.view.value = pan(store.view.peek(), at.x - last.x, at.y - last.y);
    } else return;
    pointers.set(event.pointerId, at);
  });

  const end = (event: PointerEvent, mayClick: boolean) => {
    if (!pointers.delete(event.pointerId)) return;
    stage.toggleAttribute("data-dragging", false);
    if (mayClick && !dragging && event.button === 0) click(event, local(event));
    if (pointers.size === 0) dragging = false;
  };
  disposal.listen(stage, "pointerup", (event: PointerEvent) => end(event, true));
  disposal.listen(stage, "pointercancel", (event: PointerEvent) => end(event, false));
  disposal.listen(stage, "pointerleave", () => {
    store.hover.value = null;
  });

  attachWheel(stage, store, camera, disposal);
}
