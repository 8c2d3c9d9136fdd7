/** Input for what is seen in the picture, set by hand: events that wait for evidence get it from here. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PlayerView, Sample } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import type { Store } from "../store";
import { offerLabel } from "../text";

interface Props {
  store: Store;
  view: PlayerView;
}

export function Picture({ store, view }: Props): JSX.Element {
  useEffect(store.askAbout, [store]);
  const seen: Sample = view.seen ?? {};
  const see = (sample: Sample) => void store.act({ action: "observe", sample });
  const waiting = [...view.arrivals, ...view.zones];
  return (
    <div class="wk-picture">
      {view.seen ? null : (
        <p class="wk-hint">Without a picture, arrivals do not wait. Set what is seen, and they wait from then on.</p>
      )}
      {waiting.length > 0 ? (
        <ul class="wk-waiting">
          {waiting.map((one) => (
            <li key={one.event}>
              <span>
                <b>{offerLabel(one.label, one.event)}</b>
                {` waits for ${one.waitsFor}`}
              </span>
              {one.shows ? (
                <Button
                  label={`Mark as seen: what ${offerLabel(one.label, one.event)} waits for`}
                  small
                  kind="outline"
                  onPress={() => see({ ...seen, ...one.shows })}
                >
                  Mark as seen
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      <Measure name="luminance" label="Luminance" hint="dark to bright" seen={seen} onSee={see} />
      <Measure name="motion" label="Motion" hint="still to wild" seen={seen} onSee={see} />
      <Labels store={store} view={view} seen={seen} onSee={see} />
      <Button
        label={view.seen ? "No picture" : "Start with an empty picture"}
        small
        kind="outline"
        onPress={() => see({})}
      >
        {view.seen ? "No picture" : "Empty picture"}
      </Button>
    </div>
  );
}

interface MeasureProps {
  name: "luminance" | "motion";
  label: string;
  hint: string;
  seen: Sample;
  onSee: (sample: Sample) => void;
}

function Measure({ name, label, hint, seen, onSee }: MeasureProps): JSX.Element {
  const [draft, setDraft] = useState<number | null>(null);
  const value = draft ?? seen[name];
  return (
    <label class="wk-measure">
      <span class="wk-label">{label}</span>
      <input
        type="range"
        min={0}
        max={255}
        step={1}
        value={value ?? 0}
        aria-valuetext={value === undefined ? "not measured" : String(Math.round(value))}
        title={hint}
        onInput={(event) => setDraft(Number(event.currentTarget.value))}
        onChange={(event) => {
          setDraft(null);
          onSee({ ...seen, [name]: Number(event.currentTarget.value) });
        }}
      />
      <output>{value === undefined ? "–" : Math.round(value)}</output>
    </label>
  );
}

/** What a label covers when it is ticked, as a share of the picture. */
const DEFAULT_COVERAGE = 0.5;
const MAX_LABELS = 40;

function Labels({ store, view, seen, onSee }: Props & Omit<MeasureProps, "name" | "label" | "hint">): JSX.Element {
  const [input, setInput] = useState("");
  const labels = new Map(Object.entries(seen.labels ?? {}));
  const awaitedLabels = [view.playing?.shows, ...view.arrivals.map(({ shows }) => shows)].flatMap((sample) =>
    Object.keys(sample?.labels ?? {}),
  );
  const foldCase = (text: string) => text.trim().toLowerCase();
  const byFoldedName = new Map(
    [...labels.keys(), ...awaitedLabels, ...(store.about.value?.labels ?? [])].map((l) => [foldCase(l), l]),
  );
  const put = (next: Map<string, number>) => onSee({ ...seen, labels: Object.fromEntries(next) });
  const has = (label: string) => [...labels.keys()].find((name) => foldCase(name) === foldCase(label));
  const toggle = (label: string) => {
    const next = new Map(labels);
    const existing = has(label);
    if (existing !== undefined) next.delete(existing);
    else next.set(label, DEFAULT_COVERAGE);
    put(next);
  };
  return (
    <div class="wk-labels" role="group" aria-label="Recognised in the picture">
      <span class="wk-label">In the picture</span>
      <div class="wk-chips">
        {[...byFoldedName.values()].slice(0, MAX_LABELS).map((label) => (
          <button
            key={label}
            type="button"
            class="wk-chip wk-tick"
            aria-pressed={has(label) !== undefined}
            onClick={() => toggle(label)}
          >
            <span>{label}</span>
          </button>
        ))}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (input.trim() !== "" && has(input) === undefined) toggle(input.trim());
            setInput("");
          }}
        >
          <input
            class="wk-input"
            type="text"
            value={input}
            maxLength={100}
            autocomplete="off"
            placeholder="something else"
            aria-label="Something else in the picture"
            onInput={(event) => setInput(event.currentTarget.value)}
          />
        </form>
      </div>
    </div>
  );
}
