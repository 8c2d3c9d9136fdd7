import { expect, test } from "vitest";
import { Link, MAX_MESSAGE } from "../../shared/link";
import type { Envelope } from "../../shared/protocol";
import { FakeModel, type Sent } from "../fake-model";

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Open a link whose clock stands until `wait`, and no longer than it is told to wait for. */
function clocked() {
  const model = new FakeModel();
  const messages: Sent[] = [];
  model.kernel = (message) => messages.push(message);
  let now = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  let count = 0;
  const link = new Link(model, {
    setTimer: (run, ms) => {
      count += 1;
      timers.set(count, { at: now + ms, run });
      return count;
    },
    clearTimer: (timer) => timers.delete(timer as number),
  });
  const wait = (seconds: number) => {
    const end = now + 1000 * seconds;
    for (;;) {
      const [next] = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (!next) break;
      timers.delete(next[0]);
      now = next[1].at;
      next[1].run();
      model.deliver();
    }
    now = end;
  };
  const hellos = () => messages.filter(({ type }) => type === "hello").length;
  return { model, messages, link, wait, hellos, timers };
}

function linked() {
  const model = new FakeModel();
  const messages: Sent[] = [];
  model.kernel = (message) => messages.push(message);
  const timers: (() => void)[] = [];
  const link = new Link(model, { setTimer: (run) => timers.push(run), clearTimer: () => {} });
  return { model, messages, link, timers };
}

test("a reply reaches the request it echoes, in whatever order replies come", async () => {
  const { model, messages, link } = linked();
  const first = link.request<Envelope>({ type: "undo" });
  const second = link.request<Envelope>({ type: "redo" });
  model.deliver();
  for (const { id, view, type } of [...messages].reverse()) model.tell({ type: `re ${type}`, id, view });
  expect((await first).type).toBe("re undo");
  expect((await second).type).toBe("re redo");
});

test("a reply for another view of the model is not taken", async () => {
  const { model, messages, link } = linked();
  const other = new Link(model);
  const mine = link.request<Envelope>({ type: "undo" });
  model.deliver();
  model.tell({ type: "theirs", id: messages[0]?.id, view: other.view });
  model.tell({ type: "mine", id: messages[0]?.id, view: link.view });
  expect((await mine).type).toBe("mine");
});

test("a busy kernel makes the link silent, and a late answer makes it live again", async () => {
  const { model, messages, link, timers } = linked();
  model.busy = true;
  const reply = link.request<Envelope>({ type: "explore" });
  model.deliver();
  timers[0]?.();
  expect(link.state.value).toBe("silent");
  model.busy = false;
  model.deliver();
  model.tell({ type: "accepted", id: messages[0]?.id, view: link.view });
  expect((await reply).type).toBe("accepted");
  expect(link.state.value).toBe("live");
});

test("a link whose kernel runs a cell is busy, and silent once that kernel is gone", () => {
  const { model, link, timers } = linked();
  const kernel = { status: "busy", connectionStatus: "connected" };
  Object.assign(model, { widget_manager: { kernel } });
  model.busy = true;
  void link.request<Envelope>({ type: "undo" });
  model.deliver();
  timers[0]?.();
  expect(link.state.value).toBe("busy");
  timers[1]?.();
  expect(link.state.value).toBe("busy");
  kernel.connectionStatus = "connecting";
  timers[2]?.();
  expect(link.state.value).toBe("silent");
});

test("a silent link says hello again and again, up to once a minute", async () => {
  const { model, messages, link, wait, hellos, timers } = clocked();
  const edit = link.request<Envelope & { code: string }>({ type: "undo" });
  model.deliver();
  const counts = [5, 5, 10, 20, 40, 60, 60, 60].map((seconds) => {
    wait(seconds);
    return hellos();
  });
  expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  wait(24 * 3600);
  expect(hellos()).toBe(8 + 24 * 60);
  expect(timers.size).toBe(2);
  expect(link.state.value).toBe("silent");
  model.tell({ type: "seed", id: messages.at(-1)?.id, view: link.view });
  expect((await edit).code).toBe("lost");
  expect(timers.size).toBe(0);
});

test("a link that was heard asks until it is answered, also while it only hears others", () => {
  const { model, link, wait, hellos, messages, timers } = clocked();
  model.tell({ type: "changed" });
  link.hello();
  model.deliver();
  for (let minute = 0; minute < 60; minute += 1) {
    wait(60);
    model.tell({ type: "changed" });
  }
  expect(hellos()).toBeGreaterThan(55);
  model.tell({ type: "seed", id: messages.at(-1)?.id, view: link.view });
  expect(timers.size).toBe(0);
});

