import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import { openStore } from "../../player/store";
import { readView } from "../../player/view";
import { Disposal } from "../../shared/disposal";
import { Link } from "../../shared/link";
import type { MessageHandler, WidgetModel } from "../../shared/model";
import { Notices } from "../../shared/ui/toasts";
import { offer, view } from "./views";

type Sent = { id: string; view: string; type: string; action: string; event?: string };

/** A kernel that keeps what it is sent until the test answers. */
function kernel() {
  const sent: Sent[] = [];
  let hear: MessageHandler = () => {};
  const model: WidgetModel = {
    get: () => undefined,
    set: () => {},
    save_changes: () => {},
    send: (content) => void sent.push(content as Sent),
    on: (_event: string, handler: MessageHandler) => {
      hear = handler;
    },
    off: () => {},
  };
  const answer = (body: object, to = sent.at(-1)) => hear({ id: to?.id, view: to?.view, ...body });
  return { sent, model, answer };
}

function opened() {
  const { sent, model, answer } = kernel();
  const trait = signal<unknown>(view());
  const notices = new Notices();
  const disposal = new Disposal();
  const store = openStore(new Link(model), notices, trait, disposal);
  return { sent, answer, trait, notices, disposal, store };
}

describe("the player's store", () => {
  it("drops a second press while the first is under way, so that it cannot fire in the next place", async () => {
    const { sent, answer, store } = opened();
    store.fire(offer("walk"));
    store.fire(offer("walk"));
    expect(sent.map(({ action, event }) => [action, event])).toEqual([["fire", "walk"]]);
    expect(store.busy.value).toBe(true);
    answer({ type: "accepted" });
    await Promise.resolve();
    await Promise.resolve();
    expect(store.busy.value).toBe(false);
    store.fire(offer("walk"));
    expect(sent).toHaveLength(2);
  });

  it("says why a locked offer does not fire, and asks nobody", () => {
    const { sent, notices, store, disposal } = opened();
    store.fire(offer("enter", { available: false, hint: "need: key" }));
    expect(sent).toHaveLength(0);
    expect(notices.list.value.map((toast) => toast.text)).toEqual(["Locked: need: key"]);
    notices.dispose();
    disposal.dispose();
  });

  it("shows a refusal as a sentence", async () => {
    const { answer, notices, store } = opened();
    const done = store.act({ action: "undo" });
    answer({ type: "rejected", code: "op", message: "there is nothing to undo" });
    expect(await done).toBe(false);
    expect(notices.list.value.map((toast) => toast.text)).toEqual(["There is nothing to undo."]);
    notices.dispose();
  });

  it("reads out what changed when the kernel sends a new view", () => {
    const { trait, notices } = opened();
    trait.value = view({ line: "Rain.", clock: 5 });
    expect(notices.spoken.value).toBe("Rain.");
  });
});

describe("a view from the kernel", () => {
  it("is shown when it is whole", () => expect(readView(view())?.title).toBe("Lane"));
  it.each([null, undefined, {}, [], "x", { protocol: 2 }, { ...view(), protocol: 9 }, { ...view(), offers: null }])(
    "is not shown when it is %j",
    (value) => expect(readView(value)).toBeNull(),
  );
});
