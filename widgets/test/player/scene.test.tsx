/** The current scene. */
import { expect, test } from "vitest";
import { Scene } from "../../player/parts/scene";
// all that is in the bundle of the player: what any of it changes in the way elements are made holds for these, too
import "../../play/index";
import { openPage } from "../fake-dom";
import { view } from "./views";

test("what just happened is read before the prose, which may be longer than the page", () => {
  const page = openPage();
  page.show(<Scene view={view({ notices: [{ kind: "error", text: "The handler knock failed." }] })} />);
  expect(page.root.textContent).toContain("The handler knock failed.A lane.");
});
