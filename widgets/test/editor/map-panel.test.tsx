/** What is on the map besides the world: it shows as the kernel has it, and nothing that is typed or dragged is lost. */
import { act } from "preact/test-utils";
import { beforeEach, expect, test, vi } from "vitest";
import { MapNotes } from "../../editor/annotations/map-layer";
import { MapPanel } from "../../editor/annotations/panel";
import { ColourField } from "../../editor/annotations/parts";
import { PlaceFields } from "../../editor/annotations/tags";
import type { Camera } from "../../editor/camera";
import type { AnnotationPatch, Note, Region } from "../../shared/protocol";
import { openPage } from "../fake-dom";
import { openEditor } from "./open-editor";

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run)));

const NOTE: Note = { text: "Buy rope", at: [0, 0], state: null, todo: true, done: false, color: "orange" };
const REGION: Region = { name: "Act one", states: [], color: "blue", collapsed: false };

/** Open an editor whose map has a to-do and a region, and a page for a part of it. */
async function openMap() {
  const editor = await openEditor(["a"], [], { annotations: { notes: { n: NOTE }, regions: { r: REGION } } });
  const { kernel, store, actions, settle } = editor;
  const props = { store, actions, camera: {} as Camera };
  /** Return what was asked to change on the map. */
  const changes = async () => {
    await settle();
    return kernel.seen.flatMap(({ type, annotations }) =>
      type === "annotate" ? (annotations as AnnotationPatch) : [],
    );
  };
  return { ...editor, ...openPage(), props, changes };
}

test("a to-do is ticked once the kernel has it done", async () => {
  const { root, show, props, changes, tellOf } = await openMap();
  show(<MapPanel {...props} />);
  const box = root.find("aria-label", "Done: Buy rope");
  Object.assign(box, { checked: true });
  box.fire("change");
  expect(box).toMatchObject({ checked: false });
  const done = { notes: { n: { ...NOTE, done: true } } };
  expect(await changes()).toEqual([done]);
  void act(() => tellOf({}, { annotations: done }));
  expect(box).toMatchObject({ checked: true });
});

test("the region of a state is chosen in its form once the kernel has it in it", async () => {
  const { root, show, props, changes, tellOf } = await openMap();
  show(<PlaceFields {...props} states={["a"]} />);
  const list = root.find("aria-label", "Region");
  Object.assign(list, { value: "r" });
  list.fire("change");
  expect(list).toMatchObject({ value: "" });
  const moved = { regions: { r: { ...REGION, states: ["a"] } } };
  expect(await changes()).toEqual([moved]);
  void act(() => tellOf({}, { annotations: moved }));
  expect(list).toMatchObject({ value: "r" });
});

test("picking a colour leaves the one chosen that the kernel has, and asks for the other", () => {
  const { root, show } = openPage();
  const [onPick, preventDefault] = [vi.fn(), vi.fn()];
  show(<ColourField of="Act one" colour="blue" disabled={false} onPick={onPick} />);
  for (const colour of ["teal", "blue"]) root.find("aria-label", colour).fire("click", { preventDefault });
  expect(preventDefault).toHaveBeenCalledTimes(2);
  expect(onPick.mock.calls).toEqual([["teal"]]);
});

test("a name that is typed while a view is being saved stays in its field, and is no view yet", async () => {
  const { root, show, props, changes } = await openMap();
  show(<MapPanel {...props} />);
  const field = () => root.field("Save the current view as");
  const names = async () =>
    (await changes()).flatMap(({ views }) => Object.values(views ?? {}).map((one) => one?.name));
  field().typeText("The quay");
  field().fire("keydown", { key: "Enter" });
  field().typeText("The lighthouse");
  expect(await names()).toEqual(["The quay"]);
  expect(field()).toMatchObject({ value: "The lighthouse" });
  field().fire("keydown", { key: "Enter" });
  expect(await names()).toEqual(["The quay", "The lighthouse"]);
  expect(field()).toMatchObject({ value: "" });
});

test("a note that is dragged stays under the pointer while the view moves", async () => {
  const { root, show, props, store, changes } = await openMap();
  store.size.value = { w: 800, h: 600 };
  show(<MapNotes {...props} />);
  const note = root.find("aria-label", "To-do: Buy rope");
  Object.assign(note, { setPointerCapture() {}, dataset: {} });
  const pointer = (clientX: number) => ({ button: 0, pointerId: 1, clientX, clientY: 20 });
  note.fire("pointerdown", pointer(20));
  note.fire("pointermove", pointer(56));
  expect(note.style.transform).toBe("translate(36px, 0px)");
  void act(() => {
    store.view.value = { x: -100, y: 0, k: 1 };
  });
  note.fire("pointermove", pointer(56));
  expect(note.style.transform).toBe("translate(136px, 0px)");
  note.fire("pointerup", pointer(56));
  expect(await changes()).toEqual([{ notes: { n: { ...NOTE, at: [136, 0] } } }]);
});
