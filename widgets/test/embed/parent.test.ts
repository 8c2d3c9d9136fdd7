import { beforeEach, expect, test, vi } from "vitest";
import { openParent, type Requests } from "../../embed/page/parent";

const GAME = "https://game.example";
let posted: [unknown, string][];
let hear: (event: object) => void;
let requests: Requests & { done: string[] };
const parentWindow = { postMessage: (message: unknown, origin: string) => posted.push([message, origin]) };

beforeEach(() => {
  posted = [];
  hear = () => {};
  const done: string[] = [];
  requests = {
    done,
    token: (token) => void done.push(token),
    theme: (colorScheme) => void done.push(colorScheme),
    destroy: () => void done.push("destroy"),
  };
  vi.stubGlobal("parent", parentWindow);
  vi.stubGlobal("window", {});
  vi.stubGlobal("addEventListener", (_: string, handler: (event: object) => void) => {
    hear = handler;
  });
});

test("messages go to the origin of the parent and nowhere else", () => {
  openParent(GAME, requests).tell("ready", { worldId: "w", state: "lane" });
  openParent("", requests).tell("ready", { worldId: "w", state: "lane" });
  expect(posted).toEqual([
    [{ source: "alakazam-embed", type: "ready", payload: { worldId: "w", state: "lane" } }, GAME],
  ]);
});

test("the end has its reason beside its type, and the former type of an expiring token is sent too", () => {
  const parent = openParent(GAME, requests);
  parent.tell("ended", { reason: "expired", seconds: 3 });
  parent.tell("token-expiring", { expiresIn: 30 });
  expect(posted.map(([message]) => message)).toEqual([
    { source: "alakazam-embed", type: "ended", payload: { reason: "expired", seconds: 3 }, reason: "expired" },
    { source: "alakazam-embed", type: "token-expiring", payload: { expiresIn: 30 } },
    { type: "worldkit:token-expiring" },
  ]);
});

test("the parent is heard, in the former type too, and nobody else", () => {
  openParent(GAME, requests);
  const from = (data: unknown, source: unknown = parentWindow, origin = GAME) => hear({ data, source, origin });
  from({ source: "alakazam-host", type: "token", token: "new" });
  from({ type: "worldkit:token", token: "old" });
  from({ source: "alakazam-host", type: "theme", colorScheme: "dark" });
  from({ source: "alakazam-host", type: "destroy" });
  for (const data of [
    null,
    "destroy",
    { type: "destroy" },
    { source: "alakazam-studio", type: "world-event", event: "go" },
    { source: "alakazam-host", type: "token", token: 3 },
    { source: "alakazam-host", type: "theme" },
    { type: "theme", colorScheme: "light" },
    { source: "alakazam-host", type: "unknown" },
  ])
    from(data);
  from({ source: "alakazam-host", type: "theme", colorScheme: "light" }, {});
  from({ source: "alakazam-host", type: "theme", colorScheme: "light" }, parentWindow, "https://evil.example");
  from({ source: "alakazam-host", type: "destroy" }, {});
  from({ source: "alakazam-host", type: "destroy" }, parentWindow, "https://evil.example");
  expect(requests.done).toEqual(["new", "old", "dark", "destroy"]);
});
