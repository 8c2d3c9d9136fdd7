/** What is typed of properties stays while something else is looked at. */
import { act } from "preact/test-utils";
import { beforeEach, expect, test, vi } from "vitest";
import { PropertiesPanel } from "../../editor/properties/panel";
import type { PropertyEdit, PropertySuggestion } from "../../shared/protocol";
import { openPage } from "../fake-dom";
import { openEditor } from "./open-editor";

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run)));

/** Open the panel of properties beside an editor; `look` puts it away and opens it again. */
async function openPanel(...names: string[]) {
  const editor = await openEditor(["a", "b"]);
  const { model, kernel, store, actions, settle } = editor;
  const page = openPage();
  const list = (...now: string[]) =>
    act(() => {
      const rows = now.map((name) => ({ name, text: `never "${name}"`, outcome: "holds", note: "", run: null }));
      model.put("property_list", { rows, checking: false, place: "", trouble: "", readable: true, tags: [] });
    });
  const show = () => page.show(<PropertiesPanel store={store} actions={actions} />);
  const hide = () => page.show(null);
  list(...names);
  show();
  kernel.seen.length = 0;
  const edits = async () => {
    await settle();
    return kernel.seen.flatMap((message) =>
      message.type === "edit_properties" ? (message.edits as PropertyEdit[]) : [],
    );
  };
  const press = (label: string) => page.root.find("aria-label", label).fire("click");
  return { ...editor, root: page.root, list, show, hide, press, edits };
}

test("a new property that is half typed is there when its panel is opened again", async () => {
  const { root, show, hide, edits } = await openPanel();
  root.field("First property").typeText("always(lamp or");
  hide();
  show();
  expect(root.field("First property")).toMatchObject({ value: "always(lamp or" });
  expect(await edits()).toEqual([]);
});

test("the text of a property that is being edited is there when its panel is opened again, and is saved as its own", async () => {
  const { root, show, hide, press, list, edits } = await openPanel("lamp", "oil");
  press("Edit oil");
  root.field("What must hold").typeText('never "b"');
  hide();
  // it has another place meanwhile
  list("oil");
  show();
  expect(root.field("What must hold")).toMatchObject({ value: 'never "b"' });
  root.field("What must hold").fire("keydown", { key: "Enter" });
  expect(await edits()).toEqual([{ name: "oil", text: 'never "b"' }]);
  expect(() => root.field("What must hold")).toThrow();
});

test("a property in which nothing was typed is no longer edited when the panel is opened again", async () => {
  const { root, show, hide, press } = await openPanel("lamp");
  press("Edit lamp");
  hide();
  show();
  expect(() => root.field("What must hold")).toThrow();
});

test("a text that is given up is gone when the panel is opened again", async () => {
  const { root, show, hide, press } = await openPanel("lamp");
  press("Edit lamp");
  root.field("What must hold").typeText('never "b"');
  root.field("What must hold").fire("keydown", { key: "Escape" });
  hide();
  show();
  expect(() => root.field("What must hold")).toThrow();
});

test.each<[string, string, readonly PropertySuggestion[] | null]>([
  ["a deletion", "Delete lamp", null],
  ["a suggestion", "Add dry", [{ name: "dry", text: 'never "a"' }]],
])("%s that is refused is told of in one notice", async (_, label, suggestions) => {
  const { model, store, press, settle } = await openPanel("lamp");
  const { kernel } = model;
  model.kernel = (message) => {
    const { type, id, view } = message;
    if (type !== "edit_properties") kernel(message);
    else model.tell({ type: "rejected", id, view, code: "op", message: "the file cannot be written" });
  };
  void act(() => {
    store.properties.suggestions.value = suggestions;
  });
  press(label);
  await settle();
  expect(store.notices.list.peek()).toMatchObject([{ text: "The file cannot be written.", tone: "error" }]);
});
