/** Where the cards of one gesture stand, and what moves aside for them, by state id. */

import { PITCH_X, PITCH_Y } from "../../map/geometry/dimensions";
import { nodesIn } from "../../map/scene";
import type { Position, Positions } from "../../shared/protocol";
import { placeOf } from "../actions/context";
import type { Store } from "../store";
import { type Ground, pushAside, slotBeside } from "./placement";

/** A new card, and where it stands in the block of new cards. */
export interface NewCard {
  readonly id: string;
  readonly column: number;
  readonly row: number;
}

type Move = readonly [node: number, place: Position];

function groundOf(store: Store): Ground {
  const scene = store.scene.peek();
  const { hidden } = store.onMap.projection.peek();
  return { places: scene.places, cardsIn: (rect) => nodesIn(scene, rect).filter((node) => !hidden.has(node)) };
}

/** Return where a block of new cards stands beside the card that they follow, and where neighbours move to. */
export function placeBlock(store: Store, source: number, cards: readonly NewCard[]): Positions {
  if (cards.length === 0) return {};
  const ground = groundOf(store);
  const { out, edges, nodes } = store.graph.peek();
  const followers = (out[source] ?? []).map((edge) => edges[edge]?.target ?? -1).filter((node) => node >= 0);
  const rows = Math.max(...cards.map(({ row }) => row)) + 1;
  const columns = Math.max(...cards.map(({ column }) => column)) + 1;
  const [x, y] = slotBeside(ground, source, followers, rows, columns);
  const places = cards.map(({ column, row }): Position => [x + column * PITCH_X, y + row * PITCH_Y]);
  const moves = [...pushAside(ground, places)]
    .flatMap((move) => movesOf(store, ground, move))
    .map(([node, place]) => [nodes[node]?.id ?? "", place] as const);
  return Object.fromEntries([...moves, ...cards.map(({ id }, at) => [id, places[at] as Position] as const)]);
}

/** Return what a card takes along when it moves: the box of a collapsed region all its cards, each by as much. */
function movesOf(store: Store, { places }: Ground, [node, [x, y]]: Move): readonly Move[] {
  const { boxes, hidden } = store.onMap.projection.peek();
  if (!boxes.has(node)) return [[node, [x, y]]];
  const [oldX, oldY] = places[node] as Position;
  return [...hidden].flatMap(([card, box]): Move[] => {
    const [cardX, cardY] = placeOf(store, card);
    return box === node ? [[card, [cardX + x - oldX, cardY + y - oldY]]] : [];
  });
}

/** Return where new cards stand in a column beside the card that they follow, and where neighbours move to. */
export function placeBeside(store: Store, source: number, ids: readonly string[]): Positions {
  return placeBlock(
    store,
    source,
    ids.map((id, row) => ({ id, column: 0, row })),
  );
}
