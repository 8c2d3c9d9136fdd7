/** A mark as elements: its icon and its word. */
import type { JSX } from "preact";
import type { Field, Mark, Piece } from "../data";
import { OUTLINES, tone, WORDS } from "../marks";

type Shown = Exclude<Mark, "same">;

export function MarkIcon({ mark }: { mark: Shown }): JSX.Element {
  return (
    <svg class={`wk-icon wc-icon wc-${tone(mark)}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={OUTLINES[mark]} />
    </svg>
  );
}

export function MarkWord({ mark }: { mark: Shown }): JSX.Element {
  return (
    <span class={`wc-mark wc-${tone(mark)}`}>
      <MarkIcon mark={mark} />
      {WORDS[mark]}
    </span>
  );
}

/** One text turned into another: what went struck through, what came underlined. */
export function Words({ pieces, items = false }: { pieces: readonly Piece[]; items?: boolean }): JSX.Element {
  return (
    <>
      {pieces.map(([tag, text], at) => {
        const key = `${at} ${tag}`;
        const gap = items && at > 0 ? ", " : "";
        if (tag === "gap") {
          return (
            <span key={key} class="wc-gap" title={`${text} characters the same`}>
              {" ⋯ "}
            </span>
          );
        }
        if (tag === "same") return <span key={key}>{`${gap}${text}`}</span>;
        const Tag = tag;
        return (
          <span key={key}>
            {gap}
            <Tag>{text === "" ? "\u00a0" : text}</Tag>
          </span>
        );
      })}
    </>
  );
}

/** One field. Of a thing that is new or gone, marking every word of it would only make it hard to read. */
export function FieldChange({ field, whole = false }: { field: Field; whole?: boolean }): JSX.Element {
  return (
    <div class={`wc-field${whole ? " wc-whole" : ""}`}>
      <dt class={field.path === "" ? "wk-visually-hidden" : undefined}>{field.path || "value"}</dt>
      <dd dir="auto">
        <FieldText field={field} />
      </dd>
    </div>
  );
}

/** A field's value turned into another. */
export function FieldText({ field }: { field: Field }): JSX.Element {
  const { words, items, before, after } = field;
  if (items) return <Words pieces={items} items />;
  if (words && words.length > 0) return <Words pieces={words} />;
  if (words || (before === undefined && after === undefined)) return <em class="wc-gap">Nothing there</em>;
  return (
    <>
      {before === undefined ? null : <del class="wc-value">{before}</del>}
      {after === undefined ? null : <ins class="wc-value">{after}</ins>}
    </>
  );
}
