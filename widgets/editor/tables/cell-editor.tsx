/** The field in a cell: Enter sends what is typed and goes on to the next row, Escape puts back what was there. */
import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Suggestions } from "../../shared/ui/field";

interface CellEditorProps {
  readonly label: string;
  /** What the cell holds. */
  readonly value: string;
  /** What was typed in it before and refused, and why. */
  readonly draft?: string | undefined;
  readonly problem?: string | null;
  readonly choices?: readonly (readonly [value: string, words: string])[];
  readonly suggestions?: readonly string[];
  readonly onCommit: (typed: string) => void;
  /** What was typed is not wanted. */
  readonly onDiscard: () => void;
  /** `step` is where the keyboard goes on to; `isLeft` when it is elsewhere already. */
  readonly onDone: (step: -1 | 0 | 1, isLeft: boolean) => void;
}

export function CellEditor(props: CellEditorProps): JSX.Element {
  const { value, problem = null } = props;
  const [draft, setDraft] = useState(props.draft ?? null);
  // What somebody else puts there shows until something is typed.
  const shown = draft ?? value;
  const field = useRef<HTMLInputElement & HTMLTextAreaElement & HTMLSelectElement>(null);
  const isDone = useRef(false);
  const id = useId();
  useLayoutEffect(() => {
    field.current?.focus({ preventScroll: true });
    if (!props.choices) field.current?.select();
  }, [props.choices]);

  // A cell that is scrolled away while something is typed in it still sends it.
  const latest = useRef({ draft, value, onCommit: props.onCommit });
  latest.current = { draft, value, onCommit: props.onCommit };
  useEffect(
    () => () => {
      const { draft: typed, value: before, onCommit } = latest.current;
      if (!isDone.current && typed !== null && typed !== before) onCommit(typed);
    },
    [],
  );

  // The keyboard goes on at once: a kernel that is busy holds nobody up.
  const finish = (typed: string | null, step: -1 | 0 | 1, isLeft: boolean) => {
    if (isDone.current) return;
    isDone.current = true;
    if (typed === null || typed === value) props.onDiscard();
    else props.onCommit(typed);
    props.onDone(step, isLeft);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Enter" && !event.altKey) {
      event.preventDefault();
      finish(draft, event.shiftKey ? -1 : 1, false);
    } else if (event.key === "Escape") {
      event.preventDefault();
      isDone.current = true;
      props.onDiscard();
      props.onDone(0, false);
    }
  };
  const shared = {
    ref: field,
    class: "wk-input we-cell-field",
    "aria-label": props.label,
    "aria-invalid": problem !== null,
    "aria-describedby": `${id}-problem`,
    onKeyDown,
    onDblClick: (event: MouseEvent) => event.stopPropagation(),
  } as const;
  const isLong = value.length > 60 || value.includes("\n");
  return (
    <>
      {props.choices ? (
        <select
          {...shared}
          value={shown}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onBlur={() => finish(draft, 0, true)}
        >
          {props.choices.map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
      ) : isLong ? (
        <textarea
          {...shared}
          rows={5}
          value={shown}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onBlur={() => finish(draft, 0, true)}
        />
      ) : (
        <input
          {...shared}
          type="text"
          value={shown}
          autocomplete="off"
          list={props.suggestions ? `${id}-list` : undefined}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onBlur={() => finish(draft, 0, true)}
        />
      )}
      {props.suggestions ? <Suggestions id={`${id}-list`} typed={shown} names={props.suggestions} /> : null}
      <span id={`${id}-problem`} class={problem === null ? "wk-visually-hidden" : "we-cell-problem"} role="alert">
        {problem ?? ""}
      </span>
    </>
  );
}
