/** What all actions share: the store, the camera, and the function that sends edits. */

import type { Point } from "../../map/geometry/curve";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import type { Edge } from "../../map/graph";
import { nodesIn } from "../../map/scene";
import { toWorld } from "../../map/viewport";
import { copyText } from "../../shared/clipboard";
import { sentence } from "../../shared/format";
import { text } from "../../shared/json";
import type { AnnotationPatch, Diagnostic, Op, Position, Positions } from "../../shared/protocol";
import type { Notices } from "../../shared/ui/toasts";
import type { Camera } from "../camera";
import type { PlannedChange } from "../data/expected";
import { eventsByName, namesakeOf, numberNow } from "../data/namesakes";
import { freeGround, snapToGrid } from "../graph/arrange";
import type { EdgeName, EditResult, Selected, Store } from "../store";

interface EditOptions {
  /** What undo calls it; the kernel makes one up when there is none. */
  readonly label?: string;
  /** Where new cards stand. */
  readonly positions?: Positions;
  /** What changes on the map besides. */
  readonly annotations?: AnnotationPatch;
  /** The caller shows a refusal itself. */
  readonly quiet?: boolean;
  /** What is said of it when it is done, before what it took along. */
  readonly message?: string;
}

/** What an edit will be once its turn comes. */
export type Plan = PlannedChange & EditOptions;

export interface Context {
  readonly store: Store;
  readonly camera: Camera;
  readonly notices: Notices;
  /** Say whether anything may be changed now, and to the person when it may not. */
  mayEdit(): boolean;
  /** Send a batch of operations as one edit. */
  edit(batch: Op[], options?: EditOptions): Promise<EditResult>;
  /**
   * Undo or redo; resolves with the cards that came back.
   *
   * What was asked for before is waited for, as it may be the very thing to undo. When the kernel refused it, there is
   * nothing of it to take back, and what was done before it stays.
   */
  turn(type: "undo" | "redo"): Promise<number[]>;
  /** Do one thing after another: leaving a field sends it, and the press that left it must meet what it made. */
  inTurn<T>(run: () => Promise<T>): Promise<T>;
  /**
   * Make an edit in its turn, of the world as it is then: `plan` returns it, or null where there is nothing to do, or why
   * it cannot be made. Resolves with null, or with why it was not made. `plan` may be called more than once.
   */
  change(plan: () => Plan | string | null): Promise<string | null>;
  /** Return the operations that the kernel has not taken, with those of edits that wait for their turn. */
  unsavedOps(): Op[];
  /** Do what a press asks for, unless the same is being done: a second press before the first was answered is no other. */
  once(what: string, run: () => Promise<unknown>): Promise<void>;
  /** Put a text on the clipboard, and say so in given words; where the page forbids it, show the text. */
  copyOrShow(text: string, confirmation?: string): Promise<void>;
  /** Run what opens a form: until it is there, what is typed is no command. */
  untilOpen(run: () => Promise<void>): Promise<void>;
  /** Sends what was done by hand and is held back for a moment, in case more of it follows. */
  readonly pendingMove: { send: () => void };
}

/** Make something, then select it and open its form at a field. */
export type Make = (what: Selected, field: string, batch: Op[], options?: EditOptions) => Promise<void>;

