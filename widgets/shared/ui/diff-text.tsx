/** One value turned into another, word by word: what went struck through, what came underlined. */
import type { JSX } from "preact";

export type Tag = "same" | "del" | "ins" | "gap";
export type Piece = readonly [tag: Tag, text: string];

/** One field that differs, as the kernel tells it. */
export interface Field {
  readonly path: string;
  readonly words?: readonly Piece[];
  readonly items?: readonly Piece[];
  readonly before?: string;
  readonly after?: string;
}

export function Words({ pieces, items = false }: { pieces: readonly Piece[]; items?: boolean }): JSX.Element {
  return (
    <>
      {pieces.map(([tag, text], at) => {
        const key = `${at} ${tag}`;
        const gap = items && at > 0 ? ", " : "";
        if (tag === "gap") {
          return (
            <span key={key} class="wk-muted" title={`${text} characters the same`}>
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

/** A field's value turned into another. */
export function FieldText({ field }: { field: Field }): JSX.Element {
  const { words, items, before, after } = field;
  if (items) return <Words pieces={items} items />;
  if (words && words.length > 0) return <Words pieces={words} />;
  if (words || (before === undefined && after === undefined)) return <em class="wk-muted">Nothing there</em>;
  return (
    <>
      {before === undefined ? null : <del class="wk-value">{before}</del>}
      {after === undefined ? null : <ins class="wk-value">{after}</ins>}
    </>
  );
}
