/** Names of the states that differ, beside their cards where these are too small to hold them. */
import { overlap, type Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { nodesIn } from "../../map/scene";
import { readableName, shorten } from "../../shared/format";
import type { Frame } from "./frame";

type Shown = Pick<Frame, "of" | "view" | "side" | "nodeStatus">;

/** The size of the letters in pixels of the screen, and the width of one as a part of it. */
const NAME_SIZE_PX = 11;
const CHARACTER_WIDTH = 0.62;
const MAX_NAME_CHARACTERS = 22;
/** With more states that differ in sight there is room for the names of a few, which would be no help. */
const MAX_NAMED_STATES = 60;

export interface StateName extends Rect {
  readonly node: number;
  readonly text: string;
}

/** Return what a state is called on the side that is shown. */
export function nameOf({ of, side, nodeStatus }: Shown, node: number): string {
  const was = side === "before" ? of.changes[nodeStatus(node).change]?.was : undefined;
  return readableName(was ?? of.graph.nodes[node]?.id ?? "");
}

/**
 * Return the names for which there is room: under the card or over it, where fewer cards are covered.
 *
 * @param nodes The states that differ; no name covers the card of one.
 * @param grow How much larger than its card the block of such a state is on each side.
 */
export function changedNames(frame: Shown, nodes: readonly number[], grow: number): readonly StateName[] {
  if (nodes.length > MAX_NAMED_STATES) return [];
  const { k } = frame.view;
  const blocks = nodes.map((node) => {
    const [x, y] = frame.of.scene.places[node] ?? [0, 0];
    return { x: x - grow, y: y - grow, w: CARD_W + 2 * grow, h: CARD_H + 2 * grow };
  });
  const names: StateName[] = [];
  nodes.forEach((node, at) => {
    const block = blocks[at] as Rect;
    const text = shorten(nameOf(frame, node), MAX_NAME_CHARACTERS);
    const [w, h] = [(text.length * NAME_SIZE_PX * CHARACTER_WIDTH) / k, (NAME_SIZE_PX * 1.4) / k];
    const spots = [block.y + block.h, block.y - h]
      .map((y) => ({ node, text, x: block.x + (block.w - w) / 2, y, w, h }))
      .filter((name) => ![...blocks, ...names].some((other) => overlap(name, other)));
    const cardCounts = spots.map((name) => nodesIn(frame.of.scene, name).length);
    const best = spots[cardCounts.indexOf(Math.min(...cardCounts))];
    if (best) names.push(best);
  });
  return names;
}

export function drawChangedNames(
  ink: CanvasRenderingContext2D,
  frame: Frame,
  nodes: readonly number[],
  grow: number,
): void {
  const { palette, view } = frame;
  ink.font = `600 ${NAME_SIZE_PX / view.k}px ${palette.font}`;
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  ink.lineJoin = "round";
  ink.lineWidth = 4 / view.k;
  ink.strokeStyle = palette.surface2;
  for (const { node, text, x, y, w, h } of changedNames(frame, nodes, grow)) {
    const isRemoved = frame.nodeStatus(node).mark === "removed";
    ink.fillStyle = isRemoved ? palette.removed : palette.text;
    ink.strokeText(text, x + w / 2, y + h / 2);
    ink.fillText(text, x + w / 2, y + h / 2);
  }
  ink.lineJoin = "miter";
}
