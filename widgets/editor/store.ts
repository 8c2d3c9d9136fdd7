/** Everything one view knows, as signals: the session with the kernel, and what only this view cares about. */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Disposal } from "../shared/disposal";
import { sentence } from "../shared/format";
import { trait } from "../shared/host";
import { type JsonObject, text } from "../shared/json";
import type { Link } from "../shared/link";
import type { WidgetModel } from "../shared/model";
import type {
  Changed,
  Diagnostic,
  Envelope,
  Position,
  Rejected,
  Reply,
  Seed,
  SeedReply,
  Selection,
} from "../shared/protocol";
import type { Notices } from "../shared/ui/toasts";
import type { Doc } from "./data/doc";
import { begin, type Effect, type Input, type Job, type Outcome, type Session, step, waiting } from "./data/session";
import type { Point } from "./graph/curve";
import { buildGraph, eventIndex, type Graph } from "./graph/graph";
import { buildScene, type Hit, movedCurves, type Scene } from "./graph/scene";
import { READING, type Size, TITLES, type Viewport } from "./graph/viewport";

/** What is selected here; events also by index, because two may share a name. */
export interface Selected extends Selection {
  readonly index?: number;
  /** Stays the same while the thing is renamed, so that its form stays open. */
  readonly key?: string;
}

/** A connection being drawn: by pointer (`at`) or by keyboard (`target`). */
export interface Connecting {
  readonly source: number;
  readonly target: number | null;
  readonly at: Point | null;
}

/** What came of a change, and what it took along. */
export type Done = Outcome & { readonly notes: readonly Diagnostic[] };

export type Detail = "dots" | "titles" | "cards";
export type Panel = "details" | "problems" | "help" | "code";

export interface Store {
  readonly link: Link;
  readonly notices: Notices;
  readonly session: Signal<Session>;
  readonly doc: ReadonlySignal<Doc>;
  readonly graph: ReadonlySignal<Graph>;
  readonly scene: ReadonlySignal<Scene>;
  readonly pending: ReadonlySignal<number>;
  readonly online: ReadonlySignal<boolean>;
  readonly locked: ReadonlySignal<boolean>;
  readonly editable: ReadonlySignal<boolean>;
  readonly view: Signal<Viewport>;
  readonly size: Signal<Size>;
  /** Pixels on the right of the map that the side panel covers. */
  readonly covered: Signal<number>;
  readonly detail: ReadonlySignal<Detail>;
  readonly selected: Signal<Selected | null>;
  /** The selected node's number, or -1. */
  readonly selectedNode: ReadonlySignal<number>;
  /** The selected event's index, or -1. */
  readonly selectedEvent: ReadonlySignal<number>;
  readonly hover: Signal<Hit | null>;
  /** Places that differ from the kernel's: cards being dragged, or dropped and not yet confirmed. By state id. */
  readonly moved: Signal<ReadonlyMap<string, Position>>;
  readonly movedNodes: ReadonlySignal<ReadonlyMap<number, Position>>;
  readonly liveCurves: ReadonlySignal<ReturnType<typeof movedCurves>>;
  readonly connecting: Signal<Connecting | null>;
  readonly panel: Signal<Panel>;
  readonly panelOpen: Signal<boolean>;
  readonly searching: Signal<boolean>;
  /** Something is being made whose form will take the focus: what is typed meanwhile is no command. */
  readonly making: Signal<boolean>;
  /** A field that should take the focus once it is there. */
  readonly wanted: Signal<string | null>;
  readonly code: Signal<string>;
  /** Ask the kernel for a change. */
  submit(request: Job["request"], quiet?: boolean): Promise<Done>;
  reconnect(): void;
}

