/** What is set by hand of the picture that is seen, and the picture of the state. */
import { signal } from "@preact/signals";
import { beforeEach, expect, test, vi } from "vitest";
import { Picture } from "../../player/parts/picture";
import { StatePicture } from "../../player/parts/state-picture";
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

test("the entrance picture stays as it is from view to view, and fades into another one only", () => {
  const page = openPage();
  const store = { pictureHidden: signal(false), pictures: { of: () => null } } as unknown as Store;
  const layers = (src: string) => {
    page.show(<StatePicture store={store} view={view({ picture: { src, label: "A lane" } })} />);
    return page.root.descendants.filter(({ attributes }) => attributes.has("data-motion"));
  };
  const [first, ...others] = layers("data:image/png;base64,AA");
  expect([first !== undefined, others]).toEqual([true, []]);
  expect(layers("data:image/png;base64,AA")).toEqual([first]);
  expect(layers("data:image/png;base64,BB").map(({ attributes }) => attributes.get("aria-hidden"))).toEqual([
    "true",
    "false",
  ]);
});
