/** What a press on the map acts on, decided from what is under the pointer when it goes down. */

import type { Point } from "../../map/geometry/curve";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { cardUnder, LINE_REACH, topElement } from "../../map/pointer";
import { type Hit, hit } from "../../map/scene";
import { toWorld } from "../../map/viewport";
import type { Position } from "../../shared/protocol";
import { edgeName, idOf, isBox, placeOf } from "../actions/context";
import type { DrawnRegion } from "../annotations/drawn";
import { handleAt } from "../graph/edge-handles";
import type { EdgeName, Store } from "../store";
import { regionAt } from "./regions";

/** Pixels around the middle of a drawn card's right edge that are its port. */
const PORT_RADIUS_PX = 9;

/** What was pressed, by ids and names: while the pointer is down, numbers shift when something is deleted. */
export type Press =
  | { readonly kind: "pan" }
  | { readonly kind: "box" }
  | { readonly kind: "nodes"; readonly id: string; readonly from: ReadonlyMap<string, Position> }
  | {
      readonly kind: "region";
      readonly region: string;
      readonly id: string;
      readonly from: ReadonlyMap<string, Position>;
    }
  | { readonly kind: "port"; readonly id: string }
  | { readonly kind: "end"; readonly edge: EdgeName; readonly end: "from" | "to" }
  | { readonly kind: "edge"; readonly edge: EdgeName };

/** Return what is under a point of the stage: first the cards that are elements, then what is drawn. */
export function under(store: Store, event: Event, at: Point): Hit | null {
  const card = cardUnder(event);
  if (card !== null) return { kind: "node", node: card };
  const view = store.view.peek();
  const target = hit(store.scene.peek(), toWorld(view, at.x, at.y), LINE_REACH / view.k, view.k >= 0.5);
  const hovered = store.hover.peek();
  // half of the port that a drawn card shows lies outside of the card
  return target?.kind !== "node" && portUnder(store, hovered, at) !== null ? hovered : target;
}

/** Return the region whose name is under a point of the stage. */
export function regionUnder(store: Store, at: Point): DrawnRegion | null {
  const { regions, hidden } = store.drawnMap.peek();
  if (regions.length === 0) return null;
  const view = store.view.peek();
  const drawnFrame = { scene: store.scene.peek(), view, movedPlaces: store.movedNodes.peek(), regions, hidden };
  return regionAt(drawnFrame, toWorld(view, at.x, at.y));
}

/** Return the end of an edge under a point; only what is selected or pointed at can be taken by its ends. */
export function endUnder(store: Store, at: Point): { edge: number; end: "from" | "to" } | null {
  if (!store.editable.peek() || store.detail.peek() === "dots") return null;
  const view = store.view.peek();
  const world = toWorld(view, at.x, at.y);
  const { graph, routes } = store.scene.peek();
  const hovered = store.hover.peek();
  const { events } = store.selectedItems.peek();
  const candidates = hovered?.kind === "edge" ? [hovered.edge] : [];
  for (const index of events) {
    for (let edge = graph.first[index] ?? 0; edge < (graph.first[index + 1] ?? 0); edge += 1) candidates.push(edge);
  }
  for (const edge of candidates) {
    const [one, route] = [graph.edges[edge], routes[edge]];
    const end = one && route ? handleAt(one, route, world, view.k) : null;
    if (end) return { edge, end };
  }
  return null;
}

/** Return the card whose port is under a point, where cards are drawn and have no elements. */
export function portUnder(store: Store, target: Hit | null, at: Point): number | null {
  if (!store.editable.peek() || store.detail.peek() === "dots") return null;
  const view = store.view.peek();
  const world = toWorld(view, at.x, at.y);
  const node = target?.kind === "node" && isDrawn(store, target.node) ? target.node : -1;
  const place = store.scene.peek().places[node];
  if (!place) return null;
  const far = Math.hypot(world.x - place[0] - CARD_W, world.y - place[1] - CARD_H / 2);
  return far <= PORT_RADIUS_PX / view.k ? node : null;
}

/** Say whether a card is drawn: it is neither an element, which has a port of its own, nor a collapsed region. */
function isDrawn(store: Store, node: number): boolean {
  return !isBox(store, node) && !store.cardElements.peek().includes(node);
}

export function pressTarget(store: Store, event: PointerEvent, at: Point): Press {
  if (event.button === 1) return { kind: "pan" };
  const port = topElement(event)?.closest<HTMLElement>("[data-port]");
  const { edges } = store.graph.peek();
  const end = endUnder(store, at);
  const ended = end && edges[end.edge];
  if (ended && !store.connection.peek()) return { kind: "end", edge: edgeName(store, ended), end: end.end };
  if (port && store.editable.peek()) return { kind: "port", id: idOf(store, Number(port.dataset.port)) };
  const target = under(store, event, at);
  const portNode = portUnder(store, target, at);
  if (portNode !== null) return { kind: "port", id: idOf(store, portNode) };
  const edge = target?.kind === "edge" ? edges[target.edge] : undefined;
  if (edge) return { kind: "edge", edge: edgeName(store, edge) };
  if (target?.kind === "node")
    return { kind: "nodes", id: idOf(store, target.node), from: placesBefore(store, cardsOf(store, target.node)) };
  const region = regionUnder(store, at);
  if (region?.nodes[0] !== undefined) {
    const from = placesBefore(store, region.nodes);
    return { kind: "region", region: region.id, id: idOf(store, region.nodes[0]), from };
  }
  return { kind: event.shiftKey || store.tool.peek() === "box" ? "box" : "pan" };
}

/** Return the cards that are moved when one is dragged: all that are selected when it is one of them. */
function cardsOf(store: Store, node: number): readonly number[] {
  const { nodes } = store.selectedItems.peek();
  if (nodes.has(node)) return [...nodes];
  const { boxes, hidden } = store.onMap.projection.peek();
  return [node, ...(boxes.has(node) ? [...hidden].filter(([, box]) => box === node).map(([one]) => one) : [])];
}

/** Return where cards stand before they are dragged, by the ids of their states. */
function placesBefore(store: Store, nodes: readonly number[]): Map<string, Position> {
  return new Map(nodes.map((node) => [idOf(store, node), placeOf(store, node)]));
}
