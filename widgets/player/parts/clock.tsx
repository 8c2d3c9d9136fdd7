/** The clock, and ways to let time pass. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PlayerView } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";
import { clockSpoken, clockText, secondsTyped } from "../words";

export function Clock({ store, view }: { store: Store; view: PlayerView }): JSX.Element {
  const [typed, setTyped] = useState("30");
  const [forward, setForward] = useState(false);
  const stopped = view.blocked.length > 0 || view.ended !== null;
  const ms = secondsTyped(typed);
  const wait = (length: number) => void store.act({ action: "wait", ms: length, ...(forward ? { forward } : {}) });

  return (
    <div class="wk-clock">
      <p class="wk-time">
        <Icon name="clock" />
        <time aria-hidden="true">{clockText(view.clock)}</time>
        <span class="wk-visually-hidden">{`Clock: ${clockSpoken(view.clock)}`}</span>
      </p>
      <div class="wk-waits" role="group" aria-label="Let time pass">
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
            value={typed}
            disabled={stopped}
            autocomplete="off"
            aria-label="Seconds to wait"
            aria-invalid={ms === null}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          <button
            type="submit"
            class="wk-button wk-outline wk-small"
            disabled={stopped || ms === null}
            aria-label={`Wait ${typed} seconds`}
          >
            seconds
          </button>
        </form>
      </div>
      <label class="wk-check wk-forward" title="Waypoints come nearer only while forward is held">
        <input
          type="checkbox"
          checked={forward}
          disabled={stopped}
          onChange={(event) => setForward(event.currentTarget.checked)}
        />
        <span>Walk forward</span>
      </label>
    </div>
  );
}
