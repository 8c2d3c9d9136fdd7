/** The clock, and ways to let time pass: by itself in real time, by hand in both modes. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PlayerView } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";
import { clockForSpeech, clockText, clockUses, outcome, parseSeconds } from "../text";

const SPEEDS = [0.5, 1, 2, 4, 8];

interface Props {
  store: Store;
  view: PlayerView;
}

/** Below the page, where time has a use in the world; what of it has none is a tester's (`TimeTools`). */
export function Clock({ store, view }: Props): JSX.Element | null {
  const uses = clockUses(view);
  if (!uses.clock) return null;
  return (
    <div class="wk-clock" role="group" aria-label="Time">
      {view.mode === "real-time" ? <Transport store={store} stopped={isStopped(view)} /> : null}
      <p class="wk-time">
        {view.mode === "real-time" ? null : <Icon name="clock" />}
        <time aria-hidden="true">{clockText(view.clock)}</time>
        <span class="wk-visually-hidden">{`Clock: ${clockForSpeech(view.clock)}`}</span>
      </p>
      {uses.waiting ? <Wait store={store} view={view} /> : null}
      {uses.walking ? <Forward store={store} view={view} /> : null}
      {view.campaign ? null : <Mode store={store} view={view} />}
    </div>
  );
}

/** The controls of time that the page does not show. */
export function TimeTools({ store, view }: Props): JSX.Element {
  const uses = clockUses(view);
  return (
    <div class="wk-time-tools">
      {uses.waiting ? null : <Wait store={store} view={view} />}
      {uses.walking ? null : <Forward store={store} view={view} />}
      {uses.clock || view.campaign ? null : <Mode store={store} view={view} />}
    </div>
  );
}

function isStopped(view: PlayerView): boolean {
  return view.blocked.length > 0 || outcome(view) !== null;
}

function Transport({ store, stopped }: { store: Store; stopped: boolean }): JSX.Element {
  const running = store.running.value;
  return (
    <div class="wk-transport">
      <Button
        label={running ? "Pause the clock" : "Resume the clock"}
        tooltip={running ? "Pause (Space)" : "Resume (Space)"}
        icon={running ? "pause" : "play"}
        kind="primary"
        disabled={stopped}
        onPress={store.toggle}
      />
      <select
        class="wk-input wk-speed"
        aria-label="Speed"
        value={String(store.speed.value)}
        onChange={(event) => {
          store.speed.value = Number(event.currentTarget.value);
        }}
      >
        {SPEEDS.map((speed) => (
          <option key={speed} value={String(speed)}>{`${speed}×`}</option>
        ))}
      </select>
    </div>
  );
}

function Wait({ store, view }: Props): JSX.Element {
  const [input, setInput] = useState("5");
  const stopped = isStopped(view);
  const ms = parseSeconds(input);
  return (
    <form
      class="wk-waits"
      onSubmit={(event) => {
        event.preventDefault();
        if (ms === null || stopped) return;
        void store.act({ action: "wait", ms, ...(store.forward.peek() ? { forward: true } : {}) });
      }}
    >
      <button
        type="submit"
        class="wk-button wk-outline wk-small"
        disabled={stopped || ms === null}
        aria-label={`Wait ${input} seconds`}
      >
        Wait
      </button>
      <input
        class="wk-input"
        type="text"
        inputMode="decimal"
        value={input}
        disabled={stopped}
        autocomplete="off"
        aria-label="Seconds to wait"
        aria-invalid={ms === null}
        onInput={(event) => setInput(event.currentTarget.value)}
      />
      <span aria-hidden="true">s</span>
    </form>
  );
}

function Forward({ store, view }: Props): JSX.Element {
  const tip = view.mode === "real-time" ? "Hold W, or tick this" : "Waypoints come nearer meanwhile";
  return (
    <label class="wk-check wk-forward" title={tip}>
      <input
        type="checkbox"
        checked={store.forward.value}
        disabled={isStopped(view)}
        aria-label="Walk forward"
        onChange={(event) => {
          store.forward.value = event.currentTarget.checked;
        }}
      />
      <span>
        Walk<span class="wk-roomy"> forward</span>
      </span>
    </label>
  );
}

const MODES = [
  ["instant", "Instant", "Events land at once", "forward"],
  ["real-time", "Real time", "Events take their full length", "clock"],
] as const;

function Mode({ store, view }: Props): JSX.Element {
  return (
    <div class="wk-mode" role="group" aria-label="Play mode">
      {MODES.map(([mode, label, tooltip, icon]) => (
        <Button
          key={mode}
          label={label}
          tooltip={`${label}: ${tooltip.toLowerCase()}`}
          icon={icon}
          wordsClass="wk-roomy"
          small
          kind="quiet"
          pressed={view.mode === mode}
          disabled={view.blocked.length > 0 || (view.playing !== null && view.mode !== mode)}
          onPress={() => {
            if (view.mode !== mode) void store.act({ action: "mode", mode });
          }}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}
