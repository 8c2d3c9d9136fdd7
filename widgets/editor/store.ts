/** The state of one editor view, as signals: the session with the kernel, and what only this view needs. */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Generation, openGeneration } from "../generation/store";
import type { Doc } from "../map/document";
import type { Point, Rect } from "../map/geometry/curve";
import { buildGraph, eventIndex, type Graph } from "../map/graph";
import { movedRoutes } from "../map/moved-routes";
import { buildScene, type Hit, type Scene } from "../map/scene";
import { type Detail, detailAt, type Size, type Viewport } from "../map/viewport";
import type { Disposal } from "../shared/disposal";
import { sentence } from "../shared/format";
import { trait } from "../shared/host";
import { type JsonObject, text } from "../shared/json";
import type { Link } from "../shared/link";
import type { WidgetModel } from "../shared/model";
import type {
  Changed,
  Diagnostic,
  DiagnosticItem,
  EditorReply,
  Envelope,
  Position,
  Rejected,
  Seed,
  SeedReply,
  Selection,
} from "../shared/protocol";
import type { Notices } from "../shared/ui/toasts";
import { type DrawnMap, openDrawnMap } from "./annotations/drawn";
import { type OnMap, openOnMap } from "./annotations/state";
import { openCardElements } from "./canvas/card-elements";
import { expectedDoc, type PlannedChange } from "./data/expected";
import { eventsByName, type Namesake, namesakeOf, numberNow } from "./data/namesakes";
import { openPastSelections } from "./data/past-selections";
import { type NamedKind, openRenames } from "./data/renames";
import {
  type Effect,
  type Input,
  type Job,
  type Outcome,
  openSession,
  pendingCount,
  reduce,
  type Session,
} from "./data/session";
import { flagUses } from "./forms/flag-usage";
import { type Overlays, openOverlays } from "./overlay/state";
import { type MapPictures, openMapPictures } from "./pictures/state";
import { openPlay, type Play } from "./playing/state";
import { openProperties, type Properties } from "./properties/state";
import { openStoreSync, type StoreSync } from "./store-sync/state";
import { openTables, type Tables } from "./tables/state";
import { type AutoNames, openAutoNames } from "./writing/names";

/** What is selected here; events also by index, because two may share a name. */
export interface Selected extends Selection {
  readonly index?: number;
  /** Stays the same while the thing is renamed, so that its form stays open. */
  readonly key?: string;
}

/** Everything that is selected, as numbers of nodes and indices of events. */
interface SelectedItems {
  readonly nodes: ReadonlySet<number>;
  readonly events: ReadonlySet<number>;
}

/** An edge by what it is made of: its number may be another's once something before it is deleted. */
export interface EdgeName extends Namesake {
  readonly event: string;
  /** The id of the state that it leaves. */
  readonly source: string;
}

/** A connection being drawn: by pointer (`at`), or by keyboard alone. */
export interface Connecting {
  /** The state of the card at the end that stays. */
  readonly fixed: string;
  /** The state of the card at the other end, once there is one. */
  readonly other: string | null;
  readonly at: Point | null;
  /** The edge whose end is led elsewhere; without one, a new edge is drawn. */
  readonly moving?: { readonly edge: EdgeName; readonly end: "from" | "to" };
}

/** A connection being drawn, by the present numbers of its cards and its edge. */
export interface Connection {
  readonly fixed: number;
  readonly other: number | null;
  readonly at: Point | null;
  readonly moving?: { readonly edge: number; readonly end: "from" | "to" };
}

/** What came of a change, and what it took along. */
export type EditResult = Outcome & { readonly notes: readonly Diagnostic[] };

/** Where something new goes, and what the list of it is filtered by at first. */
export interface AddingPoint extends Point {
  readonly query?: string;
}

export type Panel = "details" | "problems" | "properties" | "help" | "code" | "store" | "map";
/** What dragging empty ground does: move the view, or draw a frame around what is to be selected. */
type Tool = "hand" | "box";

