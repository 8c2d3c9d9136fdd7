import { signal } from "@preact/signals";
import { describe, expect, it, vi } from "vitest";
import { existsIn, openStore } from "../../compare/store";
import { Disposal } from "../../shared/disposal";
import { Link } from "../../shared/link";
import { Notices } from "../../shared/ui/toasts";
import { FakeModel, type Sent } from "../fake-model";
import { CHANGES, conflict, merge, seed } from "./comparisons";

function setUp(value: unknown = seed()) {
  const model = new FakeModel();
  const messages: Sent[] = [];
  model.kernel = (message) => messages.push(message);
  const notices = new Notices();
  const comparison = signal<unknown>(value);
  const disposal = new Disposal();
  const store = openStore(new Link(model), notices, comparison, disposal);
  const answer = async (body: object, to?: Sent) => {
    model.deliver();
    const request = to ?? messages.at(-1);
    model.tell({ id: request?.id, view: request?.view, ...body });
    await Promise.resolve();
    await Promise.resolve();
  };
  return { messages, store, notices, comparison, answer, model };
}

describe("the comparison's store", () => {
  it("steps through what the filter lets through", () => {
    const { store } = setUp();
    store.toggle("changed");
    store.step(1);
    expect(store.current.value).toBe(2);
    store.step(-1);
    expect(store.current.value).toBe(4);
    store.toggle("changed");
    store.step(1);
    expect(store.current.value).toBe(0);
  });

  it("tells a screen reader what it went to", () => {
    const { store, notices } = setUp();
    store.choose(3);
    expect(notices.spoken.value).toBe("event walk, before go: renamed and moved. 4 of 5.");
  });

  it("asks once for fields that were not sent, and shows them when they come", async () => {
    const { store, messages, answer } = setUp();
    expect(store.fields(2)).toBeNull();
    store.choose(2);
    store.choose(1);
    store.choose(2);
    await answer({ type: "fields", fields: [{ path: "base", words: [["ins", "Ice."]] }] });
    expect(messages.map(({ type, change }) => [type, change])).toEqual([["fields", 2]]);
    expect(store.fields(2)?.[0]?.path).toBe("base");
  });

  it("asks again for fields after a refusal, which it shows", async () => {
    const { store, messages, answer, notices } = setUp();
    store.choose(2);
    await answer({ type: "rejected", code: "op", message: "there is no change 2" });
    expect(notices.list.value.map(({ text }) => text)).toEqual(["There is no change 2."]);
    store.choose(2);
    await answer({ type: "fields", fields: [] });
    expect(messages.length).toBe(2);
    notices.dispose();
  });

  it("asks what the edit did to play when that is wanted, once", async () => {
    const { store, messages, answer } = setUp();
    store.askPlay();
    store.askPlay();
    await answer({ type: "play", sentences: ["Nothing that can happen changed."] });
    store.askPlay();
    expect(messages.map(({ type }) => type)).toEqual(["play"]);
    expect(store.play.value).toMatchObject({ state: "told", sentences: ["Nothing that can happen changed."] });
  });

  it("shows one world, the other, and both again", () => {
    const { store } = setUp();
    const there = () => [store.nodeStatus(2), store.eventStatus(1)].map((status) => existsIn(status, store.side.value));
    expect(there()).toEqual([true, true]);
    store.flick();
    expect([store.side.value, there()]).toEqual(["before", [false, true]]);
    store.flick();
    expect([store.side.value, there()]).toEqual(["after", [true, false]]);
    store.flick();
    expect(store.side.value).toBe("both");
  });

  it("draws what is filtered away as if nothing had happened, in the world it is of", () => {
    const { store } = setUp();
    store.toggle("added");
    expect(store.nodeStatus(2)).toMatchObject({ mark: "same", side: "after" });
  });

  it("begins anew with another comparison", () => {
    const { store, comparison } = setUp();
    store.choose(3);
    comparison.value = seed({
      changes: [],
      nodes: [],
      pieces: [
        ["same", "both", -1],
        ["same", "both", -1],
        ["same", "both", -1],
      ],
    });
    expect(store.current.value).toBeNull();
    expect(store.listedChanges.value).toEqual([]);
  });

  it("takes no answer about an earlier comparison for one about this", async () => {
    const { store, messages, comparison, answer, model } = setUp();
    store.choose(2);
    store.pictures(2);
    store.askPlay();
    await Promise.resolve();
    model.deliver();
    const asked = (type: string) => messages.find((message) => message.type === type);
    comparison.value = seed();
    await answer({ type: "fields", fields: [{ path: "base", words: [["ins", "Ice."]] }] }, asked("fields"));
    await answer({ type: "change_pictures", before: null, after: null }, asked("change_pictures"));
    await answer({ type: "play", sentences: ["Nothing that can happen changed."] }, asked("play"));
    expect([store.fields(2), store.pictures(2), store.play.value]).toEqual([null, null, { state: "unasked" }]);
  });

  it("asks again for the fields of the change that stays chosen in another comparison", async () => {
    const { store, messages, comparison, answer } = setUp();
    store.choose(2);
    await answer({ type: "fields", fields: [{ path: "base", words: [["ins", "Ice."]] }] });
    comparison.value = seed();
    expect(store.fields(2)).toBeNull();
    await answer({ type: "fields", fields: [{ path: "narration", words: [["ins", "It cracks."]] }] });
    expect(messages.map(({ type, change }) => [type, change])).toEqual([
      ["fields", 2],
      ["fields", 2],
    ]);
    expect(store.fields(2)?.[0]?.path).toBe("narration");
  });

  it("asks again for pictures after a refusal", async () => {
    const { store, messages, answer } = setUp();
    store.pictures(2);
    await Promise.resolve();
    await answer({ type: "rejected", code: "internal", message: "the kernel was interrupted; try again" });
    store.pictures(2);
    await Promise.resolve();
    await answer({ type: "change_pictures", before: null, after: null });
    expect(messages.map(({ type }) => type)).toEqual(["change_pictures", "change_pictures"]);
    expect(store.pictures(2)).toMatchObject({ before: null, after: null });
  });

  it("shows how a state that differs looked and looks, in one world its own picture, and the same picture once", async () => {
    const { store, messages, answer } = setUp();
    const picture = (svg: string) => ({
      kind: "drawing",
      label: svg,
      note: "",
      src: "",
      layers: [svg],
      motion: "right",
    });
    const words = () => store.looks(1).map((look) => look.words);
    expect(store.looks(0)).toEqual([]);
    expect(words()).toEqual([]);
    await Promise.resolve();
    await answer({ type: "change_pictures", before: picture("gate"), after: picture("door") });
    expect(words()).toEqual(["gate", "door"]);
    expect(store.looks(1)).toEqual(store.looks(1));
    store.side.value = "before";
    expect(words()).toEqual(["gate"]);
    store.side.value = "both";
    store.looks(2);
    await Promise.resolve();
    await answer({ type: "change_pictures", before: picture("pond"), after: picture("pond") });
    expect(store.looks(2).map((look) => look.words)).toEqual(["pond"]);
    store.toggle("added");
    expect(store.looks(2)).toEqual([]);
    expect(messages.map(({ type, change }) => [type, change])).toEqual([
      ["change_pictures", 1],
      ["change_pictures", 2],
    ]);
  });

  it("steps through the conflicts of a merge before its changes, and picks a side", async () => {
    const { store, messages, answer } = setUp(merge());
    expect(store.steps.value.slice(0, 3)).toEqual([-1, -2, 0]);
    store.step(1);
    store.step(1);
    expect(store.current.value).toBe(-2);
    void store.pick(1, "theirs");
    await answer({ type: "accepted" });
    expect(messages.map(({ type, conflict, side }) => [type, conflict, side])).toEqual([["resolve", 1, "theirs"]]);
  });

  it("says no longer why a revision was not accepted once it is accepted", async () => {
    const { store, answer } = setUp(merge());
    void store.accept();
    await answer({ type: "rejected", code: "op", message: "no editor of this world is open" });
    expect(store.notices.list.value.map(({ text }) => text)).toEqual(["No editor of this world is open."]);
    void store.accept();
    await answer({ type: "accepted" });
    expect(store.notices.list.value).toEqual([]);
  });

  it("stays at the conflict or the change that was chosen when the merge goes on", () => {
    const { store, comparison } = setUp(merge());
    store.choose(-2);
    comparison.value = merge({ conflicts: [conflict({ path: "states.gate" })] });
    expect(store.current.value).toBe(-1);
    store.choose(4);
    comparison.value = merge({ changes: CHANGES.slice(1) });
    expect(store.current.value).toBe(3);
    comparison.value = merge({ changes: [] });
    expect(store.current.value).toBeNull();
  });

  it("marks on the map where a conflict is still open, and no longer when it is decided", () => {
    const { store, comparison } = setUp(merge());
    expect([...(store.comparison.value?.conflicted.nodes ?? [])]).toEqual([0, 1]);
    comparison.value = merge({
      conflicts: [conflict(), conflict({ path: "states.gate", nodes: [1], picked: "ours" })],
    });
    expect([...(store.comparison.value?.conflicted.nodes ?? [])]).toEqual([0]);
  });

  it("has nothing to show of what is no comparison", () => {
    const { store } = setUp(null);
    expect(store.comparison.value).toBeNull();
    store.step(1);
    expect(store.current.value).toBeNull();
  });

  it("keeps a text that was refused after its field went away until somebody has it", async () => {
    const { store, notices } = setUp();
    const writeText = vi.fn().mockRejectedValueOnce(new Error("forbidden")).mockResolvedValue(undefined);
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    const copy = async () => {
      const [notice] = notices.list.value;
      notices.dismiss(notice?.key ?? 0);
      notice?.action?.run();
      await vi.waitFor(() => expect(notices.list.value).toHaveLength(1));
      return notices.list.value[0];
    };
    store.giveBack("[1, 2", "This is not JSON.");
    expect(notices.list.value[0]).toMatchObject({
      text: "“[1, 2” was not saved. This is not JSON.",
      tone: "error",
      action: { label: "Copy the text", stays: true },
    });
    expect(await copy()).toMatchObject({ text: expect.stringContaining("“[1, 2”"), action: { stays: true } });
    expect(await copy()).toMatchObject({ text: "Copied the text.", action: undefined });
    expect(writeText).toHaveBeenLastCalledWith("[1, 2");
  });
});
