/** What every mark on the map means. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Button } from "../../shared/ui/button";
import { Icon, type IconName } from "../../shared/ui/icon";
import type { Store } from "../store";

type Entry = readonly [icon: IconName, words: string, tone?: string];

const CARDS: readonly Entry[] = [
  ["start", "Entrance", "we-key-start"],
  ["win", "Winning ending", "we-key-win"],
  ["lose", "Losing ending", "we-key-lose"],
  ["override", "Override: changes the picture, stays"],
  ["terminal", "Terminal: a console to type into"],
  ["ambient", "Ambient motions"],
  ["camera", "Its own camera or movement"],
  ["variants", "Variants of the prompt"],
  ["mission", "A mission happens here"],
  ["arrive", "Arrival is checked"],
];

const EVENTS: readonly Entry[] = [
  ["lock", "Needs flags"],
  ["clock", "Fires by itself after a time"],
  ["hidden", "No button"],
  ["once", "Once per run"],
  ["film", "Passes through a cutscene"],
];

const FINDINGS: readonly Entry[] = [
  ["error", "Error: blocks play", "wk-error"],
  ["warning", "Warning", "wk-warning"],
];

/** A map that is narrower has no room for the legend besides its cards. */
const MIN_MAP_WIDTH_PX = 760;

export function Legend({ store }: { store: Store }): JSX.Element | null {
  const open = store.legendOpen.value;
  useEffect(() => {
    // The side panel takes the room in which the legend is to be read, beside the map.
    if (open && store.size.peek().w < MIN_MAP_WIDTH_PX) store.panelOpen.value = false;
  }, [open, store]);
  if (!open) return null;
  return (
    <section class="we-legend" aria-label="Legend">
      <header>
        <h2>Legend</h2>
        <Button
          label="Close the legend"
          icon="close"
          small
          kind="quiet"
          onPress={() => {
            store.legendOpen.value = false;
          }}
        />
      </header>
      <div class="we-legend-columns">
        <Entries of={CARDS} />
        <ul>
          <li>
            <Line d="M1 8h20" head />
            <span>Transition</span>
          </li>
          <li>
            <Line d="M1 8h20" head dashed />
            <span>Hidden or timed</span>
          </li>
          <li>
            <Line d="M1 8h17M19 5l6 6M25 5l-6 6" tone="wk-error" />
            <span>Leads nowhere</span>
          </li>
        </ul>
        <Entries of={EVENTS} />
        <Entries of={FINDINGS} />
      </div>
    </section>
  );
}

function Entries({ of }: { of: readonly Entry[] }): JSX.Element {
  return (
    <ul>
      {of.map(([icon, words, tone]) => (
        <li key={icon}>
          <span class={`we-key ${tone ?? ""}`}>
            <Icon name={icon} />
          </span>
          <span>{words}</span>
        </li>
      ))}
    </ul>
  );
}

function Line({ d, head, dashed, tone }: { d: string; head?: boolean; dashed?: boolean; tone?: string }): JSX.Element {
  return (
    <svg class={`we-key-line ${tone ?? ""}`} viewBox="0 0 28 16" aria-hidden="true" focusable="false">
      <path d={d} fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray={dashed ? "4 3" : undefined} />
      {head ? <path d="M27 8l-7 3.5v-7z" fill="currentColor" /> : null}
    </svg>
  );
}
