/** In Safari a press gives a button no focus: what depends on the focus takes it itself, or leaves it where it is. */
import { beforeEach, expect, test, vi } from "vitest";
import { FormContext } from "../../editor/forms/form";
import { KeyCap } from "../../editor/forms/keycap";
import { OverlayControls } from "../../editor/overlay/controls";
import { openPage } from "../fake-dom";
import { openEditor } from "./open-editor";

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run)));

test("a button that waits for a key has the keyboard when it was pressed with the mouse", async () => {
  const { store, actions } = await openEditor(["a"], [{ name: "go", kind: "transition", from: ["a"], to: "a" }]);
  const page = openPage();
  page.show(
    <FormContext.Provider
      value={{ store, actions, body: {}, owner: "go", readOnly: false, findings: [], change: async () => null }}
    >
      <KeyCap index={0} />
    </FormContext.Provider>,
  );
  const button = page.root.find("aria-pressed", "false");
  const focus = vi.spyOn(button, "focus");
  button.fire("click");
  expect(focus).toHaveBeenCalled();
  expect(page.root.find("aria-pressed", "true").textContent).toBe("Press a key…");
});

test("the menu of overlays can have the focus, so that a press on it does not give that to something outside", async () => {
  const { store } = await openEditor(["a"]);
  store.overlay.menu.value = true;
  const page = openPage();
  page.show(<OverlayControls store={store} />);
  expect(page.root.find("class", "wo-menu").attributes.get("tabIndex")).toBe("-1");
});
