/**
 * Beside the page, or below it in a narrow cell: the journal, the flags, and a tester's tools, on tabs.
 *
 * Who may not change the run by hand has the journal alone.
 */
import type { JSX, Ref } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { PlayerView } from "../../shared/protocol";
import { revealPanel } from "../scroll-container";
import type { Panel as Name, Store } from "../store";
import { Acts } from "./acts";
import { Flags } from "./flags";
import { Journal } from "./journal";
import { RunPanel } from "./run-panel";
import { Tester } from "./tester";

interface Props {
  store: Store;
  view: PlayerView;
}

const TABS: readonly (readonly [Name, string])[] = [
  ["journal", "Journal"],
  ["flags", "Flags"],
  ["tester", "Tester"],
  ["run", "Run"],
];

export function Panel({ store, view, place }: Props & { place: Ref<HTMLElement> }): JSX.Element {
  const id = useId();
  const tabs = useRef<HTMLDivElement>(null);
  const open = store.panel.value;
  const wasOpen = useRef(open);
  useLayoutEffect(() => {
    const panel = tabs.current?.closest(".wk-panel");
    if (panel && wasOpen.current !== open) revealPanel(panel);
    wasOpen.current = open;
  }, [open]);
  if (!view.tools) {
    return (
      <section class="wk-panel" aria-label={view.campaign ? "Acts and journal" : "Journal"} ref={place}>
        <div class="wk-tab" data-tab="journal">
          {view.campaign ? <Acts store={store} campaign={view.campaign} /> : null}
          <Journal store={store} view={view} />
        </div>
      </section>
    );
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = TABS.findIndex(([name]) => name === open);
    const next = TABS[(at + step + TABS.length) % TABS.length]?.[0] ?? "journal";
    store.panel.value = next;
    const list = event.currentTarget as HTMLElement;
    list.querySelector<HTMLElement>(`[role="tab"][data-tab="${next}"]`)?.focus();
  };
  return (
    <section class="wk-panel" aria-label="Journal, flags and tools" ref={place}>
      <div class="wk-tabs" role="tablist" aria-label="Panel" ref={tabs} onKeyDown={onKeyDown}>
        {TABS.map(([name, label]) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            data-tab={name}
            aria-selected={open === name}
            aria-controls={`${id}-body`}
            tabIndex={open === name ? 0 : -1}
            onClick={() => {
              store.panel.value = name;
            }}
          >
            {label}
            {number(name, view)}
          </button>
        ))}
      </div>
      <div
        class="wk-tab"
        data-tab={open}
        role="tabpanel"
        id={`${id}-body`}
        aria-labelledby={`${id}-${open}`}
        key={open}
      >
        {open === "journal" ? <Journal store={store} view={view} /> : null}
        {open === "flags" ? <Flags store={store} view={view} /> : null}
        {open === "tester" ? <Tester store={store} view={view} /> : null}
        {open === "run" ? <RunPanel store={store} view={view} /> : null}
      </div>
    </section>
  );
}

function number(name: Name, view: PlayerView): JSX.Element | null {
  const count = name === "flags" ? view.flags.length : name === "tester" ? view.hidden.length : 0;
  return count === 0 ? null : <span class="wk-tab-count">{count}</span>;
}
