/** Selecting: one thing, several, the next one, all. */
import { batch } from "@preact/signals";
import type { Rect } from "../../map/geometry/curve";
import { eventIndex } from "../../map/graph";
import { nodesIn } from "../../map/scene";
import { count } from "../../shared/format";
import { text } from "../../shared/json";
import type { Position } from "../../shared/protocol";
import { regionOfBox } from "../annotations/projection";
import { type Direction, describeState, entranceNode, nearest, neighbour } from "../graph/navigate";
import type { Selected, Store } from "../store";
import { type Context, idOf, isBox } from "./context";

export interface SelectionActions {
  select(what: Selected | null, how?: "stay" | "reveal" | "centre"): void;
  /** Select nothing; the next arrow key selects the card nearest to a place. */
  leave(place: Position): void;
  /** Add to the selection, or take from it. */
  toggle(what: Selected): void;
  /** Select several; `first` is the one that forms and arrow keys are about. */
  selectAll(nodes: readonly number[], events?: readonly Selected[]): void;
  everything(): void;
  /** Select what a frame was drawn around. */
  selectIn(frame: Rect, extend: boolean): void;
  walk(direction: Direction): void;
  /** Select the next event of the selected state, or of the state that the selected event leaves. */
  nextEvent(step: 1 | -1): void;
  zoomToSelection(): void;
}

