import { type Signal, signal } from "@preact/signals";
import { beforeEach, expect, test, vi } from "vitest";
import { type Camera, type MapState, openCamera } from "../../map/camera";
import type { Scene } from "../../map/scene";
import { watchSize } from "../../map/stage";
import { fitBesideTools } from "../../map/viewport";
import { Disposal } from "../../shared/disposal";

const EXTENT = { x: 0, y: 0, w: 1000, h: 400 };

/** An observer that tells nothing by itself, as before the next frame. */
class LateObserver {
  observe(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  vi.stubGlobal("ResizeObserver", LateObserver);
  vi.stubGlobal("cancelAnimationFrame", () => {});
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
});

test("the map is fitted into the stage as it is now, before an observer tells of its new size", () => {
  const map: MapState = {
    view: signal({ x: 0, y: 0, k: 1 }),
    size: signal({ w: 0, h: 0 }),
    scene: signal({ extent: EXTENT } as Scene),
  };
  const stage = { clientWidth: 600, clientHeight: 400, closest: () => null };
  const disposal = new Disposal();
  const camera = openCamera(map, disposal);
  watchSize(stage as unknown as HTMLElement, map, { ...camera, open: camera.fit }, disposal);
  expect(map.view.peek()).toEqual(fitBesideTools(EXTENT, { w: 600, h: 400 }));

  camera.pan(5, 5);
  stage.clientWidth = 1200;
  camera.fit();
  expect(map.view.peek()).toEqual(fitBesideTools(EXTENT, { w: 1200, h: 400 }));
  expect(camera.area()).toEqual({ w: 1200, h: 400 });

  disposal.dispose();
  stage.clientWidth = 0;
  expect(camera.area()).toEqual({ w: 1200, h: 400 });
});

/** Lets its maker say when the size of what it observes has changed. */
class ToldObserver {
  static tell: () => void = () => {};
  constructor(callback: () => void) {
    ToldObserver.tell = callback;
  }
  observe(): void {}
  disconnect(): void {}
}

/** A map in a view of 400 pixels whose stage has something above it. */
function mapBelow(view: { width: number; above: number }): { map: MapState } & Pick<Camera, "pan" | "fit"> {
  vi.stubGlobal("ResizeObserver", ToldObserver);
  const map: MapState = {
    view: signal({ x: 0, y: 0, k: 1 }),
    size: signal({ w: 0, h: 0 }),
    scene: signal({ extent: EXTENT, graph: { byId: new Map() } } as unknown as Scene),
  };
  const root = { getBoundingClientRect: () => ({ top: 50 }) };
  const stage = {
    get clientWidth() {
      return view.width;
    },
    get clientHeight() {
      return 400 - view.above;
    },
    closest: () => root,
    getBoundingClientRect: () => ({ top: 50 + view.above }),
  };
  const disposal = new Disposal();
  const camera = openCamera(map, disposal);
  watchSize(stage as unknown as HTMLElement, map, { ...camera, open: camera.fit }, disposal);
  return { map, pan: camera.pan, fit: camera.fit };
}

test.each([true, false])(
  "what is on the map stays where it is on the screen when a banner comes and goes (moved before: %s)",
  (isMoved) => {
    const view = { width: 600, above: 40 };
    const { map, pan } = mapBelow(view);
    if (isMoved) pan(7, 5);
    const before = map.view.peek();
    view.above = 77;
    ToldObserver.tell();
    expect(map.size.peek()).toEqual({ w: 600, h: 323 });
    expect(map.view.peek()).toEqual({ ...before, y: before.y - 37 });
    view.above = 40;
    ToldObserver.tell();
    expect(map.view.peek()).toEqual(before);
  },
);

test("after a banner has come, a map that nobody moved is still fitted into a new width", () => {
  const view = { width: 600, above: 40 };
  const { map } = mapBelow(view);
  view.above = 77;
  ToldObserver.tell();
  view.width = 900;
  ToldObserver.tell();
  expect(map.view.peek()).toEqual(fitBesideTools(EXTENT, { w: 900, h: 323 }));
});

test("a map that was fitted into its view is fitted again when the view has another size, unless it was moved", () => {
  const view = { width: 600, above: 0 };
  const { map, ...camera } = mapBelow(view);
  camera.pan(7, 5);
  camera.fit();
  view.width = 300;
  ToldObserver.tell();
  expect(map.view.peek()).toEqual(fitBesideTools(EXTENT, { w: 300, h: 400 }));
  camera.pan(7, 5);
  const moved = map.view.peek();
  view.width = 500;
  ToldObserver.tell();
  expect(map.view.peek()).toBe(moved);
});

test("another world is fitted into the view, and one that is edited stays where it is", () => {
  const sceneOf = (width: number, ...ids: string[]) =>
    ({ extent: { ...EXTENT, w: width }, graph: { byId: new Map(ids.map((id, at) => [id, at])) } }) as unknown as Scene;
  const { map, pan } = mapBelow({ width: 600, above: 40 });
  const scene = map.scene as Signal<Scene | null>;
  scene.value = sceneOf(1000, "a", "b", "c");
  pan(7, 5);
  const moved = map.view.peek();
  for (const edited of [sceneOf(2000, "a", "b", "c", "d", "e", "f", "g"), sceneOf(900, "a"), sceneOf(900, "a", "z")]) {
    scene.value = edited;
    expect(map.view.peek()).toBe(moved);
  }
  for (const [before, after] of [
    ["a", "b"],
    ["a", "\u0000r"],
    ["\u0000r", "a"],
  ] as const) {
    scene.value = sceneOf(900, before);
    pan(7, 5);
    const view = map.view.peek();
    scene.value = sceneOf(950, after);
    expect(map.view.peek()).toBe(view);
  }
  scene.value = sceneOf(900, "a", "z");
  scene.value = sceneOf(3000, "x", "y");
  expect(map.view.peek()).toEqual(fitBesideTools({ ...EXTENT, w: 3000 }, { w: 600, h: 360 }));
  scene.value = sceneOf(0);
  pan(3, 3);
  scene.value = sceneOf(2000, "x", "y");
  expect(map.view.peek()).toEqual(fitBesideTools({ ...EXTENT, w: 2000 }, { w: 600, h: 360 }));
});
