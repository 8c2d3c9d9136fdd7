/** The quick-add list: type to filter it, arrows and Enter to choose. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { toScreen } from "../../map/viewport";
import type { Actions } from "../actions";
import { quickItems } from "../quick-add";
import type { AddingPoint, Store } from "../store";
import { Combobox, focusMap } from "./combobox";

/** What the buttons at the left of the map take. */
const TOOLS = 72;
const WIDE = 288;
const HIGH = 320;

export function QuickAdd({ store, actions }: { store: Store; actions: Actions }): JSX.Element | null {
  const at = store.quickAddPoint.value;
  const opened = useRef<AddingPoint | null>(null);
  if (store.editable.value) opened.current = at;
  // A list that is open stays when nothing can be changed any more, with what is typed in it; none is opened then.
  return at && at === opened.current ? <List key={`${at.x} ${at.y}`} store={store} actions={actions} at={at} /> : null;
}

function List({ store, actions, at }: { store: Store; actions: Actions; at: AddingPoint }): JSX.Element {
  const [query, setQuery] = useState(at.query ?? "");
  const items = quickItems(store, actions, at, query);
  const leave = (box: Element | null) => {
    store.quickAddPoint.value = store.connecting.value = null;
    focusMap(box);
  };

  // Beside the place, and whole inside the map.
  const { x, y } = toScreen(store.view.peek(), at.x, at.y);
  const { w, h } = store.size.value;
  const free = w - store.coveredWidth.value;
  // over a panel that leaves no room beside the buttons
  const right = free > WIDE + TOOLS ? free : w;
  const left = Math.max(8, Math.min(x - 16, right - WIDE - 8));
  const top = Math.max(8, Math.min(y - 20, h - HIGH - 8));
  return (
    <div class="we-quick" style={{ left: `${left}px`, top: `${top}px`, width: `${WIDE}px` }}>
      <Combobox
        icon="plus"
        label="Add: choose what, or type what the camera sees"
        placeholder="Add, or write a scene"
        listLabel="What to add"
        prose
        tabLeaves
        choices={items.map((item) => ({ key: item.key, icon: item.icon, name: item.words, context: item.hint }))}
        query={query}
        onQuery={setQuery}
        readOnly={!store.editable.value}
        onPick={(index, box) => {
          if (!actions.mayEdit()) return;
          leave(box);
          items[index]?.run();
        }}
        onLeave={leave}
      />
    </div>
  );
}
