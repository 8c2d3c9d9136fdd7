import { beforeEach, expect, test, vi } from "vitest";
import type { Requests } from "../../embed/page/parent";

type Call = { name: string; token: string; answer: (body: object, status?: number) => void };

let calls: Call[];
let requests: Requests;
let sendFromPlayer: ((message: object) => void) | undefined;
let notice: { textContent: string; hidden: boolean };

// as the page names it, beside which it is served
vi.mock("./player.js", () => ({
  default: {
    render: ({ model }: { model: { send: (message: object) => void } }) => {
      sendFromPlayer = (message) => model.send(message);
    },
  },
}));
vi.mock("../../embed/page/theme", () => ({ applyTheme: () => "auto", applyColorScheme: () => "auto" }));
vi.mock("../../embed/page/parent", () => ({
  openParent: (_: string, taken: Requests) => {
    requests = taken;
    return { tell: () => {} };
  },
}));

/** Wait for the next call of the page to its server. */
async function next(name: string): Promise<Call> {
  await vi.waitFor(() => expect(calls.map((call) => call.name)).toContain(name));
  return calls.splice(
    calls.findIndex((call) => call.name === name),
    1,
  )[0] as Call;
}

beforeEach(() => {
  vi.resetModules();
  calls = [];
  sendFromPlayer = undefined;
  notice = { textContent: "", hidden: true };
  const player = { setAttribute: () => {}, removeAttribute: () => {} };
  const getElementById = (id: string) => (id === "notice" ? notice : player);
  const document = { body: { dataset: {} }, getElementById, visibilityState: "visible" };
  vi.stubGlobal("document", Object.assign(new EventTarget(), document));
  vi.stubGlobal("location", { href: "http://localhost/embed.html?token=first" });
  vi.stubGlobal("history", { replaceState: () => {} });
  vi.stubGlobal("innerHeight", 600);
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("fetch", async (path: string, options?: { body: string; headers: Record<string, string> }) => {
    if (options === undefined) return { text: async () => "" };
    const sent = JSON.parse(options.body) as { token?: string };
    const [body, status] = await new Promise<[object, number]>((resolve) => {
      const answer = (body: object, status = 200) => resolve([body, status]);
      calls.push({ name: path.split("/").at(-1) as string, token: sent.token ?? "", answer });
    });
    return { status, ok: status < 400, json: async () => body };
  });
});

test("a token that comes while the page connects goes on with the session of the one that was asked with", async () => {
  await import("../../embed/page/index");
  const connect = await next("connect");
  expect(connect.token).toBe("first");
  requests.token("second");
  connect.answer({ reactorJwt: "run", expiresIn: 300 });
  (await next("messages")).answer({ run: {}, messages: [], events: [] });
  const track = await next("track");
  expect(track.token).toBe("first"); // the session is not the second one's yet
  track.answer({ ok: true });
  const refresh = await next("refresh");
  expect(refresh.token).toBe("second");
  refresh.answer({ reactorJwt: "run 2", expiresIn: 300 });
  await new Promise((resolve) => setTimeout(resolve)); // the answer is read
  requests.destroy();
  await vi.waitFor(() => expect(calls.at(-1)).toMatchObject({ name: "end", token: "second" }));
});

test("a session that is renewed while its time runs out is ended", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await import("../../embed/page/index");
  (await next("connect")).answer({ reactorJwt: "run", expiresIn: 300 });
  (await next("messages")).answer({ run: {}, messages: [], events: [] });
  (await next("track")).answer({ ok: true });
  requests.token("second");
  const refresh = await next("refresh");
  await vi.advanceTimersByTimeAsync(300_000);
  expect(notice.textContent).toBe("The session has ended: its time is up.");
  refresh.answer({ reactorJwt: "run 2", expiresIn: 300 });
  await vi.waitFor(() => expect(calls.at(-1)).toMatchObject({ name: "end", token: "second" }));
});

const LATE_ANSWERS: [string, object, number][] = [
  ["an answer", { run: {}, messages: [], events: [] }, 200],
  ["a refusal", { detail: "The token has expired." }, 401],
];

test.each(LATE_ANSWERS)(
  "%s that comes after the end leaves the reason of the end on the page",
  async (_, body, status) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await import("../../embed/page/index");
    (await next("connect")).answer({ reactorJwt: "run", expiresIn: 300 });
    (await next("messages")).answer({ run: {}, messages: [], events: [] });
    (await next("track")).answer({ ok: true });
    await vi.waitFor(() => expect(sendFromPlayer).toBeDefined());
    sendFromPlayer?.({ type: "hello", id: "1", view: "page" });
    const late = await next("messages");
    await vi.advanceTimersByTimeAsync(300_000);
    expect(notice).toEqual({ textContent: "The session has ended: its time is up.", hidden: false });
    late.answer(body, status);
    await vi.advanceTimersByTimeAsync(1000);
    expect(notice).toEqual({ textContent: "The session has ended: its time is up.", hidden: false });
  },
);
