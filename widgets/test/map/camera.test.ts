import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type MapState, openCamera } from "../../map/camera";
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
afterEach(() => vi.unstubAllGlobals());

test("the map is fitted into the stage as it is now, before an observer tells of its new size", () => {
  const map: MapState = {
    view: signal({ x: 0, y: 0, k: 1 }),
    size: signal({ w: 0, h: 0 }),
    scene: signal({ extent: EXTENT } as Scene),
  };
  const stage = { clientWidth: 600, clientHeight: 400 };
  const disposal = new Disposal();
  const camera = openCamera(map, disposal);
  watchSize(stage as HTMLElement, map, { ...camera, open: camera.fit }, disposal);
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
