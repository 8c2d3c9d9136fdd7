/** A field that is asked for takes the keyboard while it is waited for, and not later. */
import { expect, test, vi } from "vitest";
import type { Form } from "../../editor/forms/form";
import { FormLayout } from "../../editor/forms/form-layout";
import { openPage } from "../fake-dom";
import { openEditor } from "./open-editor";

test("a field that a form does not have is no longer asked for when the next form is opened", async () => {
  vi.stubGlobal("HTMLElement", class {});
  vi.stubGlobal("CSS", { escape: (name: string) => name });
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  const { store, actions } = await openEditor(["a"]);
  const page = openPage();
  const form: Form = {
    store,
    actions,
    body: {},
    owner: "a",
    readOnly: false,
    findings: [],
    change: async () => null,
  };
  store.fieldToFocus.value = "base";
  page.show(
    <FormLayout form={form} label="A form without prose" head={null}>
      {null}
    </FormLayout>,
  );
  expect(store.fieldToFocus.peek()).toBe("base");
  await vi.waitFor(() => expect(store.fieldToFocus.peek()).toBe(null), { timeout: 60_000 });
});
