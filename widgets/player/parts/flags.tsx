/** The flags of the world: which are held and from where, which events grant the others; they can be set by hand. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { count } from "../../shared/format";
import type { PlayerView } from "../../shared/protocol";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";
import { flagOrigin, heading } from "../text";

/** More flags than this get a search box. */
const MAX_FLAGS_WITHOUT_SEARCH = 8;
const MAX_LISTED_FLAGS = 200;

export function Flags({ store, view }: { store: Store; view: PlayerView }): JSX.Element {
  const [input, setInput] = useState("");
  useEffect(store.askAbout, [store]);
  const allFlags = store.about.value?.flags ?? [];
  const heldFlags = new Set(view.flags);
  const needle = input.trim().toLowerCase();
  const fits = (flag: string) => flag.toLowerCase().includes(needle);
  const missing = allFlags.filter(({ flag }) => !heldFlags.has(flag) && fits(flag));
  const isNew =
    input.trim() !== "" && !heldFlags.has(input.trim()) && !allFlags.some(({ flag }) => flag === input.trim());
  const locked = view.playing !== null || view.blocked.length > 0;
  const set = (flag: string, on: boolean) => void store.act({ action: on ? "grant" : "revoke", flag });

  return (
    <>
      <form
        class="wk-flag-find"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isNew || locked) return;
          set(input.trim(), true);
          setInput("");
        }}
      >
        <input
          class="wk-input"
          type="text"
          value={input}
          autocomplete="off"
          spellcheck={false}
          maxLength={200}
          placeholder={
            allFlags.length > MAX_FLAGS_WITHOUT_SEARCH
              ? `Find one of ${allFlags.length} flags, or add one`
              : "Add a flag"
          }
          aria-label="Find a flag, or add one"
          onInput={(event) => setInput(event.currentTarget.value)}
        />
        <button type="submit" class="wk-button wk-outline" disabled={!isNew || locked}>
          Set
        </button>
      </form>
      {locked ? <p class="wk-hint">Flags can be set when nothing is playing.</p> : null}
      <section class="wk-part">
        <h3>{view.flags.length === 0 ? "Held" : `Held (${view.flags.length})`}</h3>
        {view.held.length === 0 ? <p class="wk-hint">Nothing held yet.</p> : null}
        <ul class="wk-flags">
          {view.held
            .filter(({ flag }) => fits(flag))
            .map((one) => (
              <li key={one.flag}>
                <Flag
                  flag={one.flag}
                  on
                  locked={locked}
                  onSet={set}
                  note={flagOrigin(one)}
                  byHand={one.by === "author"}
                />
              </li>
            ))}
        </ul>
      </section>
      {missing.length > 0 ? (
        <section class="wk-part">
          <h3>{`Not held (${missing.length})`}</h3>
          <ul class="wk-flags">
            {missing.slice(0, MAX_LISTED_FLAGS).map(({ flag, events }) => (
              <li key={flag}>
                <Flag flag={flag} on={false} locked={locked} onSet={set} note={granters(events)} byHand={false} />
              </li>
            ))}
          </ul>
          {missing.length > MAX_LISTED_FLAGS ? (
            <p class="wk-hint">{`${count(missing.length - MAX_LISTED_FLAGS, "more flag")}; type to find one.`}</p>
          ) : null}
        </section>
      ) : null}
    </>
  );
}

interface FlagProps {
  flag: string;
  on: boolean;
  locked: boolean;
  note: string;
  byHand: boolean;
  onSet: (flag: string, on: boolean) => void;
}

function Flag({ flag, on, locked, note, byHand, onSet }: FlagProps): JSX.Element {
  return (
    <label class="wk-flag">
      <input
        type="checkbox"
        checked={on}
        disabled={locked}
        onChange={(event) => {
          const isChecked = event.currentTarget.checked;
          // The kernel decides: its answer moves the flag to the other list.
          event.currentTarget.checked = on;
          onSet(flag, isChecked);
        }}
      />
      <span class="wk-flag-words">
        <span class="wk-flag-name">{flag}</span>
        <span class="wk-hint">
          {byHand ? <Icon name="pencil" /> : null}
          {note}
        </span>
      </span>
    </label>
  );
}

function granters(events: readonly string[]): string {
  if (events.length === 0) return "nothing grants it";
  const more = events.length > 2 ? ` and ${events.length - 2} more` : "";
  return `from ${events.slice(0, 2).map(heading).join(", ")}${more}`;
}
