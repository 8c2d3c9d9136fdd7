import { expect, test } from "vitest";
import { openEditor } from "./open-editor";

test("the kernel closes the player of a run that is put away, so that the map shows the run no longer", async () => {
  const { kernel, store, actions, settle, disposal } = await openEditor(["a"]);
  store.properties.player.value = { id: "player", title: "key" };
  actions.escape();
  await settle();
  expect(store.properties.player.peek()).toBeNull();
  expect(kernel.seen.map(({ type }) => type)).toEqual(["hello", "close_player"]);
  disposal.dispose();
});
