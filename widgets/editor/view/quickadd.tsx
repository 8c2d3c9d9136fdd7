/** The list of what can be made where one stands: type to narrow it, arrows and Enter to choose. */
import type { JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../shared/ui/icon";
import type { Actions } from "../actions";
import type { Point } from "../graph/curve";
import { toScreen } from "../graph/viewport";
import { type QuickItem, quickItems } from "../quick";
import type { Store } from "../store";
import { toMap } from "./search";

const WIDE = 288;
const HIGH = 320;

export function QuickAdd({ store, actions }: { store: Store; actions: Actions }): JSX.Element | null {
  const at = store.adding.value;
  return at && store.editable.value ? <List key={`${at.x} ${at.y}`} store={store} actions={actions} at={at} /> : null;
}

function List({ store, actions, at }: { store: Store; actions: Actions; at: Point }): JSX.Element {
  const [query, setQuery] = useState("");
  const [row, setRow] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useLayoutEffect(() => input.current?.focus({ preventScroll: true }), []);

  const items = quickItems(store, actions, at, query);
  const chosen = Math.min(row, items.length - 1);
  const close = () => {
    store.adding.value = null;
  };
  const run = (item: QuickItem | undefined) => {
    const from = input.current;
    close();
    toMap(from);
    item?.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (move !== 0) setRow((chosen + move + items.length) % Math.max(1, items.length));
    else if (event.key === "Enter" && !event.isComposing) run(items[chosen]);
    else if (event.key === "Escape" || event.key === "Tab") run(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  // Beside the place, and whole inside the map.
  const { x, y } = toScreen(store.view.peek(), at.x, at.y);
  const { w, h } = store.size.value;
  const left = Math.max(8, Math.min(x - 16, w - store.covered.value - WIDE - 8));
  const top = Math.max(8, Math.min(y - 20, h - HIGH - 8));
  return (
    <div class="we-quick" style={{ left: `${left}px`, top: `${top}px`, width: `${WIDE}px` }}>
      <div class="we-search-box">
        <Icon name="plus" class="wk-muted" />
        <input
          ref={input}
          class="we-search-input"
          type="text"
          role="combobox"
          aria-label="Add: choose what, or type what the camera sees"
          aria-expanded={items.length > 0}
          aria-controls={`${id}-items`}
          aria-activedescendant={items.length > 0 ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          autocomplete="off"
          placeholder="Add, or type what the camera sees"
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setRow(0);
          }}
          onKeyDown={onKeyDown}
          onBlur={close}
        />
      </div>
      <div class="we-hits" id={`${id}-items`} role="listbox" aria-label="What to add">
        {items.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above has the keys of this list
          <div
            key={item.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            class="we-hit"
            onMouseDown={(event) => event.preventDefault()}
            onPointerMove={() => index !== chosen && setRow(index)}
            onClick={() => run(item)}
          >
            <Icon name={item.icon} />
            <span class="we-hit-name">{item.words}</span>
            <span class="we-hit-context">{item.hint}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
