/** Every key of the editor: one table that the help panel shows and the handler obeys. */

import { findBinding, indexByChord, isTyping, type KeyHelp } from "../shared/keys";
import type { LastUsed, Place } from "../shared/last-used";
import type { Actions } from "./actions";
import type { Camera } from "./camera";
import type { Clipboard } from "./clipboard";
import type { Direction } from "./graph/navigate";
import { addingPoint } from "./quick-add";
import type { Store } from "./store";
import { focusMap } from "./view/combobox";

export interface Binding extends KeyHelp {
  readonly group: "Move" | "Select" | "Edit" | "View";
  /** Only while the map itself has the focus. */
  readonly onMap?: boolean;
  /** The browser has its own part in it. */
  readonly native?: boolean;
  /** Also in a field, while it holds what the world holds and has nothing of its own to undo. */
  readonly settled?: boolean;
  /** Changes the world, or begins to: only while the map is what was last used on purpose. */
  readonly changes?: boolean;
  readonly run: (context: KeyContext) => void;
}

export interface KeyContext {
  readonly store: Store;
  readonly actions: Actions;
  readonly camera: Camera;
  readonly clipboard: Clipboard;
  readonly lastUsed: LastUsed;
  readonly chord: string;
}

const PAN_PX = 80;
const LARGE_STEP = 4;
const ARROWS = ["arrowleft", "arrowright", "arrowup", "arrowdown"] as const;
const STEPS: { readonly [way in Direction]: readonly [dx: number, dy: number] } = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};

/** Return which way the arrow of a chord points. */
function directionOf(keys: string): Direction {
  return keys.slice(keys.lastIndexOf("arrow") + 5) as Direction;
}