export function openContext(store: Store, camera: Camera): Context {
  const { notices } = store;
  const mayEdit = (): boolean => {
    if (store.editable.peek()) return true;
    const why = store.locked.peek()
      ? "This view is read-only."
      : `The kernel ${store.hasAnswered.peek() ? "does not answer, so nothing can be changed now" : "has not answered yet; try again in a moment"}.`;
    notices.show(why, "warning");
    return false;
  };

  let last: Promise<unknown> = Promise.resolve();
  const inTurn: Context["inTurn"] = (run) => {
    store.turns.value += 1;
    const turn = last.then(run);
    const end = () => {
      store.turns.value -= 1;
    };
    last = turn.then(end, end);
    return turn;
  };

  const plans = new Map<() => Plan | string | null, Plan | null>();
  const change: Context["change"] = (plan) => {
    plans.set(plan, null);
    return inTurn(async () => {
      const result = plan();
      if (result === null || typeof result === "string") return result;
      plans.set(plan, result);
      const { ops, bodies: _, ...options } = result;
      const outcome = await edit([...ops], options);
      return outcome.ok ? null : sentence(outcome.reply.message);
    }).finally(() => plans.delete(plan));
  };
  const unsavedOps = () => {
    const { flight, queue } = store.session.peek();
    const requests = [...(flight ? [flight] : []), ...queue].map(({ request }) => request);
    const ops = requests.flatMap((request) => (request.type === "edit" ? request.ops : []));
    store.rehearse((expect) => {
      for (const [plan, edit] of plans) {
        const result = edit ?? plan();
        if (result === null || typeof result === "string") continue;
        if (!edit) ops.push(...result.ops); // otherwise it is in flight or in the queue
        expect(result);
      }
    });
    return ops;
  };

  const underWay = new Set<string>();
  const once: Context["once"] = async (what, run) => {
    if (underWay.has(what)) return;
    underWay.add(what);
    await run().finally(() => underWay.delete(what));
  };

  const copyOrShow: Context["copyOrShow"] = async (copied, confirmation) => {
    if (!(await copyText(copied))) {
      store.code.value = copied;
      store.openPanel("code");
    } else if (confirmation) notices.show(confirmation);
  };

  const untilOpen: Context["untilOpen"] = async (run) => {
    store.awaitedForms.value += 1;
    try {
      await run();
    } finally {
      store.awaitedForms.value -= 1;
    }
  };

  const pendingMove: Context["pendingMove"] = { send: () => {} };
  const turn: Context["turn"] = (type) => {
    pendingMove.send();
    const wasPending = store.pending.peek() > 0;
    const resultBefore = store.lastResult();
    return inTurn(async () => {
      const isAskedMeanwhile = wasPending || store.pending.peek() > 0 || store.lastResult() !== resultBefore;
      if (isAskedMeanwhile && !(await store.lastResult()).ok) return [];
      if (store.doc.peek()[type] === null || !mayEdit()) return [];
      const before = store.worldGraph.peek().byId;
      // what tells of the edit that is taken back is no longer true
      const outdated = type === "undo" ? notices.list.peek().filter(({ action }) => action?.isOffered?.()) : [];
      const outcome = await store.submit({ type });
      if (outcome.ok) for (const { key } of outdated) notices.dismiss(key);
      const { nodes } = store.worldGraph.peek();
      return outcome.ok ? [...nodes.keys()].filter((node) => !before.has(nodes[node]?.id ?? "")) : [];
    });
  };

  /** Say what an edit did besides what was asked, with the way back. */
  const notify = (message: string | undefined, notes: readonly Diagnostic[], rev: string) => {
    const isLast = () => store.doc.value.rev === rev;
    const back = () => void turn("undo");
    const lines = notes.map(({ message }) => sentence(message));
    const firstLines = lines.length > 4 ? [...lines.slice(0, 3), `And ${lines.length - 3} more.`] : lines;
    const allLines = message === undefined ? firstLines : [message, ...firstLines];
    if (allLines.length === 0) return;
    // What an edit took along, as its events with a state, is part of it; only what play suffers from is a warning.
    const isWarning = notes.some(({ severity }) => severity !== "info");
    notices.show(allLines.join("\n"), isWarning ? "warning" : "info", { label: "Undo", run: back, isOffered: isLast });
  };

  const edit: Context["edit"] = async (batch, { quiet = false, message, ...options } = {}) => {
    if (batch.length === 0) return { ok: true, rev: store.doc.peek().rev, notes: [] };
    const { byId: before } = store.graph.peek();
    const selectedBefore = store.selected.peek()?.key;
    const outcome = await store.submit({ type: "edit", base: store.session.peek().rev, ops: batch, ...options }, true);
    if (!outcome.ok && outcome.reply.code === "conflict") {
      notices.show(`Your change was not made: ${outcome.reply.message}.`, "warning", {
        label: "Make it now",
        run: () => void edit(batch, options),
      });
    } else if (!outcome.ok && !quiet) notices.show(sentence(outcome.reply.message), "error");
    if (!outcome.ok) return outcome;
    notify(message, outcome.notes, outcome.rev);
    if (store.selected.peek()?.key !== selectedBefore) return outcome;
    const { byId } = store.graph.peek();
    const newIds = Object.keys(options.positions ?? {}).filter((id) => !before.has(id) && byId.has(id));
    // new cards come into sight, with the one that they follow
    const nodes = [store.selectedNode.peek(), ...newIds.map((id) => byId.get(id) ?? -1)];
    if (newIds.length > 0) camera.revealLast(nodes.filter((node) => node >= 0));
    return outcome;
  };

  return {
    store,
    camera,
    notices,
    mayEdit,
    edit,
    change,
    unsavedOps,
    once,
    copyOrShow,
    turn,
    inTurn,
    untilOpen,
    pendingMove,
  };
}

/** Return where on the ground the pointer is; null while it is not over the map. */
export function pointedPlace({ pointer, view }: Store): Point | null {
  return pointer.current && toWorld(view.peek(), pointer.current.x, pointer.current.y);
}

/** Return the place of a new card around a point, on the grid. */
export function placeAround(at: Point): Position {
  return [snapToGrid(at.x - CARD_W / 2), snapToGrid(at.y - CARD_H / 2)];
}

/** Return the place of a new card around a point, or the nearest to it where it lies on no other card. */
export function freePlace(store: Store, at: Point): Position {
  const [x, y] = placeAround(at);
  const [dx, dy] = freeGround([[x, y]], (rect) => nodesIn(store.scene.peek(), rect).length > 0);
  return [x + dx, y + dy];
}

/** Return where a card stands: as it is seen, or in a collapsed region as it is once that is open. */
export function placeOf(store: Store, node: number): Position {
  const isHidden = store.onMap.projection.peek().hidden.has(node);
  const place = isHidden ? store.doc.peek().layout.get(idOf(store, node)) : store.scene.peek().places[node];
  return store.movedNodes.peek().get(node) ?? place ?? [0, 0];
}

/** Say whether a node stands for a collapsed region; then it is no state that could be edited. */
export function isBox(store: Store, node: number): boolean {
  return store.onMap.projection.peek().boxes.has(node);
}

/** Return what finds a node when its turn comes: numbers shift when something is deleted, and it may be renamed; -1 once it is gone. */
export function nodeLater(store: Store, node: number): () => number {
  const id = idOf(store, node);
  return () => store.nodeNow(id);
}

/** Return what finds an event when its turn comes; -1 once it is gone, or cannot be told from others of its name. */
export function eventLater(store: Store, index: number): () => number {
  const before = store.doc.peek();
  const name = text(before.events[index]?.name);
  const namesake = namesakeOf(eventsByName(before), name, index);
  return () => numberNow(eventsByName(store.doc.peek()), store.currentName("event", name), namesake);
}

export function idOf(store: Store, node: number): string {
  return store.graph.peek().nodes[node]?.id ?? "";
}

/** Return what finds an edge later, whatever its number is then. */
export function edgeName(store: Store, { name, index, source }: Edge): EdgeName {
  const namesake = namesakeOf(eventsByName(store.doc.peek()), name, index);
  return { ...namesake, event: name, source: idOf(store, source) };
}
