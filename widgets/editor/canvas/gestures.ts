/** Pointer and wheel on the stage: pan, zoom, select, move a card, draw a connection. */
import type { Disposal } from "../../shared/disposal";
import type { Position } from "../../shared/protocol";
import { type Actions, eventSelection } from "../actions";
import type { Camera } from "../camera";
import type { Point } from "../graph/curve";
import { type Hit, hit } from "../graph/scene";
import { panned, toWorld, zoomed } from "../graph/viewport";
import type { Store } from "../store";

const SLOP = 4;
const REACH = 7;
const GRID = 8;

type Press =
  | { readonly kind: "pan" }
  | { readonly kind: "node"; readonly node: number; readonly from: Position }
  | { readonly kind: "port"; readonly node: number }
  | { readonly kind: "edge"; readonly index: number };

export function attachGestures(stage: HTMLElement, store: Store, camera: Camera, actions: Actions, disposal: Disposal) {
  const pointers = new Map<number, Point>();
  let press: Press | null = null;
  let start: Point = { x: 0, y: 0 };
  let dragging = false;

  const local = (event: MouseEvent): Point => {
    const box = stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const worldAt = (at: Point): Point => toWorld(store.view.peek(), at.x, at.y);

  /** What is under a point: first the cards and chips that are elements, then what is drawn. */
  const under = (event: MouseEvent, at: Point): Hit | null => {
    const element = topElement(event);
    const card = element?.closest<HTMLElement>("[data-node]");
    if (card) return { kind: "node", node: Number(card.dataset.node) };
    const view = store.view.peek();
    const found = hit(store.scene.peek(), worldAt(at), REACH / view.k, view.k >= 0.5);
    return found;
  };

  const pressed = (event: PointerEvent, at: Point): Press => {
    const element = topElement(event);
    const port = element?.closest<HTMLElement>("[data-port]");
    if (port && store.editable.peek()) return { kind: "port", node: Number(port.dataset.port) };
    const found = event.button === 1 ? null : under(event, at);
    if (found?.kind === "edge") {
      return { kind: "edge", index: store.graph.peek().edges[found.edge]?.index ?? -1 };
    }
    if (found?.kind === "node") {
      const from = store.movedNodes.peek().get(found.node) ?? store.scene.peek().places[found.node] ?? [0, 0];
      return { kind: "node", node: found.node, from };
    }
    return { kind: "pan" };
  };

  const drag = (event: PointerEvent, at: Point, last: Point) => {
    if (!press) return;
    const view = store.view.peek();
    if (press.kind === "pan" || press.kind === "edge" || (press.kind === "node" && !store.editable.peek())) {
      store.view.value = panned(view, at.x - last.x, at.y - last.y);
    } else if (press.kind === "node") {
      const id = store.graph.peek().nodes[press.node]?.id ?? "";
      const x = press.from[0] + (at.x - start.x) / view.k;
      const y = press.from[1] + (at.y - start.y) / view.k;
      const to: Position = [Math.round(x / GRID) * GRID, Math.round(y / GRID) * GRID];
      store.moved.value = new Map(store.moved.peek()).set(id, to);
    } else {
      const found = hit(store.scene.peek(), worldAt(at), 0, false);
      const target = found?.kind === "node" ? found.node : null;
      store.connecting.value = { source: press.node, target, at: worldAt(at) };
    }
    event.preventDefault();
  };

  const drop = () => {
    if (press?.kind === "node" && store.editable.peek()) {
      const id = store.graph.peek().nodes[press.node]?.id ?? "";
      const to = store.moved.peek().get(id);
      if (to) void actions.move(new Map([[id, to]]));
    } else if (press?.kind === "port") {
      const drawn = store.connecting.peek();
      store.connecting.value = null;
      if (!drawn?.at) return;
      if (drawn.target !== null) void actions.connect(drawn.source, drawn.target);
      else void actions.branch(drawn.source, drawn.at);
    }
  };

  const click = (event: PointerEvent) => {
    if (!press || topElement(event)?.closest("[data-local]")) return;
    const connecting = store.connecting.peek();
    if (press.kind === "node" && connecting) {
      store.connecting.value = { ...connecting, target: press.node };
      actions.finishConnecting();
    } else if (press.kind === "node") {
      actions.select({ kind: "state", id: store.graph.peek().nodes[press.node]?.id ?? "" });
    } else if (press.kind === "edge") actions.select(eventSelection(store, press.index));
    else if (press.kind === "port") {
      actions.select({ kind: "state", id: store.graph.peek().nodes[press.node]?.id ?? "" });
      actions.startConnecting();
    } else if (event.button === 0) {
      store.connecting.value = null;
      actions.select(null);
    }
  };

  disposal.listen(stage, "pointerdown", (event: PointerEvent) => {
    if (event.button > 1) return;
    camera.stop();
    const at = local(event);
    pointers.set(event.pointerId, at);
    if (pointers.size > 1) {
      press = null;
      return;
    }
    if (event.button === 1) event.preventDefault();
    start = at;
    dragging = false;
    press = pressed(event, at);
  });

  disposal.listen(stage, "pointermove", (event: PointerEvent) => {
    const at = local(event);
    const last = pointers.get(event.pointerId);
    if (!last) {
      const found = under(event, at);
      if (!sameHit(found, store.hover.peek())) store.hover.value = found;
      return;
    }
    if (pointers.size === 2) {
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1] ?? last;
      const before = Math.hypot(last.x - other.x, last.y - other.y) || 1;
      const after = Math.hypot(at.x - other.x, at.y - other.y) || 1;
      store.view.value = zoomed(store.view.peek(), after / before, (at.x + other.x) / 2, (at.y + other.y) / 2);
    } else if (dragging) drag(event, at, last);
    else if (Math.hypot(at.x - start.x, at.y - start.y) > SLOP) {
      dragging = true;
      stage.setPointerCapture(event.pointerId);
      stage.toggleAttribute("data-dragging", true);
      drag(event, at, last);
    } else return;
    pointers.set(event.pointerId, at);
  });

  const end = (event: PointerEvent, cancelled: boolean) => {
    if (!pointers.delete(event.pointerId)) return;
    stage.toggleAttribute("data-dragging", false);
    if (cancelled) {
      store.moved.value = new Map();
      store.connecting.value = null;
    } else if (dragging) drop();
    else click(event);
    press = null;
    dragging = false;
  };
  disposal.listen(stage, "pointerup", (event: PointerEvent) => end(event, false));
  disposal.listen(stage, "pointercancel", (event: PointerEvent) => end(event, true));
  disposal.listen(stage, "pointerleave", () => {
    store.hover.value = null;
  });

  disposal.listen(stage, "dblclick", (event: MouseEvent) => {
    if (topElement(event)?.closest("[data-local]")) return;
    const at = local(event);
    const found = under(event, at);
    if (!found) void actions.addState(worldAt(at));
    else {
      store.panelOpen.value = true;
      store.wanted.value = found.kind === "node" ? "base" : "name";
    }
  });

  // The notebook scrolls with the wheel; the map takes it only while the editor has the focus. Pinching, which comes as
  // a wheel with Ctrl, always zooms the map, as it would otherwise zoom the page.
  const wheel = (event: WheelEvent) => {
    const zooming = event.ctrlKey || event.metaKey;
    if (!zooming && !stage.matches(":focus-within") && !hasFocus(stage)) return;
    event.preventDefault();
    camera.stop();
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? stage.clientHeight : 1;
    const at = local(event);
    if (zooming) {
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

function topElement(event: Event): Element | null {
  const target = event.composedPath()[0];
  return target instanceof Element ? target : null;
}

function hasFocus(stage: HTMLElement): boolean {
  const root = stage.getRootNode();
  return root instanceof ShadowRoot && root.activeElement !== null;
}

function sameHit(a: Hit | null, b: Hit | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.kind === "node") return b.kind === "node" && a.node === b.node;
  return b.kind === "edge" && a.edge === b.edge;
}
