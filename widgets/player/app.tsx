/** The whole player: bar, page, journal, clock. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Host } from "../shared/host";
import { isTyping } from "../shared/keys";
import { Banner } from "../shared/ui/banner";
import { Button } from "../shared/ui/button";
import { Toasts } from "../shared/ui/toasts";
import { command } from "./keys";
import { Bar } from "./parts/bar";
import { Blocked } from "./parts/blocked";
import { Clock } from "./parts/clock";
import { Ending } from "./parts/ending";
import { Help } from "./parts/help";
import { Journal } from "./parts/journal";
import { HiddenOffers, Offers } from "./parts/offers";
import { Prompt } from "./parts/prompt";
import { Scene } from "./parts/scene";
import { Terminal } from "./parts/terminal";
import type { Store } from "./store";

export function App({ store, host }: { store: Store; host: Host }): JSX.Element {
  const view = store.view.value;
  const page = useRef<HTMLDivElement>(null);
  useKeys(store, host);
  useFocusKept(store, host, page.current);

  if (!view) {
    return (
      <div class="wk-player wk-empty">
        <p role="status">Waiting for the kernel. Run the cell again if this stays.</p>
      </div>
    );
  }
  const blocked = view.blocked.length > 0;
  return (
    <div class="wk-player" data-panel={store.panel.value ?? undefined} aria-busy={store.busy.value}>
      <Bar store={store} view={view} />
      {store.online.value ? null : (
        <Banner
          icon="offline"
          text="The kernel does not answer. It may be busy with a cell, or gone; what you see is where it stood."
        >
          <Button label="Ask again" small kind="outline" onPress={store.reconnect}>
            Ask again
          </Button>
        </Banner>
      )}
      <div class="wk-body">
        <section class="wk-page" ref={page} aria-label="Scene">
          <div class="wk-column">
            {blocked ? <Blocked store={store} view={view} /> : null}
            <Scene view={view} />
            {view.terminal ? (
              <Terminal key={view.terminal.name} store={store} terminal={view.terminal} />
            ) : view.ended && !blocked ? (
              <Ending store={store} view={view} ending={view.ended} />
            ) : (
              <Offers store={store} view={view} blocked={blocked} />
            )}
            {blocked || view.terminal ? null : <HiddenOffers store={store} view={view} />}
            <Prompt text={view.prompt} />
          </div>
        </section>
        <Journal store={store} view={view} />
        {store.panel.value === "help" ? <Help store={store} view={view} /> : null}
      </div>
      <Clock store={store} view={view} />
      <Toasts notices={store.notices} />
    </div>
  );
}

/** Listen for keys on the shadow host: nothing outside the widget is heard, nothing gets past it. */
function useKeys(store: Store, host: Host): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const view = store.view.peek();
      if (!view || event.defaultPrevented) return;
      const asked = command(event, isTyping(event), view);
      if (!asked) return;
      if (asked.type === "escape" && !closeTop(store)) return;
      event.preventDefault();
      if (event.repeat) return;
      if (asked.type === "fire" || asked.type === "locked") store.fire(asked.offer);
      else if (asked.type === "undo" && view.canUndo) void store.act({ action: "undo" });
      else if (asked.type === "restart") void store.act({ action: "restart" });
      else if (asked.type === "help") store.panel.value = store.panel.peek() === "help" ? null : "help";
    };
    host.mount.addEventListener("keydown", onKeyDown);
    return () => host.mount.removeEventListener("keydown", onKeyDown);
  }, [store, host]);
}

/** Close what Escape closes; false when there is nothing. */
function closeTop(store: Store): boolean {
  if (store.panel.peek() !== null) {
    store.panel.value = null;
    return true;
  }
  if (store.view.peek()?.terminal) {
    void store.act({ action: "close_terminal" });
    return true;
  }
  return false;
}

/** Keep the focus in the player when the control that had it is gone, and show a new scene from its top. */
function useFocusKept(store: Store, host: Host, page: HTMLDivElement | null): void {
  const held = useRef<HTMLElement | null>(null);
  const state = useRef<string | null>(null);
  useEffect(() => {
    const enter = (event: FocusEvent) => {
      held.current = event.target instanceof HTMLElement ? event.target : null;
    };
    const leave = (event: FocusEvent) => {
      const left = event.target;
      // An element that is taken away stays "held", so that the effect below can pass the focus on.
      queueMicrotask(() => {
        if (held.current === left && usable(held.current)) held.current = null;
      });
    };
    host.mount.addEventListener("focusin", enter);
    host.mount.addEventListener("focusout", leave);
    return () => {
      host.mount.removeEventListener("focusin", enter);
      host.mount.removeEventListener("focusout", leave);
    };
  }, [host]);

  const view = store.view.value;
  const panel = store.panel.value;
  useLayoutEffect(() => {
    const id = view?.state.id ?? null;
    if (state.current !== null && id !== state.current) page?.scrollTo({ top: 0 });
    state.current = id;
    if (held.current === null || usable(held.current)) return;
    const next = host.mount.querySelector<HTMLElement>(panel === null ? "[data-landing]" : ".wk-help");
    next?.focus({ preventScroll: true });
  }, [view, panel, host, page]);
}

function usable(element: HTMLElement | null): boolean {
  return element?.isConnected === true && !element.matches(":disabled");
}
