import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import { openEmbedded } from "../../player/embedded";
import { readReport } from "../../report/data";
import { openStore } from "../../report/store";
import { findingOf, missingRunText, playLabel, pointOfNoReturn } from "../../report/text";
import { Disposal } from "../../shared/disposal";
import { Link } from "../../shared/link";
import { Notices } from "../../shared/ui/toasts";
import { FakeModel, type Sent } from "../fake-model";
import { view } from "../player/views";
import { entry, report, run } from "./reports";

function setUp(changes = {}) {
  const model = new FakeModel();
  const messages: Sent[] = [];
  model.kernel = (message) => messages.push(message);
  const notices = new Notices();
  const link = new Link(model);
  const player = openEmbedded(link, notices, signal(view()), new Disposal());
  const store = openStore(link, notices, signal(report(changes)), player, new Disposal());
  const answer = async (body: object) => {
    model.deliver();
    const last = messages.at(-1);
    model.tell({ id: last?.id, view: last?.view, ...body });
    await Promise.resolve();
    await Promise.resolve();
  };
  return { messages, store, notices, answer };
}

describe("the report's store", () => {
  it("opens at the worst finding and shows its way", () => {
    const { store } = setUp();
    expect(store.selection.value).toEqual({ kind: "finding", index: 0 });
    expect(store.view.value.w).toBeLessThan(2600);
    store.choose(null);
    expect(store.view.value.w).toBeGreaterThan(5000);
  });

  it("opens at nothing when nothing is wrong", () => {
    expect(setUp({ groups: [], mark: "good" }).store.selection.value).toBeNull();
  });

  it("leads into the editor, and says when there is none", async () => {
    const { store, messages, answer, notices } = setUp();
    void store.showInEditor({ kind: "finding", index: 0 }, true);
    await answer({ type: "rejected", code: "op", message: "this world is open in no editor" });
    expect(messages.map(({ type, target, fix }) => [type, target, fix])).toEqual([
      ["show", { kind: "finding", index: 0 }, true],
    ]);
    expect(notices.list.value.map(({ text }) => text)).toEqual(["This world is open in no editor."]);
  });

  it("plays a finding once the kernel stands there, and comes back", async () => {
    const { store, messages, answer } = setUp();
    void store.play({ kind: "finding", index: 0 });
    await answer({ type: "accepted" });
    expect(messages.map(({ type, target }) => [type, target])).toEqual([["play", { kind: "finding", index: 0 }]]);
    expect(store.playing.value).toEqual({ kind: "finding", index: 0 });
    store.leave();
    expect(store.playing.value).toBeNull();
  });

  it("stays where it is when the kernel refuses, and says why", async () => {
    const { store, notices, answer } = setUp();
    void store.play({ kind: "ending", id: "moon" });
    await answer({ type: "rejected", code: "op", message: "there is no run to it" });
    expect(store.playing.value).toBeNull();
    expect(notices.list.value.map(({ text }) => text)).toEqual(["There is no run to it."]);
    notices.dispose();
  });

  it("asks for a way that was not sent, once", async () => {
    const groups = [{ kind: "soft-lock", title: "x", entries: [entry(0, { run: null, later: true })], more: 0 }];
    const { store, messages, answer } = setUp({ groups });
    const target = { kind: "finding", index: 0 } as const;
    expect(store.run(target)).toBeNull();
    store.choose(target);
    store.choose(null);
    store.choose(target);
    await answer({ type: "route", run: run(["go", "a", "b"]) });
    expect(messages.map(({ type }) => type)).toEqual(["route"]);
    expect(store.run(target)?.length).toBe(1);
  });

  it("asks for the covering runs when they are wanted", async () => {
    const { store, messages, answer } = setUp();
    store.askCover();
    await answer({ type: "cover", cover: { sentence: "1 run.", runs: [run(["go", "a", "b"])], more: 0 } });
    expect(messages.map(({ type }) => type)).toEqual(["cover"]);
    expect(store.run({ kind: "run", index: 0 })?.length).toBe(1);
  });

  it("keeps a view moved by hand until something else is chosen", () => {
    const { store } = setUp();
    const before = store.view.value;
    store.pan(10, 0);
    store.zoom(0.5);
    expect(store.view.value).not.toEqual(before);
    store.choose({ kind: "ending", id: "c" });
    expect(store.view.value.x).toBeGreaterThan(3000);
  });
});

describe("a report from the kernel", () => {
  it("is shown when it is whole", () => expect(readReport(report())?.title).toBe("Lane"));
  it.each([null, {}, "x", { ...report(), protocol: 2 }, { ...report(), groups: null }, { ...report(), chart: {} }])(
    "is not shown when it is not",
    (value) => expect(readReport(value)).toBeNull(),
  );
});

describe("words", () => {
  it("say where there is no way back and from where it is played", () => {
    const crossed = { ...run(["go", "the_yard", "b"]), crossing: 0 };
    expect(pointOfNoReturn(crossed, ["key"])).toBe("The point of no return: in the yard, holding key");
    expect(pointOfNoReturn(crossed, [])).toContain("holding nothing");
    expect([playLabel(crossed), playLabel(run())]).toEqual(["Play from just before", "Play this"]);
  });
  it("tell an ending out of reach from one that was not decided", () => {
    const [end] = report().endings;
    if (!end) throw new Error("no ending");
    expect(missingRunText({ ...end, reached: false })).toBe("out of reach");
    expect(missingRunText({ ...end, reached: null })).toBe("not seen; not decided");
  });
  it("find the finding about a state", () => {
    expect(findingOf(report(), "b")?.index).toBe(0);
    expect(findingOf(report(), "moon")).toBeUndefined();
  });
});
