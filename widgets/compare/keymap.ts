/** Every key of a comparison: one table that the help panel shows and the handler obeys. */
import { findBinding, indexByChord, isTyping, type KeyHelp } from "../shared/keys";
import type { Camera } from "./camera";
import type { Store } from "./store";

export interface KeyContext {
  readonly store: Store;
  readonly camera: Camera;
  /** Go to a change and show it. */
  readonly go: (by: 1 | -1) => void;
}

export interface Binding extends KeyHelp {
  readonly run: (context: KeyContext & { readonly chord: string }) => void;
}

const PAN_PX = 80;

export const BINDINGS: readonly Binding[] = [
  {
    chords: ["n", "arrowright", "arrowdown"],
    keys: ["N", "→", "↓"],
    does: "Next difference",
    run: ({ go }) => go(1),
  },
  {
    chords: ["p", "arrowleft", "arrowup"],
    keys: ["P", "←", "↑"],
    does: "Previous difference",
    run: ({ go }) => go(-1),
  },
  {
    chords: ["1", "2", "3"],
    keys: ["1", "2", "3"],
    does: "In a merge: pick ours, pick theirs, keep it as it was",
    run: ({ store, chord: keys }) => {
      const at = store.current.peek();
      if (at !== null && at < 0) void store.pick(~at, keys === "1" ? "ours" : keys === "2" ? "theirs" : "base");
    },
  },
  { chords: ["b"], keys: ["B"], does: "Switch: both worlds, before, after", run: ({ store }) => store.flick() },
  { chords: ["f"], keys: ["F"], does: "Fit the whole map", run: ({ camera }) => camera.fit() },
  { chords: ["+", "="], keys: ["+"], does: "Zoom in", run: ({ camera }) => camera.zoomBy(1.25) },
  { chords: ["-", "_"], keys: ["-"], does: "Zoom out", run: ({ camera }) => camera.zoomBy(0.8) },
  {
    chords: ["shift+arrowleft"],
    keys: ["Shift", "arrows"],
    does: "Move the view",
    run: ({ camera }) => camera.pan(PAN_PX, 0),
  },
  { chords: ["shift+arrowright"], keys: [], does: "", run: ({ camera }) => camera.pan(-PAN_PX, 0) },
  { chords: ["shift+arrowup"], keys: [], does: "", run: ({ camera }) => camera.pan(0, PAN_PX) },
  { chords: ["shift+arrowdown"], keys: [], does: "", run: ({ camera }) => camera.pan(0, -PAN_PX) },
  {
    chords: ["?"],
    keys: ["?"],
    does: "This list",
    run: ({ store }) => {
      store.helpOpen.value = !store.helpOpen.peek();
      store.panelOpen.value = true;
    },
  },
  {
    chords: ["escape"],
    keys: ["Esc"],
    does: "Close, deselect",
    run: ({ store }) => {
      if (store.helpOpen.peek()) store.helpOpen.value = false;
      else store.choose(null);
    },
  },
];

const BINDINGS_BY_CHORD = indexByChord(BINDINGS);

/** Act on a key press; say whether it was taken. */
export function handleKey(event: KeyboardEvent, context: KeyContext): void {
  if (event.defaultPrevented || isTyping(event)) return;
  const { keys, binding } = findBinding(BINDINGS_BY_CHORD, event);
  if (!binding) return;
  event.preventDefault();
  binding.run({ ...context, chord: keys });
}
