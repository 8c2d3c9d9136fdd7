/** Creating, reconnecting and deleting states and events. */

import type { Doc } from "../../map/document";
import type { Point } from "../../map/geometry/curve";
import type { Edge } from "../../map/graph";
import { count, shorten } from "../../shared/format";
import { type JsonObject, text } from "../../shared/json";
import type { Op } from "../../shared/protocol";
import * as ops from "../data/ops";
import type { Selected } from "../store";
import { choiceOps, newEvents } from "../writing/choice-ops";
import { readChoices } from "../writing/choices";
import { followTarget } from "../writing/names";
import { placeBeside } from "../writing/place";
import { type Context, edgeName, eventLater, freePlace, idOf, isBox, nodeLater, placeOf } from "./context";
import type { Making } from "./making";
import { countText, eventSelection, type SelectionActions } from "./selection";

export interface CreationActions {
  /** Make a state; `body` is what it begins with. */
  addState(at?: Point, body?: JsonObject): Promise<void>;
  connect(source: number, target: number): Promise<void>;
  /** Make a state and the way to it: at a place, else in the next free slot beside the state that it follows. */
  branch(source: number, at?: Point, body?: JsonObject): Promise<void>;
  addLocal(source: number, kind: "override" | "terminal"): Promise<void>;
  /** Lead an end of an edge to another card, or to a new one on empty ground. */
  reconnect(edge: number, end: "from" | "to", to: number | Point): Promise<void>;
  /** Delete everything that is selected, as one step. */
  remove(): Promise<void>;
  startConnecting(): void;
  finishConnecting(): void;
}

