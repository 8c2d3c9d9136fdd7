import { expect, test } from "vitest";
import {
  type Effect,
  type Input,
  isAtLeast,
  type Job,
  openSession,
  pendingCount,
  reduce,
  type Session,
} from "../../editor/data/session";
import { openStore, type Store, selectionAfter } from "../../editor/store";
import { fromSeed } from "../../map/document";
import { Disposal } from "../../shared/disposal";
import { Link } from "../../shared/link";
import type { Changed, Op, Rejected } from "../../shared/protocol";
import { Notices } from "../../shared/ui/toasts";
import { FakeKernel, type Loss, seedOf } from "../fake-kernel";
import { FakeModel } from "../fake-model";

// ---- the machine -------------------------------------------------------------------------------

const job = (ticket: number): Job => ({ ticket, request: { type: "edit", base: "?", ops: [] } });
const rejected = (code: Rejected["code"]): Rejected => ({ type: "rejected", code, message: "no" });

function run(inputs: readonly Input[], from: Session = openSession(seedOf(["a"]))): [Session, Effect[]] {
  const effects: Effect[] = [];
  let session = from;
  for (const input of inputs) {
    const [next, newEffects] = reduce(session, input);
    session = next;
    effects.push(...newEffects);
  }
  return [session, effects];
}
const ready: Input[] = [{ type: "open" }, { type: "seeded", seed: seedOf(["a"]) }];
const kinds = (effects: readonly Effect[]) =>
  effects.map((one) =>
    one.type === "hello" ? "hello" : `${one.type} ${one.type === "send" ? one.job.ticket : one.ticket}`,
  );

test("one change is under way at a time, and each is made against the revision that is there then", () => {
  const [, effects] = run([
    ...ready,
    { type: "submit", job: job(1) },
    { type: "submit", job: job(2) },
    {
      type: "changed",
      message: {
        type: "changed",
        from: "0",
        rev: "1",
        patch: {},
        layout: {},
        diagnostics: [],
        undo: null,
        redo: null,
        cause: null,
      },
    },
    { type: "reply", ticket: 1, reply: { type: "accepted", rev: "1" } },
  ]);
  expect(kinds(effects)).toEqual(["hello", "send 1", "settle 1", "send 2"]);
  const requests = effects.flatMap((one) => (one.type === "send" ? [one.job.request] : []));
  expect(requests.map((request) => request.type === "edit" && request.base)).toEqual(["0", "1"]);
});

test("a change settles when the document has caught up, which it does not by itself once it is accepted", () => {
  const [session, effects] = run([
    ...ready,
    { type: "submit", job: job(1) },
    { type: "reply", ticket: 1, reply: { type: "accepted", rev: "1" } },
  ]);
  expect(kinds(effects)).toEqual(["hello", "send 1", "hello"]);
  expect(pendingCount(session)).toBe(1);
  const [after, more] = run([{ type: "seeded", seed: seedOf(["a"], [], { rev: "1" }) }], session);
  expect(kinds(more)).toEqual(["settle 1"]);
  expect(pendingCount(after)).toBe(0);
});

test("what is accepted while the world is fetched is settled by that world", () => {
  const [, effects] = run([
    ...ready,
    { type: "submit", job: job(1) },
    { type: "open" },
    { type: "reply", ticket: 1, reply: { type: "accepted", rev: "1" } },
    { type: "seeded", seed: seedOf(["a"], [], { rev: "1" }) },
  ]);
  expect(kinds(effects)).toEqual(["hello", "send 1", "hello", "settle 1"]);
});

test("a conflict is told, the world is fetched anew, and what waits is sent after that", () => {
  const [session, effects] = run([
    ...ready,
    { type: "submit", job: job(1) },
    { type: "submit", job: job(2) },
    { type: "reply", ticket: 1, reply: rejected("conflict") },
  ]);
  expect(kinds(effects)).toEqual(["hello", "send 1", "settle 1", "hello"]);
  const [, more] = run([{ type: "seeded", seed: seedOf(["a"], [], { rev: "9" }) }], session);
  expect(kinds(more)).toEqual(["send 2"]);
});

