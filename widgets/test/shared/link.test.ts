import { expect, test } from "vitest";
import { Link, MAX_MESSAGE } from "../../shared/link";
import type { Envelope } from "../../shared/protocol";
import { FakeModel, type Sent } from "../fake-model";

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

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
  const reply = link.request<Envelope>({ type: "hello" });
  model.deliver();
  timers[0]?.();
  expect(link.state.value).toBe("silent");
  model.busy = false;
  model.deliver();
  model.tell({ type: "seed", id: messages[0]?.id, view: link.view });
  expect((await reply).type).toBe("seed");
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

test("a silent link says hello once, and again only when it hears others and no answer", () => {
  const { model, messages, link, timers } = linked();
  void link.request<Envelope>({ type: "undo" });
  const expire = () => {
    for (const run of timers.splice(0)) run();
    model.deliver();
  };
  const types = () => messages.map(({ type }) => type);
  for (let round = 0; round < 5; round += 1) expire();
  expect(types()).toEqual(["undo", "hello"]);
  model.tell({ type: "changed" });
  expire();
  expect(types()).toEqual(["undo", "hello", "hello"]);
  expect(link.state.value).toBe("silent");
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