export function openStore(model: WidgetModel, link: Link, notices: Notices, disposal: Disposal): Store {
  const session = signal(begin(model.get("seed") as Seed | undefined));
  const asked = signal(false);
  const readOnly = trait(model, "read_only", false, disposal);
  const doc = computed(() => session.value.doc);
  const parts = {
    states: computed(() => doc.value.states),
    events: computed(() => doc.value.events),
    world: computed(() => doc.value.world),
    diagnostics: computed(() => doc.value.diagnostics),
    layout: computed(() => doc.value.layout),
  };
  // The graph follows the parts it is made of, so that moving a card does not build it again.
  const graph = computed(() => {
    for (const part of [parts.states, parts.events, parts.world, parts.diagnostics]) void part.value;
    return buildGraph(doc.peek());
  });
  const scene = computed(() => buildScene(graph.value, parts.layout.value));
  const view = signal<Viewport>({ x: 0, y: 0, k: 1 });
  const selected = signal<Selected | null>(wireSelection(model.get("selection")));
  const moved: Signal<ReadonlyMap<string, Position>> = signal(new Map());
  const movedNodes = computed(() => {
    const made = new Map<number, Position>();
    for (const [id, place] of moved.value) {
      const node = graph.value.byId.get(id);
      if (node !== undefined) made.set(node, place);
    }
    return made;
  });
  const online = computed(() => link.state.value === "live" && asked.value);

  const outcomes = new Map<number, { resolve: (done: Done) => void; quiet: boolean }>();
  const notes = new Map<number, readonly Diagnostic[]>();
  let tickets = 0;

  const dispatch = (input: Input): void => {
    const before = session.peek();
    const [next, effects] = step(before, input);
    batch(() => {
      session.value = next;
      if (next.doc !== before.doc) selected.value = followed(before.doc, next.doc, selected.peek());
      for (const one of effects) perform(one);
    });
  };

  const perform = (one: Effect): void => {
    if (one.type === "settle") {
      const waitingFor = outcomes.get(one.ticket);
      outcomes.delete(one.ticket);
      if (!one.outcome.ok && !waitingFor?.quiet) notices.show(sentence(one.outcome.reply.message), "error");
      waitingFor?.resolve({ ...one.outcome, notes: notes.get(one.ticket) ?? [] });
      notes.delete(one.ticket);
    } else if (one.type === "hello") {
      void link.request<SeedReply | Rejected>({ type: "hello" }).then((reply) => {
        if (reply.type === "seed") {
          asked.value = true;
          dispatch({ type: "seeded", seed: reply.seed });
        } else dispatch({ type: "refused", reply });
      });
    } else {
      const { ticket, request } = one.job;
      void link.request<Reply>(request).then((reply) => {
        if (reply.type === "accepted") notes.set(ticket, reply.notes ?? []);
        dispatch({ type: "reply", ticket, reply });
      });
    }
  };

  disposal.add(link.listen((message) => isChanged(message) && dispatch({ type: "changed", message })));
  const followSelection = () => {
    const told = wireSelection(model.get("selection"));
    const mine = selected.peek();
    if (told?.kind !== mine?.kind || told?.id !== mine?.id) selected.value = told;
  };
  model.on("change:selection", followSelection);
  disposal.add(() => model.off("change:selection", followSelection));
  disposal.add(
    effect(() => {
      const mine = selected.value;
      const told = wireSelection(model.get("selection"));
      if (told?.kind === mine?.kind && told?.id === mine?.id) return;
      model.set("selection", mine ? { kind: mine.kind, id: mine.id } : null);
      model.save_changes();
    }),
  );

  return {
    link,
    notices,
    session,
    doc,
    graph,
    scene,
    pending: computed(() => waiting(session.value)),
    online,
    locked: computed(() => readOnly.value === true),
    editable: computed(() => online.value && readOnly.value !== true),
    view,
    size: signal<Size>({ w: 0, h: 0 }),
    covered: signal(0),
    detail: computed(() => (view.value.k >= READING ? "cards" : view.value.k >= TITLES ? "titles" : "dots")),
    selected,
    selectedNode: computed(() =>
      selected.value?.kind === "state" ? (graph.value.byId.get(selected.value.id) ?? -1) : -1,
    ),
    selectedEvent: computed(() =>
      selected.value?.kind === "event" ? eventIndex(doc.value, selected.value.id, selected.value.index) : -1,
    ),
    hover: signal<Hit | null>(null),
    moved,
    movedNodes,
    liveCurves: computed(() => movedCurves(scene.value, movedNodes.value)),
    connecting: signal<Connecting | null>(null),
    panel: signal<Panel>("details"),
    panelOpen: signal(true),
    searching: signal(false),
    making: signal(false),
    wanted: signal<string | null>(null),
    code: signal(""),
    submit: (request, quiet = false) =>
      new Promise((resolve) => {
        tickets += 1;
        outcomes.set(tickets, { resolve, quiet });
        dispatch({ type: "submit", job: { ticket: tickets, request } });
      }),
    reconnect: () => {
      session.value = { ...session.peek(), seeding: false };
      dispatch({ type: "open" });
    },
  };
}

/** Return the selection after a change: what was renamed is still selected, what is gone is not. */
export function followed(before: Doc, after: Doc, what: Selected | null): Selected | null {
  if (!what) return null;
  const names = (doc: Doc) => (what.kind === "state" ? doc.states.map(({ id }) => id) : doc.events.map(eventName));
  const [old, now] = [names(before), names(after)];
  const at = what.kind === "event" ? eventIndex(before, what.id, what.index) : old.indexOf(what.id);
  if (now.includes(what.id)) return what;
  const renamed = now[at];
  if (at < 0 || renamed === undefined || old.length !== now.length || old.includes(renamed)) return null;
  return { ...what, id: renamed, key: what.key ?? what.id };
}

function eventName(event: JsonObject): string {
  return text(event.name);
}

function wireSelection(value: unknown): Selected | null {
  const { kind, id } = (value ?? {}) as Partial<Selection>;
  return (kind === "state" || kind === "event") && typeof id === "string" ? { kind, id } : null;
}

function isChanged(message: Envelope): message is Changed {
  return message.type === "changed";
}
