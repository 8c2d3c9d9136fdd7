// The player of a notebook, in a page: a model that sends its messages over HTTP, and asks for a new token in time.
import player from "./player.js";

const RENEW_AHEAD_MS = 30_000;
const origin = document.body.dataset.origin;
const address = new URL(location.href);
let token = address.searchParams.get("token");
// whoever sees the address later, in the history or over a shoulder, sees no token
address.searchParams.delete("token");
history.replaceState(null, "", address);

const handlers = new Map();
const traits = { view: null, height: innerHeight, theme: "auto", _css: "" };
let run = null;
let line = Promise.resolve();

function tell(event, ...given) {
  for (const handler of [...(handlers.get(event) ?? [])]) handler(...given);
}

function set(name, value) {
  traits[name] = value;
  tell(`change:${name}`);
}

function say(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  place.hidden = text === "";
}

async function post(message) {
  const answer = await fetch("/embed/messages", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ run, message }),
  });
  const made = await answer.json();
  if (!answer.ok) throw new Error(made.detail);
  run = made.run;
  say("");
  if (made.view) set("view", made.view);
  for (const one of made.messages) tell("msg:custom", one);
}

const model = {
  get: (name) => traits[name],
  set: (name, value) => set(name, value),
  save_changes() {},
  on: (event, handler) => handlers.set(event, [...(handlers.get(event) ?? []), handler]),
  off: (event, handler) => handlers.set(event, (handlers.get(event) ?? []).filter((one) => one !== handler)),
  // one at a time and in order: each message goes with the run that the answer before it made
  send(message) {
    line = line.then(() => post(message)).catch((error) => refused(message, error));
  },
};

function refused(message, error) {
  say(error.message);
  tell("msg:custom", { type: "rejected", id: message.id, view: message.view, code: "disconnected", message: "" });
}

function renewal() {
  const { exp, iat } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  const life = 1000 * (exp - iat);
  setTimeout(
    () => parent.postMessage({ type: "worldkit:token-expiring" }, origin || "*"),
    Math.max(0, life - Math.min(RENEW_AHEAD_MS, life / 2)),
  );
}

addEventListener("message", (event) => {
  if (event.source !== parent || parent === window || (origin && event.origin !== origin)) return;
  if (event.data?.type !== "worldkit:token" || typeof event.data.token !== "string") return;
  token = event.data.token;
  renewal();
});
addEventListener("resize", () => set("height", innerHeight));

try {
  const css = await fetch("/embed/player.css");
  traits._css = await css.text();
  await post(null);
  player.render({ model, el: document.getElementById("player") });
  renewal();
} catch (error) {
  say(error.message);
}
