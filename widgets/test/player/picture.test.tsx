/** What is set by hand of the picture that is seen. */
import { beforeEach, expect, test, vi } from "vitest";
import { Picture } from "../../player/parts/picture";
import type { Store } from "../../player/store";
// all that is in the bundle of the player: what any of it changes in the way elements are made holds for these, too
import "../../play/index";
import type { Sample } from "../../shared/protocol";
import { openPage } from "../fake-dom";
import { view } from "./views";

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run)));

/** Show the controls of the picture; the kernel sees what it is told only when `answer` is called. */
function openPicture() {
  const page = openPage();
  const told: Sample[] = [];
  const store = {
    askAbout: () => {},
    about: { value: null },
    act: async ({ sample }: { sample: Sample }) => void told.push(sample),
  } as unknown as Store;
  const show = (seen: Sample) => page.show(<Picture store={store} view={view({ seen })} />);
  show({ luminance: 10 });
  const slider = () => page.root.descendants.find(({ attributes }) => attributes.get("type") === "range");
  const value = () => page.root.descendants.find(({ localName }) => localName === "output")?.textContent;
  return { told, show, slider, value };
}

test("a slider that is dragged tells the kernel one value: where it was let go", () => {
  const { told, slider, value } = openPicture();
  for (const text of ["40", "90", "130"]) slider()?.typeText(text);
  expect(value()).toBe("130");
  expect(told).toEqual([]);
  slider()?.fire("change");
  expect(told).toEqual([{ luminance: 130 }]);
});

test("a slider that was let go shows what the kernel sees from then on", () => {
  const { show, slider, value } = openPicture();
  slider()?.typeText("130");
  slider()?.fire("change");
  show({ luminance: 70 });
  expect(value()).toBe("70");
  show({});
  expect(value()).toBe("–");
});