test("where no kernel was ever heard of and nothing is asked for, nothing is sent or awaited for ever", async () => {
  const { model, messages, link, wait, hellos, timers } = clocked();
  const heard: string[] = [];
  link.listen(({ type }) => heard.push(type));
  link.hello();
  model.deliver();
  wait(24 * 3600);
  expect([hellos(), timers.size]).toEqual([5, 0]);
  expect(heard).toEqual([]);
  model.tell({ type: "changed" });
  wait(60);
  expect([hellos(), timers.size]).toEqual([6, 1]);
  model.tell({ type: "seed", id: messages.at(-1)?.id, view: link.view });
  await turn();
  expect([heard, timers.size, link.state.value]).toEqual([["changed", "seed"], 0, "live"]);
});

test("a hello that is refused is said again, less and less often, until one is answered", async () => {
  const { model, messages, link, wait, timers } = clocked();
  const heard: string[] = [];
  link.listen(({ type }) => heard.push(type));
  const answer = async (type: string) => {
    model.deliver();
    model.tell({ type, id: messages.at(-1)?.id, view: link.view, code: "internal", message: "interrupted" });
    await turn();
  };
  link.hello();
  await answer("rejected");
  const counts: number[] = [];
  for (const seconds of [4, 1, 9, 1, 20, 40, 60, 60]) {
    wait(seconds);
    if (messages.length > (counts.at(-1) ?? 1)) await answer("rejected");
    counts.push(messages.length);
  }
  expect(counts).toEqual([1, 2, 2, 3, 4, 5, 6, 7]);
  // another hello is instead of the one that would come, and begins anew
  link.hello();
  await answer("rejected");
  wait(5);
  expect(messages).toHaveLength(9);
  await answer("seed");
  expect([timers.size, heard.filter((type) => type === "seed").length]).toEqual([0, 1]);
  link.hello();
  await answer("rejected");
  link.dispose();
  expect(timers.size).toBe(0);
});

test("a hello that cannot be sent is tried again a few times where no kernel was ever heard of", async () => {
  const { model, link, wait, timers } = clocked();
  let tries = 0;
  model.send = () => {
    tries += 1;
    throw new Error("comm is closed");
  };
  link.hello();
  await turn();
  for (let minute = 0; minute < 60; minute += 1) {
    wait(60);
    await turn();
  }
  expect([tries, timers.size]).toEqual([5, 0]);
});

test("a kernel that runs a cell is not asked again", () => {
  const { model, link, wait, hellos } = clocked();
  Object.assign(model, { widget_manager: { kernel: { status: "busy", connectionStatus: "connected" } } });
  link.hello();
  model.deliver();
  wait(3600);
  expect([hellos(), link.state.value]).toEqual([1, "busy"]);
});

test("however often a connection comes and goes, one hello is awaited, and only its answer is heard", async () => {
  const { model, messages, link, timers, wait, hellos } = clocked();
  for (let round = 0; round < 40; round += 1) model.reconnected();
  model.deliver();
  expect(timers.size).toBe(1);
  wait(4);
  expect(hellos()).toBe(40);
  let seeds = 0;
  link.listen(() => {
    seeds += 1;
  });
  for (const { id } of messages) model.tell({ type: "seed", id, view: link.view });
  await turn();
  expect(seeds).toBe(1);
});

test("the reply to a hello proves that what was asked before is lost, and what was asked later is not", async () => {
  const { model, messages, link, timers } = linked();
  const older = link.request<Envelope & { code: string }>({ type: "explore" });
  const heard: string[] = [];
  link.listen((message) => heard.push(message.type));
  void older.then(({ code }) => heard.push(code));
  model.deliver();
  timers[0]?.();
  expect(link.state.value).toBe("silent");
  const later = link.request<Envelope>({ type: "undo" });
  model.deliver();
  expect(messages.map(({ type }) => type)).toEqual(["explore", "hello", "undo"]);
  model.tell({ type: "seed", id: messages[1]?.id, view: link.view });
  await turn();
  expect(heard).toEqual(["lost", "seed"]);
  model.tell({ type: "accepted", id: messages[2]?.id, view: link.view });
  expect((await later).type).toBe("accepted");
});

test("a hello that cannot be sent proves nothing", async () => {
  const { model, messages, link } = linked();
  const edit = link.request<Envelope>({ type: "undo" });
  model.deliver();
  const send = model.send.bind(model);
  model.send = () => {
    throw new Error("comm is closed");
  };
  link.hello();
  model.send = send;
  await turn();
  model.tell({ type: "accepted", id: messages[0]?.id, view: link.view });
  expect((await edit).type).toBe("accepted");
});

