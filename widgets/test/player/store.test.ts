import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import { openStore } from "../../player/store";
import { readView } from "../../player/view";
import { Disposal } from "../../shared/disposal";
import { Link, type LinkState } from "../../shared/link";
import type { MessageHandler, WidgetModel } from "../../shared/model";
import { Notices } from "../../shared/ui/toasts";
import { offer, view } from "./views";

type Sent = { id: string; view: string; type: string; action: string; event?: string };

/** A kernel that keeps what it is sent until the test answers. */
function kernel() {
  const messages: Sent[] = [];
  let hear: MessageHandler = () => {};
  const model: WidgetModel = {
    get: () => undefined,
    set: () => {},
    save_changes: () => {},
    send: (content) => void messages.push(content as Sent),
    on: (event: string, handler: MessageHandler) => {
      if (event === "msg:custom") hear = handler;
    },
    off: () => {},
  };
  const answer = (body: object, to = messages.at(-1)) => hear({ id: to?.id, view: to?.view, ...body });
  return { messages, model, answer };
}

function setUp() {
  const { messages, model, answer } = kernel();
  const trait = signal<unknown>(view());
  const notices = new Notices();
  const disposal = new Disposal();
  const link = new Link(model);
  const store = openStore(link, notices, trait, disposal);
  return { messages, answer, trait, notices, disposal, store, link };
}

describe("the player's store", () => {
  it("drops a second press while the first is under way, so that it cannot fire in the next place", async () => {
    const { messages, answer, store } = setUp();
    store.fire(offer("walk"));
    store.fire(offer("walk"));
    expect(messages.map(({ action, event }) => [action, event])).toEqual([["fire", "walk"]]);
    expect(store.busy.value).toBe(true);
    answer({ type: "accepted" });
    await Promise.resolve();
    await Promise.resolve();
    expect(store.busy.value).toBe(false);
    store.fire(offer("walk"));
    expect(messages).toHaveLength(2);
  });

  it("orders pictures anew once the world is another one, though its states have the same ids", async () => {
    const { messages, answer, trait, store } = setUp();
    const picture = { kind: "drawn", label: "A lane", note: "", src: "", layers: ["<svg/>"], motion: "push" };
    for (const pictures of [store.pictures, store.thumbnails]) {
      pictures.of("lane");
      await Promise.resolve();
      answer({ type: "pictures", pictures: { lane: picture } });
      await Promise.resolve();
      await Promise.resolve();
    }
    trait.value = view({ serial: 2 });
    expect([store.pictures.of("lane")?.label, store.thumbnails.of("lane")?.label]).toEqual(["A lane", "A lane"]);
    expect(messages).toHaveLength(2);
    trait.value = view({ serial: 3, worldVersion: 2 });
    expect([store.pictures.of("lane"), store.thumbnails.of("lane")]).toEqual([null, null]);
    await Promise.resolve();
    expect(messages.slice(2).map(({ type }) => type)).toEqual(["pictures", "pictures"]);
  });

  it("sends a press of another offer while the first is under way: the kernel does one after the other", () => {
    const { messages, store } = setUp();
    store.fire(offer("pick up"));
    store.fire(offer("walk"));
    expect(messages.map(({ event }) => event)).toEqual(["pick up", "walk"]);
  });

  it("tells a second press from a first one whatever the clock does meanwhile", async () => {
    const { messages, answer, store } = setUp();
    store.fire(offer("walk"));
    void store.act({ action: "wait", ms: 100 });
    store.fire(offer("walk"));
    expect(messages.map(({ action }) => action)).toEqual(["fire", "wait"]);
    answer({ type: "accepted" }, messages[0]);
    await Promise.resolve();
    await Promise.resolve();
    store.fire(offer("walk")); // while the clock is still waited for
    expect(messages.map(({ action }) => action)).toEqual(["fire", "wait", "fire"]);
  });

  it("says no longer why an offer was locked once something else is done", async () => {
    const { messages, answer, notices, store } = setUp();
    store.fire(offer("enter", { available: false, hint: "need: key" }));
    store.fire(offer("walk"));
    expect(notices.list.value).toHaveLength(1);
    answer({ type: "accepted" }, messages[1]);
    await Promise.resolve();
    await Promise.resolve();
    expect(notices.list.value).toEqual([]);
  });

  it("says why a locked offer does not fire, and tells the kernel of every press", async () => {
    const { messages, answer, notices, store, disposal } = setUp();
    const locked = offer("enter", { available: false, hint: "need: key" });
    store.fire(locked);
    store.fire(locked);
    expect(messages.map(({ action, event }) => [action, event])).toEqual([
      ["fire", "enter"],
      ["fire", "enter"],
    ]);
    expect(store.busy.value).toBe(false);
    for (const message of messages) answer({ type: "rejected", code: "op", message: "missing flags" }, message);
    await Promise.resolve();
    await Promise.resolve();
    expect(notices.list.value.map((toast) => toast.text)).toEqual(["Locked: need: key"]);
    notices.dispose();
    disposal.dispose();
  });

  it("shows a refusal as a sentence", async () => {
    const { answer, notices, store } = setUp();
    const promise = store.act({ action: "undo" });
    answer({ type: "rejected", code: "op", message: "there is nothing to undo" });
    expect(await promise).toBe(false);
    expect(notices.list.value.map((toast) => toast.text)).toEqual(["There is nothing to undo."]);
    notices.dispose();
  });

  it("takes a kernel that runs a cell for one that is there, and only a silent one for one that is not", () => {
    const { link, store } = setUp();
    const isOnline = (state: LinkState) => {
      (link.state as { value: LinkState }).value = state;
      return store.online.value;
    };
    expect((["waiting", "live", "busy", "silent"] as const).map(isOnline)).toEqual([true, true, true, false]);
  });

  it("reads out what changed when the kernel sends a new view", () => {
    const { trait, notices } = setUp();
    trait.value = view({ line: "Rain.", clock: 5 });
    expect(notices.spoken.value).toBe("Rain.");
  });
});

