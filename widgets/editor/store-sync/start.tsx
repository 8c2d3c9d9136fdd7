/** The first screen of an editor without a world: start a new one, from a sample, or open a file. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { FormProps } from "../inspector/parts";
import type { Start } from "./data";
import { Submit } from "./save-as";

export function StartForm({ store, start }: Pick<FormProps, "store"> & { start: Start }): JSX.Element {
  const { begin, binding, busy } = store.storeSync;
  const [rejection, setRejection] = useState("");
  const off = !store.editable.value || busy.value;
  const from = async (source: "new" | "sample" | "file", name: string) => {
    const why = await begin(source, name);
    setRejection(why ?? "");
    if (why !== null) return;
    if (source === "new") store.selected.value = { kind: "state", id: "start" };
    store.panelOpen.value = true;
    store.fieldToFocus.value = source === "new" ? "base" : null;
  };
  return (
    <div class="we-begin" role="region" aria-label="Begin a world">
      <h2>Begin a world</h2>
      <Question
        label="Its name"
        button="Start empty"
        empty="Untitled"
        off={off}
        onAnswer={(name) => from("new", name)}
      />
      <h3>Or begin with a sample</h3>
      <ul>
        {start.samples.map(({ id, name, about }) => (
          <li key={id}>
            <button type="button" class="we-sample" disabled={off} onClick={() => void from("sample", id)}>
              <strong>{name}</strong>
              <span class="wk-muted">{about}</span>
            </button>
          </li>
        ))}
      </ul>
      {binding.value?.status === "nowhere" ? (
        <Question
          label="Or open a file"
          button="Open"
          needed
          off={off}
          onAnswer={(path) => from("file", path)}
          placeholder="name.world.json"
        />
      ) : null}
      <div aria-live="polite">{rejection ? <p class="wk-hint wk-error">{rejection}</p> : null}</div>
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
