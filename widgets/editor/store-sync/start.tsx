/** The first screen of an editor without a world: start a new one, have one written, from a sample, or open a file. */
import type { JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isTaken } from "../../generation/data";
import { OrderForm } from "../../generation/form";
import { ProgressCard } from "../../generation/progress";
import type { Source } from "../../generation/store";
import { Button } from "../../shared/ui/button";
import { Problem } from "../../shared/ui/problem";
import type { FormProps } from "../inspector/parts";
import type { Start } from "./data";
import { Submit } from "./save-as";

export function StartForm({ store, start }: Pick<FormProps, "store"> & { start: Start }): JSX.Element {
  const { begin, binding, busy } = store.storeSync;
  const [rejection, setRejection] = useState("");
  // "new", "file" or a sample's id, while the kernel is asked for that
  const [begunFrom, setBegunFrom] = useState("");
  const [chosenSource, setChosenSource] = useState<Source | null>(null);
  const off = !store.editable.value || busy.value;
  const state = store.generation.state.value;
  if (state && !isTaken(state))
    return (
      <div class="we-begin" role="region" aria-label="Start a world">
        <ProgressCard generation={store.generation} state={state} off={off} use="Edit as is" />
      </div>
    );
  if (chosenSource)
    return (
      <div class="we-begin" role="region" aria-label="Start a world">
        <Heading text={SOURCE_TEXTS[chosenSource][0]} onBack={() => setChosenSource(null)} />
        <OrderForm generation={store.generation} source={chosenSource} models={start.models ?? []} off={off} />
      </div>
    );
  const from = async (source: "new" | "sample" | "file", name: string) => {
    setRejection("");
    setBegunFrom(source === "sample" ? name : source);
    const why = await begin(source, name);
    setBegunFrom("");
    setRejection(why ?? "");
    if (why !== null) return;
    if (source === "new") store.selected.value = { kind: "state", id: "start" };
    store.panelOpen.value = true;
    store.fieldToFocus.value = source === "new" ? "base" : null;
  };
  return (
    <div class="we-begin" role="region" aria-label="Start a world">
      <h2>Start a world</h2>
      <Question
        label="Name"
        button={begunFrom === "new" ? STARTING_TEXT : "Start empty"}
        empty="Untitled"
        off={off}
        onAnswer={(name) => from("new", name)}
      />
      <h3>Or let a model write it</h3>
      <ul>
        {(["premise", "chapter"] as const).map((source) => (
          <li key={source}>
            <button type="button" class="we-sample" disabled={off} onClick={() => setChosenSource(source)}>
              <strong>{SOURCE_TEXTS[source][0]}</strong>
              <span class="wk-muted">{SOURCE_TEXTS[source][1]}</span>
            </button>
          </li>
        ))}
      </ul>
      <h3>Or start with a sample</h3>
      <ul>
        {start.samples.map(({ id, name, about, picture }) => (
          <li key={id}>
            <button type="button" class="we-sample" disabled={off} onClick={() => void from("sample", id)}>
              {picture?.startsWith("data:image/svg+xml;base64,") ? <img src={picture} alt="" /> : null}
              <strong>{name}</strong>
              <span class="wk-muted">{begunFrom === id ? STARTING_TEXT : about}</span>
            </button>
          </li>
        ))}
      </ul>
      {binding.value?.status === "nowhere" ? (
        <Question
          label="Or open a file"
          button={begunFrom === "file" ? "Opening…" : "Open"}
          needed
          off={off}
          onAnswer={(path) => from("file", path)}
          placeholder="name.world.json"
        />
      ) : null}
      <div aria-live="polite">
        <Problem text={rejection} />
        {begunFrom ? <p class="wk-visually-hidden">{STARTING_TEXT}</p> : null}
      </div>
    </div>
  );
}

const STARTING_TEXT = "Starting…";

const SOURCE_TEXTS: { readonly [source in Source]: readonly [title: string, about: string] } = {
  premise: ["From a premise", "One sentence becomes scenes, choices, a lock and endings"],
  chapter: ["From a chapter", "A text you have becomes a world that follows it"],
};

/** The heading of a form that took the place of the first screen; the focus goes there with it. */
function Heading({ text, onBack }: { text: string; onBack: () => void }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <div class="we-begin-head">
      <h2 ref={heading} tabIndex={-1}>
        {text}
      </h2>
      <Button label="Back to the other ways to start" small kind="outline" onPress={onBack}>
        Back
      </Button>
    </div>
  );
}

interface AskProps {
  readonly label: string;
  readonly button: string;
  readonly off: boolean;
  readonly onAnswer: (input: string) => Promise<void>;
  /** What stands for nothing typed. */
  readonly empty?: string;
  readonly needed?: boolean;
  readonly placeholder?: string;
}

function Question({ label, button, off, onAnswer, empty, needed: isRequired, placeholder }: AskProps): JSX.Element {
  const id = useId();
  const [input, setInput] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isRequired || input.trim()) void onAnswer(input);
      }}
    >
      <label class="wk-label" for={id}>
        {label}
      </label>
      <div class="we-ask">
        <input
          id={id}
          class="wk-input"
          value={input}
          placeholder={placeholder ?? empty ?? ""}
          autocomplete="off"
          disabled={off}
          onInput={(event) => setInput(event.currentTarget.value)}
        />
        <Submit label={button} disabled={off || (isRequired === true && input.trim() === "")} />
      </div>
    </form>
  );
}
