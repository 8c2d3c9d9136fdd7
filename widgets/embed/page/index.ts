/** The embed page: connects its session, shows the player, tells the parent, and asks for a new token in time. */
// served beside this file, so that it is not built in twice

import { post, Refused } from "./calls";
import { connect, type Place } from "./line";
import { createModel } from "./model";
import { openParent } from "./parent";
import player from "./player.js";
import { applyColorScheme, applyTheme } from "./theme";

const RENEW_AHEAD_MS = 30_000;

const address = new URL(location.href);
let token = address.searchParams.get("token") ?? "";
const theme = applyTheme(address.searchParams.get("theme"));
// whoever sees the address later, in the history or over a shoulder, sees no token
address.searchParams.delete("token");
history.replaceState(null, "", address);

let runToken = "";
/** The token whose life the timers count. */
let timedToken = "";
let run: unknown = null;
let startedAt = 0;
/** The end was asked for, so that it is asked for once. */
let ending = false;
/** The parent was told that it is over. */
let over = false;
let timers: ReturnType<typeof setTimeout>[] = [];

const toParent = openParent(document.body.dataset.origin ?? "", {
  token: (fresh) => void renew(fresh),
  theme: (colorScheme) => model.set("theme", applyColorScheme(colorScheme)),
  destroy: () => void end("destroyed"),
});

const model = createModel({ view: null, height: innerHeight, theme, _css: "" }, async (message) => {
  try {
    await play(message);
  } catch (error) {
    refused(error);
    const { id, view } = message as { id?: unknown; view?: unknown };
    model.receive({ type: "rejected", id, view, code: "disconnected", message: "" });
  }
});

function say(text: string): void {
  const place = document.getElementById("notice");
  if (place === null) return;
  place.textContent = text;
  place.hidden = text === "";
}

/** Say and tell what is wrong; a call that fails after the end hides nothing of why it ended. */
function refused(error: unknown): void {
  if (over) return;
  const message = error instanceof Error ? error.message : String(error);
  say(message);
  toParent.tell("error", { message });
}

/** Send a message of the player, null for the first view; show what is answered, and tell the parent. */
async function play(message: object | null): Promise<void> {
  const { body } = await post("/embed/messages", { run, message }, runToken);
  run = body.run;
  if (!over) say("");
  if (body.view) model.set("view", body.view);
  for (const answer of body.messages as unknown[]) model.receive(answer);
  for (const { type, payload } of body.events as { type: "choice"; payload: never }[]) toParent.tell(type, payload);
}

function showPlace({ position, queueDepth, token: asked, expiresIn }: Place): void {
  if (asked !== timedToken) expect(asked, expiresIn);
  say(`All places are taken. You are number ${position} of ${queueDepth} in line; play starts by itself.`);
  toParent.tell("queue", { position, queueDepth });
}

/** Connect, or connect again, and go on playing. */
async function open(): Promise<void> {
  runToken = timedToken = "";
  ending = over = false;
  const admission = await connect(() => (over ? null : token), showPlace);
  if (admission === null) return;
  // the session belongs to the token that was asked with; one that came meanwhile goes on with it afterwards
  const latestToken = token;
  token = admission.token;
  runToken = String(admission.body.reactorJwt);
  startedAt = Date.now();
  document.getElementById("player")?.removeAttribute("inert");
  expect(token, Number(admission.body.expiresIn));
  await play(run === null ? null : { type: "hello", id: "0", view: "page" });
  await post("/v1/sessions/track", { token, reactorSessionId: crypto.randomUUID?.() ?? String(startedAt) });
  if (latestToken !== admission.token && token === admission.token) await renew(latestToken);
}

/** Ask the parent for another token before one expires, and end when there is none. */
function expect(timed: string, seconds: number): void {
  timedToken = timed;
  for (const timer of timers) clearTimeout(timer);
  const life = 1000 * seconds;
  const ahead = Math.min(RENEW_AHEAD_MS, life / 2);
  timers = [
    setTimeout(() => toParent.tell("token-expiring", { expiresIn: Math.ceil(ahead / 1000) }), life - ahead),
    setTimeout(() => finish("expired", elapsed()), life),
  ];
}

async function renew(fresh: string): Promise<void> {
  if (over || runToken === "") {
    token = fresh;
    // in line, the next call says how long this one lives
    if (!over) for (const timer of timers) clearTimeout(timer);
    return;
  }
  try {
    const { body } = await post("/v1/sessions/refresh", { token: fresh, reactorJwt: runToken });
    if (over) {
      // it ended while this was under way, and would be charged for until the new token expires
      await post("/v1/sessions/end", { token: fresh, reactorJwt: String(body.reactorJwt) }, undefined, true);
      return;
    }
    token = fresh;
    runToken = String(body.reactorJwt);
    expect(fresh, Number(body.expiresIn));
  } catch (error) {
    // the stream that runs, runs on until its own token expires
    toParent.tell("error", { message: error instanceof Error ? error.message : String(error) });
  }
}

function elapsed(): number {
  return startedAt === 0 ? 0 : Math.ceil((Date.now() - startedAt) / 1000);
}

function finish(reason: string, seconds: number): void {
  if (over) return;
  over = true;
  for (const timer of timers) clearTimeout(timer);
  if (reason === "expired") say("The session has ended: its time is up.");
  document.getElementById("player")?.setAttribute("inert", "");
  toParent.tell("ended", { reason, seconds });
}

/** End the session, once; the call outlives the page. */
async function end(reason: string): Promise<void> {
  if (ending || over) return;
  ending = true;
  const answer = post("/v1/sessions/end", { token, reactorJwt: runToken || undefined }, undefined, true);
  const seconds = answer.then(({ body }) => Number(body.seconds), elapsed);
  // a page that goes away hears no answer
  finish(reason, reason === "closed" ? elapsed() : await seconds);
}

addEventListener("resize", () => model.set("height", innerHeight));
addEventListener("pagehide", () => void end("closed"));
addEventListener("pageshow", (event) => {
  if (event.persisted) open().catch(refused);
});

async function start(): Promise<void> {
  const css = await fetch("/embed/player.css");
  model.set("_css", await css.text());
  await open();
  const place = document.getElementById("player");
  if (place !== null && !over) player.render({ model, el: place });
}

start().catch((error: unknown) => {
  refused(error);
  if (error instanceof Refused) finish("refused", 0);
});
