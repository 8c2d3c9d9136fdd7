/** The difference of two texts, word by word: removed words struck through, added ones underlined. */
import type { JSX } from "preact";
import type { FieldChange as FieldDiff, FieldPiece } from "../protocol";

export type { FieldDiff };

export type DiffPiece = Readonly<FieldPiece>;

export function DiffText({ pieces, items = false }: { pieces: readonly DiffPiece[]; items?: boolean }): JSX.Element {
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
export function FieldText({ field }: { field: FieldDiff }): JSX.Element {
  const { words, items, before, after } = field;
  if (items) return <DiffText pieces={items} items />;
  if (words && words.length > 0) return <DiffText pieces={words} />;
  if (words || (before === undefined && after === undefined)) return <em class="wk-muted">Empty</em>;
  return (
    <>
      {before === undefined ? null : <del class="wk-value">{before}</del>}
      {after === undefined ? null : <ins class="wk-value">{after}</ins>}
    </>
  );
}