export interface Store {
  readonly link: Link;
  readonly notices: Notices;
  readonly session: Signal<Session>;
  readonly doc: ReadonlySignal<Doc>;
  /** What is drawn: a collapsed region is one node, after those of the states. */
  readonly graph: ReadonlySignal<Graph>;
  /** The world itself, whatever is collapsed; the same as `graph` while nothing is. Both number states alike. */
  readonly worldGraph: ReadonlySignal<Graph>;
  readonly scene: ReadonlySignal<Scene>;
  /** How many changes the kernel has not taken yet. */
  readonly pending: ReadonlySignal<number>;
  /** What is done in turn: the first is under way, the others wait for it. */
  readonly turns: Signal<number>;
  /** Whether the kernel has ever answered: until then nothing can be changed. */
  readonly hasAnswered: ReadonlySignal<boolean>;
  readonly online: ReadonlySignal<boolean>;
  readonly locked: ReadonlySignal<boolean>;
  readonly editable: ReadonlySignal<boolean>;
  readonly view: Signal<Viewport>;
  readonly size: Signal<Size>;
  /** Pixels on the right of the map that the side panel covers. */
  readonly coveredWidth: Signal<number>;
  /**
   * The part of the map that the side panel leaves free; all of it where the panel leaves only a strip, which could show
   * nothing: what is brought into view is then there when the panel is closed.
   */
  readonly freeSize: ReadonlySignal<Size>;
  readonly detail: ReadonlySignal<Detail>;
  readonly selected: Signal<Selected | null>;
  /** The selected node's number, or -1. */
  readonly selectedNode: ReadonlySignal<number>;
  /** The selected event's index, or -1. */
  readonly selectedEvent: ReadonlySignal<number>;
  /** What is selected besides; nothing while nothing is selected. */
  readonly others: Signal<readonly Selected[]>;
  readonly selectedItems: ReadonlySignal<SelectedItems>;
  readonly tool: Signal<Tool>;
  /** The frame that is being drawn around cards to select them. */
  readonly box: Signal<Rect | null>;
  /** Where on the stage the pointer is; null while it is elsewhere. */
  readonly pointer: { current: Point | null };
  /** Where the quick-add list is open, and what is made goes. */
  readonly quickAddPoint: Signal<AddingPoint | null>;
  readonly fullScreen: Signal<boolean>;
  readonly legendOpen: Signal<boolean>;
  readonly hover: Signal<Hit | null>;
  /** Places that differ from the kernel's: cards that were moved, which is not confirmed yet. By state id. */
  readonly pendingPlaces: Signal<ReadonlyMap<string, Position>>;
  /** Where the cards that are being dragged are, by state id. */
  readonly draggedPlaces: Signal<ReadonlyMap<string, Position>>;
  readonly movedNodes: ReadonlySignal<ReadonlyMap<number, Position>>;
  /** The nodes whose cards are elements. */
  readonly cardElements: ReadonlySignal<readonly number[]>;
  readonly liveRoutes: ReadonlySignal<ReturnType<typeof movedRoutes>>;
  readonly connecting: Signal<Connecting | null>;
  /** The connection being drawn, as it is now; null also when a card or an edge of it is gone. */
  readonly connection: ReadonlySignal<Connection | null>;
  /** What is drawn over the map. */
  readonly overlay: Overlays;
  /** What must be so in every run. */
  readonly properties: Properties;
  /** The player that is open over the map. */
  readonly play: Play;
  /** The pictures of states. */
  readonly pictures: MapPictures;
  /** The regions, notes, tags and views of the map. */
  readonly onMap: OnMap;
  readonly drawnMap: ReadonlySignal<DrawnMap>;
  /** The store that the world is kept in, if it is. */
  readonly storeSync: StoreSync;
  /** The tables that can lie over the map. */
  readonly tables: Tables;
  /** A generation that the world begins with. */
  readonly generation: Generation;
  /** The names given here that follow what is written. */
  readonly autoNames: AutoNames;
  readonly panel: Signal<Panel>;
  readonly panelOpen: Signal<boolean>;
  /** What the side panel shows; null while it is closed. */
  readonly shownPanel: ReadonlySignal<Panel | null>;
  /** Open the side panel at one of its parts. */
  openPanel(which: Panel): void;
  readonly searchOpen: Signal<boolean>;
  /** So many things are being made whose forms will take the focus: what is typed meanwhile is no command. */
  readonly awaitedForms: Signal<number>;
  /** A field that should take the focus once it is there. */
  readonly fieldToFocus: Signal<string | null>;
  readonly code: Signal<string>;
  /** What the list of problems should be opened at: another widget led here. */
  readonly problemToShow: Signal<DiagnosticItem | null>;
  /** Ask the kernel for a change. */
  submit(request: Job["request"], quiet?: boolean): Promise<EditResult>;
  /** What becomes of the change that was asked for last. */
  lastResult(): Promise<EditResult>;
  /** Run something that looks at the world as it will be after the edits that it expects; nothing of them stays. */
  rehearse(run: (expect: (change: PlannedChange) => void) => void): void;
  /** Return the present name of what had another when something was typed: an edit that waits its turn follows a rename. */
  currentName(kind: NamedKind, name: string): string;
  /** Return the number of the node that had an id when something began; -1 when it is gone. */
  nodeNow(id: string): number;
  /** Return the number of an edge; -1 when it is gone. */
  edgeNow(edge: EdgeName): number;
  reconnect(): void;
  /** Close the link, once the kernel has taken all that was done. */
  closeLink(): void;
}

