/** The cells whose edits are being sent, and those whose edits were refused: neither holds up the keyboard. */
import { useRef, useState } from "preact/hooks";

/** What was typed in a cell. */
export interface CellDraft {
  readonly text: string;
  /** Why it was refused; null while it is being sent. */
  readonly problem: string | null;
}

export interface CellEdits {
  of(key: string, column: number): CellDraft | undefined;
  /** Send what was typed in a cell; `onRefused` is called when it was not taken. */
  send(
    key: string,
    column: number,
    text: string,
    edit: () => Promise<string | null>,
    onRefused: (problem: string) => void,
  ): void;
  /** Forget what was typed in a cell and refused. */
  discard(key: string, column: number): void;
}

export function useCellEdits(): CellEdits {
  const drafts = useRef(new Map<string, CellDraft>()).current;
  const [, render] = useState(0);
  const place = (key: string, column: number) => `${column} ${key}`;
  const put = (at: string, draft: CellDraft | null) => {
    if (draft) drafts.set(at, draft);
    else drafts.delete(at);
    render((times) => times + 1);
  };
  return {
    of: (key, column) => drafts.get(place(key, column)),
    send: (key, column, text, edit, onRefused) => {
      const at = place(key, column);
      const draft: CellDraft = { text, problem: null };
      put(at, draft);
      void edit().then((problem) => {
        // a newer text of the same cell has its own answer
        if (drafts.get(at) !== draft) return;
        put(at, problem === null ? null : { text, problem });
        if (problem !== null) onRefused(problem);
      });
    },
    discard: (key, column) => {
      const at = place(key, column);
      if (drafts.get(at)?.problem) put(at, null);
    },
  };
}
