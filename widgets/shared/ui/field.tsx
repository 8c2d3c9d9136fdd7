/**
 * Text fields that keep a draft: what is typed is sent on blur, Enter (one line) or Ctrl+Enter, as one edit;
 * Escape restores. A refused draft stays, with the reason under it.
 */
import { createContext, type JSX } from "preact";
import { useContext, useEffect, useId, useRef, useState } from "preact/hooks";
import { copyText } from "../clipboard";
import { Button } from "./button";
import { type Commit, DraftSender, type GiveBack } from "./draft-sender";
import { Problem } from "./problem";

/** What is done with a text that was refused after its field had gone away. */
export const RefusedText = createContext<GiveBack>(() => {});

export interface TextFieldProps {
  label: string;
  value: string;
  onCommit: Commit;
  /** Told on every keystroke what is typed, and null when that was taken or put back. */
  onDraft?: (draft: string | null) => void;
  multiline?: boolean;
  rows?: number;
  placeholder?: string;
  hint?: string | JSX.Element | null;
  readOnly?: boolean;
  mono?: boolean;
  inputMode?: "text" | "numeric" | "decimal";
  hideLabel?: boolean;
  name?: string;
  /** What the browser suggests while typing. */
  suggestions?: readonly string[];
}

export function TextField(props: TextFieldProps): JSX.Element {
  const { label, value, multiline, readOnly } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const id = useId();
  const giveBack = useContext(RefusedText);
  const now = { draft, value, onCommit: props.onCommit, onDraft: props.onDraft, giveBack };
  const latest = useRef(now);
  latest.current = now;

  const change = (next: string | null) => {
    latest.current.draft = next;
    setDraft(next);
    latest.current.onDraft?.(next);
  };

  const [sender] = useState(
    () =>
      new DraftSender(
        (input) => latest.current.onCommit(input),
        (isSending, input, rejection) => {
          setSending(isSending);
          if (isSending) return;
          setProblem(rejection);
          if (rejection === null && latest.current.draft === input) change(null);
        },
      ),
  );

  const commit = () => {
    const { draft: input, value: before } = latest.current;
    if (input === null) return;
    if (sender.target === null && input === before) {
      change(null);
      setProblem(null);
    } else void sender.send(input);
  };

  // A view that goes away while something is typed (another card selected from Python) still sends it.
  useEffect(
    () => () => {
      const { draft: input, value: before } = latest.current;
      sender.leave(latest.current.giveBack);
      if (input !== null && input !== (sender.target ?? before)) void sender.send(input);
    },
    [],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const send = event.key === "Enter" && (!multiline || event.ctrlKey || event.metaKey);
    if (send) {
      event.preventDefault();
      commit();
    } else if (event.key === "Escape" && latest.current.draft !== null && !readOnly) {
      event.stopPropagation();
      change(null);
      setProblem(null);
    }
  };

  const attributes = {
    id,
    name: props.name,
    class: `wk-input${draft !== null && draft !== value ? " wk-dirty" : ""}${props.mono ? " wk-mono" : ""}`,
    value: draft ?? value,
    placeholder: props.placeholder,
    readOnly: readOnly ?? false,
    spellcheck: !props.mono,
    autocomplete: "off",
    "data-settled": draft === null ? "" : undefined,
    "aria-invalid": problem !== null,
    "aria-busy": sending,
    "aria-describedby": `${id}-hint`,
    onInput: (event: Event) => change((event.currentTarget as HTMLInputElement | HTMLTextAreaElement).value),
    onBlur: commit,
    onKeyDown,
  } as const;

  return (
    <div class="wk-field">
      <label class={props.hideLabel ? "wk-visually-hidden" : "wk-label"} for={id}>
        {label}
      </label>
      {multiline ? (
        <textarea {...attributes} rows={props.rows ?? 3} />
      ) : (
        <input
          {...attributes}
          type="text"
          inputMode={props.inputMode ?? "text"}
          list={props.suggestions ? `${id}-list` : undefined}
        />
      )}
      {props.suggestions ? <Suggestions id={`${id}-list`} typed={draft ?? ""} names={props.suggestions} /> : null}
      <div id={`${id}-hint`} style={{ display: "contents" }}>
        {readOnly && draft !== null && draft !== value ? <UnsavedText text={draft} /> : null}
        <Problem text={problem} />
        {props.hint ? typeof props.hint === "string" ? <p class="wk-hint">{props.hint}</p> : props.hint : null}
      </div>
    </div>
  );
}

/** Said of what was typed before nothing could be changed any more: it stays, and can be taken along. */
export function UnsavedText({ text }: { text: string }): JSX.Element {
  const [status, setStatus] = useState("Not saved, and kept here.");
  const copy = async () =>
    setStatus((await copyText(text)) ? "Copied." : "This page may not write to the clipboard: select the text above.");
  return (
    <p class="wk-hint wk-kept">
      <span role="status">{status}</span>
      <Button label="Copy what is typed here" small kind="outline" onPress={() => void copy()}>
        Copy
      </Button>
    </p>
  );
}

const MAX_OPTIONS = 60;

/** The suggestions for what is typed; a browser is slow with thousands of options, so only some are listed. */
export function Suggestions(props: { id: string; typed: string; names: readonly string[] }): JSX.Element {
  const input = props.typed.toLowerCase();
  const options: string[] = [];
  for (const name of props.names) {
    if (options.length >= MAX_OPTIONS) break;
    if (name.toLowerCase().includes(input)) options.push(name);
  }
  return (
    <datalist id={props.id}>
      {options.map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}
