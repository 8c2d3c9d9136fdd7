/** What is being typed when the kernel goes silent stays where it is, and is sent to nobody half-typed. */
import { act } from "preact/test-utils";
import { beforeEach, expect, test, vi } from "vitest";
import type { Camera } from "../../editor/camera";
import { attachGestures } from "../../editor/canvas/gestures";
import { type Form, FormContext } from "../../editor/forms/form";
import { Flags } from "../../editor/forms/reference-fields";
import { UnknownFields } from "../../editor/forms/unknown-fields";
import { Links } from "../../editor/inspector/links";
import { BINDINGS, type KeyContext } from "../../editor/keymap";
import { QuickAdd } from "../../editor/view/quick-add";
import type { JsonObject } from "../../shared/json";
import { openPage } from "../fake-dom";
import { FakeStage } from "../fake-stage";
import { openEditor } from "./open-editor";

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run)));

const EVENTS: JsonObject[] = [
  { name: "key", kind: "override", from: ["a"], grants: ["open_gate"] },
  { name: "go", kind: "transition", from: ["a"], to: "b", requires: ["open_gate"] },
];

/** Open an editor of two scenes, and a page for a part of it. */
async function openPart() {
  const editor = await openEditor(["a", "b"], EVENTS);
  const { kernel, store, actions, settle } = editor;
  const page = openPage();
  const form = (body: JsonObject, change: Form["change"] = async () => null): Form => ({
    store,
    actions,
    body,
    owner: "go",
    readOnly: !store.editable.value,
    findings: [],
    change,
  });
  /** The kernel goes silent, or is heard again. */
  const say = (state: "silent" | "live") =>
    act(() => {
      (store.link.state as { value: string }).value = state;
    });
  kernel.seen.length = 0;
  const ops = async () => {
    await settle();
    return kernel.seen.filter(({ type }) => type === "edit").flatMap((message) => message.ops as JsonObject[]);
  };
  return { ...editor, page, form, say, ops };
}

test("a flag that is being renamed is not renamed to the half-typed word", async () => {
  const { page, form, say, ops } = await openPart();
  const Part = () => (
    <FormContext.Provider value={form(EVENTS[1] ?? {})}>
      <Flags at={["requires"]} label="Requires" asks />
    </FormContext.Provider>
  );
  page.show(<Part />);
  page.root.find("aria-label", "Rename the flag open_gate in the whole world").fire("click");
  page.root.find("name", "flag").typeText("open_ga");
  await say("silent");
  expect(page.root.find("name", "flag")).toMatchObject({ value: "open_ga", readOnly: true });
  expect(page.root.textContent).toContain("Not saved, and kept here.");
  await say("live");
  expect(await ops()).toEqual([]);
  expect(page.root.find("name", "flag")).toMatchObject({ value: "open_ga", readOnly: false });
});

test("a field of one's own that is being added stays with what is typed in it", async () => {
  const { page, form, say, settle } = await openPart();
  const change = vi.fn(async () => null);
  const Part = () => (
    <FormContext.Provider value={form({ base: "" }, change)}>
      <UnknownFields at={[]} knownNames={new Set(["base"])} adds />
    </FormContext.Provider>
  );
  page.show(<Part />);
  page.root.field("Add a field").typeText("mood");
  await say("silent");
  expect(page.root.field("Add a field")).toMatchObject({ value: "mood", readOnly: true });
  await say("live");
  page.root.field("Add a field").fire("keydown", { key: "Enter" });
  await settle();
  page.root.field("mood, as JSON").typeText('"grim"');
  await say("silent");
  expect(page.root.field("mood, as JSON")).toMatchObject({ value: '"grim"', readOnly: true });
  expect(change).not.toHaveBeenCalled();
});

test("a choice that is being typed stays in its field", async () => {
  const { page, form, store, actions, say, ops, settle } = await openPart();
  const camera = {} as Camera;
  page.show(
    <FormContext.Provider value={form({})}>
      <Links store={store} actions={actions} camera={camera} node={0} />
    </FormContext.Provider>,
  );
  page.root.find("name", "choice").typeText("Go down");
  await say("silent");
  expect(page.root.find("name", "choice")).toMatchObject({ value: "Go down", readOnly: true });
  page.root.find("name", "choice").fire("keydown", { key: "Enter" });
  page.root.find("name", "choice").fire("blur");
  await settle();
  expect(page.root.find("name", "choice")).toMatchObject({ value: "Go down" });
  expect(page.root.textContent).toContain("Not saved, and kept here.");
  await say("live");
  expect(await ops()).toEqual([]);
  page.root.find("name", "choice").fire("keydown", { key: "Enter" });
  expect(JSON.stringify(await ops())).toContain("Go down");
});

test("a choice that cannot be made is answered with a sentence", async () => {
  const { actions, say } = await openPart();
  await say("silent");
  expect(await actions.addChoice(0, "Go down", false)).toMatch(/\.$/);
});

test("a scene that is being written in the list of what can be added stays there", async () => {
  const { page, store, actions, say, ops } = await openPart();
  act(() => {
    store.quickAddPoint.value = { x: 0, y: 0 };
  });
  page.show(<QuickAdd store={store} actions={actions} />);
  const field = () => page.root.find("role", "combobox");
  field().typeText("A cellar full of water.");
  await say("silent");
  expect(field()).toMatchObject({ value: "A cellar full of water.", readOnly: true });
  field().fire("keydown", { key: "Enter" });
  field().fire("blur");
  expect(field()).toMatchObject({ value: "A cellar full of water." });
  await say("live");
  expect(await ops()).toEqual([]);
  field().fire("keydown", { key: "Enter" });
  expect(JSON.stringify(await ops())).toContain("A cellar full of water.");
});

test("no list of what can be added opens while the kernel is silent", async () => {
  const { page, store, actions, say } = await openPart();
  await say("silent");
  page.show(<QuickAdd store={store} actions={actions} />);
  act(() => {
    store.quickAddPoint.value = { x: 0, y: 0 };
  });
  expect(page.root.children).toEqual([]);
});

type Part = Awaited<ReturnType<typeof openPart>>;

test.each<[string, (part: Part) => () => void]>([
  [
    "the key A",
    ({ store, actions }) => {
      const context = { store, actions } as unknown as KeyContext;
      return () => BINDINGS.find(({ chords }) => chords.includes("a"))?.run(context);
    },
  ],
  [
    "a double click on the map",
    ({ store, actions, disposal }) => {
      const stage = new FakeStage();
      attachGestures(stage as unknown as HTMLElement, store, {} as Camera, actions, disposal);
      return () => stage.fire("dblclick", 900, 700);
    },
  ],
  [
    "the button Pattern",
    ({ page, form, store, actions }) => {
      page.show(
        <FormContext.Provider value={form({})}>
          <Links store={store} actions={actions} camera={{} as Camera} node={0} />
        </FormContext.Provider>,
      );
      const button = page.root.find("aria-label", "Pattern: insert a lock and its key, a hub, and the like");
      return () => button.fire("click");
    },
  ],
])("while the kernel is silent, %s says so, and opens no list of what can be added later", async (_, prepare) => {
  vi.stubGlobal("Element", class {});
  const part = await openPart();
  const { store, say } = part;
  const press = prepare(part);
  // before anything was drawn anew
  (store.link.state as { value: string }).value = "silent";
  press();
  expect(store.notices.list.peek().map(({ text }) => text)).toEqual([
    "The kernel does not answer, so nothing can be changed now.",
  ]);
  await say("live");
  expect(store.quickAddPoint.peek()).toBe(null);
});
