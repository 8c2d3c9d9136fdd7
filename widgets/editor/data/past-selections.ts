/** What was selected before each edit of this view, so that undo gives it back; forgotten when anything else edits. */

interface PastSelections<Selected> {
  /** Something else brought the document to a revision: forget all, since undo may take that back. */
  forget(rev: string): void;
  /** A request was carried out; return what was selected before what it took back, or after what it did again. */
  settle(type: string, rev: string, selections: readonly Selected[]): readonly Selected[];
}

export function openPastSelections<Selected>(rev: string): PastSelections<Selected> {
  let current = rev;
  let past: (readonly Selected[])[] = [];
  let future: (readonly Selected[])[] = [];
  return {
    forget: (rev) => {
      current = rev;
      past = [];
      future = [];
    },
    settle: (type, rev, selections) => {
      if (rev === current) return []; // nothing changed, so there is nothing to take back
      current = rev;
      if (type === "redo") {
        past.push(selections);
        return future.pop() ?? [];
      }
      if (type === "undo") {
        future.push(selections);
        return past.pop() ?? [];
      }
      past.push(selections);
      future = [];
      return [];
    },
  };
}
