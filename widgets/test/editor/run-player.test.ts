import { expect, test, vi } from "vitest";
import type { FakeModel } from "../fake-model";
import { openEditor } from "./open-editor";

/** Have the kernel open a player for every run. */
function openPlayers(model: FakeModel): void {
  const { kernel } = model;
  model.kernel = (message) => {
    if (message.type !== "play") kernel(message);
    else model.tell({ type: "played", id: message.id, view: message.view, player: "player" });
  };
}

test("the kernel closes the player of a run that is put away, so that the map shows the run no longer", async () => {
  const { kernel, store, actions, settle, disposal } = await openEditor(["a"]);
  store.play.player.value = { id: "player", title: "key" };
  actions.escape();
  await settle();
  expect(store.play.player.peek()).toBeNull();
  expect(kernel.seen.map(({ type }) => type)).toEqual(["hello", "close_player"]);
  disposal.dispose();
});

test("a player that this page cannot show is closed again", async () => {
  const { model, kernel, store, settle, disposal } = await openEditor(["a"]);
  openPlayers(model);
  void store.play.open("key");
  await settle();
  expect(store.play.player.peek()).toBeNull();
  expect(store.notices.list.peek().map(({ text }) => text)[0]).toContain("This page shows no second widget");
  expect(kernel.seen.map(({ type }) => type)).toEqual(["hello", "close_player"]);
  disposal.dispose();
  model.deliver();
  expect(kernel.seen).toHaveLength(2);
});

test("a view that is removed closes its player, also one that is only being opened", async () => {
  const { model, kernel, store, disposal } = await openEditor(["a"]);
  store.play.player.value = { id: "player", title: "key" };
  disposal.dispose();
  model.deliver();
  expect(kernel.seen.map(({ type }) => type)).toEqual(["hello", "close_player"]);

  const other = await openEditor(["a"]);
  void other.store.play.open("key");
  other.disposal.dispose();
  other.model.deliver();
  expect(other.kernel.seen.map(({ type }) => type)).toEqual(["hello", "play", "close_player"]);
});

test("a page that is left closes the player, unless it may come back as it was", async () => {
  const page = new EventTarget();
  vi.stubGlobal("window", page);
  const { model, kernel, store, disposal } = await openEditor(["a"]);
  const leave = (persisted: boolean) => {
    page.dispatchEvent(Object.assign(new Event("pagehide"), { persisted }));
    model.deliver();
    return kernel.seen.filter(({ type }) => type === "close_player").length;
  };
  store.play.player.value = { id: "player", title: "key" };
  expect([leave(true), leave(false), leave(false)]).toEqual([0, 1, 1]);
  disposal.dispose();
});

test("the player of the world has one title, its own; that of a property's run is called after the property", async () => {
  const { model, store, settle, disposal } = await openEditor(["a"]);
  openPlayers(model);
  Object.assign(model, { widget_manager: { get_model: async () => null } });
  const titleOf = async (property: string | null) => {
    void store.play.open(property);
    await settle();
    return store.play.player.peek()?.title;
  };
  expect(await titleOf(null)).toBe("");
  expect(await titleOf("key")).toBe("key");
  disposal.dispose();
});
