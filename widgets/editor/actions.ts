/** What a person can do, by name: the toolbar, the keys and the gestures all call these. */
import { copyText } from "../shared/clipboard";
import { count, sentence } from "../shared/format";
import { text } from "../shared/json";
import type { CodeReply, Diagnostic, Op, Position, Positions, Rejected } from "../shared/protocol";
import type { Camera } from "./camera";
import * as ops from "./data/ops";
import type { Point } from "./graph/curve";
import { eventIndex } from "./graph/graph";
import { type Direction, described, home, neighbour } from "./graph/navigate";
import { CARD_H, CARD_W } from "./graph/route";
import type { Done, Panel, Selected, Store } from "./store";

const GRID = 8;

export interface EditOptions {
  /** What undo calls it; the kernel makes one up when there is none. */
  readonly label?: string;
  /** Where new cards stand. */
  readonly positions?: Positions;
  /** The caller shows a refusal itself. */
  readonly quiet?: boolean;
  /** What is said of it when it is done, before what it took along. */
  readonly said?: string;
}

export interface Actions {
  select(what: Selected | null, how?: "stay" | "reveal" | "centre"): void;
  /** Send a batch of operations as one edit. */
  edit(batch: Op[], options?: EditOptions): Promise<Done>;
  addState(at?: Point): Promise<void>;
  connect(source: number, target: number): Promise<void>;
  branch(source: number, at: Point): Promise<void>;
  addLocal(source: number, kind: "override" | "terminal"): Promise<void>;
  remove(): Promise<void>;
  move(places: ReadonlyMap<string, Position>): Promise<void>;
  undo(): void;
  redo(): void;
  tidy(): void;
  fix(diagnostic: Diagnostic): void;
  jump(diagnostic: Diagnostic): void;
  copyCode(): Promise<void>;
  walk(way: Direction): void;
  startConnecting(): void;
  finishConnecting(): void;
  escape(): boolean;
  show(panel: Panel): void;
}

