/** The embed page in a notebook cell: the kernel gives the tokens, and hears what happens. */
import { declaredTheme, observeDeclaredTheme } from "../shared/declared-theme";
import type { EmbedCellMessage } from "../shared/protocol";
import { FROM_PARENT } from "./messages";
import { createEmbed, type Embed } from "./sdk";

const NOTICE = `padding:12px 14px;margin:0 0 8px;border:1px solid var(--jp-border-color1,currentColor);border-radius:8px;
  font:14px/1.45 system-ui,sans-serif;color:var(--jp-ui-font-color1,inherit)`;
const BUTTON = `font:inherit;padding:4px 12px;border:1px solid var(--jp-border-color1,currentColor);border-radius:6px;background:transparent;
  color:inherit;cursor:pointer`;

interface Model {
  get(name: string): unknown;
  send(message: object): void;
  on(event: string, handler: (message: EmbedCellMessage) => void): void;
  off(event: string, handler: (message: EmbedCellMessage) => void): void;
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const waiting = new Map<number, { done: (token: string) => void; fail: (error: Error) => void }>();
  // every view of the notebook hears every answer, and tells by the number whether it is its own
  let lastRequest = Math.floor(Math.random() * 2 ** 40);
  const getToken = () =>
    new Promise<string>((done, fail) => {
      lastRequest += 1;
      waiting.set(lastRequest, { done, fail });
      model.send({ type: "token", id: lastRequest, origin: location.origin });
    });
  const tell = (type: string) => (payload: unknown) => model.send({ type, payload });
  const place = document.createElement("div");
  place.style.height = `${Number(model.get("height")) || 560}px`;
  const notice = document.createElement("div");
  notice.setAttribute("role", "alert");
  notice.style.cssText = NOTICE;
  el.append(notice, place);
  const wishes = () => model.get("theme") as Record<string, unknown>;
  const stopFollowing = followNotebook(place, wishes);
  let embed = begin();

  function begin(): Embed {
    notice.hidden = true;
    place.hidden = false;
    return createEmbed({
      container: place,
      host: String(model.get("host")),
      slug: String(model.get("slug")) || undefined,
      // asked for when the frame opens, which is later: a token comes first
      get theme() {
        return themeOf(wishes());
      },
      getToken,
      onReady: (ready) => {
        notice.hidden = true;
        tell("ready")(ready);
      },
      onChoice: tell("choice"),
      onStateEntered: tell("state"),
      onEnding: tell("ending"),
      onSessionEnded: tell("ended"),
      onQueue: tell("queue"),
      onError: (error) => {
        explain(error.message);
        tell("error")(error);
      },
    });
  }

  /** Say what is wrong: in place of the player when there is none, else above it, since play may go on. */
  function explain(message: string) {
    const text = document.createElement("p");
    text.style.margin = "0 0 8px";
    text.textContent = message;
    notice.replaceChildren(text);
    notice.hidden = false;
    if (place.firstChild) return;
    place.hidden = true;
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Try again";
    again.style.cssText = BUTTON;
    again.addEventListener("click", () => {
      embed.destroy();
      embed = begin();
    });
    notice.append(again);
  }

  const hear = (message: EmbedCellMessage) => {
    if (message.type === "destroy") {
      embed.destroy();
      return;
    }
    const request = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === "token") request?.done(message.token);
    else request?.fail(new Error(message.message));
  };
  model.on("msg:custom", hear);
  return () => {
    model.off("msg:custom", hear);
    stopFollowing();
    embed.destroy();
  };
}

/** Return what is wished for of the page; the colours of the notebook where nothing is said of them. */
function themeOf(wishes: Record<string, unknown>): Record<string, unknown> {
  const scheme = declaredTheme(document.body);
  return scheme === null ? wishes : { colorScheme: scheme, ...wishes };
}

/**
 * Tell the page in a frame whenever the notebook has other colours, unless some are wished for, until the function that
 * is returned is called.
 */
function followNotebook(place: HTMLElement, wishes: () => Record<string, unknown>): () => void {
  let told = declaredTheme(document.body);
  const tell = () => {
    const frame = place.querySelector("iframe");
    if (frame === null || "colorScheme" in wishes()) return;
    told = declaredTheme(document.body);
    const message = { source: FROM_PARENT, type: "theme", colorScheme: told ?? "auto" };
    frame.contentWindow?.postMessage(message, new URL(frame.src).origin);
  };
  // a page that is still loading hears nothing
  place.addEventListener("load", tell, true);
  return observeDeclaredTheme(document.body, () => {
    if (declaredTheme(document.body) !== told) tell();
  });
}

export default { render };
