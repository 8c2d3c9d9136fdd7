/** The quick-add list: type to filter it, arrows and Enter to choose. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { overlap, type Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { MINIMAP, toScreen } from "../../map/viewport";
import type { Actions } from "../actions";
import { placeOf } from "../actions/context";
import { quickItems } from "../quick-add";
import type { AddingPoint, Store } from "../store";
import { Combobox, focusMap } from "./combobox";

/** What the buttons at the left of the map take. */
const TOOLS_WIDTH_PX = 72;
const LIST_WIDTH_PX = 288;
const LIST_HEIGHT_PX = 320;

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

  const spot = listSpot(store, at);
  const { w, h } = store.freeSize.value;
  const isLow = spot.x + LIST_WIDTH_PX > w - MINIMAP.w && spot.y + LIST_HEIGHT_PX > h - MINIMAP.h;
  return (
    <div
      class={isLow ? "we-quick we-low" : "we-quick"}
      style={{ left: `${spot.x}px`, top: `${spot.y}px`, width: `${LIST_WIDTH_PX}px` }}
    >
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

/** Return where the list stands: whole inside the map, beside its place, and beside the selected card. */
function listSpot(store: Store, at: AddingPoint): Rect {
  const view = store.view.peek();
  const { x, y } = toScreen(view, at.x, at.y);
  const { w, h } = store.size.value;
  const free = w - store.coveredWidth.value;
  // over a panel that leaves no room beside the buttons
  const right = free > LIST_WIDTH_PX + TOOLS_WIDTH_PX ? free : w;
  const spot = (left: number, top: number): Rect => ({
    x: Math.max(8, Math.min(left, right - LIST_WIDTH_PX - 8)),
    y: Math.max(8, Math.min(top, h - LIST_HEIGHT_PX - 8)),
    w: LIST_WIDTH_PX,
    h: LIST_HEIGHT_PX,
  });
  const wanted = spot(x - 16, y - 20);
  const node = store.selectedNode.value;
  if (node < 0) return wanted;
  const [left, top] = placeOf(store, node);
  const card = { ...toScreen(view, left, top), w: CARD_W * view.k, h: CARD_H * view.k };
  const spots = [
    wanted,
    spot(card.x + card.w + 8, card.y - 20),
    spot(card.x - LIST_WIDTH_PX - 8, card.y - 20),
    spot(card.x, card.y + card.h + 8),
    spot(card.x, card.y - LIST_HEIGHT_PX - 8),
  ];
  return spots.find((one) => !overlap(one, card)) ?? wanted;
}
