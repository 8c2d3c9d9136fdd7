/** Every key of the editor: one table that the help panel shows and the handler obeys. */
import { chord, isTyping } from "../shared/keys";
import type { Actions } from "./actions";
import type { Camera } from "./camera";
import { panned } from "./graph/viewport";
import type { Store } from "./store";

export interface Binding {
  readonly chords: readonly string[];
  /** How the keys are written in the help panel. */
  readonly keys: readonly string[];
  readonly does: string;
  readonly group: "Move" | "Edit" | "View";
  /** Only while the map itself has the focus. */
  readonly onMap?: boolean;
  readonly run: (context: KeyContext) => void;
}

export interface KeyContext {
  readonly store: Store;
  readonly actions: Actions;
  readonly camera: Camera;
  readonly chord: string;
}

const PAN = 80;

function pan(dx: number, dy: number): Binding["run"] {
  return ({ store }) => {
    store.view.value = panned(store.view.peek(), dx * PAN, dy * PAN);
  };
}

export const BINDINGS: readonly Binding[] = [
  {
    chords: ["arrowleft", "arrowright", "arrowup", "arrowdown"],
    keys: ["←", "↑", "→", "↓"],
    does: "Walk to the next state that way",
    group: "Move",
    onMap: true,
    run: ({ actions, chord: pressed }) => actions.walk(pressed.slice(5) as "left"),
  },
  {
    chords: ["/"],
    keys: ["/"],
    does: "Search ids, names and prose",
    group: "Move",
    run: ({ store }) => {
      store.searching.value = true;
    },
  },
  {
    chords: ["enter"],
    keys: ["Enter"],
    does: "Edit what is selected; while connecting, connect",
    group: "Edit",
    onMap: true,
    run: ({ store, actions }) => {
      if (store.connecting.peek()) actions.finishConnecting();
      else if (store.selected.peek() === null) actions.walk("right");
      else {
        store.panel.value = "details";
        store.panelOpen.value = true;
        store.wanted.value = store.selected.peek()?.kind === "event" ? "name" : "base";
      }
    },
  },
  { chords: ["n"], keys: ["N"], does: "New state", group: "Edit", run: ({ actions }) => void actions.addState() },
  {
    chords: ["c"],
    keys: ["C"],
    does: "Connect the selected state: pick the target with the arrows, then Enter",
    group: "Edit",
    run: ({ actions }) => actions.startConnecting(),
  },
  {
    chords: ["delete", "backspace"],
    keys: ["Delete"],
    does: "Delete what is selected",
    group: "Edit",
    run: ({ actions }) => void actions.remove(),
  },
  { chords: ["mod+z"], keys: ["Ctrl", "Z"], does: "Undo", group: "Edit", run: ({ actions }) => actions.undo() },
  {
    chords: ["mod+shift+z", "mod+y"],
    keys: ["Ctrl", "Shift", "Z"],
    does: "Redo",
    group: "Edit",
    run: ({ actions }) => actions.redo(),
  },
  { chords: ["f"], keys: ["F"], does: "Fit the whole world", group: "View", run: ({ camera }) => camera.fit() },
  { chords: ["+", "="], keys: ["+"], does: "Zoom in", group: "View", run: ({ camera }) => camera.zoomBy(1.25) },
  { chords: ["-", "_"], keys: ["-"], does: "Zoom out", group: "View", run: ({ camera }) => camera.zoomBy(0.8) },
  { chords: ["shift+arrowleft"], keys: ["Shift", "arrows"], does: "Move the view", group: "View", run: pan(1, 0) },
  { chords: ["shift+arrowright"], keys: [], does: "", group: "View", run: pan(-1, 0) },
  { chords: ["shift+arrowup"], keys: [], does: "", group: "View", run: pan(0, 1) },
  { chords: ["shift+arrowdown"], keys: [], does: "", group: "View", run: pan(0, -1) },
  { chords: ["p"], keys: ["P"], does: "Problems", group: "View", run: ({ actions }) => actions.show("problems") },
  { chords: ["?"], keys: ["?"], does: "This list", group: "View", run: ({ actions }) => actions.show("help") },
  {
    chords: ["escape"],
    keys: ["Esc"],
    does: "Stop connecting, close, deselect",
    group: "View",
    run: ({ actions }) => void actions.escape(),
  },
];

const BY_CHORD = new Map(BINDINGS.flatMap((binding) => binding.chords.map((one) => [one, binding] as const)));

/** Act on a key press. Letters typed into a field are text, and a field's own undo is its own. */
export function handleKey(event: KeyboardEvent, context: Omit<KeyContext, "chord">): void {
  if (event.defaultPrevented || event.isComposing) return;
  const pressed = chord(event);
  const typing = isTyping(event);
  if (typing && pressed !== "escape") return;
  if (context.store.making.peek() && pressed.length === 1) {
    event.preventDefault();
    return;
  }
  const binding = BY_CHORD.get(pressed);
  if (!binding) return;
  const target = event.composedPath()[0];
  const element = target instanceof Element ? target : null;
  if (typing) {
    // Escape leaves a field for the map.
    if (element instanceof HTMLElement) element.blur();
    (event.currentTarget as Element).querySelector<HTMLElement>(".we-stage")?.focus({ preventScroll: true });
    event.preventDefault();
    return;
  }
  const onMap = element?.closest(".we-stage") !== null && element?.closest("[data-local]") === null;
  if (binding.onMap && !onMap) return;
  event.preventDefault();
  binding.run({ ...context, chord: pressed });
}