export const BINDINGS: readonly Binding[] = [
  {
    chords: ARROWS,
    keys: ["←", "↑", "→", "↓"],
    does: "Go to the next state that way, along events first; from an event, to its end",
    group: "Move",
    onMap: true,
    run: ({ actions, chord: keys }) => actions.walk(directionOf(keys)),
  },
  {
    chords: ["e", "w"],
    keys: ["E", "W"],
    does: "Next event of the state, and the one before",
    group: "Move",
    onMap: true,
    run: ({ actions, chord: keys }) => actions.nextEvent(keys === "e" ? 1 : -1),
  },
  {
    chords: ["/"],
    keys: ["/"],
    does: "Search ids, names, prose and flags (“grants oil”, “needs key”)",
    group: "Move",
    run: ({ store }) => {
      store.searchOpen.value = true;
    },
  },
  {
    chords: ["mod+a"],
    keys: ["Ctrl", "A"],
    does: "Select every state",
    group: "Select",
    run: ({ actions }) => actions.everything(),
  },
  {
    chords: ["b"],
    keys: ["B"],
    does: "Frame tool: drag to select, or move the view again",
    group: "Select",
    run: ({ store }) => {
      store.tool.value = store.tool.peek() === "box" ? "hand" : "box";
    },
  },
  {
    chords: ["escape"],
    keys: ["Esc"],
    does: "Cancel, close, deselect",
    group: "Select",
    run: ({ actions }) => void actions.escape(),
  },
  {
    chords: ["enter"],
    keys: ["Enter"],
    does: "Edit what is selected; while connecting, connect",
    group: "Edit",
    onMap: true,
    run: ({ store, actions }) => {
      if (store.connection.peek()) actions.finishConnecting();
      else if (store.selected.peek() === null) actions.walk("right");
      else actions.openForm();
    },
  },
  {
    chords: ["f2"],
    keys: ["F2"],
    does: "Rename",
    group: "Edit",
    run: ({ store, actions }) => actions.openForm(store.selected.peek()?.kind === "event" ? "name" : "id"),
  },
  {
    chords: ["a"],
    keys: ["A"],
    does: "Add: a list of everything that can be made here",
    group: "Edit",
    changes: true,
    run: ({ store, actions }) => actions.openQuickAdd(addingPoint(store)),
  },
  {
    chords: ["n"],
    keys: ["N"],
    does: "Next state: add one, connected to the selected one",
    group: "Edit",
    changes: true,
    run: ({ actions }) => void actions.next(),
  },
  {
    chords: ["g"],
    keys: ["G"],
    does: "Group the selection in a new region",
    group: "Edit",
    changes: true,
    run: ({ actions }) => void actions.groupSelection(),
  },
  {
    chords: ["j", "d"],
    keys: ["J", "D"],
    does: "Note, or to-do, beside the selected state or on the map",
    group: "Edit",
    changes: true,
    run: ({ actions, chord: keys }) => void actions.addNote(keys === "d"),
  },
  {
    chords: ["mod+shift+enter"],
    keys: ["Ctrl", "Shift", "Enter"],
    does: "Save the text, and open the next state without text",
    group: "Edit",
    run: ({ actions }) => void actions.nextUnwritten(),
  },
  {
    chords: ["c"],
    keys: ["C"],
    does: "Connect the selected state, or redirect the selected event: arrows, then Enter",
    group: "Edit",
    changes: true,
    run: ({ actions }) => actions.startConnecting(),
  },
  {
    chords: ["delete", "backspace"],
    keys: ["Delete"],
    does: "Delete what is selected",
    group: "Edit",
    changes: true,
    run: ({ actions }) => void actions.remove(),
  },
  {
    chords: ["mod+z"],
    keys: ["Ctrl", "Z"],
    does: "Undo; in a field, what was typed there first",
    group: "Edit",
    settled: true,
    run: ({ actions }) => actions.undo(),
  },
  {
    chords: ["mod+shift+z", "mod+y"],
    keys: ["Ctrl", "Shift", "Z"],
    does: "Redo",
    group: "Edit",
    settled: true,
    run: ({ actions }) => actions.redo(),
  },
  {
    chords: ["mod+c"],
    keys: ["Ctrl", "C"],
    does: "Copy states and the events among them, as JSON",
    group: "Edit",
    native: true,
    run: ({ clipboard }) => clipboard.take("copy"),
  },
  {
    chords: ["mod+x"],
    keys: ["Ctrl", "X"],
    does: "Cut",
    group: "Edit",
    native: true,
    changes: true,
    run: ({ clipboard }) => clipboard.take("cut"),
  },
  {
    chords: ["mod+v"],
    keys: ["Ctrl", "V"],
    does: "Paste: what was copied here or elsewhere, the JSON of a state, a whole world",
    group: "Edit",
    native: true,
    changes: true,
    run: ({ clipboard }) => clipboard.take("paste"),
  },
  {
    chords: ["mod+d"],
    keys: ["Ctrl", "D"],
    does: "Duplicate",
    group: "Edit",
    changes: true,
    run: ({ actions }) => void actions.duplicate(),
  },
  {
    chords: ARROWS.map((arrow) => `alt+${arrow}`),
    keys: ["Alt", "arrows"],
    does: "Move the selected cards by a step; with Shift, by four",
    group: "Edit",
    run: ({ actions, chord: keys }) => actions.nudge(...STEPS[directionOf(keys)]),
  },
  {
    chords: ARROWS.map((arrow) => `alt+shift+${arrow}`),
    keys: [],
    does: "",
    group: "Edit",
    run: ({ actions, chord: keys }) => {
      const [dx, dy] = STEPS[directionOf(keys)];
      actions.nudge(dx * LARGE_STEP, dy * LARGE_STEP);
    },
  },
  { chords: ["f"], keys: ["F"], does: "Fit the whole world", group: "View", run: ({ camera }) => camera.fit() },
  {
    chords: ["z"],
    keys: ["Z"],
    does: "Zoom to what is selected",
    group: "View",
    run: ({ actions }) => actions.zoomToSelection(),
  },
  { chords: ["+", "="], keys: ["+"], does: "Zoom in", group: "View", run: ({ camera }) => camera.zoomBy(1.25) },
  { chords: ["-", "_"], keys: ["-"], does: "Zoom out", group: "View", run: ({ camera }) => camera.zoomBy(0.8) },
  {
    chords: ARROWS.map((arrow) => `shift+${arrow}`),
    keys: ["Shift", "arrows"],
    does: "Move the view",
    group: "View",
    run: ({ camera, chord: keys }) => {
      const [dx, dy] = STEPS[directionOf(keys)];
      camera.pan(-dx * PAN_PX, -dy * PAN_PX);
    },
  },
  {
    chords: ["alt+enter"],
    keys: ["Alt", "Enter"],
    does: "Full screen, and back",
    group: "View",
    run: ({ store }) => {
      store.fullScreen.value = !store.fullScreen.peek();
    },
  },
  {
    chords: ["o"],
    keys: ["O"],
    does: "Regions, notes, to-dos, tags and saved views",
    group: "View",
    run: ({ actions }) => actions.show("map"),
  },
  {
    chords: ["i"],
    keys: ["I"],
    does: "Pictures: show the picture of every state on the map, or only its text",
    group: "View",
    run: ({ store }) => store.pictures.toggle(),
  },
  {
    chords: ["l"],
    keys: ["L"],
    does: "Legend: what every mark means",
    group: "View",
    run: ({ store }) => {
      store.legendOpen.value = !store.legendOpen.peek();
    },
  },
  {
    chords: ["t"],
    keys: ["T"],
    does: "Tables of scenes, events, flags and missions, or the map again",
    group: "View",
    run: ({ actions }) => actions.showTable(),
  },
  {
    chords: ["r"],
    keys: ["R"],
    does: "Find and replace in all texts",
    group: "View",
    run: ({ actions }) => actions.showTable("replace"),
  },
  { chords: ["p"], keys: ["P"], does: "Problems", group: "View", run: ({ actions }) => actions.show("problems") },
  {
    chords: ["v"],
    keys: ["V"],
    does: "Properties: what must hold in every run",
    group: "View",
    run: ({ actions }) => actions.show("properties"),
  },
  { chords: ["?"], keys: ["?"], does: "This list", group: "View", run: ({ actions }) => actions.show("help") },
];

