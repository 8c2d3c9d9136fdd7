/** The clock, and ways to let time pass: by itself in real time, by hand in both modes. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PlayerView } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";
import { clockForSpeech, clockText, outcome, parseSeconds } from "../text";

const SPEEDS = [0.5, 1, 2, 4, 8];

interface Props {
  store: Store;
  view: PlayerView;
}

export function Clock({ store, view }: Props): JSX.Element {
  const stopped = view.blocked.length > 0 || outcome(view) !== null;
  const live = view.mode === "real-time";
  return (
    <div class="wk-clock" role="group" aria-label="Time">
      {live ? <Transport store={store} stopped={stopped} /> : null}
      <p class="wk-time">
        {live ? null : <Icon name="clock" />}
        <time aria-hidden="true">{clockText(view.clock)}</time>
        <span class="wk-visually-hidden">{`Clock: ${clockForSpeech(view.clock)}`}</span>
      </p>
      <WaitControls store={store} stopped={stopped} />
      <label class="wk-check wk-forward" title={live ? "Hold W, or tick this" : "Waypoints come nearer meanwhile"}>
        <input
          type="checkbox"
          checked={store.forward.value}
          disabled={stopped}
          onChange={(event) => {
            store.forward.value = event.currentTarget.checked;
          }}
        />
        <span>Walk forward</span>
      </label>
      {view.campaign ? null : <Mode store={store} view={view} />}
    </div>
  );
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

function WaitControls({ store, stopped }: { store: Store; stopped: boolean }): JSX.Element {
  const [input, setInput] = useState("30");
  const ms = parseSeconds(input);
  const wait = (length: number) =>
    void store.act({ action: "wait", ms: length, ...(store.forward.peek() ? { forward: true } : {}) });
  return (
    <div class="wk-waits" role="group" aria-label="Wait">
      <span class="wk-label" aria-hidden="true">
        Wait
      </span>
      <Button label="+1 s, wait one second" small kind="outline" disabled={stopped} onPress={() => wait(1000)}>
        +1 s
      </Button>
      <Button label="+5 s, wait five seconds" small kind="outline" disabled={stopped} onPress={() => wait(5000)}>
        +5 s
      </Button>
      <form
        class="wk-custom"
        onSubmit={(event) => {
          event.preventDefault();
          if (ms !== null && !stopped) wait(ms);
        }}
      >
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
        <button
          type="submit"
          class="wk-button wk-outline wk-small"
          disabled={stopped || ms === null}
          aria-label={`Wait ${input} seconds`}
        >
          s
        </button>
      </form>
    </div>
  );
}

const MODES = [
  ["instant", "Instant", "Events land at once"],
  ["real-time", "Real time", "Events take their full length"],
] as const;

function Mode({ store, view }: Props): JSX.Element {
  return (
    <div class="wk-mode" role="group" aria-label="Play mode">
      {MODES.map(([mode, label, tooltip]) => (
        <Button
          key={mode}
          tooltip={tooltip}
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
