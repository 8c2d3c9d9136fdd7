/** Forms beside the map tell of the world as it is while regions are collapsed. */
import { expect, test, vi } from "vitest";
import type { Camera } from "../../editor/camera";
import { type Form, FormContext } from "../../editor/forms/form";
import { Links } from "../../editor/inspector/links";
import { StateTable } from "../../editor/tables/state-table";
import type { JsonObject } from "../../shared/json";
import type { Seed } from "../../shared/protocol";
import { openPage } from "../fake-dom";
import { openEditor } from "./open-editor";

const WAYS: JsonObject[] = [
  { name: "in", kind: "transition", from: ["hall"], to: "vault" },
  { name: "down", kind: "transition", from: ["vault"], to: "crypt" },
];

/** Open an editor of a hall and of a collapsed region with a vault and a crypt, and a page. */
async function openPart() {
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run));
  const observer = class {
    observe() {}
    disconnect() {}
  };
  vi.stubGlobal("ResizeObserver", observer);
  const regions = { r: { name: "Below", states: ["vault", "crypt"], color: "blue", collapsed: true } };
  const annotations = { regions, notes: {}, tags: {}, tagged: {}, views: {} } as unknown as Seed["annotations"];
  const editor = await openEditor(["hall", "vault", "crypt"], WAYS, { annotations } as Partial<Seed>);
  expect(editor.store.onMap.projection.peek().hidden.size).toBe(2);
  return { ...editor, camera: {} as Camera, ...openPage() };
}

test("the form of a state names the scenes inside a collapsed region, and offers them for a choice", async () => {
  const { root, show, store, actions, camera } = await openPart();
  const form = { store, actions, body: {}, owner: "hall", readOnly: false, findings: [] } as unknown as Form;
  show(
    <FormContext.Provider value={form}>
      <Links store={store} actions={actions} camera={camera} node={0} />
    </FormContext.Provider>,
  );
  const named = root.descendants.filter(({ attributes }) => attributes.get("class") === "we-link-other");
  expect(named.map(({ textContent }) => textContent)).toEqual(["vault"]);
  root.find("name", "choice").typeText("Go ->");
  const options = root.descendants.filter(({ attributes }) => attributes.get("role") === "option");
  expect(options.map(({ children }) => children[1]?.textContent)).toEqual(["hall", "vault", "crypt"]);
});

test("the table of scenes counts the exits and entries inside a collapsed region", async () => {
  const { root, show, store, actions, camera } = await openPart();
  show(<StateTable store={store} actions={actions} camera={camera} />);
  const rows = root.descendants.filter(({ attributes }) => attributes.get("class") === "we-grid-row");
  const numbers = rows.map((row) =>
    row.descendants
      .filter(({ attributes }) => attributes.get("class")?.includes("we-cell-number"))
      .slice(0, 2)
      .map(({ textContent }) => textContent),
  );
  expect(numbers).toEqual([
    ["1", "0"],
    ["1", "1"],
    ["0", "1"],
  ]);
});