const BINDINGS_BY_CHORD = indexByChord(BINDINGS);

/**
 * Return why a key does nothing now, as a sentence; null when it may act.
 *
 * Args:
 *   binding: What the key is bound to.
 *   used: What was last used on purpose. It is a text field here only when that field is gone: while it is there, the
 *     key belongs to it.
 */
export function reasonNotToAct(binding: Pick<Binding, "changes" | "settled">, place: Place | null): string | null {
  if (place === "text" && !binding.settled)
    return "The field that was typed in is gone. Press Tab to continue, or Esc for the map.";
  if (binding.changes && place !== "map")
    return "This key works on the map. Click the map first, or go there with Tab.";
  return null;
}

/** Act on a key press. Letters typed into a field are text, and a field's own undo is its own while it has one. */
export function handleKey(event: KeyboardEvent, context: Omit<KeyContext, "chord">): void {
  if (event.defaultPrevented) return;
  const { keys, binding } = findBinding(BINDINGS_BY_CHORD, event);
  const target = event.composedPath()[0];
  const element = target instanceof Element ? target : null;
  const typing = isTyping(event) && !(binding?.settled && element?.matches("[data-settled], select"));
  if (typing && keys !== "escape") return;
  // A form is about to take the focus; what is typed meanwhile is meant for it.
  if (context.store.awaitedForms.peek() > 0 && context.store.editable.peek() && keys.length === 1) {
    event.preventDefault();
    return;
  }
  if (!binding) return;
  const { store, lastUsed } = context;
  const onMap = element?.closest(".we-stage") !== null && element?.closest("[data-local]") === null;
  // Escape leaves a field for the map, also one that is gone, and takes the map where the focus only fell back to it.
  if (keys === "escape" && (typing || lastUsed.place === "text" || (onMap && lastUsed.place !== "map"))) {
    focusMap(element);
    lastUsed.use("map");
    event.preventDefault();
    return;
  }
  if (binding.onMap && !onMap) return;
  // a table or a run that is played lies over the map: what is selected there cannot be seen
  const isCovered = store.tables.tab.peek() !== null || store.play.player.peek() !== null;
  const rejection = reasonNotToAct(binding, isCovered && lastUsed.place === "map" ? null : lastUsed.place);
  if (rejection !== null) {
    event.preventDefault();
    store.notices.show(rejection);
    return;
  }
  // Words selected in the panel are copied as words.
  if (binding.native && !onMap && String(globalThis.getSelection?.() ?? "") !== "") return;
  if (!binding.native) event.preventDefault();
  // The tables are closed, and the map is what was under them.
  if (keys === "escape" && element?.closest(".we-tables")) focusMap(element);
  binding.run({ ...context, chord: keys });
}