export function creationActions(
  context: Context,
  { select, leave }: SelectionActions,
  { make, inOrder, inOrderAt }: Making,
): CreationActions {
  const { store, notices, mayEdit, edit, inTurn } = context;
  let selectionBeingRemoved: Selected | null | undefined;

  /** Say whether an end is a collapsed region, and to the person that it has to be open. */
  const isCollapsed = (end: number | Point): boolean => {
    if (typeof end !== "number" || !isBox(store, end)) return false;
    notices.show("Open the region first: an event leads to one of its scenes.");
    return true;
  };

  const lead = async (at: number, end: "from" | "to", to: number | Point) => {
    const edge = store.graph.peek().edges[at];
    if (!edge || [edge.source, edge.target, to].some(isCollapsed)) return;
    const doc = store.doc.peek();
    const was = idOf(store, end === "from" ? edge.source : edge.target);
    if (typeof to !== "number") {
      const addition = ops.addState(doc);
      const batch = [...addition.ops, ...ops.reconnect(doc, edge.index, end, was, addition.id)];
      const label = `Redirect ${shorten(edge.name, 40)} ${end} a new state`;
      await make({ kind: "state", id: addition.id }, "base", batch, {
        label,
        positions: { [addition.id]: freePlace(store, to) },
      });
      return;
    }
    const now = idOf(store, to);
    const follow = end === "to" ? followTarget(doc, store.autoNames, edge.index, now) : [];
    const batch = [...ops.reconnect(doc, edge.index, end, was, now), ...follow];
    const label = `Redirect ${shorten(edge.name, 40)} ${end} ${shorten(now, 40)}`;
    const sourceCount = ops.sources(doc.events[edge.index] ?? {}).length;
    const all =
      end === "to" && sourceCount > 1
        ? { message: `All ${count(sourceCount, "way")} of ${edge.name} now lead to ${now}.` }
        : {};
    const outcome = await edit(batch, { label, ...all });
    if (outcome.ok && batch.length > 0) select(eventSelection(store, edge.index));
  };

  const reconnect: CreationActions["reconnect"] = async (at, end, to) => {
    const edge = store.graph.peek().edges[at];
    if (!edge || !mayEdit()) return;
    const source = nodeLater(store, edge.source);
    const target = typeof to === "number" ? nodeLater(store, to) : () => to;
    const place = eventLater(store, edge.index);
    await inTurn(async () => {
      const index = place();
      const { edges } = store.graph.peek();
      const now = edges.findIndex((one) => one.index === index && one.source === source());
      if (target() !== -1) await lead(now, end, target());
    });
  };

  const connect: CreationActions["connect"] = (from, to) => {
    const end = nodeLater(store, to);
    return inOrderAt(from, async (source) => {
      const target = end();
      if (target < 0 || isCollapsed(source) || isCollapsed(target)) return;
      const addition = ops.connect(store.doc.peek(), idOf(store, source), idOf(store, target));
      store.autoNames.events.add(addition.name);
      await make({ kind: "event", id: addition.name }, "detail", addition.ops);
    });
  };

  const addState: CreationActions["addState"] = (at, body) =>
    inOrder(async () => {
      const doc = store.doc.peek();
      const { id, ops: batch } = ops.addState(doc, withoutChoices(body));
      store.autoNames.states.add(id);
      const further = choicesIn(doc, id, batch, body);
      const positionField = at ? { positions: { [id]: freePlace(store, at) } } : {};
      await make({ kind: "state", id }, "base", [...batch, ...further], positionField);
    });

  const branch: CreationActions["branch"] = (from, at, body) =>
    inOrderAt(from, async (source) => {
      const doc = store.doc.peek();
      const { id, name, ops: batch } = ops.branch(doc, idOf(store, source), withoutChoices(body));
      store.autoNames.states.add(id);
      store.autoNames.events.add(name);
      const label = `Add and connect state ${id}`;
      const positions = at ? { [id]: freePlace(store, at) } : placeBeside(store, source, [id]);
      await make({ kind: "state", id }, "base", [...batch, ...choicesIn(doc, id, batch, body)], { label, positions });
    });

  /** Return what makes the choices that a new state's prose holds. */
  const choicesIn = (doc: Doc, id: string, batch: readonly Op[], body: JsonObject | undefined): readonly Op[] => {
    const { choices } = readChoices(text(body?.base));
    const withNew = { ...doc, states: [...doc.states, { id, body: {} }], events: [...doc.events, ...newEvents(batch)] };
    return choiceOps(withNew, store.autoNames, id, choices).ops;
  };

  return {
    connect,
    reconnect,
    addState,
    branch,
    addLocal: (node, kind) =>
      inOrderAt(node, async (source) => {
        const addition = ops.addLocalEvent(store.doc.peek(), idOf(store, source), kind);
        store.autoNames.events.add(addition.name);
        await make({ kind: "event", id: addition.name }, "detail", addition.ops);
      }),
    remove: async () => {
      const { nodes, events } = store.selectedItems.peek();
      if (nodes.size + events.size === 0 || !mayEdit()) return;
      const states = [...nodes].map((node) => nodeLater(store, node));
      const places = [...events].map((index) => eventLater(store, index));
      const what = store.selected.peek();
      const isSingle = nodes.size + events.size === 1;
      const [first] = nodes;
      const node = first ?? edgeOf(context, events)?.source ?? homeOf(context, events);
      const place = placeOf(store, node);
      const message =
        isSingle && what ? `Deleted ${what.kind} ${what.id}.` : `Deleted ${countText(nodes.size, events.size)}.`;
      const label = isSingle ? {} : { label: `Delete ${countText(nodes.size, events.size)}` };
      // A second press before the first was answered means the same things, not others of their names.
      if (selectionBeingRemoved === what) return;
      selectionBeingRemoved = what;
      try {
        await inTurn(async () => {
          const doc = store.doc.peek();
          const ids = states.flatMap((at) => (at() < 0 ? [] : idOf(store, at())));
          const indices = places.map((at) => at()).filter((at) => at >= 0);
          const batch = ops.removeAll(doc, ids, indices);
          const isDone = batch.length > 0 && (await edit(batch, { message, ...label })).ok;
          // Nothing is selected now: a second press must not delete a neighbour. The arrow keys go on from here.
          if (isDone && store.selected.peek() === null) leave(place);
        });
      } finally {
        selectionBeingRemoved = undefined;
      }
    },
    startConnecting: () => {
      const edge = edgeOf(context, store.selectedItems.peek().events);
      const source = store.selectedNode.peek();
      if (source < 0 && !edge) {
        notices.show("Select a state first, then press C and pick where the new event leads.");
      } else if (mayEdit()) {
        const moving = edge && source < 0 ? { edge: edgeName(store, edge), end: "to" as const } : undefined;
        const fixed = moving?.edge.source ?? idOf(store, source);
        store.connecting.value = { fixed, other: null, at: null, ...(moving ? { moving } : {}) };
        notices.say("Connecting. Choose a state with the arrow keys, then press Enter. Escape stops.");
      }
    },
    finishConnecting: () => {
      const connection = store.connection.peek();
      store.connecting.value = null;
      if (!connection) return;
      const { fixed, other, at, moving } = connection;
      const to = other ?? at;
      if (moving && to !== null) void reconnect(moving.edge, moving.end, to);
      else if (!moving) void connect(fixed, other ?? fixed);
    },
  };
}

function withoutChoices(body: JsonObject | undefined): JsonObject | undefined {
  return body && { ...body, base: readChoices(text(body.base)).prose };
}

/** Return the first edge of some events. */
function edgeOf({ store }: Context, events: ReadonlySet<number>): Edge | undefined {
  return store.graph.peek().edges.find((edge) => events.has(edge.index));
}

/** Return the card that holds one of some events as a chip. */
function homeOf({ store }: Context, events: ReadonlySet<number>): number {
  return store.graph.peek().nodes.findIndex((node) => node.local.some((event) => events.has(event.index)));
}
