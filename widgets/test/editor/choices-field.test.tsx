/** The field that makes choices of a scene: what is typed in it belongs to the scene, whatever that is called. */
import { act } from "preact/test-utils";
import { beforeEach, expect, test, vi } from "vitest";
import type { Camera } from "../../editor/camera";
import { FormContext } from "../../editor/forms/form";
import { Links } from "../../editor/inspector/links";
import type { JsonObject } from "../../shared/json";
import { RefusedText } from "../../shared/ui/field";
import { openPage } from "../fake-dom";
import { openEditor } from "./open-editor";

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run)));

/** Show what happens in the scene `a`, with the field in which its choices are typed. */
async function openLinks() {
  const editor = await openEditor(["a", "b"]);
  const { kernel, store, actions, settle } = editor;
  const page = openPage();
  const giveBack = vi.fn();
  const show = (node: number) =>
    page.show(
      <RefusedText.Provider value={giveBack}>
        <FormContext.Provider
          value={{ store, actions, body: {}, owner: "a", readOnly: false, findings: [], change: async () => null }}
        >
          <Links store={store} actions={actions} camera={{} as Camera} node={node} />
        </FormContext.Provider>
      </RefusedText.Provider>,
    );
  show(0);
  kernel.seen.length = 0;
  const field = () => page.root.find("name", "choice");
  /** Somebody else changes the states: from a place on, so many go, and others come. */
  const change = (from: number, removed: number, added: [string, JsonObject][]) =>
    act(() => editor.tellOf({ states: [[from, removed, added]] }));
  const choices = async () => {
    await settle();
    const ops = kernel.seen.filter(({ type }) => type === "edit").flatMap((message) => message.ops as JsonObject[]);
    return ops.filter(({ op }) => op === "add_transition").map(({ event }) => event as JsonObject);
  };
  return { ...editor, page, giveBack, show, field, change, choices };
}

test("what is typed stays, in the same field, when its scene takes another name", async () => {
  const { field, change, choices } = await openLinks();
  const before = field();
  before.typeText("Go dow");
  change(0, 1, [["old_mill", { base: "An old mill." }]]);
  expect(field()).toBe(before);
  expect(field()).toMatchObject({ value: "Go dow" });
  before.typeText("Go down");
  before.fire("keydown", { key: "Enter" });
  expect(await choices()).toEqual([expect.objectContaining({ from: ["old_mill"], detail: "Go down" })]);
});

test("what is typed becomes a choice of its scene when the form goes away", async () => {
  const { page, field, choices } = await openLinks();
  field().typeText("Go down");
  page.show(null);
  expect(await choices()).toEqual([expect.objectContaining({ from: ["a"], detail: "Go down" })]);
});

test("a field that is left and then goes away makes one choice", async () => {
  const { page, field, choices } = await openLinks();
  field().typeText("Go down");
  const left = field();
  left.fire("blur");
  page.show(null);
  left.fire("blur");
  expect(await choices()).toHaveLength(1);
});

test("what is typed for a scene that is deleted is given back, and made in no other", async () => {
  const { page, field, change, choices, giveBack } = await openLinks();
  field().typeText("Go down");
  // the form of a scene goes with the scene
  void act(() => {
    void change(0, 1, []);
    page.show(null);
  });
  expect(await choices()).toEqual([]);
  expect(giveBack).toHaveBeenCalledWith("Go down", "Its scene was deleted.");
});

test("a choice that is refused after the form went away is given back", async () => {
  const { page, actions, field, giveBack, settle } = await openLinks();
  vi.spyOn(actions, "addChoice").mockResolvedValue("No such name.");
  field().typeText("Go down");
  page.show(null);
  await settle();
  expect(giveBack).toHaveBeenCalledWith("Go down", "No such name.");
});

test("Enter after an arrow takes the scene that is most likely meant, as the list shows", async () => {
  const { page, field, choices, change } = await openLinks();
  change(1, 1, [["start", { base: "A hall." }]]);
  field().typeText("Go back -> sta");
  expect(page.root.find("aria-selected", "true").textContent).toContain("start");
  field().fire("keydown", { key: "Enter" });
  expect(await choices()).toEqual([expect.objectContaining({ from: ["a"], to: "start", detail: "Go back" })]);
});

test("a new scene with a name like another's is made when it is picked, and not by leaving the field", async () => {
  const { field, choices, change } = await openLinks();
  change(1, 1, [["start", { base: "A hall." }]]);
  field().typeText("Go back -> sta");
  field().fire("blur");
  expect(await choices()).toEqual([]);
  field().fire("keydown", { key: "ArrowDown" });
  field().fire("keydown", { key: "Enter" });
  expect(await choices()).toEqual([expect.objectContaining({ to: "sta" })]);
});
