/** A mark as an element: its icon and its word. */
import type { JSX } from "preact";
import { fieldWords } from "../../shared/field-words";
import { type FieldDiff, FieldText } from "../../shared/ui/diff-text";
import type { Kind, Mark } from "../data";
import { MARK_WORDS, OUTLINES, toneOf } from "../mark-display";

type Shown = Exclude<Mark, "same">;

export function MarkIcon({ mark }: { mark: Shown }): JSX.Element {
  return (
    <svg class={`wk-icon wc-icon wc-${toneOf(mark)}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={OUTLINES[mark]} />
    </svg>
  );
}

export function MarkWord({ mark }: { mark: Shown }): JSX.Element {
  return (
    <span class={`wc-mark wc-${toneOf(mark)}`}>
      <MarkIcon mark={mark} />
      {MARK_WORDS[mark]}
    </span>
  );
}

interface FieldProps {
  readonly field: FieldDiff;
  /** What it is a field of. */
  readonly kind: Kind;
  readonly whole?: boolean;
}

/** One field. Of a thing that is new or gone, marking every word of it would only make it hard to read. */
export function FieldChange({ field, kind, whole = false }: FieldProps): JSX.Element {
  return (
    <div class={`wc-field${whole ? " wc-whole" : ""}`}>
      <dt class={field.path === "" ? "wk-visually-hidden" : undefined} title={field.path || undefined}>
        {fieldWords(kind, field.path) || "value"}
      </dt>
      <dd dir="auto">
        <FieldText field={field} />
      </dd>
    </div>
  );
}
