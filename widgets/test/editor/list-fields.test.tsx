/** Items of a list: Alt and the arrows move one, except where they belong to the field that has the focus. */
import { beforeEach, expect, test, vi } from "vitest";
import { FormContext } from "../../editor/forms/form";
import { Items } from "../../editor/forms/list-fields";
import { openPage } from "../fake-dom";
import { openEditor } from "./open-editor";

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run)));

test.each([
  ["a list of choices leave its item", "select", 0],
  ["a field that offers names leave its item", "input", 0],
  ["a field of text move its item", "textarea", 1],
])("Alt and an arrow in %s", async (_, localName, moves) => {
  const { store, actions } = await openEditor(["a"]);
  const { root, show } = openPage();
  const change = vi.fn(async () => "It was deleted by someone else.");
  const form = { store, actions, owner: "go", readOnly: false, findings: [], change };
  show(
    <FormContext.Provider value={{ ...form, body: { phases: [{ base: "a" }, { base: "b" }] } }}>
      <Items at={["phases"]} noun="phase" flat title={() => ""} initial={() => ({})}>
        {() => (
          <>
            <select aria-label="Kind" />
            <input role="combobox" aria-label="Where" aria-controls="names" aria-expanded={false} />
            <textarea aria-label="Words" />
          </>
        )}
      </Items>
    </FormContext.Provider>,
  );
  const [, second] = root.descendants.filter((one) => one.localName === "li");
  const target = second?.descendants.find((one) => one.localName === localName);
  const preventDefault = vi.fn();
  second?.fire("keydown", { key: "ArrowUp", altKey: true, target, preventDefault });
  expect([change.mock.calls.length, preventDefault.mock.calls.length]).toEqual([moves, moves]);
});