export function openActions(store: Store, camera: Camera): Actions {
  const { notices } = store;
  let selections = 0;

  const mayEdit = (): boolean => {
    if (store.editable.peek()) return true;
    notices.show(
      store.locked.peek() ? "This view is read-only." : "The kernel does not answer, so nothing can be changed now.",
      "warning",
    );
    return false;
  };

  /** Say what an edit did besides what was asked, with the way back. */
  const tell = (said: string | undefined, notes: readonly Diagnostic[], rev: string) => {
    const back = () => {
      if (store.doc.peek().rev === rev) actions.undo();
      else notices.show("Something else was changed since then; undo that first.");
    };
    const lines = notes.map(({ message }) => sentence(message));
    const shown = lines.length > 4 ? [...lines.slice(0, 3), `And ${lines.length - 3} more.`] : lines;
    const whole = said === undefined ? shown : [said, ...shown];
    if (whole.length === 0) return;
    notices.show(whole.join("\n"), notes.length > 0 ? "warning" : "info", { label: "Undo", run: back });
  };

  const edit: Actions["edit"] = async (batch, { quiet = false, said, ...options } = {}) => {
    if (batch.length === 0) return { ok: true, rev: store.doc.peek().rev, notes: [] };
    const outcome = await store.submit({ type: "edit", base: store.session.peek().rev, ops: batch, ...options }, true);
    if (!outcome.ok && outcome.reply.code === "conflict") {
      notices.show(`Your change was not made: ${outcome.reply.message}.`, "warning", {
        label: "Make it now",
        run: () => void edit(batch, options),
      });
    } else if (!outcome.ok && !quiet) notices.show(sentence(outcome.reply.message), "error");
    if (outcome.ok) tell(said, outcome.notes, outcome.rev);
    return outcome;
  };

  /** Make something and open its form at a field. */
  const make = async (what: Selected, field: string, batch: Op[], options: EditOptions = {}): Promise<void> => {
    store.making.value = true;
    const outcome = await edit(batch, options);
    store.making.value = false;
    if (!outcome.ok) return;
    select(what, what.kind === "state" ? "reveal" : "stay");
    store.panelOpen.value = true;
    store.wanted.value = field;
  };

  const select: Actions["select"] = (what, how = "stay") => {
    selections += 1;
    store.selected.value = what && { ...what, key: String(selections) };
    if (what) store.panel.value = "details";
    const { byId, edges, nodes } = store.graph.peek();
    if (what?.kind === "state") {
      const node = byId.get(what.id) ?? -1;
      if (node < 0) return;
      notices.say(described(store.graph.peek(), node));
      if (how === "reveal") camera.reveal(node);
      if (how === "centre") camera.centre(node);
    } else if (what) {
      const index = eventIndex(store.doc.peek(), what.id, what.index);
      const edge = edges.findIndex((one) => one.index === index);
      if (how !== "centre") return;
      if (edge >= 0) camera.centreEdge(edge);
      else camera.centre(nodes.findIndex((node) => node.local.some((event) => event.index === index)));
    }
  };

  const move: Actions["move"] = async (places) => {
    if (!mayEdit()) {
      store.moved.value = new Map();
      return;
    }
    store.moved.value = new Map([...store.moved.peek(), ...places]);
    await store.submit({ type: "move", positions: Object.fromEntries(places) });
    // From here on the kernel's word counts, unless the card was taken up again meanwhile.
    store.moved.value = new Map([...store.moved.peek()].filter(([id, at]) => !sameAs(places.get(id), at)));
  };

  const actions: Actions = {
    edit,
    select,
    move,
    addState: async (at) => {
      if (!mayEdit()) return;
      const { id, ops: batch } = ops.addState(store.doc.peek());
      await make({ kind: "state", id }, "base", batch, at ? { positions: { [id]: around(at) } } : {});
    },
    connect: async (source, target) => {
      if (!mayEdit()) return;
      const { nodes } = store.graph.peek();
      const made = ops.connect(store.doc.peek(), nodes[source]?.id ?? "", nodes[target]?.id ?? "");
      await make({ kind: "event", id: made.name }, "name", made.ops);
    },
    branch: async (source, at) => {
      if (!mayEdit()) return;
      const { id, ops: batch } = ops.branch(store.doc.peek(), store.graph.peek().nodes[source]?.id ?? "");
      const label = `Add state ${id} and the way to it`;
      await make({ kind: "state", id }, "base", batch, { label, positions: { [id]: around(at) } });
    },
    addLocal: async (source, kind) => {
      if (!mayEdit()) return;
      const made = ops.addLocal(store.doc.peek(), store.graph.peek().nodes[source]?.id ?? "", kind);
      await make({ kind: "event", id: made.name }, "name", made.ops);
    },
    remove: async () => {
      const what = store.selected.peek();
      if (!what || !mayEdit()) return;
      const event = store.selectedEvent.peek();
      const node = store.selectedNode.peek();
      const next = node >= 0 ? neighbour(store.graph.peek(), store.scene.peek().places, node, "left") : null;
      const beside = next === null ? null : (store.graph.peek().nodes[next]?.id ?? null);
      const source = event >= 0 ? (ops.sources(store.doc.peek().events[event] ?? {})[0] ?? null) : beside;
      const outcome = await edit(
        what.kind === "state" ? ops.deleteState(what.id) : ops.deleteEvent(store.doc.peek(), event),
        { said: `Deleted ${what.kind} ${what.id}.` },
      );
      if (!outcome.ok) return;
      select(source === null ? null : { kind: "state", id: source });
    },
    undo: () => {
      if (store.doc.peek().undo !== null && mayEdit()) void store.submit({ type: "undo" });
    },
    redo: () => {
      if (store.doc.peek().redo !== null && mayEdit()) void store.submit({ type: "redo" });
    },
    tidy: () => {
      if (!mayEdit()) return;
      void store.submit({ type: "tidy" }).then((outcome) => outcome.ok && setTimeout(camera.fit, 80));
    },
    fix: (diagnostic) => {
      if (!mayEdit()) return;
      void store.submit({ type: "fix", lint: diagnostic.lint, item: diagnostic.item }).then((outcome) => {
        if (outcome.ok) notices.show(sentence(`Fixed: ${diagnostic.message}`));
      });
    },
    jump: ({ item }) => {
      if (item.kind !== "state" && item.kind !== "event") return;
      const panel = store.panel.peek();
      select({ kind: item.kind, id: item.id }, "centre");
      store.panel.value = panel;
    },
    copyCode: async () => {
      const reply = await store.link.request<CodeReply | Rejected>({ type: "code" });
      if (reply.type !== "code") {
        notices.show(reply.message, "error");
        return;
      }
      const lines = reply.text.trimEnd().split("\n").length;
      if (await copyText(reply.text)) notices.show(`Copied ${count(lines, "line")} of Python: the edits made here.`);
      else {
        store.code.value = reply.text;
        actions.show("code");
      }
    },
    walk: (way) => {
      const graph = store.graph.peek();
      const connecting = store.connecting.peek();
      const from = connecting ? (connecting.target ?? connecting.source) : store.selectedNode.peek();
      const event = store.doc.peek().events[store.selectedEvent.peek()];
      const near = event && from < 0 ? (graph.byId.get(ops.sources(event)[0] ?? "") ?? -1) : from;
      const to = near < 0 ? home(graph) : neighbour(graph, store.scene.peek().places, near, way);
      if (to === null) return;
      if (connecting) {
        store.connecting.value = { ...connecting, target: to };
        notices.say(`To ${described(graph, to)}. Enter connects.`);
        camera.reveal(to);
      } else select({ kind: "state", id: graph.nodes[to]?.id ?? "" }, "reveal");
    },
    startConnecting: () => {
      const source = store.selectedNode.peek();
      if (source < 0) notices.show("Select a state first, then press C and pick where the new event leads.");
      else if (mayEdit()) {
        store.connecting.value = { source, target: null, at: null };
        notices.say("Connecting. Choose a state with the arrow keys, then press Enter. Escape stops.");
      }
    },
    finishConnecting: () => {
      const connecting = store.connecting.peek();
      store.connecting.value = null;
      if (connecting) void actions.connect(connecting.source, connecting.target ?? connecting.source);
    },
    escape: () => {
      if (store.connecting.peek()) store.connecting.value = null;
      else if (store.searching.peek()) store.searching.value = false;
      else if (store.panel.peek() !== "details") store.panel.value = "details";
      else if (store.selected.peek()) select(null);
      else return false;
      return true;
    },
    show: (panel) => {
      const open = store.panelOpen.peek() && store.panel.peek() === panel;
      store.panel.value = open && panel !== "code" ? "details" : panel;
      store.panelOpen.value = true;
    },
  };
  return actions;
}

/** Return the place of a new card around a point, on the grid. */
function around(at: Point): Position {
  return [Math.round((at.x - CARD_W / 2) / GRID) * GRID, Math.round((at.y - CARD_H / 2) / GRID) * GRID];
}

/** Return the name by which an event is selected. */
export function eventSelection(store: Store, index: number): Selected {
  return { kind: "event", id: text(store.doc.peek().events[index]?.name), index };
}

function sameAs(a: Position | undefined, b: Position): boolean {
  return a !== undefined && a[0] === b[0] && a[1] === b[1];
}
