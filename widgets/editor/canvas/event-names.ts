/**
 * Names of events at middle zoom, where cards still show a title and labels in their own size are too small: as many as
 * there is room for at a size that can be read, those that matter most first.
 */
import { HEAD_ZOOM } from "../../map/canvas/routes";
import { overlap, type Rect } from "../../map/geometry/curve";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import type { Edge } from "../../map/graph";
import { LABEL_H, type LabelBox, labelTexts, labelWidth, marks } from "../../map/labels";
import { edgesIn, labelOf, nodesIn, type Scene } from "../../map/scene";
import { READING } from "../../map/viewport";
import type { Frame } from "./frame";

/** The size of a name, as a part of that at reading zoom. */
const SCALE = 0.92;
/** Names are chosen for whole tiles of so many pixels, so that they do not change while the map is moved a little. */
const TILE = 480;
/** With more edges than this in sight there is room for hardly any name. */
const MOST = 500;

interface Chosen {
  readonly key: string;
  readonly names: ReadonlyMap<number, LabelBox>;
}

const cache = new WeakMap<Scene, Chosen>();
const NONE: ReadonlyMap<number, LabelBox> = new Map();

/** Return the boxes of the names that are shown, by edge. */
export function eventNames({
  scene,
  view,
  visibleArea,
}: Pick<Frame, "scene" | "view" | "visibleArea">): ReadonlyMap<number, LabelBox> {
  if (view.k < HEAD_ZOOM || view.k >= READING) return NONE;
  const tile = TILE / view.k;
  const left = Math.floor(visibleArea.x / tile);
  const top = Math.floor(visibleArea.y / tile);
  const right = Math.ceil((visibleArea.x + visibleArea.w) / tile);
  const bottom = Math.ceil((visibleArea.y + visibleArea.h) / tile);
  const key = `${view.k} ${left} ${top} ${right} ${bottom}`;
  const cached = cache.get(scene);
  if (cached?.key === key) return cached.names;
  const area = { x: left * tile, y: top * tile, w: (right - left) * tile, h: (bottom - top) * tile };
  const names = choose(scene, edgesIn(scene, area), SCALE / view.k);
  cache.set(scene, { key, names });
  return names;
}

function choose(scene: Scene, edges: readonly number[], scale: number): ReadonlyMap<number, LabelBox> {
  if (edges.length > MOST) return NONE;
  const names = new Map<number, LabelBox>();
  const boxes: Rect[] = [];
  const weight = (edge: number) => weightOf(scene, scene.graph.edges[edge]);
  const order = [...edges].sort((a, b) => weight(b) - weight(a) || a - b);
  for (const number of order) {
    const edge = scene.graph.edges[number];
    const label = labelOf(scene, number);
    if (!edge || !label) continue;
    for (const text of labelTexts(edge)) {
      const w = labelWidth(text, marks(edge).length) * scale;
      const h = LABEL_H * scale;
      const box = { x: label.x + (label.w - w) / 2, y: label.y + (label.h - h) / 2, w, h };
      if (coversCard(scene, box) || boxes.some((other) => overlap(other, box))) continue;
      boxes.push(box);
      names.set(number, { ...box, text });
      break;
    }
  }
  return names;
}

/** A name may lie over the rim of a card, not over what it says. */
function coversCard(scene: Scene, box: Rect): boolean {
  const [rimX, rimY] = [CARD_W * 0.08, CARD_H * 0.08];
  return nodesIn(scene, box).some((node) => {
    const [x, y] = scene.places[node] ?? [0, 0];
    return overlap(box, { x: x + rimX, y: y + rimY, w: CARD_W - 2 * rimX, h: CARD_H - 2 * rimY });
  });
}

/** What is wrong comes first, then what a player needs something for, then ways out of the entrance and into endings. */
function weightOf({ graph }: Scene, edge: Edge | undefined): number {
  if (!edge) return 0;
  const [from, to] = [graph.nodes[edge.source], graph.nodes[edge.target]];
  return (
    (edge.problems.error > 0 ? 16 : 0) +
    (edge.locked ? 8 : 0) +
    (to?.ending ? 4 : 0) +
    (from?.start ? 4 : 0) +
    (edge.timed || edge.hidden ? 2 : 0) +
    (edge.target > edge.source ? 1 : 0)
  );
}
