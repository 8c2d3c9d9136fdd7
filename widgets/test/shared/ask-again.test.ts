/** Asking a kernel that does not answer gives a sign at once, and says what came of it. */
import { signal } from "@preact/signals";
import { h } from "preact";
import { act } from "preact/test-utils";
import { expect, test } from "vitest";
import { AskAgain } from "../../shared/ui/ask-again";
import { openPage } from "../fake-dom";

test("the button says that it asks, and then that no answer came", () => {
  const asking = signal(false);
  const set = (isAsking: boolean) => {
    asking.value = isAsking;
  };
  const { root, show } = openPage();
  show(h(AskAgain, { asking, ask: () => set(true) }));
  expect(root.textContent).toBe("Try again");
  const button = root.find("aria-label", "Try again: ask the kernel");
  act(() => button.fire("click"));
  expect([root.textContent, button.attributes.has("disabled")]).toEqual(["Asking…", false]);
  act(() => set(false));
  expect(root.textContent).toMatch(/^No answer at .+\.Try again$/);
  expect(button.attributes.has("disabled")).toBe(false);
  show(null);
});
