/** A view that goes away while the kernel runs a cell: what was done in it arrives all the same. */
import { beforeEach, expect, test, vi } from "vitest";
import type { Op } from "../../shared/protocol";
import { TextField } from "../../shared/ui/field";
import { openPage } from "../fake-dom";
import { openEditor } from "./open-editor";

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run)));

/** Open an editor whose kernel is busy, with a field for the prose of its scene. */
async function openBusyEditor() {
  const editor = await openEditor(["a"]);
  const { model, kernel, store, actions, disposal } = editor;
  const page = openPage();
  model.busy = true;
  kernel.seen.length = 0;
  const write = (base: string) =>
    actions.change(() => ({ ops: [{ op: "update_state", id: "a", patch: { base } }] as Op[] }));
  page.show(<TextField label="Prose" value="a" onCommit={write} />);
  const close = () => {
    page.show(null);
    store.closeLink();
    disposal.dispose();
  };
  const arrived = () =>
    kernel.seen.filter(({ type }) => type === "edit").flatMap(({ ops }) => (ops as Op[]).map(({ patch }) => patch));
  return { ...editor, page, write, close, arrived };
}

test("edits that wait for one that is under way are made after the view was closed", async () => {
  const { model, write, close, arrived, settle } = await openBusyEditor();
  for (const base of ["One.", "Two.", "Three."]) void write(base);
  close();
  model.busy = false;
  await settle();
  expect(arrived()).toEqual([{ base: "One." }, { base: "Two." }, { base: "Three." }]);
});

test("what is typed in a field when the view is closed is sent after what was done before", async () => {
  const { model, page, write, close, arrived, settle } = await openBusyEditor();
  void write("One.");
  void write("Two.");
  page.root.field("Prose").typeText("Half a sen");
  close();
  model.busy = false;
  await settle();
  expect(arrived()).toEqual([{ base: "One." }, { base: "Two." }, { base: "Half a sen" }]);
});

test("an undo that waits takes back what was done before it", async () => {
  const { model, kernel, actions, write, close, settle } = await openBusyEditor();
  void write("One.");
  void write("Two.");
  actions.undo();
  close();
  model.busy = false;
  await settle();
  expect(kernel.seen.map(({ type }) => type)).toEqual(["edit", "edit", "undo"]);
});

test("a view that is closed hears the kernel no longer once all is done", async () => {
  const { model, write, close, settle } = await openBusyEditor();
  void write("One.");
  close();
  expect(model.listeners).toBe(2); // the link's own
  model.busy = false;
  await settle();
  expect(model.listeners).toBe(0);
});

test("a view in which nothing waits is closed at once", async () => {
  const { model, close } = await openBusyEditor();
  close();
  expect(model.listeners).toBe(0);
});
