/** Which cards are real elements: those in sight that can be read, as far as a page can hold them. The canvas draws the others. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { overlap, type Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { nodesIn, type Scene } from "../../map/scene";
import { type Detail, type Size, type Viewport, visibleRect } from "../../map/viewport";
import { same } from "../../shared/json";
import type { Position } from "../../shared/protocol";

/** More elements than this make a page slow. */
export const MAX_ELEMENTS = 300;
/** Pixels around the map within which a card is an element already. */
const MARGIN_PX = 160;
const NO_NODES: readonly number[] = [];

interface CardSignals {
  readonly detail: ReadonlySignal<Detail>;
  readonly view: ReadonlySignal<Viewport>;
  readonly size: ReadonlySignal<Size>;
  readonly scene: ReadonlySignal<Scene>;
  readonly movedNodes: ReadonlySignal<ReadonlyMap<number, Position>>;
  readonly selectedNode: ReadonlySignal<number>;
  /** The nodes that are inside a collapsed region. */
  readonly hidden: ReadonlySignal<ReadonlyMap<number, number>>;
}

/** Return the nodes whose cards touch a part of the map, as they stand while some are being moved. */
export function cardsIn(scene: Scene, movedPlaces: ReadonlyMap<number, Position>, area: Rect): number[] {
  const nodes = nodesIn(scene, area);
  if (movedPlaces.size === 0) return nodes;
  const still = nodes.filter((node) => !movedPlaces.has(node));
  const moved = [...movedPlaces].filter(([, [x, y]]) => overlap({ x, y, w: CARD_W, h: CARD_H }, area));
  return [...still, ...moved.map(([node]) => node)];
}

/** Return the nodes whose cards are elements, by number; the same list as before while they are the same. */
export function openCardElements(signals: CardSignals): ReadonlySignal<readonly number[]> {
  const { detail, view, size, scene, movedNodes, selectedNode, hidden } = signals;
  let before = NO_NODES;
  return computed(() => {
    if (detail.value !== "cards") before = NO_NODES;
    else {
      const area = visibleRect(view.value, size.value, MARGIN_PX);
      const nodes = cardsIn(scene.value, movedNodes.value, area).filter((node) => !hidden.value.has(node));
      const elements = mostUseful(nodes, selectedNode.value, movedNodes.value).sort((a, b) => a - b);
      if (!same(elements, before)) before = elements;
    }
    return before;
  });
}

/** Return as many of some nodes as can be elements: the selected one has the keyboard, and what moves lies over the others. */
function mostUseful(nodes: number[], selected: number, movedPlaces: ReadonlyMap<number, Position>): number[] {
  if (nodes.length <= MAX_ELEMENTS) return nodes;
  const rank = (node: number) => (node === selected ? 0 : movedPlaces.has(node) ? 1 : 2);
  return nodes.sort((a, b) => rank(a) - rank(b) || a - b).slice(0, MAX_ELEMENTS);
}
