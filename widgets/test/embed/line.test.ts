import { beforeEach, expect, test, vi } from "vitest";
import { connect } from "../../embed/page/line";

type Reply = { status: number; body: object } | "fault";

class FakeDocument extends EventTarget {
  visibilityState = "hidden";
}

let page: FakeDocument;
let asked: number[];
let tokens: string[];

/** Answer the calls of a page one after the other. */
function server(replies: Reply[]): void {
  const began = Date.now();
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    tokens.push(JSON.parse(body).token);
    asked.push(Date.now() - began);
    const reply = replies.shift();
    if (reply === undefined || reply === "fault") throw new TypeError("no network");
    return { status: reply.status, ok: reply.status < 400, json: async () => reply.body };
  });
}

const inLine = (position: number, retryAfterMs?: number): Reply => ({
  status: 202,
  body: { position, queueDepth: 3, expiresIn: 60, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
});
const admitted: Reply = { status: 200, body: { reactorJwt: "run" } };

beforeEach(() => {
  vi.useFakeTimers();
  page = new FakeDocument();
  asked = [];
  tokens = [];
  vi.stubGlobal("document", page);
});

test("who is in line asks again when the server says, and hears every place", async () => {
  server([inLine(2, 1000), inLine(1), admitted]);
  const places: number[] = [];
  const connected = connect(
    () => "token",
    ({ position }) => places.push(position),
  );
  await vi.runAllTimersAsync();
  expect(await connected).toMatchObject({ body: { reactorJwt: "run" } });
  expect(places).toEqual([2, 1]);
  expect(asked).toEqual([0, 1000, 3500]);
});

test("a page that becomes visible asks at once", async () => {
  server([inLine(1, 60_000), admitted]);
  const connected = connect(
    () => "token",
    () => {},
  );
  await vi.advanceTimersByTimeAsync(500);
  page.dispatchEvent(new Event("visibilitychange"));
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([0]); // it was hidden still
  page.visibilityState = "visible";
  page.dispatchEvent(new Event("visibilitychange"));
  await connected;
  expect(asked).toEqual([0, 500]);
});

test("a fault while in line is tried again after 2, 4 and 6 seconds, and then told", async () => {
  server([inLine(1, 100), "fault", "fault", "fault", "fault"]);
  const connected = connect(
    () => "token",
    () => {},
  ).catch((error: Error) => error.message);
  await vi.runAllTimersAsync();
  expect(await connected).toBe("no network");
  expect(asked).toEqual([0, 100, 2100, 6100, 12100]);
});

test("a fault before there is a place, and a refusal, are told at once", async () => {
  server(["fault"]);
  await expect(
    connect(
      () => "token",
      () => {},
    ),
  ).rejects.toThrow("no network");
  server([inLine(1, 100), { status: 402, body: { detail: "daily session_seconds quota exceeded" } }]);
  const refused = connect(
    () => "token",
    () => {},
  ).catch((error: Error) => error.message);
  await vi.runAllTimersAsync();
  expect(await refused).toBe("daily session_seconds quota exceeded");
});

test("who waits longer than a token lives asks with the next one, and hears how long each lives", async () => {
  let token: string | null = "first";
  const expired: Reply = { status: 401, body: { detail: "the token has expired" } };
  server([inLine(2), inLine(1), expired, admitted]);
  const lives: [string, number][] = [];
  const connected = connect(
    () => token,
    (place) => lives.push([place.token, place.expiresIn]),
  );
  await vi.advanceTimersByTimeAsync(2500);
  const ask = globalThis.fetch;
  vi.stubGlobal("fetch", async (...call: Parameters<typeof fetch>) => {
    const reply = await ask(...call);
    if (reply.status === 401) token = "second"; // it comes while the call with the first one is under way
    return reply;
  });
  await vi.runAllTimersAsync();
  expect(await connected).toMatchObject({ body: { reactorJwt: "run" } });
  expect(tokens).toEqual(["first", "first", "first", "second"]);
  expect(lives).toEqual([
    ["first", 60],
    ["first", 60],
  ]);
});

test("who has no token any more asks no more", async () => {
  let token: string | null = "first";
  server([inLine(1), admitted]);
  const connected = connect(
    () => token,
    () => {
      token = null;
    },
  );
  await vi.runAllTimersAsync();
  expect(await connected).toBeNull();
  expect(asked).toEqual([0]);
});
