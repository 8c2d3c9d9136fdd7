/** The run panel: facts about the run, saving it, starting or opening another. */
import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { copyText } from "../../shared/clipboard";
import { download } from "../../shared/download";
import { count } from "../../shared/format";
import type { PlayerView, ScriptKind, ScriptReply } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Suggestions } from "../../shared/ui/field";
import { withKeys } from "../keys";
import type { Store } from "../store";
import { clockText, heading } from "../text";

interface Props {
  store: Store;
  view: PlayerView;
}

export function RunPanel({ store, view }: Props): JSX.Element {
  return (
    <>
      <RunFacts view={view} />
      <SaveRun store={store} />
      <StartRun store={store} view={view} />
      <OpenRun store={store} />
    </>
  );
}

function RunFacts({ view }: { view: PlayerView }): JSX.Element {
  const steps = view.trailFrom + view.trail.length - 1;
  const facts = [
    ["Steps", `${steps.toLocaleString("en")} in ${clockText(view.clock)}`],
    [
      "Started in",
      heading(view.start.state) +
        (view.start.flags.length > 0 ? `, ${count(view.start.flags.length, "flag")} held` : ""),
    ],
    ["Played", view.mode === "instant" ? "instant" : "in real time"],
    ["Seed", String(view.seed)],
  ];
  return (
    <section class="wk-part">
      <h3>This run</h3>
      <dl class="wk-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const COPIES: readonly (readonly [ScriptKind, string, string])[] = [
  ["python", "Copy as Python", "A cell that replays this run"],
  ["pytest", "Copy as pytest", "A test that this run still ends like this"],
  ["run", "Copy as JSON", "The trace"],
];

/** Keep the run: as a file, or as text to paste. */
export function SaveRun({ store, compact }: { store: Store; compact?: boolean }): JSX.Element {
  const [outcome, setOutcome] = useState("");
  const [preview, setPreview] = useState<ScriptReply | null>(null);
  const save = async (kind: ScriptKind) => {
    const script = await store.script(kind);
    if (!script) return;
    download(script.name, script.text);
    setOutcome(`Saved ${script.name}.`);
  };
  const copy = async (kind: ScriptKind) => {
    const script = await store.script(kind);
    if (!script) return;
    const copied = await copyText(script.text);
    setPreview(copied ? null : script);
    setOutcome(copied ? "Copied." : "Copying is not allowed here; select the text:");
  };
  return (
    <section class="wk-part">
      {compact ? null : <h3>Save</h3>}
      <div class="wk-run-buttons">
        <Button kind="outline" small onPress={() => void save("run")}>
          Save this run
        </Button>
        {compact ? null : (
          <Button kind="outline" small onPress={() => void save("position")}>
            Save the position
          </Button>
        )}
        {COPIES.slice(0, compact ? 2 : 3).map(([kind, label, tooltip]) => (
          <Button key={kind} tooltip={tooltip} kind="outline" small onPress={() => void copy(kind)}>
            {label}
          </Button>
        ))}
      </div>
      <p class="wk-hint" role="status">
        {outcome}
      </p>
      {preview ? (
        <textarea class="wk-input wk-mono wk-script" readOnly rows={6} aria-label={preview.name} value={preview.text} />
      ) : null}
    </section>
  );
}

function StartRun({ store, view }: Props): JSX.Element {
  const [input, setInput] = useState("");
  const [keep, setKeep] = useState(false);
  const id = useId();
  useEffect(store.askAbout, [store]);
  const states = store.about.value?.states ?? [];
  const isState = states.includes(input);
  const stopped = view.blocked.length > 0;
  return (
    <section class="wk-part">
      <h3>Start a new run</h3>
      <div class="wk-run-buttons">
        <Button
          label="Start at the entrance"
          tooltip={withKeys("With the flags that the session began with", view, "R")}
          small
          kind="outline"
          disabled={stopped}
          onPress={() => void store.act({ action: "retry" })}
        >
          At the entrance
        </Button>
        <Button
          label="Start where this run started"
          tooltip="With the flags it had then (Shift+R)"
          small
          kind="outline"
          disabled={stopped}
          onPress={() => void store.act({ action: "restart" })}
        >
          Where this run started
        </Button>
      </div>
      <form
        class="wk-start-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isState || stopped) return;
          const position = keep ? { state: input, flags: view.flags } : { state: input };
          void store.act({ action: "begin", position });
        }}
      >
        <label class="wk-label" for={id}>
          In another state
        </label>
        <div class="wk-flag-find">
          <input
            id={id}
            class="wk-input"
            list={`${id}-list`}
            value={input}
            autocomplete="off"
            spellcheck={false}
            placeholder="A state"
            aria-invalid={input !== "" && !isState}
            onInput={(event) => setInput(event.currentTarget.value)}
          />
          <button type="submit" class="wk-button wk-outline" disabled={!isState || stopped}>
            Start
          </button>
        </div>
        <Suggestions id={`${id}-list`} typed={input} names={states} />
        <label class="wk-check">
          <input type="checkbox" checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} />
          <span>{`Keep the current flags (${count(view.flags.length, "flag")})`}</span>
        </label>
      </form>
    </section>
  );
}

function OpenRun({ store }: { store: Store }): JSX.Element {
  const [text, setText] = useState("");
  const open = (run: string) => {
    if (run.trim() === "") return;
    // what was typed meanwhile stays
    void store
      .act({ action: "open", text: run })
      .then((accepted) => accepted && setText((now) => (now === run ? "" : now)));
  };
  return (
    <section class="wk-part">
      <h3>Continue a saved run</h3>
      <label class="wk-file">
        <span class="wk-label">A run or position from a file</span>
        <input
          type="file"
          accept=".json,application/json"
          onChange={async (event) => {
            const input = event.currentTarget;
            const file = input.files?.[0];
            if (file) open(await file.text());
            input.value = "";
          }}
        />
      </label>
      <form
        class="wk-flag-find"
        onSubmit={(event) => {
          event.preventDefault();
          open(text);
        }}
      >
        <input
          class="wk-input wk-mono"
          type="text"
          value={text}
          autocomplete="off"
          spellcheck={false}
          placeholder="or paste JSON"
          aria-label="The JSON of a saved run or position"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="wk-button wk-outline" disabled={text.trim() === ""}>
          Open
        </button>
      </form>
    </section>
  );
}