test("another refusal is told and the next change goes out", () => {
  const [, effects] = run([
    ...ready,
    { type: "submit", job: job(1) },
    { type: "submit", job: job(2) },
    { type: "reply", ticket: 1, reply: rejected("op") },
  ]);
  expect(kinds(effects)).toEqual(["hello", "send 1", "settle 1", "send 2"]);
});

test("a change out of the blue that does not follow makes one request for everything", () => {
  const message: Changed = {
    type: "changed",
    from: "5",
    rev: "6",
    patch: {},
    layout: {},
    diagnostics: [],
    undo: null,
    redo: null,
    cause: null,
  };
  const [, effects] = run([...ready, { type: "changed", message }, { type: "changed", message }]);
  expect(kinds(effects)).toEqual(["hello", "hello"]);
});

test("a change whose reply was lost is sent again before the others, once the world has come", () => {
  const lost = { type: "rejected", code: "lost", message: "lost" } as unknown as Rejected;
  const [session, effects] = run([
    ...ready,
    { type: "submit", job: job(1) },
    { type: "submit", job: job(2) },
    { type: "reply", ticket: 1, reply: lost },
    { type: "submit", job: job(3) },
  ]);
  expect(kinds(effects)).toEqual(["hello", "send 1"]);
  expect(pendingCount(session)).toBe(3);
  const [, more] = run([{ type: "seeded", seed: seedOf(["a"], [], { rev: "9" }) }], session);
  expect(kinds(more)).toEqual(["send 1"]);
  const sent = more.flatMap((one) => (one.type === "send" && one.job.request.type === "edit" ? [one.job.request] : []));
  expect(sent.map(({ base }) => base)).toEqual(["9"]);
});

test("what waits is sent also when the world cannot be fetched", () => {
  const lost = { type: "rejected", code: "lost", message: "lost" } as unknown as Rejected;
  const refused: Input = { type: "refused", reply: rejected("internal") };
  const submitted: Input[] = [...ready, { type: "submit", job: job(1) }, { type: "submit", job: job(2) }];
  const [session, effects] = run([...submitted, { type: "reply", ticket: 1, reply: lost }, refused]);
  expect(kinds(effects)).toEqual(["hello", "send 1", "send 1"]);
  expect(pendingCount(session)).toBe(2);
  const conflict: Input = { type: "reply", ticket: 1, reply: rejected("conflict") };
  expect(kinds(run([...submitted, conflict, refused])[1])).toEqual(["hello", "send 1", "settle 1", "hello", "send 2"]);
});

test("a reply nobody waits for changes nothing", () => {
  const [session] = run(ready);
  expect(reduce(session, { type: "reply", ticket: 4, reply: { type: "accepted", rev: "3" } })).toEqual([session, []]);
});

test("revisions are decimal strings of any length", () => {
  expect([
    isAtLeast("10", "9"),
    isAtLeast("9", "10"),
    isAtLeast("7", "7"),
    isAtLeast("12345678901234567890", "12345678901234567889"),
  ]).toEqual([true, false, true, true]);
});

// ---- over the wire -----------------------------------------------------------------------------

