/** What a person does to regions, notes, tags and saved views; each is one step to undo. */
import { type Annotations, newId } from "../../map/annotations";
import { overlap, type Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { nodesIn } from "../../map/scene";
import { fitRect, toWorld, visibleRect } from "../../map/viewport";
import { count, shorten } from "../../shared/format";
import { texts } from "../../shared/json";
import type { AnnotationPatch, Note, Position, Region, SavedView } from "../../shared/protocol";
import type { Context } from "../actions/context";
import { idOf, placeAround, placeOf, pointedPlace } from "../actions/context";
import { freeGround } from "../graph/arrange";
import { movePatch, newRegion, regionPatch, tagPatch, tagsPatch } from "./edits";
import { NOTE_H, NOTE_W } from "./note-layout";

type RegionChange = Partial<Pick<Region, "name" | "states" | "color" | "collapsed">>;
type NoteChange = Partial<Pick<Note, "text" | "at" | "state" | "todo" | "done" | "color">>;

export interface AnnotationActions {
  /** Change what is on the map, as it is when the turn comes; null for nothing. Resolves with whether that was done. */
  annotate(change: AnnotationPatch | ((now: Annotations) => AnnotationPatch | null), label: string): Promise<boolean>;
  /** Put the selected states into a new region, and open its name. */
  groupSelection(): Promise<void>;
  changeRegion(id: string, change: RegionChange, label: string): Promise<boolean>;
  /** Put a state into a region, or into none. */
  moveToRegion(state: string, region: string | null): Promise<boolean>;
  /** Put states into the region of a name, which is made when it is new; into none when the name is empty. */
  putInRegion(states: readonly string[], name: string): Promise<boolean>;
  /** Collapse a region, or open it. */
  toggleRegion(id: string): void;
  /** Show one region and dim the rest; null leaves it. */
  enterRegion(id: string | null): void;
  selectRegion(id: string): void;
  /** Put a note beside the selected state, or where one looks, and open it. */
  addNote(todo: boolean): Promise<void>;
  changeNote(id: string, change: NoteChange, label: string): Promise<boolean>;
  showNote(id: string): void;
  /** Put a tag on states, or take it off; a tag that is new is made. */
  tag(name: string, states: readonly string[], on: boolean): Promise<boolean>;
  /** Give a state some tags and no others. */
  setTags(state: string, names: readonly string[]): Promise<boolean>;
  lightTag(name: string): void;
  saveView(name: string): Promise<boolean>;
  showView(id: string): void;
}

export function annotationActions({ store, camera, notices, mayEdit, inTurn, untilOpen }: Context): AnnotationActions {
  const { onMap } = store;

  const annotate: AnnotationActions["annotate"] = async (change, label) => {
    if (!mayEdit()) return false;
    return inTurn(async () => {
      const annotations = typeof change === "function" ? change(onMap.annotations.peek()) : change;
      return annotations !== null && (await store.submit({ type: "annotate", annotations, label })).ok;
    });
  };
  const currentNames = (states: readonly string[]) => states.map((state) => store.currentName("state", state));
  const region = (id: string): Region | undefined => onMap.annotations.peek().regions.get(id);
  const changeRegion: AnnotationActions["changeRegion"] = (id, change, label) =>
    annotate(({ regions }) => {
      const before = regions.get(id);
      return before ? { regions: { [id]: { ...before, ...change } } } : null;
    }, label);
  const nodesOf = (id: string): number[] => {
    const { byId } = store.graph.peek();
    return (region(id)?.states ?? []).flatMap((state) => byId.get(state) ?? []);
  };
  const selectedStates = () => [...store.selectedItems.peek().nodes].map((node) => idOf(store, node));
  /** Return the states from which the selected events start. */
  const selectedSources = () =>
    [...store.selectedItems.peek().events].flatMap((index) => texts(store.doc.peek().events[index]?.from));

  return {
    annotate,
    changeRegion,
    groupSelection: async () => {
      const states = selectedStates();
      if (states.length === 0) {
        notices.show("Select the states of the region first: hold Shift and click, or drag a frame around them.");
        return;
      }
      const id = newId("region");
      await untilOpen(async () => {
        const isMade = await annotate(
          ({ regions }) => {
            const name = freeRegionName([...regions.values()]);
            return { regions: { [id]: { ...newRegion(regions, name), states: currentNames(states) } } };
          },
          `Put ${count(states.length, "state")} in a region`,
        );
        if (!isMade) return;
        onMap.openRegion.value = id;
        store.openPanel("map");
      });
    },
    moveToRegion: (state, id) => {
      const name = id === null ? "no region" : shorten(region(id)?.name ?? "", 40);
      return annotate((now) => movePatch(now, currentNames([state]), id), `Put ${shorten(state, 40)} in ${name}`);
    },
    putInRegion: (states, name) => {
      const what = states.length === 1 ? shorten(states[0] ?? "", 40) : count(states.length, "state");
      const label = name === "" ? `Remove ${what} from its region` : `Put ${what} in ${shorten(name, 40)}`;
      return annotate((now) => regionPatch(now, currentNames(states), name), label);
    },
    toggleRegion: (id) => {
      const before = region(id);
      if (!before) return;
      const openRegions = new Set(onMap.opened.peek());
      const isOpenHereOnly = before.collapsed && openRegions.delete(id);
      // Nothing that cannot be seen stays selected: it could be deleted unnoticed.
      const selection = new Set([...selectedStates(), ...selectedSources()]);
      if ((isOpenHereOnly || !before.collapsed) && before.states.some((state) => selection.has(state))) {
        store.selected.value = null;
        store.others.value = [];
      }
      if (isOpenHereOnly) {
        onMap.opened.value = openRegions;
        return;
      }
      const verb = before.collapsed ? "Open" : "Collapse";
      void changeRegion(id, { collapsed: !before.collapsed }, `${verb} ${shorten(before.name, 60)}`);
    },
    enterRegion: (id) => {
      onMap.entered.value = id;
      if (id === null) return;
      if (region(id)?.collapsed) onMap.opened.value = new Set([...onMap.opened.peek(), id]);
      camera.fitTo(nodesOf(id));
      notices.say(`In ${region(id)?.name}. Escape leaves it.`);
    },
    selectRegion: (id) => {
      const nodes = nodesOf(id);
      const [first, ...rest] = nodes.map((node) => idOf(store, node));
      if (first === undefined) return;
      if (region(id)?.collapsed) onMap.opened.value = new Set([...onMap.opened.peek(), id]);
      store.selected.value = { kind: "state", id: first };
      store.others.value = rest.map((id) => ({ kind: "state", id }));
      camera.revealAll(nodes);
    },
    addNote: async (todo) => {
      const node = store.selectedNode.peek();
      const note: Note = { text: "", at: [0, 0], state: null, todo, done: false, color: todo ? "orange" : "yellow" };
      const { w, h } = store.freeSize.peek();
      const placedNotes = [...onMap.annotations.peek().notes.values()];
      if (node >= 0) {
        const state = idOf(store, node);
        const [x, y] = placeOf(store, node);
        const isFree = ([dx, dy]: Position) => {
          const box = { x: x + dx, y: y + dy, w: NOTE_W, h: NOTE_H };
          return nodesIn(store.scene.peek(), box).length === 0 && !isCovered(store, placedNotes, box);
        };
        const step = 24 * placedNotes.filter((one) => one.state === state).length;
        Object.assign(note, { state, at: NOTE_PLACES.find(isFree) ?? [step, -NOTE_H - 24 - step] });
      } else {
        const at = pointedPlace(store) ?? toWorld(store.view.peek(), w / 2, h / 2);
        const [x, y] = placeAround(at);
        const [dx, dy] = freeGround([[x, y]], (rect) => isCovered(store, placedNotes, rect));
        Object.assign(note, { at: [x + dx, y + dy] });
      }
      const id = newId("note");
      await untilOpen(async () => {
        const add = () => {
          const state = note.state === null ? null : store.currentName("state", note.state);
          return { notes: { [id]: { ...note, state } } };
        };
        if (!(await annotate(add, todo ? "Add a to-do" : "Add a note"))) return;
        onMap.openNote.value = id;
        store.openPanel("map");
      });
    },
    changeNote: (id, change, label) =>
      annotate(({ notes }) => {
        const before = notes.get(id);
        return before ? { notes: { [id]: { ...before, ...change } } } : null;
      }, label),
    showNote: (id) => {
      const note = onMap.annotations.peek().notes.get(id);
      if (!note) return;
      const [x, y] = notePlace(store, note);
      camera.glideTo(fitRect({ x, y, w: NOTE_W, h: NOTE_H }, store.freeSize.peek(), 48, 0.85));
    },
    tag: (name, states, on) => {
      const label = on ? `Tag ${shorten(name, 40)}` : `Remove tag ${shorten(name, 40)}`;
      return annotate((now) => tagPatch(now, currentNames(states), name, on), label);
    },
    setTags: (state, names) =>
      annotate(
        (now) => tagsPatch(now, store.currentName("state", state), names),
        `Set the tags of ${shorten(state, 40)}`,
      ),
    lightTag: (name) => {
      const lit = new Set(onMap.litTags.peek());
      if (!lit.delete(name)) lit.add(name);
      onMap.litTags.value = lit;
    },
    saveView: (name) => {
      const { x, y, w, h } = visibleRect(store.view.peek(), store.freeSize.peek());
      const view: SavedView = {
        name,
        area: [x, y, w, h],
        region: onMap.entered.peek(),
        tags: [...onMap.litTags.peek()],
      };
      return annotate({ views: { [newId("view")]: view } }, `Save view ${shorten(name, 40)}`);
    },
    showView: (id) => {
      const view = onMap.annotations.peek().views.get(id);
      if (!view) return;
      const [x, y, w, h] = view.area;
      onMap.entered.value = view.region;
      onMap.litTags.value = new Set(view.tags);
      camera.glideTo(fitRect({ x, y, w, h }, store.freeSize.peek(), 0, 2.5));
    },
  };
}

/** Return where a note stands on the map. */
export function notePlace(store: Context["store"], note: Note): Position {
  const node = note.state === null ? -1 : (store.graph.peek().byId.get(note.state) ?? -1);
  const [x, y] = store.movedNodes.peek().get(node) ?? store.scene.peek().places[node] ?? [0, 0];
  return [note.at[0] + x, note.at[1] + y];
}

/** Where a note may stand beside its card, the best first: above it, below it, at its left and at its right. */
const NOTE_PLACES: readonly Position[] = [
  [0, -NOTE_H - 24],
  [0, CARD_H + 24],
  [-NOTE_W - 8, 0],
  [CARD_W + 8, 0],
];

function isCovered(store: Context["store"], notes: readonly Note[], rect: Rect): boolean {
  return notes.some((note) => {
    const [x, y] = notePlace(store, note);
    return overlap({ x, y, w: NOTE_W, h: NOTE_H }, rect);
  });
}

function freeRegionName(regions: readonly Region[]): string {
  const names = new Set(regions.map(({ name }) => name));
  for (let n = 1; ; n += 1) if (!names.has(`Region ${n}`)) return `Region ${n}`;
}
