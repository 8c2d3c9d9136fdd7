/** Where a world lives: what the kernel says is read with care, and what is not saved is sent again. */
import { type Signal, signal } from "@preact/signals";
import { beforeEach, expect, test, vi } from "vitest";
import { readBinding, readLastRun, readStart } from "../../editor/store-sync/data";
import { fileName } from "../../editor/store-sync/save-as";
import { notTakenSentence, openStoreSync, statusSentence } from "../../editor/store-sync/state";
import { Disposal } from "../../shared/disposal";
import { Link } from "../../shared/link";
import { Notices } from "../../shared/ui/toasts";
import { FakeModel, type Sent } from "../fake-model";

const SAVED_BINDING = {
  place: "worlds.db",
  name: "Lane",
  rev: "4",
  status: "saved",
  trouble: "",
  count: 0,
  waiting: [],
  conflict: null,
};
const NOT_TAKEN_BINDING = {
  ...SAVED_BINDING,
  not_taken: [
    {
      lint: "not-taken",
      severity: "warning",
      path: "state[lane].base",
      message: "update_state: no",
      item: { kind: "state", id: "lane", field: "base" },
    },
  ],
};
const UNSAVED_BINDING = {
  ...SAVED_BINDING,
  status: "unsaved",
  trouble: "the disk is full",
  count: 1,
  waiting: ["Rename lane to road"],
};
const RESULT = { form: "text", text: "A lane." };
const clash = (path: string) => ({
  path,
  item: { kind: "state", id: "lane", field: "base" },
  why: "both changed it",
  ours: [],
  theirs: [],
  results: { ours: RESULT, theirs: RESULT, base: RESULT },
});
const CONFLICT = {
  ...UNSAVED_BINDING,
  status: "conflict",
  trouble: "",
  conflict: {
    rev: "6",
    elsewhere: [{ mark: "changed", kind: "state", id: "lane", fields: [] }],
    more: 0,
    clashes: [clash("states.lane.base"), clash("states.gate.base")],
    undecided: 0,
    warnings: [],
  },
};

function setUp(binding: unknown, online: Signal<boolean> = signal(true)) {
  const model = new FakeModel({ binding });
  const messages: Sent[] = [];
  model.kernel = (message) => messages.push(message);
  const notices = new Notices();
  const disposal = new Disposal();
  const keeping = openStoreSync(model, new Link(model), notices, online, disposal);
  const answer = async (body: object) => {
    model.deliver();
    const last = messages.at(-1);
    model.tell({ id: last?.id, view: last?.view, ...body });
    await Promise.resolve();
    await Promise.resolve();
  };
  return { model, messages, notices, disposal, keeping, answer };
}

beforeEach(() => void vi.useFakeTimers());

test("anything at all may come from the kernel, and a world of no store is of no store", () => {
  for (const odd of [
    undefined,
    null,
    3,
    [],
    {},
    { ...SAVED_BINDING, status: "lost" },
    { ...SAVED_BINDING, waiting: 3 },
  ])
    expect(readBinding(odd)).toBeNull();
  expect(readBinding({ ...CONFLICT, conflict: { rev: "6" } })).toBeNull();
  expect(readBinding(CONFLICT)?.conflict?.clashes).toHaveLength(2);
});

test("how it stands is one sentence, and a change of it is spoken", () => {
  const { model, notices, keeping } = setUp(SAVED_BINDING);
  expect(notices.spoken.value).toBe("");
  model.put("binding", UNSAVED_BINDING);
  expect(notices.spoken.value).toBe("Not saved: 1 edit kept here.");
  model.put("binding", CONFLICT);
  expect(notices.spoken.value).toBe("Conflict with revision 6: 1 edit kept here, not saved.");
  model.put("binding", SAVED_BINDING);
  const binding = keeping.binding.value;
  expect(binding && statusSentence(binding)).toBe("Saved in worlds.db, revision 4.");
});