function setUp(ids: readonly string[]) {
  const model = new FakeModel({ seed: seedOf(ids), selection: null, read_only: false });
  const kernel = new FakeKernel(model, ids);
  const disposal = new Disposal();
  const link = new Link(model);
  const store = openStore(model, link, new Notices(), disposal);
  disposal.add(() => link.dispose());
  return { model, kernel, store, disposal };
}
/** Return numbers below a limit that look random, the same ones for the same seed. */
const randomOf = (seed: number) => {
  let state = seed;
  return (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
};
const edit = (store: Store, ops: Op[]) => store.submit({ type: "edit", base: "?", ops });
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

test("twenty edits while the kernel is busy all arrive, in order, each against the revision it meets", async () => {
  const { model, kernel, store, disposal } = setUp(["a"]);
  store.reconnect();
  model.deliver();
  await turn();
  model.busy = true;
  const outcomes = Array.from({ length: 20 }, (_, n) =>
    edit(store, [{ op: "update_state", id: "a", patch: { base: `v${n}` } }]),
  );
  model.deliver();
  expect(kernel.seen.filter((message) => message.type === "edit")).toEqual([]);
  expect(store.pending.value).toBe(20);
  model.busy = false;
  for (let n = 0; n < 20; n += 1) {
    model.deliver();
    await turn();
  }
  expect((await Promise.all(outcomes)).every((outcome) => outcome.ok)).toBe(true);
  const edits = kernel.seen.filter((message) => message.type === "edit");
  expect(edits.map((message) => message.base)).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
  expect(kernel.states[0]?.[1].base).toBe("v19");
  expect(store.doc.value.states[0]?.body.base).toBe("v19");
  expect(store.pending.value).toBe(0);
  disposal.dispose();
  expect(model.listeners).toBe(0);
});

for (const loss of ["request", "reply", "everything"] as const) {
  test(`an edit is made once, and later ones after it, where its ${loss} was lost`, async () => {
    const { model, kernel, store } = setUp(["a"]);
    store.reconnect();
    model.deliver();
    await turn();
    kernel.losses.push(loss);
    const outcomes = ["b", "c"].map((id) => edit(store, [{ op: "add_state", id }]));
    model.deliver();
    await turn();
    // somebody else changes the world meanwhile
    kernel.change({ op: "add_state", id: "python" });
    await turn();
    expect(store.pending.value).toBeGreaterThan(0);
    store.reconnect();
    for (let round = 0; round < 6; round += 1) {
      model.deliver();
      await turn();
    }
    expect((await Promise.all(outcomes)).map(({ ok }) => ok)).toEqual([true, true]);
    const ids = kernel.states.map(([id]) => id);
    expect(ids.filter((id) => id !== "python")).toEqual(["a", "b", "c"]);
    expect(store.doc.value.states.map(({ id }) => id)).toEqual(ids);
    expect([store.pending.value, store.online.value]).toEqual([0, true]);
  });
}

test("an edit whose change was lost is settled, also where the next hello is refused", async () => {
  const { model, kernel, store, disposal } = setUp(["a"]);
  store.reconnect();
  model.deliver();
  await turn();
  kernel.losses.push("everything");
  const outcome = edit(store, [{ op: "add_state", id: "b" }]);
  const settle = async () => {
    for (let round = 0; round < 6; round += 1) {
      model.deliver();
      await turn();
    }
  };
  await settle();
  kernel.refusedHellos = 1;
  store.reconnect();
  await settle();
  expect(store.doc.value.states.map(({ id }) => id)).toEqual(["a", "b"]);
  expect([store.pending.value, store.online.value]).toEqual([0, true]);
  expect((await outcome).ok).toBe(true);
  disposal.dispose();
});

test("whatever is lost on the way, each edit is made once and in order", async () => {
  const losses: readonly (Loss | null)[] = ["request", "reply", "everything", null, null];
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = randomOf(seed);
    const { model, kernel, store } = setUp(["a"]);
    store.reconnect();
    model.deliver();
    await turn();
    const outcomes: Promise<{ ok: boolean }>[] = [];
    for (let step = 0; step < 12; step += 1) {
      kernel.losses.splice(0, 9, losses[random(losses.length)] ?? null);
      const what = random(4);
      if (what < 2) outcomes.push(edit(store, [{ op: "add_state", id: `e${outcomes.length}` }]));
      else if (what === 2) store.reconnect();
      else model.deliver();
      await turn();
    }
    kernel.losses.length = 0;
    for (let round = 0; round < 40; round += 1) {
      if (round % 8 === 0) store.reconnect();
      model.deliver();
      await turn();
    }
    expect([seed, (await Promise.all(outcomes)).every(({ ok }) => ok)]).toEqual([seed, true]);
    const ids = kernel.states.map(([id]) => id);
    expect([seed, ...ids]).toEqual([seed, "a", ...outcomes.map((_, n) => `e${n}`)]);
    expect(store.doc.value.states.map(({ id }) => id)).toEqual(ids);
    expect(store.pending.value).toBe(0);
  }
});