describe("real time", () => {
  /** A store whose view drives the clock. */
  function driving() {
    const player = setUp();
    player.store.toggle();
    const driver = player.messages.at(-1)?.view ?? "";
    player.trait.value = view({ mode: "real-time", driver });
    player.answer({ type: "accepted" });
    return { ...player, ticks: () => player.messages.filter((message) => message.action === "tick") };
  }

  it("is driven by the view that the kernel names, and by no other", () => {
    const { store, trait, ticks } = driving();
    expect(store.running.value).toBe(true);
    store.frame(0, true);
    store.frame(100, true);
    expect(ticks()).toHaveLength(1);
    trait.value = view({ mode: "real-time", driver: "somebody else" });
    expect(store.running.value).toBe(false);
    store.frame(900, true);
    expect(ticks()).toHaveLength(1);
  });

  it("passes only while somebody can see it", () => {
    const { store, ticks } = driving();
    store.frame(0, false);
    store.frame(5000, false);
    expect(ticks()).toHaveLength(0);
  });

  it("does not keep an offer from being pressed while a tick is under way", async () => {
    const { store, messages, ticks } = driving();
    await Promise.resolve();
    await Promise.resolve();
    store.frame(0, true);
    store.frame(100, true);
    expect(ticks()).toHaveLength(1);
    expect(store.busy.value).toBe(false);
    store.fire(offer("walk"));
    expect(messages.at(-1)?.event).toBe("walk");
  });

  it("goes on, and takes what is pressed, once a lost answer is known to be lost", async () => {
    const { store, messages, answer, notices, ticks } = driving();
    await Promise.resolve();
    await Promise.resolve();
    store.frame(0, true);
    store.frame(100, true);
    store.fire(offer("walk"));
    store.frame(300, true);
    store.reconnect();
    answer({ type: "accepted" });
    for (let round = 0; round < 4; round += 1) await Promise.resolve();
    expect(store.busy.value).toBe(false);
    expect(notices.list.value.map((toast) => toast.text)).toEqual([
      "No answer came: look whether it was done before you do it again.",
    ]);
    store.frame(400, true);
    expect(ticks()).toHaveLength(2);
    store.fire(offer("walk"));
    expect(messages.at(-1)?.event).toBe("walk");
    notices.dispose();
  });

  it("shows what time changed, in the view it was told of and in no later one", () => {
    const { store, answer, trait } = driving();
    const { clock, playing, promptNow, controls, ambient, waypoints, timers, zones, seen } = view({ clock: 700 });
    const now = { clock, playing, promptNow, controls, ambient, waypoints, timers, zones, seen };
    answer({ id: undefined, view: undefined, type: "now", serial: 1, now });
    expect(store.view.value?.clock).toBe(700);
    trait.value = view({ serial: 2, clock: 900 });
    expect(store.view.value?.clock).toBe(900);
    answer({ id: undefined, view: undefined, type: "now", serial: 1, now });
    expect(store.view.value?.clock).toBe(900);
  });

  it("lets go of the clock when the view closes", () => {
    const { messages, disposal, notices } = driving();
    disposal.dispose();
    notices.dispose();
    expect(messages.at(-1)?.action).toBe("pause");
  });
});

describe("what a tester asks", () => {
  it("is asked for once", async () => {
    const { messages, answer, store } = setUp();
    store.askAbout();
    store.askAbout();
    expect(messages.map((message) => message.type)).toEqual(["about"]);
    answer({ type: "about", about: { flags: [], states: ["lane"], labels: [], entrance: "lane" } });
    await Promise.resolve();
    await Promise.resolve();
    expect(store.about.value?.states).toEqual(["lane"]);
  });

  it("comes back as text, or as a notice why not", async () => {
    const { answer, store, notices } = setUp();
    const script = store.script("pytest");
    answer({ type: "script", text: "def test(): ...", name: "test_lane.py" });
    expect((await script)?.name).toBe("test_lane.py");
    const refused = store.script("run");
    answer({ type: "rejected", code: "op", message: "no" });
    expect(await refused).toBeNull();
    expect(notices.list.value.map((toast) => toast.text)).toEqual(["No."]);
    notices.dispose();
  });
});

describe("a view from the kernel", () => {
  it("is shown when it is whole", () => expect(readView(view())?.title).toBe("Lane"));
  it.each([null, undefined, {}, [], "x", { protocol: 2 }, { ...view(), protocol: 9 }, { ...view(), offers: null }])(
    "is not shown when it is %j",
    (value) => expect(readView(value)).toBeNull(),
  );
  it("has what is locked after what can be chosen, and the keys 1 to 9 follow", () => {
    const read = readView(view({ offers: [offer("a", { available: false, hint: "No." }), offer("b"), offer("c")] }));
    expect(read?.offers.map(({ name }) => name)).toEqual(["b", "c", "a"]);
  });
});
