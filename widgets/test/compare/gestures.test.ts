/** Pointers on the map of a comparison. */
import { signal } from "@preact/signals";
import { beforeEach, expect, test, vi } from "vitest";
import { attachGestures } from "../../compare/canvas/gestures";
import { openStore } from "../../compare/store";
import { Disposal } from "../../shared/disposal";
import { Link } from "../../shared/link";
import { Notices } from "../../shared/ui/toasts";
import { FakeModel } from "../fake-model";
import { FakeStage } from "../fake-stage";
import { seed } from "./comparisons";

beforeEach(() => void vi.stubGlobal("Element", class {}));

test("a press that ends outside of the map, before it is a drag, moves nothing later", () => {
  const disposal = new Disposal();
  const store = openStore(new Link(new FakeModel()), new Notices(), signal<unknown>(seed()), disposal);
  const stage = new FakeStage();
  const camera = { stop() {} } as Parameters<typeof attachGestures>[2];
  attachGestures(stage as unknown as HTMLElement, store, camera, disposal);
  const before = store.view.peek();
  stage.fire("pointerdown", 5, 5, { buttons: 1 });
  stage.fire("pointermove", 7, 5, { buttons: 1 });
  stage.fire("pointermove", 300, 200, { buttons: 0 });
  stage.fire("pointermove", 320, 200, { buttons: 0 });
  expect(store.view.peek()).toBe(before);
  stage.fire("pointerdown", 5, 5, { buttons: 1 });
  stage.fire("pointermove", 300, 200, { buttons: 1 });
  expect(store.view.peek()).not.toBe(before);
});
