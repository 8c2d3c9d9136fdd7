/** The field in a cell: Enter keeps what is typed and goes on to the next row, Escape puts back what was there. */
import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Suggestions } from "../../shared/ui/field";

interface CellEditorProps {
  readonly label: string;
  readonly value: string;
  readonly choices?: readonly (readonly [value: string, words: string])[];
  readonly suggestions?: readonly string[];
  readonly onCommit: (typed: string) => Promise<string | null> | null;
  /** `step` is where the keyboard goes on to; `isLeft` when it is elsewhere already. */
  readonly onDone: (step: -1 | 0 | 1, isLeft: boolean) => void;
}

export function CellEditor(props: CellEditorProps): JSX.Element {
  const { value } = props;
  const [draft, setDraft] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
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
      if (!isDone.current && typed !== before) void onCommit(typed);
    },
    [],
  );

  const finish = async (typed: string, step: -1 | 0 | 1, isLeft: boolean) => {
    if (isDone.current) return;
    isDone.current = true;
    const rejection = typed === value ? null : await props.onCommit(typed);
    if (rejection === null) props.onDone(step, isLeft);
    else {
      isDone.current = false;
      setProblem(rejection);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.altKey) {
      event.preventDefault();
      void finish(draft, event.shiftKey ? -1 : 1, false);
    } else if (event.key === "Escape") {
      event.preventDefault();
      isDone.current = true;
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
          value={draft}
          onChange={(event) => void finish(event.currentTarget.value, 0, false)}
          onBlur={() => void finish(draft, 0, true)}
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
          value={draft}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onBlur={() => void finish(draft, 0, true)}
        />
      ) : (
        <input
          {...shared}
          type="text"
          value={draft}
          autocomplete="off"
          list={props.suggestions ? `${id}-list` : undefined}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onBlur={() => void finish(draft, 0, true)}
        />
      )}
      {props.suggestions ? <Suggestions id={`${id}-list`} typed={draft} names={props.suggestions} /> : null}
      <span id={`${id}-problem`} class={problem === null ? "wk-visually-hidden" : "we-cell-problem"} role="alert">
        {problem ?? ""}
      </span>
    </>
  );
}
