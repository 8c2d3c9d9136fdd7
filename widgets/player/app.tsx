/** The whole player: bar, page, panel, clock. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Disposal } from "../shared/disposal";
import { keepFocus } from "../shared/focus";
import type { Host } from "../shared/host";
import { isTyping, takesText } from "../shared/keys";
import { type LastUsed, trackLastUsed } from "../shared/last-used";
import { PLAYER_LEFT, PLAYER_READY } from "../shared/player-events";
import { AskAgain } from "../shared/ui/ask-again";
import { Banner } from "../shared/ui/banner";
import { Toasts } from "../shared/ui/toasts";
import { command } from "./keys";
import { HandOver } from "./parts/acts";
import { Bar } from "./parts/bar";
import { Blocked } from "./parts/blocked";
import { ClipFrame } from "./parts/clip";
import { Clock } from "./parts/clock";
import { Ending } from "./parts/ending";
import { Help } from "./parts/help";
import { isDrawn, LiveFrame } from "./parts/live-frame";
import { NowPlaying } from "./parts/now-playing";
import { Offers } from "./parts/offers";
import { Panel } from "./parts/panel";
import { Scene } from "./parts/scene";
import { StatePicture } from "./parts/state-picture";
import { Terminal } from "./parts/terminal";
import { TypedAction } from "./parts/typed-action";
import { Upcoming } from "./parts/upcoming";
import { scrollContainer } from "./scroll-container";
import type { Store } from "./store";
import { heading, outcome } from "./text";

export function App({ store, host }: { store: Store; host: Host }): JSX.Element {
  const view = store.view.value;
  const page = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLElement>(null);
  useKeys(store, host, useFocusKeeper(store, host));
  useClockFrames(store, host);
  useScrollToTop(store, page.current);
  const isReady = view !== null;
  useLayoutEffect(() => {
    if (isReady) host.element.dispatchEvent(new Event(PLAYER_READY, { bubbles: true }));
  }, [isReady, host]);

  if (!view) {
    return (
      <div class="wk-player wk-empty">
        <p role="status">Waiting for the kernel. Run the cell again if this stays.</p>
      </div>
    );
  }
  const blocked = view.blocked.length > 0;
  const ending = outcome(view);
  const toPanel = () => {
    panel.current?.parentElement?.scrollTo({ top: panel.current.offsetTop });
    const first = panel.current?.querySelector<HTMLElement>("[role=tab][tabindex='0'], .wk-trail button");
    first?.focus({ preventScroll: true });
  };
  return (
    <div class="wk-player" data-mode={view.mode} aria-busy={store.busy.value}>
      <Bar store={store} view={view} onPanel={toPanel} />
      {store.online.value ? null : (
        <Banner
          icon="offline"
          text="The kernel does not answer, and you see its last state. Run the cell again if this stays."
        >
          <AskAgain asking={store.asking} ask={store.reconnect} />
        </Banner>
      )}
      <div class="wk-body">
        <section class="wk-page" ref={page} aria-label="Scene">
          <div class="wk-column">
            {blocked ? <Blocked store={store} view={view} /> : null}
            {view.campaign?.handOver ? <HandOver handOver={view.campaign.handOver} /> : null}
            <ClipFrame clips={store.clips} />
            {view.painter && !blocked ? (
              <LiveFrame
                live={store.live}
                painter={view.painter}
                place={heading(view.state.id)}
                offers={view.offers}
                fire={store.fire}
              />
            ) : null}
            {blocked || store.clips.clip.value || isDrawn(store.live, view.painter) ? null : (
              <StatePicture store={store} view={view} />
            )}
            <Scene view={view} />
            {view.terminal ? (
              <Terminal key={view.terminal.name} store={store} terminal={view.terminal} />
            ) : view.playing ? (
              <NowPlaying store={store} view={view} playing={view.playing} />
            ) : ending && !blocked ? (
              <Ending store={store} view={view} ending={ending} />
            ) : (
              <Offers store={store} view={view} blocked={blocked} />
            )}
            {blocked ||
            view.terminal ||
            view.playing ||
            !view.typedAction ||
            (ending && view.typedAction.status === "idle") ? null : (
              <TypedAction store={store} action={view.typedAction} />
            )}
            {blocked ? null : <Upcoming view={view} />}
          </div>
        </section>
        <Panel store={store} view={view} place={panel} />
        {store.help.value ? <Help store={store} view={view} /> : null}
      </div>
      <Clock store={store} view={view} />
      <Toasts notices={store.notices} />
    </div>
  );
}

const FIELD_GONE = "The field that was typed in is gone. Press Esc or Tab to continue.";

/** Listen for keys on the shadow host: nothing outside the widget is heard, nothing gets past it. */
function useKeys(store: Store, host: Host, lastUsed: LastUsed): void {
  // before the first key can come: an effect waits for a frame, which a busy machine draws late
  useLayoutEffect(() => {
    /** The place of the key by which forward is held; null while it is not. */
    let forwardKey: string | null = null;
    const onKeyDown = (event: KeyboardEvent): void => {
      const view = store.view.peek();
      if (!view || event.defaultPrevented) return;
      const isGone = lastUsed.place === "text" && !isTyping(event);
      const keyCommand = command(event, isTyping(event), view, onControl(event));
      if (!keyCommand) return;
      if (keyCommand.type === "escape") {
        if (!closeTopmost(store) && !isGone) {
          host.element.dispatchEvent(new Event(PLAYER_LEFT, { bubbles: true }));
          return;
        }
        lastUsed.use("control");
      } else if (isGone) {
        // Whoever was typing goes on typing for a moment: that plays nothing.
        event.preventDefault();
        store.notices.show(FIELD_GONE);
        return;
      }
      event.preventDefault();
      if (event.repeat) return;
      if (keyCommand.type === "fire" || keyCommand.type === "locked") store.fire(keyCommand.offer);
      else if (keyCommand.type === "undo") {
        if (view.canUndo) void store.act({ action: "undo" });
      } else if (keyCommand.type === "retry" || keyCommand.type === "restart")
        void store.act({ action: keyCommand.type });
      else if (keyCommand.type === "pause") store.toggle();
      else if (keyCommand.type === "skip") void store.act({ action: "finish" });
      else if (keyCommand.type === "forward") {
        forwardKey = event.code;
        store.forward.value = true;
      } else if (keyCommand.type === "help") store.help.value = !store.help.peek();
    };
    // held by its key only as long as the key is heard
    const letGo = (): void => {
      if (forwardKey === null) return;
      forwardKey = null;
      store.forward.value = false;
    };
    const onKeyUp = (event: KeyboardEvent): void => {
      // by its place, because the letter is another with another layout or modifier
      if (event.code === forwardKey) letGo();
    };
    const listeners = { keydown: onKeyDown, keyup: onKeyUp, focusout: letGo };
    for (const [type, handler] of Object.entries(listeners))
      host.mount.addEventListener(type, handler as EventListener);
    return () => {
      for (const [type, handler] of Object.entries(listeners))
        host.mount.removeEventListener(type, handler as EventListener);
    };
  }, [store, host, lastUsed]);
}

