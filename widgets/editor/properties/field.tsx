/** The field in which a property is typed: it completes names, and says while one types what is wrong. */
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { sentence } from "../../shared/format";
import { OptionRow } from "../forms/option-row";
import type { Store } from "../store";
import { type Completion, complete, type NameOption, namesOf, putIn } from "./completion";

/** Milliseconds without a key before the kernel is asked what is typed. */
const TYPING_PAUSE_MS = 250;

interface FieldProps {
  readonly store: Store;
  readonly label: string;
  readonly value: string;
  /** What is typed and not saved; null for what it holds otherwise. */
  readonly draft: Signal<string | null>;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
  /** Take what was typed; resolves with null on success, else with the reason. */
  readonly onCommit: (text: string) => Promise<string | null>;
  readonly onCancel?: () => void;
}

export function PropertyField(props: FieldProps): JSX.Element {
  const { store, label, value, draft } = props;
  const { doc, properties, editable } = store;
  const id = useId();
  const input = draft.value ?? value;
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState(-1);
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const sentText = useRef<string | null>(null);
  const world = doc.value;
  const { tags } = properties.list.value;
  const names = useMemo(() => namesOf(world, tags), [world, tags]);
  const completion: Completion | null = caret === null ? null : complete(input, caret, names);
  const options = completion?.options ?? [];
  const isOpen = options.length > 0;

  useLayoutEffect(() => {
    if (props.autoFocus) field.current?.focus();
  }, [props.autoFocus]);
  useLayoutEffect(() => {
    if (isOpen) list.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen, options.length]);
  useLayoutEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);

  // What is wrong is said once the typing rests; what is empty is not wrong.
  useEffect(() => {
    if (input.trim() === "" || input === value) {
      setProblem(null);
      return;
    }
    let isLatest = true;
    const timer = setTimeout(async () => {
      const { error } = await properties.read(input);
      if (isLatest) setProblem(error === "" ? null : problemOf(error));
    }, TYPING_PAUSE_MS);
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
  }, [input, value, properties]);

  const close = () => {
    setCaret(null);
    setActive(-1);
  };
  const pick = (option: NameOption | undefined) => {
    if (!completion || !option) return;
    const result = putIn(input, completion, option);
    // At once, so that the next key meets the caret where it belongs.
    if (field.current) {
      field.current.value = result.text;
      field.current.setSelectionRange(result.caret, result.caret);
    }
    draft.value = result.text;
    close();
  };
  const commit = async () => {
    close();
    if (input.trim() === "" || input === sentText.current) return;
    sentText.current = input;
    const rejection = await props.onCommit(input);
    if (sentText.current === input) sentText.current = null;
    setProblem(rejection === null ? null : problemOf(rejection));
    // what was typed meanwhile stays
    if (rejection === null && draft.peek() === input) draft.value = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && (isOpen || event.altKey || input === "")) {
      event.preventDefault();
      if (isOpen) setActive((active + step + options.length + (active < 0 && step < 0 ? 1 : 0)) % options.length);
      else setCaret(event.currentTarget instanceof HTMLTextAreaElement ? event.currentTarget.selectionStart : 0);
    } else if ((event.key === "Enter" || event.key === "Tab") && isOpen && active >= 0) {
      event.preventDefault();
      pick(options[active]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      void commit();
    } else if (event.key === "Escape" && (isOpen || props.onCancel || input !== value)) {
      event.stopPropagation();
      if (isOpen) close();
      else if (props.onCancel) props.onCancel();
      else draft.value = null;
    }
  };

  return (
    <div class="wk-field we-combo wp-field">
      <label class="wk-label" for={id}>
        {label}
      </label>
      <div class="we-combo-box">
        <textarea
          ref={field}
          id={id}
          class="wk-input wk-mono"
          rows={2}
          value={input}
          placeholder={props.placeholder}
          readOnly={!editable.value}
          spellcheck={false}
          autocomplete="off"
          aria-autocomplete="list"
          aria-controls={`${id}-list`}
          aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-hint`}
          data-settled={input === value ? "" : undefined}
          onInput={(event) => {
            const { value: typed, selectionStart } = event.currentTarget;
            draft.value = typed.replace(/\s*\n\s*/g, " ");
            setCaret(selectionStart);
            setActive(-1);
          }}
          onClick={(event) => input === "" && editable.value && setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onBlur={close}
        />
        <p id={`${id}-hint`} class={problem === null ? "wk-hint" : "wk-hint wk-error"} role="status">
          {problem ?? "Enter adds it; arrows pick a name."}
        </p>
        <div
          ref={list}
          id={`${id}-list`}
          class="we-options"
          role="listbox"
          aria-label="What you can write here"
          hidden={!isOpen}
          onMouseDown={(event) => event.preventDefault()}
        >
          {options.map((option, at) => (
            <OptionRow
              key={`${option.value} ${option.detail}`}
              {...option}
              id={`${id}-${at}`}
              icon={iconOf(option.detail)}
              active={at === active}
              onPick={() => pick(option)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function iconOf(detail: string): "frame" | "arrow" | "flag" | "win" | "mission" | "code" {
  const icons = { state: "frame", event: "arrow", flag: "flag", ending: "win", mission: "mission" } as const;
  return icons[detail as keyof typeof icons] ?? "code";
}

/** Return what is wrong without the text itself, which stands above it. */
function problemOf(error: string): string {
  const at = error.match(/^not a (?:property|condition): .*?: (at character \d+, [\s\S]*)$/);
  return sentence(at?.[1] ?? error);
}