/** What is less than this many pixels wide shows no card. */
const MIN_FREE_WIDTH_PX = 120;

export function openStore(model: WidgetModel, link: Link, notices: Notices, disposal: Disposal): Store {
  const session = signal(openSession(model.get("seed") as Seed | undefined));
  const helloAnswered = signal(false);
  const readOnly = trait(model, "read_only", false, disposal);
  const doc = computed(() => session.value.doc);
  const selected = signal<Selected | null>(wireSelection(model.get("selection")));
  const others = signal<readonly Selected[]>([]);
  const onMap = openOnMap(doc, selected, others, disposal);
  const drawn = computed(() => onMap.projection.value.doc);
  const graph = openGraph(drawn);
  const ownGraph = openGraph(doc);
  const isDrawnWhole = computed(() => drawn.value === doc.value);
  const worldGraph = computed(() => (isDrawnWhole.value ? graph.value : ownGraph.value));
  const drawnLayout = computed(() => drawn.value.layout);
  let lastScene: Scene | null = null;
  const scene = computed(() => {
    lastScene = buildScene(graph.value, drawnLayout.value, lastScene);
    return lastScene;
  });
  const view = signal<Viewport>({ x: 0, y: 0, k: 1 });
  const selectedNode = computed(() =>
    selected.value?.kind === "state" ? (graph.value.byId.get(selected.value.id) ?? -1) : -1,
  );
  const selectedEvent = computed(() =>
    selected.value?.kind === "event" ? eventIndex(doc.value, selected.value.id, selected.value.index) : -1,
  );
  const selectedItems = computed((): SelectedItems => {
    const nodes = [selectedNode.value];
    const events = [selectedEvent.value];
    for (const { kind, id, index } of others.value) {
      if (kind === "state") nodes.push(graph.value.byId.get(id) ?? -1);
      else events.push(eventIndex(doc.value, id, index));
    }
    return { nodes: new Set(nodes.filter((at) => at >= 0)), events: new Set(events.filter((at) => at >= 0)) };
  });
  const renames = openRenames();
  /** How many edits were made here, each of which may have renamed something. */
  const renameCount = signal(0);
  const usedNames: {
    readonly [kind in NamedKind]: ReadonlySignal<ReadonlySet<string> | ReadonlyMap<string, unknown>>;
  } = {
    state: computed(() => graph.value.byId),
    event: computed(() => new Set(doc.value.events.map(eventName))),
    flag: computed(() => flagUses(doc.value)),
  };
  const currentName: Store["currentName"] = (kind, name) =>
    renames.follow(kind, name, (one) => usedNames[kind].peek().has(one));
  const nodeNow: Store["nodeNow"] = (id) => graph.peek().byId.get(currentName("state", id)) ?? -1;
  const edgeNow: Store["edgeNow"] = (edge) => {
    const at = numberNow(eventsByName(doc.peek()), currentName("event", edge.event), edge);
    const node = nodeNow(edge.source);
    return graph.peek().edges.findIndex(({ index, source }) => index === at && source === node);
  };
  const pendingPlaces: Signal<ReadonlyMap<string, Position>> = signal(new Map());
  const draggedPlaces: Signal<ReadonlyMap<string, Position>> = signal(new Map());
  const movedNodes = computed(() => {
    void [graph.value, renameCount.value];
    const places = new Map<number, Position>();
    for (const moved of [pendingPlaces.value, draggedPlaces.value]) {
      for (const [id, place] of moved) {
        const node = nodeNow(id);
        if (node >= 0) places.set(node, place);
      }
    }
    return places;
  });
  const connecting = signal<Connecting | null>(null);
  const connection = computed((): Connection | null => {
    void [graph.value, renameCount.value];
    if (!connecting.value) return null;
    const { fixed, other, at, moving } = connecting.value;
    const ends = { fixed: nodeNow(fixed), other: other === null ? null : nodeNow(other), at };
    const edge = moving ? edgeNow(moving.edge) : 0;
    if (ends.fixed < 0 || ends.other === -1 || edge < 0) return null;
    return moving ? { ...ends, moving: { edge, end: moving.end } } : ends;
  });
  // A connection whose card or edge is gone is over: it must not come back with them. While a change of this view is not
  // settled, what it renamed is not known yet.
  const endLostConnection = () => {
    if (connecting.peek() && !connection.peek()) connecting.value = null;
  };
  disposal.add(
    effect(() => {
      void [connecting.value, connection.value];
      if (pendingCount(session.value) === 0) endLostConnection();
    }),
  );
  const online = computed(() => ["live", "busy"].includes(link.state.value) && helloAnswered.value);

  const outcomes = new Map<
    number,
    { request: Job["request"]; resolve: (result: EditResult) => void; quiet: boolean; selections: readonly Selected[] }
  >();
  const pastSelections = openPastSelections<Selected>(doc.peek().rev);
  const autoNames = openAutoNames();
  const turns = signal(0);
  const notes = new Map<number, readonly Diagnostic[]>();
  let tickets = 0;
  let latest: Promise<EditResult> = Promise.resolve({ ok: true, rev: doc.peek().rev, notes: [] });

  const isThere = ({ kind, id, index }: Selected): boolean =>
    kind === "state" ? worldGraph.peek().byId.has(id) : eventIndex(doc.peek(), id, index) >= 0;

  const dispatch = (input: Input): void => {
    const before = session.peek();
    const [next, effects] = reduce(before, input);
    batch(() => {
      session.value = next;
      if (next.doc !== before.doc) {
        const kept = others.peek().length > 0 ? othersAfter(before.doc, next.doc, others.peek()) : [];
        const first = selectionAfter(before.doc, next.doc, selected.peek());
        const heir = first ? null : kept.pop();
        selected.value = heir ? { ...heir, key: heir.key ?? heir.id } : first;
        others.value = kept;
      }
      for (const one of effects) perform(one);
      // at once, before a change that waits, such as an undo, brings the card back
      if (effects.some(({ type }) => type === "settle")) endLostConnection();
    });
  };

  const perform = (one: Effect): void => {
    if (one.type === "settle") {
      const waitingFor = outcomes.get(one.ticket);
      outcomes.delete(one.ticket);
      if (!one.outcome.ok && !waitingFor?.quiet) notices.show(sentence(one.outcome.reply.message), "error");
      if (one.outcome.ok && waitingFor?.request.type === "edit") {
        renames.add(waitingFor.request.ops);
        renameCount.value += 1;
      }
      if (one.outcome.ok && waitingFor) {
        const { request, selections } = waitingFor;
        const before = pastSelections.settle(request.type, one.outcome.rev, selections).filter(isThere);
        if (!selected.peek()) {
          selected.value = before[0] ?? null;
          others.value = before.slice(1);
        }
      }
      waitingFor?.resolve({ ...one.outcome, notes: notes.get(one.ticket) ?? [] });
      notes.delete(one.ticket);
    } else if (one.type === "hello") {
      link.hello();
    } else {
      const { ticket, request } = one.job;
      void link.request<EditorReply>(request, `change${ticket}`).then((reply) => {
        if (reply.type === "accepted") notes.set(ticket, reply.notes ?? []);
        dispatch({ type: "reply", ticket, reply });
      });
    }
  };

  // for as long as the link is open: what waits its turn goes on after the view was closed
  link.listen((message) => {
    if (isChanged(message)) {
      if (!text(message.cause).startsWith(`${link.view}.change`)) pastSelections.forget(message.rev);
      dispatch({ type: "changed", message });
    } else if (isSeed(message)) {
      pastSelections.forget(message.seed.rev);
      helloAnswered.value = true;
      dispatch({ type: "seeded", seed: message.seed });
    } else if (message.type === "rejected") dispatch({ type: "refused", reply: message as Rejected });
  });
  const followSelection = () => {
    const fromModel = wireSelection(model.get("selection"));
    const mine = selected.peek();
    if (fromModel?.kind === mine?.kind && fromModel?.id === mine?.id) return;
    batch(() => {
      selected.value = fromModel;
      others.value = [];
    });
  };
  model.on("change:selection", followSelection);
  disposal.add(() => model.off("change:selection", followSelection));
  disposal.add(
    effect(() => {
      const mine = selected.value;
      const fromModel = wireSelection(model.get("selection"));
      if (fromModel?.kind === mine?.kind && fromModel?.id === mine?.id) return;
      model.set("selection", mine ? { kind: mine.kind, id: mine.id } : null);
      model.save_changes();
    }),
  );

  const overlay = openOverlays(model, link, notices, graph, disposal);

  const size = signal<Size>({ w: 0, h: 0 });
  const coveredWidth = signal(0);
  const panel = signal<Panel>("details");
  const panelOpen = signal(true);
  const hidden = computed(() => onMap.projection.value.hidden);
  const detail = computed(() => detailAt(view.value));
  return {
    link,
    notices,
    session,
    doc,
    graph,
    worldGraph,
    scene,
    pending: computed(() => pendingCount(session.value) + Math.max(0, turns.value - 1)),
    turns,
    hasAnswered: helloAnswered,
    online,
    locked: computed(() => readOnly.value === true),
    editable: computed(() => online.value && readOnly.value !== true),
    view,
    size,
    coveredWidth,
    freeSize: computed(() => {
      const { w, h } = size.value;
      const free = w - coveredWidth.value;
      return { w: free < MIN_FREE_WIDTH_PX ? w : free, h };
    }),
    detail,
    selected,
    selectedNode,
    selectedEvent,
    others,
    selectedItems,
    tool: signal<Tool>("hand"),
    box: signal<Rect | null>(null),
    pointer: { current: null },
    quickAddPoint: signal<AddingPoint | null>(null),
    fullScreen: signal(false),
    legendOpen: signal(false),
    hover: signal<Hit | null>(null),
    pendingPlaces,
    draggedPlaces,
    movedNodes,
    cardElements: openCardElements({ detail, view, size, scene, movedNodes, selectedNode, hidden }),
    liveRoutes: computed(() => movedRoutes(scene.value, movedNodes.value)),
    connecting,
    connection,
    onMap,
    drawnMap: openDrawnMap(onMap, graph),
    overlay,
    properties: openProperties(model, link, notices, overlay.walk, disposal),
    play: openPlay(model, link, notices, disposal),
    pictures: openMapPictures(model, link, doc, online, disposal),
    storeSync: openStoreSync(model, link, notices, online, disposal),
    tables: openTables(link, notices, graph),
    generation: openGeneration(model, link, disposal),
    autoNames,
    panel,
    panelOpen,
    shownPanel: computed(() => (panelOpen.value ? panel.value : null)),
    openPanel: (which) => {
      panel.value = which;
      panelOpen.value = true;
    },
    searchOpen: signal(false),
    awaitedForms: signal(0),
    fieldToFocus: signal<string | null>(null),
    code: signal(""),
    problemToShow: signal<DiagnosticItem | null>(null),
    submit: (request, quiet = false) => {
      latest = new Promise((resolve) => {
        tickets += 1;
        const selections = [selected.peek(), ...others.peek()].filter((one) => one !== null);
        outcomes.set(tickets, { request, resolve, quiet, selections });
        dispatch({ type: "submit", job: { ticket: tickets, request } });
      });
      return latest;
    },
    lastResult: () => latest,
    rehearse: (run) => {
      const start = session.peek();
      const sets = [autoNames.states, autoNames.events].map((names) => [names, [...names]] as const);
      batch(() => {
        try {
          renames.forgetting(() =>
            run((change) => {
              renames.add(change.ops);
              session.value = { ...start, doc: expectedDoc(doc.peek(), change) };
            }),
          );
        } finally {
          session.value = start;
          for (const [names, before] of sets) {
            names.clear();
            for (const name of before) names.add(name);
          }
        }
      });
    },
    currentName,
    nodeNow,
    edgeNow,
    reconnect: () => {
      session.value = { ...session.peek(), seeding: false };
      dispatch({ type: "open" });
    },
    closeLink: () => {
      effect(() => {
        if (turns.value + pendingCount(session.value) === 0) link.dispose();
      });
    },
  };
}