test("what is not saved is sent again after pauses that grow, and quietly", async () => {
  const { model, messages, notices, answer } = setUp(UNSAVED_BINDING);
  const times: number[] = [];
  for (let seconds = 0; seconds <= 130; seconds += 1) {
    model.deliver();
    if (messages.length > times.length) {
      times.push(seconds);
      await answer({ type: "rejected", code: "unsaved", message: "the disk is full" });
    }
    vi.advanceTimersByTime(1000);
  }
  expect(messages.map(({ type }) => type)).toEqual(times.map(() => "save"));
  expect(times.length).toBeGreaterThanOrEqual(4);
  const gaps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
  expect(gaps.slice(1).every((gap, at) => gap >= (gaps[at] ?? 0))).toBe(true);
  expect(notices.list.value).toEqual([]);
});

test("nothing is sent again while it is saved, in conflict, without a kernel or closed", () => {
  for (const [binding, online] of [
    [SAVED_BINDING, true],
    [CONFLICT, true],
    [UNSAVED_BINDING, false],
  ] as const) {
    const { model, messages } = setUp(binding, signal<boolean>(online));
    vi.advanceTimersByTime(300_000);
    model.deliver();
    expect(messages).toEqual([]);
  }
  const { model, messages, disposal } = setUp(UNSAVED_BINDING);
  disposal.dispose();
  vi.advanceTimersByTime(300_000);
  model.deliver();
  expect(messages).toEqual([]);
  expect(model.listeners).toBe(2); // the link's own
});

test("a rebase says which side was picked, and picks of what is no conflict any more are forgotten", async () => {
  const { model, messages, keeping, answer, notices } = setUp(CONFLICT);
  keeping.pick("states.lane.base", { side: "theirs", text: null });
  keeping.pick("states.gate.base", { side: "ours", text: "A gate in rain." });
  const [first] = CONFLICT.conflict.clashes;
  model.put("binding", { ...CONFLICT, conflict: { ...CONFLICT.conflict, rev: "7", clashes: [first] } });
  const promise = keeping.reconcile("rebase");
  await answer({ type: "accepted", rev: "8", notes: [] });
  expect(await promise).toBe(true);
  expect(messages.at(-1)).toMatchObject({
    type: "reconcile",
    choice: "rebase",
    picks: { "states.lane.base": "theirs" },
    written: {},
  });
  expect(notices.list.value.map(({ text }) => text)).toEqual(["Your edits are on top of revision 7, and saved."]);
});

test("a rebase sends the words that a person wrote instead of a side", async () => {
  const { messages, keeping, answer } = setUp(CONFLICT);
  keeping.pick("states.lane.base", { side: "theirs", text: "A lane in rain." });
  const promise = keeping.reconcile("rebase");
  await answer({ type: "accepted", rev: "8", notes: [] });
  await promise;
  expect(messages.at(-1)).toMatchObject({
    picks: {},
    written: { "states.lane.base": { side: "theirs", text: "A lane in rain." } },
  });
});

test("one question at a time, and what the kernel refuses is shown", async () => {
  const { messages, keeping, answer, notices } = setUp(CONFLICT);
  const first = keeping.reconcile("mine");
  expect(await keeping.reconcile("theirs")).toBe(false);
  await answer({ type: "rejected", code: "read_only", message: "this editor is read-only; decide from Python" });
  expect(await first).toBe(false);
  expect(messages).toHaveLength(1);
  expect(notices.list.value.map(({ text }) => text)).toEqual(["This editor is read-only; decide from Python."]);
});

test("a file counts no revisions, so none is told", () => {
  const rev = "sha256:0f3a";
  const binding = readBinding({ ...SAVED_BINDING, kind: "file", place: "mine.world.json", rev });
  expect(binding && statusSentence(binding)).toBe("Saved in mine.world.json.");
  const conflicting = readBinding({ ...CONFLICT, rev, conflict: { ...CONFLICT.conflict, rev } });
  expect(conflicting && statusSentence(conflicting)).toBe(
    "Conflict with the changed file: 1 edit kept here, not saved.",
  );
});

