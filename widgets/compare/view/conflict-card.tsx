/** One conflict of a merge to decide. */
import type { JSX } from "preact";
import { sentence } from "../../shared/format";
import { ConflictResult, ConflictSides } from "../../shared/ui/conflict";
import { resultTitle } from "../conflict-words";
import type { Conflict } from "../data";
import type { Store } from "../store";

interface CardProps {
  readonly conflict: Conflict;
  /** Its number. */
  readonly at: number;
  readonly store: Store;
}

const SIDES = [
  ["ours", "Ours", "1"],
  ["theirs", "Theirs", "2"],
] as const;

export function ConflictCard({ conflict, at, store }: CardProps): JSX.Element {
  return (
    <div class="wc-body wc-conflict">
      <p class="wc-why">{sentence(conflict.why)}</p>
      <ConflictSides
        conflict={conflict}
        sides={SIDES}
        picked={conflict.picked}
        onPick={(side) => void store.pick(at, side)}
      />
      <ConflictResult
        // what is typed belongs to this conflict
        key={conflict.path}
        title={resultTitle(conflict)}
        isOpen={conflict.picked === ""}
        result={conflict.result}
        readOnly={store.link.state.value === "silent"}
        neitherKey="3"
        isNeither={conflict.picked === "base"}
        onWrite={(text) => store.write(at, text)}
        onNeither={() => void store.pick(at, "base")}
      />
    </div>
  );
}
