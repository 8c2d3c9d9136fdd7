/** The conflicts of a merge as a list, the current one open. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { placeTitle } from "../../shared/place-title";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import { pickedWords } from "../conflict-words";
import { type Conflict, conflictAt } from "../data";
import type { Store } from "../store";
import { ConflictCard } from "./conflict-card";

interface ConflictsProps {
  readonly store: Store;
  readonly go: (step: number) => void;
}

export function Conflicts({ store, go }: ConflictsProps): JSX.Element | null {
  const conflicts = store.comparison.value?.conflicts;
  if (!conflicts) return null;
  return (
    <section class="wc-group" aria-label="Conflicts">
      <h3>
        Conflicts <span class="wk-muted">{statusText(conflicts)}</span>
      </h3>
      {conflicts.length > 0 && conflicts.every((one) => one.picked !== "") ? (
        <p class="wk-hint">
          In Python, <code>.merged</code> of this view is the merged world.
        </p>
      ) : null}
      <ul>
        {conflicts.map((conflict, at) => (
          <Row key={conflict.path} conflict={conflict} at={at} store={store} go={go} />
        ))}
      </ul>
    </section>
  );
}

function statusText(conflicts: readonly Conflict[]): string {
  const open = conflicts.filter((one) => one.picked === "").length;
  if (conflicts.length === 0) return "none: the two sides fit together";
  return open === 0 ? `all ${conflicts.length} decided` : `${open} of ${conflicts.length} open`;
}

function Row({ conflict, at, store, go }: { conflict: Conflict; at: number } & ConflictsProps): JSX.Element {
  const here = store.current.value === ~at;
  const open = conflict.picked === "";
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const list = row.current?.closest<HTMLElement>(".wc-scroll");
    if (!here || !row.current || !list) return;
    const [box, room] = [row.current.getBoundingClientRect(), list.getBoundingClientRect()];
    if (box.top < room.top) list.scrollTop -= room.top - box.top;
    else if (box.bottom > room.bottom) list.scrollTop += Math.min(box.top - room.top, box.bottom - room.bottom);
  }, [here]);
  return (
    <li ref={row} class={`wc-row${here ? " wc-open" : ""}`}>
      <button
        type="button"
        class="wc-row-head"
        aria-expanded={here}
        data-conflict={at}
        onClick={() => (here ? store.choose(null) : go(~at))}
      >
        <Icon name={open ? "warning" : "check"} class={open ? "wk-error" : "wc-added"} />
        <span class="wk-visually-hidden">{open ? "Open conflict: " : "Decided conflict: "}</span>
        <span class="wc-name" title={conflict.path}>
          {placeTitle(conflict)}
        </span>
        <span class="wc-what wc-decided">{open ? "" : pickedWords(conflict.picked)}</span>
        <Icon name="chevron" class="wc-fold" />
      </button>
      {here ? <ConflictCard conflict={conflict} at={at} store={store} /> : null}
    </li>
  );
}

/** The current conflict under the map, where the list is closed. */
export function ConflictPreview({ store }: { store: Store }): JSX.Element | null {
  const at = store.current.value;
  const conflict = conflictAt(store.comparison.value, at);
  if (at === null || !conflict || store.panelOpen.value) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
    <section class="wc-peek" aria-label={`Conflict: ${placeTitle(conflict)}`} tabIndex={0}>
      <div class="wc-peek-head">
        <strong>{placeTitle(conflict)}</strong>
        <Button label="Deselect" icon="close" small kind="quiet" onPress={() => store.choose(null)} />
      </div>
      <ConflictCard conflict={conflict} at={~at} store={store} />
    </section>
  );
}