/** Return the graph of a document; it follows the parts it is made of, so that moving a card does not build it again. */
function openGraph(doc: ReadonlySignal<Doc>): ReadonlySignal<Graph> {
  const parts = (["states", "events", "world", "diagnostics"] as const).map((part) => computed(() => doc.value[part]));
  let last: Graph | null = null;
  return computed(() => {
    for (const part of parts) void part.value;
    last = buildGraph(doc.peek(), last);
    return last;
  });
}

/** Return the selection after a change: what was renamed is still selected, what is gone is not. */
export function selectionAfter(before: Doc, after: Doc, what: Selected | null): Selected | null {
  if (!what) return null;
  let at = before.states.findIndex(({ id }) => id === what.id);
  if (what.kind === "event") {
    at = eventIndex(before, what.id, what.index);
    const numbers = eventsByName(after);
    const namesake = namesakeOf(eventsByName(before), what.id, at);
    const index = numberNow(numbers, what.id, namesake);
    if (index >= 0) return index === (what.index ?? at) ? what : { ...what, index };
    if (namesake.namesakes < 2 && numbers.byName.has(what.id)) return what;
  } else if (after.states.some(({ id }) => id === what.id)) return what;
  const names = (doc: Doc) => (what.kind === "state" ? doc.states.map(({ id }) => id) : doc.events.map(eventName));
  const [old, now] = [names(before), names(after)];
  const newId = now[at];
  if (at < 0 || newId === undefined || old.length > now.length || old.includes(newId)) return null;
  // A rename keeps its place, and with it everything before and after; what the same edit adds comes last.
  if (old.length !== now.length && old.some((name, index) => index !== at && name !== now[index])) return null;
  return { ...what, id: newId, key: what.key ?? what.id };
}

/** Return what else is selected after a change. */
function othersAfter(before: Doc, after: Doc, others: readonly Selected[]): Selected[] {
  const ids = new Set(after.states.map(({ id }) => id));
  const isShorter = after.states.length < before.states.length;
  return others.flatMap((one) => {
    // thousands may be selected, and few of them renamed
    if (one.kind === "state" && (isShorter || ids.has(one.id))) return ids.has(one.id) ? one : [];
    return selectionAfter(before, after, one) ?? [];
  });
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

function isSeed(message: Envelope): message is SeedReply {
  return message.type === "seed";
}
