/** Copy, cut, paste and duplicate: pieces of a world as text, across editors and notebooks. */

import { newId } from "../../map/annotations";
import { CARD_W } from "../../map/geometry/dimensions";
import { nodesIn } from "../../map/scene";
import { toWorld } from "../../map/viewport";
import type { Position, Region } from "../../shared/protocol";
import {
  type Fragment,
  type FragmentRegion,
  fragmentOf,
  pasteFragment,
  readFragment,
  serializeFragment,
  spreadPlaces,
} from "../data/fragment";
import { freeGround } from "../graph/arrange";
import type { Selected } from "../store";
import { type Context, idOf, nodeLater, placeAround, placeOf, pointedPlace } from "./context";
import type { CreationActions } from "./creation";
import { countText, type SelectionActions } from "./selection";

export interface ClipboardActions {
  /** Return what is selected as text; null when nothing is. */
  copied(): string | null;
  /** Put what is selected on the clipboard, where a button asks for it and no key was pressed. */
  copy(): Promise<void>;
  /** Take what is selected away, once it is on the clipboard. */
  cut(): Promise<void>;
  paste(clipboardText: string): Promise<void>;
  /** Paste what the clipboard holds, where the page may read it. */
  pasteHere(): Promise<void>;
  duplicate(): Promise<void>;
}

const OFFSET = 40;

export function clipboardActions(
  context: Context,
  selection: SelectionActions,
  { remove }: CreationActions,
): ClipboardActions {
  const { store, notices, mayEdit, edit, inTurn, copyOrShow } = context;
  let lastPasted: Selected | null = null;
  /** What was copied last in this view, for pages that may not read the clipboard. */
  let last: string | null = null;

  const selectedFragment = (): Fragment | null => {
    const { nodes, events } = store.selectedItems.peek();
    if (nodes.size + events.size === 0) return null;
    const { byId } = store.graph.peek();
    const ids = new Set([...nodes].map((node) => idOf(store, node)));
    const sameRegion = [...store.onMap.annotations.peek().regions.values()].find(
      ({ states }) => states.length === ids.size && ids.size > 0 && states.every((id) => ids.has(id)),
    );
    const fragment = fragmentOf(store.doc.peek(), ids, events, (id) => placeOf(store, byId.get(id) ?? -1));
    return sameRegion ? { ...fragment, region: { name: sameRegion.name, color: sameRegion.color } } : fragment;
  };

  const insert = async (from: Fragment, at: Position, verb: string) => {
    if (!mayEdit()) return;
    const selectedBefore = store.selected.peek();
    const ontoNode = nodeLater(store, store.selectedNode.peek());
    await inTurn(async () => {
      const onto = ontoNode() >= 0 ? idOf(store, ontoNode()) : null;
      const [dx, dy] = freeGround(
        spreadPlaces(from.states, at),
        (rect) => nodesIn(store.scene.peek(), rect).length > 0,
      );
      const insertion = pasteFragment(store.doc.peek(), from, [at[0] + dx, at[1] + dy], onto);
      if (insertion.ops.length === 0) {
        notices.show("Select the state that the event is to be offered in, then paste.", "warning");
        return;
      }
      const what = countText(insertion.states.length, insertion.states.length > 0 ? 0 : insertion.events.length);
      const left =
        insertion.left > 0 ? { message: `${countText(0, insertion.left)} left out: they lead nowhere here.` } : {};
      const region = from.region && regionCopy(store, from.region, insertion.states);
      const outcome = await edit(insertion.ops, {
        label: `${verb} ${what}`,
        positions: insertion.positions,
        ...(region ? { annotations: { regions: region } } : {}),
        ...left,
      });
      if (!outcome.ok) return;
      const { byId } = store.graph.peek();
      const nodes = insertion.states.flatMap((id) => byId.get(id) ?? []);
      // Who went on with something else meanwhile stays there.
      const selectedNow = store.selected.peek();
      if (selectedNow === selectedBefore || selectedNow === lastPasted) {
        const events = insertion.events.map((id) => ({ kind: "event", id }) as const);
        selection.selectAll(nodes, nodes.length > 0 ? [] : events);
        lastPasted = store.selected.peek();
        if (nodes[0] !== undefined) context.camera.revealAll(nodes);
      }
      notices.say(`${verb}: ${what}.`);
    });
  };

  const pastePlace = (): Position => {
    const pointer = pointedPlace(store);
    const node = store.selectedNode.peek();
    if (pointer) return placeAround(pointer);
    if (node >= 0) {
      const [x, y] = placeOf(store, node);
      return [x + CARD_W + OFFSET, y];
    }
    const { w, h } = store.freeSize.peek();
    return placeAround(toWorld(store.view.peek(), w / 2, h / 2));
  };

  const copySelection = (): string | null => {
    const from = selectedFragment();
    if (!from) return null;
    last = serializeFragment(from);
    const { states, events } = from;
    notices.show(`Copied ${countText(states.length, events.length)}.`);
    return last;
  };

  const paste: ClipboardActions["paste"] = async (clipboardText) => {
    const from = readFragment(clipboardText);
    if (from) await insert(from, pastePlace(), "Paste");
    else
      notices.show(
        "The clipboard holds no states: copy some in an editor, or the JSON of a state or a world.",
        "warning",
      );
  };

  return {
    copied: copySelection,
    paste,
    copy: async () => {
      const copiedText = copySelection();
      if (copiedText !== null) await copyOrShow(copiedText);
    },
    cut: async () => {
      if (mayEdit()) await remove();
    },
    pasteHere: async () => {
      let clipboardText = last;
      try {
        clipboardText = await navigator.clipboard.readText();
      } catch {
        // A page that may not read the clipboard still knows what this view copied.
      }
      if (clipboardText === null)
        notices.show("This page may not read the clipboard here: press Ctrl+V on the map instead.", "warning");
      else await paste(clipboardText);
    },
    duplicate: async () => {
      const from = selectedFragment();
      if (!from) return;
      const corners = from.states.flatMap((state) => (state.at ? [state.at] : []));
      const left = Math.min(...corners.map(([x]) => x));
      const top = Math.min(...corners.map(([, y]) => y));
      await insert(from, corners.length > 0 ? [left + OFFSET, top + OFFSET] : [0, 0], "Duplicate");
    },
  };
}

/** Return the region that pasted states are, with a name that no region has. */
function regionCopy(
  store: Context["store"],
  { name, color }: FragmentRegion,
  states: readonly string[],
): { [id: string]: Region } {
  const usedNames = new Set([...store.onMap.annotations.peek().regions.values()].map((region) => region.name));
  let free = name;
  for (let n = 2; usedNames.has(free); n += 1) free = `${name} ${n}`;
  return { [newId("region")]: { name: free, states: [...states], color, collapsed: false } };
}
