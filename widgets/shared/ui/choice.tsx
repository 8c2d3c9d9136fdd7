/** Check boxes, selects and lists of names as chips. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Suggestions } from "./field";
import { Icon } from "./icon";

export interface CheckProps {
  label: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

export function Check({ label, checked, disabled, onChange }: CheckProps): JSX.Element {
  return (
    <label class="wk-check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled ?? false}
        onChange={(event) => {
          const next = event.currentTarget.checked;
          // The kernel decides: show its value until the change comes back.
          event.currentTarget.checked = checked;
          onChange(next);
        }}
      />
      <span>{label}</span>
    </label>
  );
}

export interface SelectProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  disabled?: boolean;
  onChange: (value: string) => void;
}

export function Select({ label, value, options, disabled, onChange }: SelectProps): JSX.Element {
  const id = useId();
  return (
    <div class="wk-field">
      <label class="wk-label" for={id}>
        {label}
      </label>
      <select
        id={id}
        class="wk-input"
        value={value}
        disabled={disabled ?? false}
        onChange={(event) => {
          const next = event.currentTarget.value;
          event.currentTarget.value = value;
          onChange(next);
        }}
      >
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

export interface NamesProps {
  label: string;
  values: readonly string[];
  suggestions: readonly string[];
  /** What one is called: "flag", "state". */
  noun: string;
  readOnly?: boolean;
  /** Refuse names that are not among the suggestions. */
  closed?: boolean;
  hint?: string | JSX.Element | null;
  onChange: (values: string[]) => void;
}

/** A list of names as removable chips with an input that suggests. */
export function Names(props: NamesProps): JSX.Element {
  const { label, values, suggestions, noun, readOnly, closed, onChange } = props;
  const [draft, setDraft] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();

  const add = (name: string) => {
    const newName = name.trim();
    if (newName === "") {
      setDraft("");
      setProblem(null);
    } else if (values.includes(newName)) setProblem(`“${newName}” is in the list already.`);
    else if (closed && !suggestions.includes(newName)) setProblem(`There is no ${noun} called “${newName}”.`);
    else {
      setDraft("");
      setProblem(null);
      onChange([...values, newName]);
    }
  };

  return (
    <div class="wk-field">
      <label class="wk-label" for={id}>
        {label}
      </label>
      <div class="wk-chips">
        {values.map((name) => (
          <span class="wk-chip wk-removable" key={name}>
            <span>{name}</span>
            {readOnly ? null : (
              <button
                type="button"
                aria-label={`Remove ${noun} ${name} from ${label.toLowerCase()}`}
                onClick={() => onChange(values.filter((other) => other !== name))}
              >
                <Icon name="close" />
              </button>
            )}
          </span>
        ))}
        {readOnly ? values.length === 0 ? <span class="wk-muted">none</span> : null : null}
      </div>
      {readOnly ? (
        <input id={id} type="hidden" />
      ) : (
        <>
          <input
            id={id}
            class="wk-input"
            list={`${id}-list`}
            value={draft}
            placeholder={`Add a ${noun}`}
            autocomplete="off"
            aria-invalid={problem !== null}
            aria-describedby={`${id}-hint`}
            onInput={(event) => {
              const input = event.currentTarget.value;
              setDraft(input);
              setProblem(null);
              // Picking from the list is one input event that holds a whole suggestion.
              if ((event as InputEvent).inputType === "insertReplacementText" || !("inputType" in event)) add(input);
            }}
            onKeyDown={(event) => {
              if (event.key === "Enter") {
                event.preventDefault();
                add(draft);
              } else if (event.key === "Escape" && draft !== "") {
                event.stopPropagation();
                setDraft("");
                setProblem(null);
              } else if (event.key === "Backspace" && draft === "" && values.length > 0) {
                onChange(values.slice(0, -1));
              }
            }}
            onBlur={() => add(draft)}
          />
          <Suggestions id={`${id}-list`} typed={draft} names={suggestions.filter((name) => !values.includes(name))} />
        </>
      )}
      <div id={`${id}-hint`} style={{ display: "contents" }}>
        {problem !== null ? <p class="wk-hint wk-error">{problem}</p> : null}
        {props.hint ? typeof props.hint === "string" ? <p class="wk-hint">{props.hint}</p> : props.hint : null}
      </div>
    </div>
  );
}
