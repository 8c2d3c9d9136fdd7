/** Pointer and wheel on the stage: pan, zoom, select, move cards, connect and reconnect edges. */

import type { Point, Rect } from "../../map/geometry/curve";
import { attachWheel, CLICK_SLOP, pinch, pointOf, topElement } from "../../map/pointer";
import { type Hit, hit } from "../../map/scene";
import { pan, toWorld } from "../../map/viewport";
import type { Disposal } from "../../shared/disposal";
import { type Actions, eventSelection } from "../actions";
import { idOf } from "../actions/context";
import type { Camera } from "../camera";
import { snapToGrid } from "../graph/arrange";
import type { Connecting, Store } from "../store";
import { endUnder, type Press, portUnder, pressTarget, regionUnder, under } from "./press-target";

export function attachGestures(stage: HTMLElement, store: Store, camera: Camera, actions: Actions, disposal: Disposal) {
  const pointers = new Map<number, Point>();
  let press: Press | null = null;
  let start: Point = { x: 0, y: 0 };
  /** Where on the ground a press began: the view may move meanwhile. */
  let startInWorld = start;
  let dragging = false;
  let extendsBox = false;

  const local = (event: MouseEvent): Point => pointOf(stage, event);
  const worldAt = (at: Point): Point => toWorld(store.view.peek(), at.x, at.y);
  const extendsSelection = (event: MouseEvent) => event.shiftKey || event.ctrlKey || event.metaKey;

  const drag = (event: PointerEvent, at: Point, last: Point) => {
    if (!press) return;
    const view = store.view.peek();
    if (press.kind === "box") store.box.value = rectBetween(startInWorld, worldAt(at));
    else if (isMove(press) && store.editable.peek()) {
      const { x, y } = worldAt(at);
      const [dx, dy] = [x - startInWorld.x, y - startInWorld.y];
      // The card under the pointer goes to the grid, and the others keep their distance from it.
      const own = press.from.get(press.id) ?? [0, 0];
      const [sx, sy] = [snapToGrid(own[0] + dx) - own[0], snapToGrid(own[1] + dy) - own[1]];
      store.draggedPlaces.value = new Map([...press.from].map(([id, [x, y]]) => [id, [x + sx, y + sy]]));
    } else if (press.kind === "port" || press.kind === "end") {
      const newConnection = connection(press);
      if (newConnection) {
        const target = hit(store.scene.peek(), worldAt(at), 0, false);
        store.connecting.value = {
          ...newConnection,
          other: target?.kind === "node" ? idOf(store, target.node) : null,
          at: worldAt(at),
        };
      }
    } else store.view.value = pan(view, at.x - last.x, at.y - last.y);
    event.preventDefault();
  };

  const connection = (from: Press): Connecting | null => {
    if (from.kind === "port") return { fixed: from.id, other: null, at: null };
    if (from.kind !== "end") return null;
    const edge = store.graph.peek().edges[store.edgeNow(from.edge)];
    if (!edge) return null;
    const { edge: moving, end } = from;
    const fixed = idOf(store, end === "to" ? edge.source : edge.target);
    return { fixed, other: null, at: null, moving: { edge: moving, end } };
  };

  const drop = () => {
    if (press?.kind === "box") {
      const frame = store.box.peek();
      store.box.value = null;
      if (frame) actions.selectIn(frame, extendsBox);
    } else if (press && isMove(press)) {
      const places = store.draggedPlaces.peek();
      if (places.size > 0) void actions.move(places);
      store.draggedPlaces.value = new Map();
    } else if (press?.kind === "port" || press?.kind === "end") {
      const connection = store.connection.peek();
      store.connecting.value = null;
      if (!connection?.at) return;
      const { fixed, other, at, moving } = connection;
      if (moving) void actions.reconnect(moving.edge, moving.end, other ?? at);
      else if (other !== null) void actions.connect(fixed, other);
      else void actions.branch(fixed, at);
    }
  };

  /** Give up what is being dragged, which then stays as it was. */
  const giveUp = () => {
    store.draggedPlaces.value = new Map();
    store.box.value = null;
    // a connection that was begun by a key or a tap goes on
    if (store.connecting.peek()?.at) store.connecting.value = null;
    press = null;
    delete stage.dataset.dragging;
  };

  const click = (event: PointerEvent) => {
    const local = topElement(event)?.closest<HTMLElement>("[data-local]");
    if (!press || (local && !extendsSelection(event))) return;
    const connecting = store.connection.peek() && store.connecting.peek();
    const node = press.kind === "nodes" || press.kind === "port" ? store.nodeNow(press.id) : -1;
    const edge = press.kind === "edge" || press.kind === "end" ? store.edgeNow(press.edge) : -1;
    if (press.kind === "nodes" && node >= 0 && connecting) {
      store.connecting.value = { ...connecting, other: press.id };
      actions.finishConnecting();
    } else if (press.kind === "nodes" && node >= 0) {
      const what = local
        ? eventSelection(store, Number(local.dataset.local))
        : ({ kind: "state", id: idOf(store, node) } as const);
      if (extendsSelection(event)) actions.toggle(what);
      else actions.select(what);
    } else if (edge >= 0) {
      const what = eventSelection(store, store.graph.peek().edges[edge]?.index ?? -1);
      if (extendsSelection(event)) actions.toggle(what);
      else actions.select(what);
    } else if (press.kind === "port" && node >= 0) {
      actions.select({ kind: "state", id: idOf(store, node) });
      actions.startConnecting();
    } else if (press.kind === "region") {
      store.onMap.openRegion.value = press.region;
      store.openPanel("map");
    } else if (press.kind !== "pan" && press.kind !== "box") {
      return; // what was pressed was deleted meanwhile
    } else if (event.button === 0 && !extendsSelection(event)) {
      store.connecting.value = null;
      store.quickAddPoint.value = null;
      actions.select(null);
    }
  };

  disposal.listen(stage, "pointerdown", (event: PointerEvent) => {
    if (event.button > 1) return;
    camera.stop();
    const at = local(event);
    pointers.set(event.pointerId, at);
    if (pointers.size > 1) {
      giveUp();
      return;
    }
    if (event.button === 1) event.preventDefault();
    start = at;
    startInWorld = worldAt(at);
    dragging = false;
    extendsBox = extendsSelection(event);
    press = pressTarget(store, event, at);
  });

  const hover = (event: PointerEvent, at: Point) => {
    const target = under(store, event, at);
    const end = endUnder(store, at);
    const hit: Hit | null = end ? { kind: "edge", edge: end.edge } : target;
    if (!sameHit(hit, store.hover.peek())) store.hover.value = hit;
    const port = portUnder(store, target, at) !== null;
    const region = target ? null : regionUnder(store, at);
    stage.dataset.hover = end ? "end" : port ? "port" : region ? "node" : (target?.kind ?? "");
  };

  disposal.listen(stage, "pointermove", (event: PointerEvent) => {
    const at = local(event);
    store.pointer.current = at;
    // A press that left the stage before it was a drag has ended elsewhere.
    if (event.buttons === 0) end(event, true);
    const last = pointers.get(event.pointerId);
    if (!last) {
      hover(event, at);
      return;
    }
    if (pointers.size === 2) {
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1] ?? last;
      store.view.value = pinch(store.view.peek(), last, at, other);
    } else if (dragging) drag(event, at, last);
    else if (Math.hypot(at.x - start.x, at.y - start.y) > CLICK_SLOP) {
      dragging = true;
      stage.setPointerCapture(event.pointerId);
      stage.dataset.dragging = press?.kind ?? "";
      drag(event, at, last);
    } else return;
    pointers.set(event.pointerId, at);
  });

  const end = (event: PointerEvent, isCancelled: boolean) => {
    if (!pointers.delete(event.pointerId)) return;
    delete stage.dataset.dragging;
    if (isCancelled) giveUp();
    else if (dragging) drop();
    else click(event);
    press = null;
    dragging = false;
  };
  disposal.listen(stage, "pointerup", (event: PointerEvent) => end(event, false));
  disposal.listen(stage, "pointercancel", (event: PointerEvent) => end(event, true));
  // A card that a finger is on loses the capture to the stage once it is dragged: only the stage's own loss ends a drag.
  disposal.listen(stage, "lostpointercapture", (event: PointerEvent) => event.target === stage && end(event, true));
  disposal.listen(stage, "pointerleave", () => {
    store.hover.value = null;
    store.pointer.current = null;
  });
  // Escape gives up what is being dragged, which then stays as it was.
  disposal.listen(
    stage,
    "keydown",
    (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !dragging) return;
      giveUp();
      event.preventDefault();
    },
    { capture: true },
  );

  disposal.listen(stage, "dblclick", (event: MouseEvent) => {
    if (topElement(event)?.closest("[data-local]") || extendsSelection(event)) return;
    const at = local(event);
    const target = under(store, event, at);
    const region = target ? null : regionUnder(store, at);
    const box = target?.kind === "node" ? store.onMap.projection.peek().boxes.get(target.node) : undefined;
    if (region || box) actions.enterRegion(region?.id ?? box ?? null);
    else if (!target) actions.openQuickAdd(worldAt(at));
    else actions.openForm();
  });

  attachWheel(stage, store, camera, disposal);
}

/** Say whether a press moves cards: one, those that are selected, or those of a region. */
function isMove(press: Press): press is Extract<Press, { kind: "nodes" | "region" }> {
  return press.kind === "nodes" || press.kind === "region";
}

function rectBetween(a: Point, b: Point): Rect {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(b.x - a.x), h: Math.abs(b.y - a.y) };
}

function sameHit(a: Hit | null, b: Hit | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.kind === "node") return b.kind === "node" && a.node === b.node;
  return b.kind === "edge" && a.edge === b.edge;
}
