import { describe, expect, it, vi } from "vitest";
import { openCamera } from "../../editor/camera";
import { BINDINGS, handleKey, type KeyContext, reasonNotToAct } from "../../editor/keymap";
import type { Store } from "../../editor/store";
import { Minimap } from "../../editor/view/minimap";
import type { Place } from "../../shared/last-used";
import { openEditor } from "./open-editor";

const PLACES: readonly (Place | null)[] = ["map", "control", "text", null];
const bound = (chord: string) => {
  const binding = BINDINGS.find(({ chords }) => chords.includes(chord));
  if (!binding) throw new Error(`nothing is bound to ${chord}`);
  return binding;
};

describe("keys of the editor", () => {
  it("a step of the view is not taken back by a glide that is under way", async () => {
    const frames: ((now: number) => void)[] = [];
    vi.stubGlobal("matchMedia", () => ({ matches: false }));
    vi.stubGlobal("requestAnimationFrame", (run: (now: number) => void) => frames.push(run));
    vi.stubGlobal("cancelAnimationFrame", (frame: number) => frames.splice(frame - 1, 1));
    const { store, actions, disposal } = await openEditor(["a"]);
    store.size.value = { w: 800, h: 600 };
    const camera = openCamera(store, disposal);
    camera.glideTo({ x: 500, y: 500, k: 1 });
    const { x } = store.view.peek();
    const context = { store, actions, camera, chord: "shift+arrowright" } as unknown as KeyContext;
    bound("shift+arrowright").run(context);
    while (frames.length > 0) frames.shift()?.(performance.now() + 1000);
    expect(store.view.peek()).toEqual({ x: x - 80, y: 0, k: 1 });
    disposal.dispose();
  });

  it("a press on the small map ends a glide that is under way", () => {
    const camera = { stop: () => {} };
    const map = Minimap({ camera } as unknown as Parameters<typeof Minimap>[0]);
    expect((map.props as { onDrag?: unknown }).onDrag).toBe(camera.stop);
  });

  it.each(["delete", "backspace", "mod+x", "mod+v", "mod+d", "n", "a", "c"])(
    "%s acts only while the map is used",
    (chord) => {
      expect(PLACES.filter((used) => reasonNotToAct(bound(chord), used) === null)).toEqual(["map"]);
    },
  );

  it.each(["f", "l", "p", "?", "/", "mod+c"])("%s acts from every control, too", (chord) => {
    expect(PLACES.filter((used) => reasonNotToAct(bound(chord), used) === null)).toEqual(["map", "control", null]);
  });

  it.each<[string, (store: Store, isThere: boolean) => void]>([
    [
      "a table",
      ({ tables }, isThere) => {
        tables.tab.value = isThere ? "states" : null;
      },
    ],
    [
      "a run that is played",
      ({ play }, isThere) => {
        play.player.value = isThere ? { id: "player", title: "key" } : null;
      },
    ],
  ])("keys that change something do nothing while %s covers the map, and others act", async (_, cover) => {
    vi.stubGlobal("Element", class {});
    const { store, actions } = await openEditor(["a"]);
    const [remove, duplicate] = [vi.spyOn(actions, "remove"), vi.spyOn(actions, "duplicate")];
    const [take, fit] = [vi.fn(), vi.fn()];
    const context = { store, actions, camera: { fit }, clipboard: { take }, lastUsed: { place: "map" } };
    const calls = () => [remove, duplicate, take, fit].map(({ mock }) => mock.calls.length);
    const pressAll = () => {
      for (const [key, ctrlKey] of [
        ["Delete", false],
        ["d", true],
        ["v", true],
        ["f", false],
      ] as const) {
        const press = { key, ctrlKey, metaKey: false, altKey: false, shiftKey: false, composedPath: () => [] };
        const event = { ...press, defaultPrevented: false, preventDefault() {} } as unknown as KeyboardEvent;
        handleKey(event, context as unknown as KeyContext);
      }
    };
    cover(store, true);
    pressAll();
    expect(calls()).toEqual([0, 0, 0, 1]);
    expect(store.notices.list.peek().map(({ text }) => text)).toEqual([
      "This key works on the map. Click the map first, or go there with Tab.",
    ]);
    cover(store, false);
    pressAll();
    expect(calls()).toEqual([1, 1, 1, 2]);
  });

  it("only undo and redo act while the field that was typed in is gone", () => {
    const acting = BINDINGS.filter((binding) => reasonNotToAct(binding, "text") === null);
    expect(acting.flatMap(({ chords }) => chords)).toEqual(["mod+z", "mod+shift+z", "mod+y"]);
  });

  it("every key without a modifier that edits is one of those that need the map", () => {
    const edits = BINDINGS.filter(({ group, changes, onMap }) => group === "Edit" && !changes && !onMap);
    const plain = edits.flatMap(({ chords }) => chords).filter((chord) => !/^(mod|alt)\+/.test(chord));
    expect(plain).toEqual(["f2"]);
  });
});
