/** The search box: type, walk the hits with the arrows, Enter goes there. */
import type { JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../shared/ui/icon";
import type { Actions } from "../actions";
import { type Found, find } from "../graph/find";
import type { Store } from "../store";

export function Search({ store, actions }: { store: Store; actions: Actions }): JSX.Element | null {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const open = store.searching.value;

  useLayoutEffect(() => {
    if (open) input.current?.focus();
    else setQuery("");
    setAt(0);
  }, [open]);

  if (!open) return null;
  const hits = find(store.doc.value, query);
  const chosen = Math.min(at, Math.max(0, hits.length - 1));
  const close = () => {
    store.searching.value = false;
  };
  const go = (hit: Found | undefined) => {
    if (!hit) return;
    close();
    actions.select({ kind: hit.kind, id: hit.id, index: hit.index }, "centre");
    toMap(input.current);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (move !== 0) setAt((chosen + move + hits.length) % Math.max(1, hits.length));
    else if (event.key === "Enter") go(hits[chosen]);
    else if (event.key === "Escape") {
      close();
      toMap(input.current);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="we-search" role="search">
      <div class="we-search-box">
        <Icon name="search" class="wk-muted" />
        <input
          ref={input}
          class="we-search-input"
          type="text"
          role="combobox"
          aria-label="Search ids, names, prose, flags"
          aria-expanded={hits.length > 0}
          aria-controls={`${id}-hits`}
          aria-activedescendant={hits.length > 0 ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={false}
          placeholder="Search ids, names, prose, flags"
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          onBlur={(event) => {
            const next = event.relatedTarget;
            if (!(next instanceof Element && next.closest(".we-search"))) close();
          }}
        />
      </div>
      <div class="we-hits" id={`${id}-hits`} role="listbox" aria-label="Hits">
        {hits.map((hit, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above has the keys of this list
          <div
            key={`${hit.kind} ${hit.index}`}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            class="we-hit"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => go(hit)}
          >
            <Icon name={hit.kind === "state" ? "layers" : "arrow"} />
            <span class="we-hit-name">{hit.id}</span>
            <span class="we-hit-context">{hit.context}</span>
          </div>
        ))}
        {query.trim() !== "" && hits.length === 0 ? <p class="wk-hint">Nothing matches.</p> : null}
      </div>
    </div>
  );
}

/** Give the keyboard back to the map. */
export function toMap(from: Element | null): void {
  from?.closest(".we-map")?.querySelector<HTMLElement>(".we-stage")?.focus({ preventScroll: true });
}