export function selectionActions({ store, camera, notices }: Context): SelectionActions {
  let selections = 0;
  let left: Position | null = null;
  const setSelection = (what: Selected | null, others: readonly Selected[] = []) => {
    selections += 1;
    left = null;
    batch(() => {
      store.selected.value = what && { ...what, key: String(selections) };
      store.others.value = others;
      if (what) store.panel.value = "details";
    });
  };
  const isSame = (a: Selected, b: Selected) => {
    const number = ({ id, index }: Selected) => eventIndex(store.doc.peek(), id, index);
    return a.kind === b.kind && a.id === b.id && number(a) === number(b);
  };
  const say = () => {
    const { nodes, events } = store.selectedItems.peek();
    if (nodes.size + events.size > 1) notices.say(`Selected: ${countText(nodes.size, events.size)}.`);
  };

  const select: SelectionActions["select"] = (what, how = "stay") => {
    const region = what?.kind === "state" ? regionOfBox(what.id) : null;
    if (region !== null) {
      setSelection(null);
      store.onMap.openRegion.value = region;
      store.panel.value = "map";
      return;
    }
    setSelection(what);
    const { byId, edges, nodes } = store.graph.peek();
    if (what?.kind === "state") {
      const node = byId.get(what.id) ?? -1;
      if (node < 0) return;
      notices.say(describeState(store.worldGraph.peek(), node));
      if (how === "reveal") camera.reveal(node);
      if (how === "centre") camera.centre(node);
    } else if (what) {
      const index = eventIndex(store.doc.peek(), what.id, what.index);
      const edge = edges.findIndex((one) => one.index === index);
      if (how === "stay") return;
      if (edge < 0) camera.centre(nodes.findIndex((node) => node.local.some((event) => event.index === index)));
      else if (how === "centre") camera.centreEdge(edge);
      else camera.revealEdge(edge);
    }
  };

  const selectAll: SelectionActions["selectAll"] = (nodes, events = []) => {
    const { boxes, hidden } = store.onMap.projection.peek();
    const states = nodes
      .filter((node) => !boxes.has(node))
      .sort((a, b) => Number(hidden.has(a)) - Number(hidden.has(b)))
      .map((node) => ({ kind: "state", id: idOf(store, node) }) as const);
    const [first = null, ...others] = [...states, ...events];
    setSelection(first, others);
    say();
  };

  return {
    select,
    selectAll,
    leave: (place) => {
      setSelection(null);
      left = place;
    },
    toggle: (what) => {
      if (regionOfBox(what.id) !== null) return;
      // the last is the one that forms and arrow keys are about
      const before = [...store.others.peek(), store.selected.peek()].filter((one) => one !== null);
      const now = before.filter((one) => !isSame(one, what));
      if (now.length === before.length) now.push(what);
      setSelection(now.pop() ?? null, now);
      say();
    },
    everything: () => selectAll([...store.graph.peek().nodes.keys()]),
    selectIn: (frame, extend) => {
      const { hidden } = store.onMap.projection.peek();
      const nodes = nodesIn(store.scene.peek(), frame).filter((node) => !hidden.has(node));
      const before = extend ? [...store.selectedItems.peek().nodes] : [];
      const events = extend ? [...store.selectedItems.peek().events] : [];
      selectAll(
        [...new Set([...before, ...nodes])],
        events.map((index) => eventSelection(store, index)),
      );
    },
    walk: (direction) => {
      const graph = store.graph.peek();
      const [connecting, connection] = [store.connecting.peek(), store.connection.peek()];
      const event = graph.edges.find((edge) => edge.index === store.selectedEvent.peek());
      const from = connection ? (connection.other ?? connection.fixed) : store.selectedNode.peek();
      const { places } = store.scene.peek();
      const { hidden } = store.onMap.projection.peek();
      let to: number | null;
      if (from >= 0) to = neighbour(graph, places, from, direction, hidden);
      else if (event) to = endOf(event.source, event.target, places, direction);
      else {
        const start = entranceNode(graph) ?? -1;
        to = (left && nearest(places, left, hidden)) ?? hidden.get(start) ?? (start < 0 ? null : start);
      }
      if (to === null) return;
      if (isBox(store, to)) {
        notices.say("That way is a collapsed region. Press O to open it.");
        return;
      }
      if (connecting && connection) {
        store.connecting.value = { ...connecting, other: idOf(store, to) };
        notices.say(`To ${describeState(graph, to)}. Enter connects.`);
        camera.reveal(to);
      } else select({ kind: "state", id: graph.nodes[to]?.id ?? "" }, "reveal");
    },
    nextEvent: (step) => {
      const graph = store.worldGraph.peek();
      const current = store.selectedEvent.peek();
      const edge = graph.edges.find((one) => one.index === current);
      const inside = graph.nodes.findIndex((one) => one.local.some((event) => event.index === current));
      const node = store.selectedNode.peek() >= 0 ? store.selectedNode.peek() : (edge?.source ?? inside);
      if (node < 0) return;
      const own = [
        ...(graph.out[node] ?? []).map((at) => graph.edges[at]?.index ?? -1),
        ...(graph.nodes[node]?.local ?? []).map((event) => event.index),
      ];
      if (own.length === 0) {
        notices.say("No events leave this state.");
        return;
      }
      const at = own.indexOf(current);
      const next = own[(at < 0 ? (step > 0 ? 0 : own.length - 1) : at + step + own.length) % own.length] ?? -1;
      const selection = eventSelection(store, next);
      select(selection, "reveal");
      const leads = graph.edges.find((one) => one.index === next);
      notices.say(`${selection.id}${leads ? `, to ${graph.nodes[leads.target]?.id ?? "nowhere"}` : ""}`);
    },
    zoomToSelection: () => {
      const { nodes, events } = store.selectedItems.peek();
      const { edges } = store.graph.peek();
      const ends = edges.filter((edge) => events.has(edge.index)).flatMap((edge) => [edge.source, edge.target]);
      const all = [...new Set([...nodes, ...ends])].filter((node) => node >= 0);
      if (all.length > 0) camera.fitTo(all);
      else camera.fit();
    },
  };
}

/** Return the end of an edge that an arrow key leads to. */
function endOf(
  source: number,
  target: number,
  places: readonly (readonly [number, number])[],
  direction: Direction,
): number | null {
  const [a, b] = [places[source], places[target]];
  if (!a || !b) return source;
  const along = direction === "left" || direction === "right" ? b[0] - a[0] : b[1] - a[1];
  const on = direction === "right" || direction === "down";
  if (Math.abs(along) < 1) return on ? target : source;
  return along > 0 === on ? target : source;
}

export function countText(states: number, events: number): string {
  const parts = [states > 0 ? count(states, "state") : "", events > 0 ? count(events, "event") : ""];
  return parts.filter(Boolean).join(" and ");
}

/** Return the name by which an event is selected. */
export function eventSelection(store: Store, index: number): Selected {
  return { kind: "event", id: text(store.doc.peek().events[index]?.name), index };
}