test("five values of one trait in a row reach the kernel as two, which is why edits are messages", () => {
  const model = new FakeModel();
  for (let n = 1; n <= 5; n += 1) {
    model.set("v", n);
    model.save_changes();
  }
  model.deliver();
  expect(model.updates).toEqual([{ v: 1 }, { v: 5 }]);
});

test("two views of one model both follow, and neither takes the other's replies", async () => {
  const { model, kernel, store, disposal } = setUp(["a", "b"]);
  const other = openStore(model, new Link(model), new Notices(), disposal);
  for (const one of [store, other]) one.reconnect();
  model.deliver();
  await turn();
  const promise = edit(store, [{ op: "update_state", id: "b", patch: { base: "B" } }]);
  model.deliver();
  expect((await promise).ok).toBe(true);
  for (const one of [store, other]) expect(one.doc.value.states[1]?.body.base).toBe("B");
  kernel.change({ op: "add_state", id: "c" });
  for (const one of [store, other]) expect(one.graph.value.byId.get("c")).toBe(2);
  expect(kernel.seen.filter((message) => message.type === "hello")).toHaveLength(2);
});

test("nothing can be edited before the kernel has answered, nor in a read-only view", async () => {
  const { model, store } = setUp(["a"]);
  expect(store.editable.value).toBe(false);
  expect(store.graph.value.nodes).toHaveLength(1);
  store.reconnect();
  model.deliver();
  await turn();
  expect(store.editable.value).toBe(true);
  model.put("read_only", true);
  expect([store.editable.value, store.locked.value]).toEqual([false, true]);
});

test("the selection goes both ways and is written once", () => {
  const { model, store } = setUp(["a", "b"]);
  store.selected.value = { kind: "state", id: "b", key: "1" };
  expect(model.get("selection")).toEqual({ kind: "state", id: "b" });
  model.deliver();
  expect(model.updates).toEqual([{ selection: { kind: "state", id: "b" } }]);
  model.put("selection", { kind: "event", id: "go" });
  expect(store.selected.value).toEqual({ kind: "event", id: "go" });
  model.put("selection", { kind: "nonsense" });
  expect(store.selected.value).toBeNull();
});

test("what is renamed stays selected, what is gone does not", () => {
  const before = fromSeed(seedOf(["a", "b"]));
  const what = { kind: "state", id: "b", key: "4" } as const;
  expect(selectionAfter(before, fromSeed(seedOf(["a", "B"])), what)).toEqual({ kind: "state", id: "B", key: "4" });
  expect(selectionAfter(before, fromSeed(seedOf(["a"])), what)).toBeNull();
  expect(selectionAfter(before, fromSeed(seedOf(["x", "a", "b"])), what)).toBe(what);
});

test("an event that is renamed stays selected, though another has the name that it had", () => {
  const event = (name: string) => ({ name, kind: "transition", from: ["a"], to: "a" });
  const docOf = (...names: string[]) => fromSeed(seedOf(["a"], names.map(event)));
  const what = { kind: "event", id: "go", index: 2, key: "4" } as const;
  const before = docOf("go", "x", "go");
  expect(selectionAfter(before, docOf("go", "x", "leave"), what)).toMatchObject({ id: "leave", key: "4" });
  expect(selectionAfter(before, docOf("go", "go"), what)).toMatchObject({ id: "go", index: 1, key: "4" });
  expect(selectionAfter(before, docOf("go", "x"), what)).toBeNull();
  expect(selectionAfter(before, docOf("go", "x", "go", "y"), what)).toBe(what);
});

test("what is brought into view stands beside the side panel, or under one that leaves no more than a strip", () => {
  const { store, disposal } = setUp(["a"]);
  store.coveredWidth.value = 336;
  store.size.value = { w: 900, h: 500 };
  expect(store.freeSize.value).toEqual({ w: 564, h: 500 });
  store.size.value = { w: 400, h: 500 };
  expect(store.freeSize.value).toEqual({ w: 400, h: 500 });
  disposal.dispose();
});
