/** The items of the quick-add list: what can be created at a place. */

import type { Point } from "../map/geometry/curve";
import { CARD_H, CARD_W, PITCH_X } from "../map/geometry/dimensions";
import { toWorld } from "../map/viewport";
import type { IconName } from "../shared/ui/icon";
import type { Actions } from "./actions";
import { idOf, placeOf } from "./actions/context";
import type { Store } from "./store";

export interface QuickItem {
  readonly key: string;
  readonly icon: IconName;
  readonly words: string;
  readonly hint: string;
  readonly run: () => void;
}

/** Return where something new would go: at the pointer, else beside the selected card, else in the middle. */
export function addingPoint(store: Store): Point {
  const node = store.selectedNode.peek();
  if (store.pointer.current) return store.pointer.current;
  if (node >= 0) {
    const [x, y] = placeOf(store, node);
    return { x: x + PITCH_X + CARD_W / 2, y: y + CARD_H / 2 };
  }
  const { w, h } = store.size.peek();
  return toWorld(store.view.peek(), (w - store.coveredWidth.peek()) / 2, h / 2);
}

/** Return what can be made at a place; words typed that are no item's become the prose of a new state. */
export function quickItems(store: Store, actions: Actions, at: Point, query: string): QuickItem[] {
  const node = store.selectedNode.value;
  const from = node >= 0 ? idOf(store, node) : null;
  const prose = query.trim();
  const ending = (kind: string) => ({ base: "", ending: { kind, title: "" } });
  const here: QuickItem[] = [
    { key: "state", icon: "plus", words: "New state here", hint: "", run: () => void actions.addState(at) },
  ];
  const inside: QuickItem[] =
    from === null
      ? []
      : [
          {
            key: "branch",
            icon: "arrow",
            words: "Next state",
            hint: `from ${from}`,
            run: () => void actions.branch(node, at),
          },
          {
            key: "connect",
            icon: "arrow",
            words: "Event to another state",
            hint: `from ${from}`,
            run: () => actions.startConnecting(),
          },
          {
            key: "override",
            icon: "override",
            words: "Override",
            hint: `in ${from}`,
            run: () => void actions.addLocal(node, "override"),
          },
          {
            key: "terminal",
            icon: "terminal",
            words: "Terminal",
            hint: `in ${from}`,
            run: () => void actions.addLocal(node, "terminal"),
          },
        ];
  const rest: QuickItem[] = [
    { key: "win", icon: "win", words: "Ending: win", hint: "", run: () => void actions.addState(at, ending("win")) },
    {
      key: "lose",
      icon: "lose",
      words: "Ending: lose",
      hint: "",
      run: () => void actions.addState(at, ending("lose")),
    },
    { key: "paste", icon: "copy", words: "Paste", hint: "Ctrl+V", run: () => void actions.pasteHere() },
  ];
  const all = [...here, ...inside, ...rest];
  if (prose === "") return all;
  const words = prose.toLowerCase().split(/\s+/);
  const matches = all.filter((item) =>
    words.every((word) => `${item.words} ${item.hint}`.toLowerCase().includes(word)),
  );
  const written: QuickItem[] = [
    {
      key: "written",
      icon: "plus",
      words: `New state: “${prose}”`,
      hint: "",
      run: () => void actions.addState(at, { base: prose }),
    },
  ];
  if (from !== null) {
    written.push({
      key: "written branch",
      icon: "arrow",
      words: `And an event to it: “${prose}”`,
      hint: `from ${from}`,
      run: () => void actions.branch(node, at, { base: prose }),
    });
  }
  return [...matches, ...written];
}