test("what could not be sent before a hello is not lost with its reply", async () => {
  const { model, messages, link } = linked();
  const send = model.send.bind(model);
  model.send = () => {
    throw new Error("comm is closed");
  };
  const edit = link.request<Envelope>({ type: "edit", base: "0", ops: [] }, "edit1");
  model.send = send;
  link.hello();
  model.deliver();
  model.tell({ type: "seed", id: messages[0]?.id, view: link.view });
  model.deliver();
  expect(messages.map(({ type }) => type)).toEqual(["hello", "edit"]);
  model.tell({ type: "accepted", id: messages[1]?.id, view: link.view });
  expect((await edit).type).toBe("accepted");
});

test("a request is sent again under its name, and says so, once its reply was lost", async () => {
  const { model, messages, link } = linked();
  const ask = () => link.request<Envelope & { code: string }>({ type: "undo" }, "edit1");
  const first = ask();
  link.hello();
  model.deliver();
  model.tell({ type: "seed", id: messages[1]?.id, view: link.view });
  expect((await first).code).toBe("lost");
  void ask();
  model.deliver();
  expect(messages[2]?.id).toBe(messages[0]?.id);
  expect(messages.map(({ again }) => again)).toEqual([undefined, undefined, true]);
});

test("a closed link says nothing more", () => {
  const { model, messages, link, timers } = linked();
  link.dispose();
  void link.request<Envelope>({ type: "undo" });
  for (const run of timers.splice(0)) run();
  model.deliver();
  expect(messages.map(({ type }) => type)).toEqual(["undo"]);
  expect(timers).toEqual([]);
});

test("a message too large for a notebook is refused here, with a reason", async () => {
  const { messages, link, model } = linked();
  const reply = await link.request<Envelope & { code: string }>({
    type: "begin",
    source: "new",
    name: "x".repeat(MAX_MESSAGE),
  });
  model.deliver();
  expect(reply.code).toBe("oversize");
  expect(messages).toEqual([]);
});

test("a transport that throws is a refusal, not an exception", async () => {
  const { link, model } = linked();
  model.send = () => {
    throw new Error("comm is closed");
  };
  const reply = await link.request<Envelope & { code: string }>({ type: "hello" });
  expect(reply.code).toBe("disconnected");
  expect(link.state.value).toBe("silent");
});

test("an edit that could not be sent waits, and goes out once the kernel is heard of again", async () => {
  const { model, messages, link } = linked();
  const send = model.send.bind(model);
  model.send = () => {
    throw new Error("comm is closed");
  };
  const edit = link.request<Envelope>({ type: "edit", base: "0", ops: [] }, "edit1");
  expect(link.state.value).toBe("silent");
  model.send = send;
  model.tell({ type: "changed" });
  model.deliver();
  expect(messages.map(({ type }) => type)).toEqual(["edit"]);
  model.tell({ type: "accepted", id: messages[0]?.id, view: link.view });
  expect((await edit).type).toBe("accepted");
});

test("a connection that comes or goes is doubted until the kernel answers", async () => {
  const { model, messages, link } = linked();
  model.tell({ type: "changed" });
  model.reconnected();
  expect(link.state.value).toBe("silent");
  model.deliver();
  expect(messages.map(({ type }) => type)).toEqual(["hello"]);
  model.tell({ type: "accepted", id: messages[0]?.id, view: link.view });
  expect(link.state.value).toBe("live");
});

test("messages that are no replies go to who listens; junk goes nowhere", () => {
  const { link, model } = linked();
  const messages: string[] = [];
  const stop = link.listen((message) => messages.push(message.type));
  for (const junk of [null, 3, "x", [], {}, { type: 4 }, { type: "changed" }]) model.tell(junk);
  stop();
  model.tell({ type: "changed" });
  expect(messages).toEqual(["changed"]);
});

test("closing answers what is under way and stops listening", async () => {
  const { link, model } = linked();
  const reply = link.request<Envelope & { code: string }>({ type: "hello" });
  link.dispose();
  expect((await reply).code).toBe("closed");
  expect(model.listeners).toBe(0);
});

test("asking says so until it is answered, or for as long as an answer can be expected", async () => {
  const { model, messages, link, wait } = clocked();
  link.hello();
  expect(link.asking.value).toBe(true);
  model.deliver();
  wait(6);
  expect([link.asking.value, link.state.value]).toEqual([false, "silent"]);
  link.hello();
  expect(link.asking.value).toBe(true);
  model.deliver();
  model.tell({ type: "accepted", id: messages.at(-1)?.id, view: link.view });
  expect(link.asking.value).toBe(false);
  model.send = () => {
    throw new Error("comm is closed");
  };
  link.hello();
  expect(link.asking.value).toBe(false);
});
