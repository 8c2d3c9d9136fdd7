/** Columns that several tables have, and how the edit of a cell is sent. */
import type { Op } from "../../shared/protocol";
import type { FormProps } from "../inspector/parts";
import type { Column } from "./grid";

/** Return a column of numbers; what is 0 may be left blank. */
export function numberColumn<Row>(
  key: string,
  title: string,
  width: number,
  value: (row: Row) => number,
  isBlankAtZero = false,
): Column<Row> {
  const text = (row: Row) => (isBlankAtZero && value(row) === 0 ? "" : String(value(row)));
  return { key, title, width, isNumber: true, text, value };
}

export function wordsColumn<Row extends { readonly words: number }>(): Column<Row> {
  return numberColumn("words", "Words", 72, ({ words }) => words);
}

export function problemsColumn<Row extends { readonly problems: number }>(): Column<Row> {
  return numberColumn("problems", "Problems", 88, ({ problems }) => problems, true);
}

/** Return what sends the edit of one cell, null for one whose row is not there any more; it resolves with null, or with why it was refused. */
export function cellSender({ actions }: Pick<FormProps, "actions">) {
  return (edit: () => Op[] | null, label?: string): Promise<string | null> =>
    actions.change(() => {
      const ops = edit();
      if (ops === null) return "It was renamed or deleted by someone else.";
      return { ops, ...(label === undefined ? {} : { label }), quiet: true };
    });
}

/** Return the names in a text in which commas part them; each once. */
export function namesIn(typed: string): string[] {
  return [...new Set(typed.split(",").map((name) => name.split(/\s+/).filter(Boolean).join(" ")))].filter(Boolean);
}
