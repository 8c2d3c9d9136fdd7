/** The items of the quick-add list: what can be created at a place. */

import type { Point } from "../map/geometry/curve";
import { CARD_H, CARD_W, PITCH_X } from "../map/geometry/dimensions";
import { toWorld } from "../map/viewport";
import type { JsonObject } from "../shared/json";
import type { IconName } from "../shared/ui/icon";
import type { Actions } from "./actions";
import { idOf, placeOf, pointedPlace } from "./actions/context";
import type { Store } from "./store";
import { PATTERNS } from "./writing/patterns";

export interface QuickItem {
  readonly key: string;
  readonly icon: IconName;
  readonly words: string;
  readonly hint: string;
  /** It takes what is typed as a name. */
  readonly isNamed?: boolean;
  readonly run: () => void;
}

/** Return where something new would go: at the pointer, else beside the selected card, else in the middle. */
export function addingPoint(store: Store): Point {
  const node = store.selectedNode.peek();
  const pointer = pointedPlace(store);
  if (pointer) return pointer;
  if (node >= 0) {
    const [x, y] = placeOf(store, node);
    return { x: x + PITCH_X + CARD_W / 2, y: y + CARD_H / 2 };
  }
  const { w, h } = store.freeSize.peek();
  return toWorld(store.view.peek(), w / 2, h / 2);
}

/** The first word of what patterns are found by. */
export const PATTERN_WORD = "pattern";

/** Return what can be made at a place; words typed that are no item's become the prose of a new state. */
export function quickItems(store: Store, actions: Actions, at: Point, query: string): QuickItem[] {
  const node = store.selectedNode.value;
  const from = node >= 0 ? idOf(store, node) : null;
  const prose = query.trim();
  const follows = from === null ? "" : `from ${from}`;
  const add = (body?: JsonObject) =>
    void (from === null ? actions.addState(at, body) : actions.branch(node, undefined, body));
  const ending = (kind: "win" | "lose"): QuickItem => ({
    key: kind,
    icon: kind,
    words: `Ending: ${kind}`,
    hint: follows,
    run: () => add({ base: "", ending: { kind, title: "" } }),
  });
  const alone: QuickItem = {
    key: "state",
    icon: "plus",
    words: "New state here",
    hint: "",
    run: () => void actions.addState(at),
  };
  const inside: QuickItem[] =
    from === null
      ? []
      : [
          { key: "branch", icon: "arrow", words: "Next state", hint: follows, run: () => add() },
          {
            key: "connect",
            icon: "arrow",
            words: "Event to another state",
            hint: follows,
            run: () => actions.startConnecting(),
          },
          {
            key: "override",
            icon: "override",
            words: "Event here",
            hint: `override in ${from}`,
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
  const patterns = from === null ? [] : patternItems(actions, node, prose);
  const mission: QuickItem = {
    key: "mission",
    icon: "flag",
    words: "Mission",
    hint: "objectives in order",
    run: () => void actions.writeMission(),
  };
  const paste: QuickItem = {
    key: "paste",
    icon: "copy",
    words: "Paste",
    hint: "Ctrl+V",
    run: () => void actions.pasteHere(),
  };
  const all = [
    ...inside.slice(0, 2),
    alone,
    ...inside.slice(2),
    ending("win"),
    ending("lose"),
    ...patterns,
    mission,
    paste,
  ];
  if (prose === "") return all;
  const words = prose.toLowerCase().split(/\s+/);
  const matches = all.filter(
    (item) => item.isNamed || words.every((word) => `${item.words} ${item.hint}`.toLowerCase().includes(word)),
  );
  const sentences: QuickItem[] = [
    {
      key: "written",
      icon: "plus",
      words: `New state: “${prose}”`,
      hint: "",
      run: () => void actions.addState(at, { base: prose }),
    },
  ];
  if (from !== null) {
    sentences.unshift({
      key: "written branch",
      icon: "arrow",
      words: `Next state: “${prose}”`,
      hint: follows,
      run: () => add({ base: prose }),
    });
  }
  return [...matches, ...sentences];
}

/** Return the patterns; one whose keyword is typed takes the words behind it as names for its things. */
function patternItems(actions: Actions, node: number, typed: string): QuickItem[] {
  return PATTERNS.map((pattern) => {
    const match = new RegExp(`^(?:${PATTERN_WORD}:? +)?${pattern.keyword}\\w*:? +(.+)$`, "iu").exec(typed);
    const names = match?.[1] ?? "";
    return {
      key: pattern.keyword,
      icon: "layers",
      words: names ? `${pattern.title}: ${names}` : pattern.title,
      hint: PATTERN_WORD,
      isNamed: names !== "",
      run: () => void actions.addPattern(node, pattern, names),
    };
  });
}