function onControl(event: Event): boolean {
  const target = event.composedPath()[0];
  return target instanceof Element && target.matches("button, summary, input, select, a");
}

/** Count the time that passes while somebody can see it: a page in the background draws no frames. */
function useClockFrames(store: Store, host: Host): void {
  const running = store.running.value;
  useEffect(() => {
    if (!running) return;
    let wasVisible = false;
    const looking = new IntersectionObserver((entries) => {
      wasVisible = entries.at(-1)?.isIntersecting ?? false;
    });
    looking.observe(host.mount);
    let next = requestAnimationFrame(function frame(wall: number) {
      store.frame(wall, wasVisible);
      next = requestAnimationFrame(frame);
    });
    return () => {
      cancelAnimationFrame(next);
      looking.disconnect();
      store.frame(0, false);
    };
  }, [store, host, running]);
}

/** Close what Escape closes; false when there is nothing. */
function closeTopmost(store: Store): boolean {
  if (store.help.peek()) {
    store.help.value = false;
    return true;
  }
  if (store.view.peek()?.terminal) {
    void store.act({ action: "close_terminal" });
    return true;
  }
  return false;
}

/** Keep the focus in the player when the control that had it is gone; return what is used in it. */
function useFocusKeeper(store: Store, { mount, shadow }: Host): LastUsed {
  const focus = useMemo(() => {
    const disposal = new Disposal();
    const lastUsed = trackLastUsed(mount, (element) => (takesText(element) ? "text" : "control"), disposal);
    const home = () => mount.querySelector<HTMLElement>(store.help.peek() ? ".wk-help" : "[data-landing]");
    keepFocus({ root: mount, shadow, home, regions: ".wk-panel", lastUsed, disposal });
    return { lastUsed, disposal };
  }, [store, mount, shadow]);
  useEffect(() => () => focus.disposal.dispose(), [focus]);
  return focus.lastUsed;
}

/** Show a new scene from its top. */
function useScrollToTop(store: Store, page: HTMLDivElement | null): void {
  const lastState = useRef<string | null>(null);
  const id = store.view.value?.state.id ?? null;
  useLayoutEffect(() => {
    if (lastState.current !== null && id !== lastState.current && page) scrollContainer(page)?.scrollTo({ top: 0 });
    lastState.current = id;
  }, [id, page]);
}