test("a world that lives nowhere says so, and sends nothing of its own accord", () => {
  const { model, messages, keeping } = setUp({
    ...SAVED_BINDING,
    kind: "notebook",
    place: "",
    rev: "",
    status: "nowhere",
  });
  vi.advanceTimersByTime(300_000);
  model.deliver();
  expect(messages).toEqual([]);
  const binding = keeping.binding.value;
  expect(binding && statusSentence(binding)).toBe("Not saved: lives in this notebook only.");
});

test("a file of that name is replaced only when that is asked for", async () => {
  const { messages, keeping, answer } = setUp({ ...SAVED_BINDING, status: "nowhere" });
  const first = keeping.saveAs("mine.world.json", false);
  await answer({ type: "rejected", code: "exists", message: "mine.world.json is there already" });
  expect(await first).toBe("exists");
  const other = keeping.saveAs("no/mine.world.json", false);
  await answer({ type: "rejected", code: "op", message: "there is no folder" });
  expect(await other).toBe("There is no folder.");
  const second = keeping.saveAs("mine.world.json", true);
  await answer({ type: "accepted", rev: "0" });
  expect(await second).toBeNull();
  expect(messages.map((one) => one.overwrite)).toEqual([false, false, true]);
});

test("the edits of the last run are taken over or discarded, and what is discarded can be had back", async () => {
  const { model, messages, keeping, answer, notices } = setUp(SAVED_BINDING);
  model.put("last_run", { count: 2, labels: ["Rename lane", "Move lane"], place: "" });
  expect(keeping.lastRun.value?.count).toBe(2);
  const promise = keeping.discard();
  await answer({ type: "accepted" });
  await promise;
  notices.list.value.at(-1)?.action?.run();
  model.deliver();
  expect(messages.map(({ choice }) => choice)).toEqual(["discard", "restore"]);
  for (const odd of [undefined, 3, {}, { labels: 3 }]) expect([readLastRun(odd), readStart(odd)]).toEqual([null, null]);
});

test.each([
  ["The Key", "the-key.world.json"],
  ["Zoë’s *Été*/..", "zoe-s-ete.world.json"],
  ["灯台", "灯台.world.json"],
  ["ガラスの城", "ガラスの城.world.json"],
  ["किताब", "किताब.world.json"],
  ["한국", "한국.world.json"],
  ["Город Йод", "город-йод.world.json"],
  ["İstanbul, Łódź, Việt Nam", "istanbul-łodz-viet-nam.world.json"],
  ["𠮷".repeat(70), `${"𠮷".repeat(60)}.world.json`],
  ["", "untitled.world.json"],
  ["../../etc", "etc.world.json"],
])("a world called %s is kept in %s", (name, file) => {
  expect(fileName(name)).toBe(file);
});

test("edits that a server did not take are told, and kept or tried again as asked", async () => {
  const { keeping, messages, notices, answer } = setUp(NOT_TAKEN_BINDING);
  expect(keeping.binding.value?.not_taken).toHaveLength(1);
  expect(notTakenSentence(NOT_TAKEN_BINDING as never)).toBe("worlds.db rejected 1 edit; the map shows its version.");
  const kept = keeping.decideNotTaken("keep");
  await answer({ type: "accepted", rev: "4", notes: [] });
  expect(messages.at(-1)).toMatchObject({ type: "not_taken", choice: "keep" });
  expect(await kept).toBe(true);
  const again = keeping.decideNotTaken("retry");
  await answer({ type: "rejected", code: "op", message: "there is nothing to decide", rev: "4" });
  expect(messages.at(-1)).toMatchObject({ type: "not_taken", choice: "retry" });
  expect(await again).toBe(false);
  expect(notices.list.value.at(-1)?.text).toContain("There is nothing to decide");
});

test("a binding without a list of edits that were not taken has none", () => {
  expect(readBinding(SAVED_BINDING)?.not_taken).toEqual([]);
});
