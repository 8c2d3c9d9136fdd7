/** `createEmbed`: puts a world into a page as an iframe, and passes on what happens in it (docs/spec/embed.md). */
import type { Choice, Ending, Queue, Ready, SessionEnded, StateEntered } from "./messages";

const HOST = "https://play.alakazam.gg";
/** The frame is hidden at once; it goes when it has said that the session ended, and after this time at the latest. */
const REMOVAL_TIMEOUT_MS = 20_000;

export interface EmbedOptions {
  /** An element, or a selector of one. */
  container: string | Element;
  /** The world's slug; the title of the frame unless there is a `title`. */
  slug?: string | undefined;
  /** The session token from your server; without one `getToken` is asked. */
  token?: string | undefined;
  theme?: Record<string, unknown> | undefined;
  title?: string | undefined;
  /** Where the page lives. */
  host?: string | undefined;
  /** Returns a new session token from your server; called before the token expires. */
  getToken?: (() => Promise<string>) | undefined;
  onReady?: ((ready: Ready) => void) | undefined;
  onChoice?: ((choice: Choice) => void) | undefined;
  onStateEntered?: ((entered: StateEntered) => void) | undefined;
  onEnding?: ((ending: Ending) => void) | undefined;
  onSessionEnded?: ((ended: SessionEnded) => void) | undefined;
  onQueue?: ((queue: Queue) => void) | undefined;
  onError?: ((error: { message: string }) => void) | undefined;
}

export interface Embed {
  /** End the session, and remove the frame; doing it again changes nothing. */
  destroy(): void;
}

const CALLBACKS = {
  ready: "onReady",
  choice: "onChoice",
  state: "onStateEntered",
  ending: "onEnding",
  ended: "onSessionEnded",
  queue: "onQueue",
  error: "onError",
} as const;

export function createEmbed(options: EmbedOptions): Embed {
  const { container, token, getToken } = options;
  const place = typeof container === "string" ? document.querySelector(container) : container;
  if (!place) throw new Error(`createEmbed: there is no element ${container}`);
  if (!token && !getToken) throw new Error("createEmbed: pass a token, or getToken; your server mints one");
  const address = new URL("/embed.html", options.host || HOST);
  const frame = document.createElement("iframe");
  let destroyed = false;
  let over = false;

  const fail = (error: unknown) => options.onError?.({ message: error instanceof Error ? error.message : `${error}` });
  const post = (message: object) =>
    frame.contentWindow?.postMessage({ source: "alakazam-host", ...message }, address.origin);
  const open = (first: string) => {
    if (destroyed) return;
    const { searchParams } = address;
    searchParams.set("token", first);
    if (location.origin !== "null") searchParams.set("parentOrigin", location.origin);
    if (options.theme) searchParams.set("theme", JSON.stringify(options.theme));
    frame.src = address.href;
    place.append(frame);
  };
  const remove = () => {
    removeEventListener("message", hear);
    frame.remove();
  };

  function hear(event: MessageEvent) {
    if (event.source !== frame.contentWindow || event.origin !== address.origin) return;
    const { source, type, payload } = event.data ?? {};
    if (source !== "alakazam-embed" || over) return;
    if (type === "token-expiring") {
      if (!destroyed) getToken?.().then((fresh) => post({ type: "token", token: fresh }), fail);
      return;
    }
    if (!Object.hasOwn(CALLBACKS, type)) return;
    if (type === "ended") {
      over = true;
      if (destroyed) remove();
    }
    const callback = options[CALLBACKS[type as keyof typeof CALLBACKS]] as ((payload: unknown) => void) | undefined;
    callback?.(payload);
  }

  frame.title = options.title || options.slug || "Player";
  frame.allow = "autoplay; fullscreen";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin");
  frame.style.cssText = "display:block;width:100%;height:100%;min-height:320px;border:0";
  addEventListener("message", hear);
  if (token) open(token);
  else getToken?.().then(open, fail);

  return {
    destroy() {
      if (destroyed) return;
      destroyed = true;
      if (over || !frame.isConnected) return remove();
      frame.style.display = "none";
      post({ type: "destroy" });
      setTimeout(remove, REMOVAL_TIMEOUT_MS);
    },
  };
}
