/**
 * Names of events on the map of a comparison: those of the current step first, then what differs, then what is the same,
 * none over another. What differs may stand beside its line; what is the same gives way.
 */
import { overlap, type Rect } from "../../map/geometry/curve";
import type { Edge } from "../../map/graph";
import { isCovered, labelTexts, labelWidth } from "../../map/labels";
import { edgesIn, labelOf, nodesIn } from "../../map/scene";
import { nearestFree, strongLabel } from "../../map/strong-label";
import { READING_ZOOM, tilesAround } from "../../map/viewport";
import { type Comparison, conflictAt } from "../data";
import { toneOf } from "../mark-display";
import { existsIn } from "../store";
import type { Frame } from "./frame";

/** The zoom at which the label of what is pointed at or chosen has the size that it has further out. */
const STRONG_ZOOM = 0.85;
/** How far a label may stand beside its line, in halves of its height. */
const ROW_OFFSETS = [0, 1, -1, 2, -2, 3, -3];
/** How much wider a bold letter is. */
const BOLD_EXTRA_WIDTH = 0.6;

export interface EventLabel extends Rect {
  readonly text: string;
  /** How many times larger than at reading zoom it is. */
  readonly scale: number;
}

type Shown = Pick<Frame, "of" | "view" | "visibleArea" | "side" | "current" | "hidden" | "eventStatus">;

/** Return the events of the map that are the current step. */
export function currentPieces({ of, current }: Pick<Frame, "of" | "current">): ReadonlySet<number> {
  const step = conflictAt(of, current) ?? (current === null ? undefined : of.changes[current]);
  return new Set(step?.pieces);
}

interface Chosen {
  readonly key: string;
  readonly hidden: Frame["hidden"];
  readonly labels: ReadonlyMap<number, EventLabel>;
}

const cache = new WeakMap<Comparison, Chosen>();

/** Return the labels that are shown, by edge; further out than reading zoom those of the current step alone. */
export function eventLabels(frame: Shown): ReadonlyMap<number, EventLabel> {
  const { of, view, side, current, hidden } = frame;
  const area = tilesAround(frame.visibleArea, view.k);
  const key = `${view.k} ${area.x} ${area.y} ${area.w} ${area.h} ${side} ${current}`;
  const cached = cache.get(of);
  if (cached?.key === key && cached.hidden === hidden) return cached.labels;
  const labels = new Map<number, EventLabel>();
  const boxes: Rect[] = [];
  for (const [edge, rank] of byRank(frame, area)) {
    const label = placed(frame, edge, rank, boxes);
    if (!label || !overlap(label, area)) continue;
    boxes.push(label);
    labels.set(edge, label);
  }
  cache.set(of, { key, hidden, labels });
  return labels;
}

type Rank = "current" | "differs" | "same";

function byRank(frame: Shown, area: Rect): (readonly [edge: number, rank: Rank])[] {
  const { of, view, side, eventStatus } = frame;
  const pieces = currentPieces(frame);
  const edges: { readonly [rank in Rank]: number[] } = { current: [], differs: [], same: [] };
  for (const edge of edgesIn(of.scene, area)) {
    const event = of.graph.edges[edge]?.index ?? -1;
    const status = eventStatus(event);
    if (!existsIn(status, side)) continue;
    if (pieces.has(event)) edges.current.push(edge);
    else if (view.k >= READING_ZOOM) edges[status.mark === "same" ? "same" : "differs"].push(edge);
  }
  return (["current", "differs", "same"] as const).flatMap((rank) => edges[rank].map((edge) => [edge, rank] as const));
}

function placed(frame: Shown, edge: number, rank: Rank, boxes: readonly Rect[]): EventLabel | null {
  if (rank === "current") return strongEventLabel(frame, edge, boxes);
  const label = ownLabel(frame, edge);
  if (!label || !isCovered(label, boxes)) return label;
  if (rank === "same") return null;
  return nearestFree(label, (box) => nodesIn(frame.of.scene, box).length === 0 && !isCovered(box, boxes), ROW_OFFSETS);
}

/** Return the label of an edge that must be read: large enough, and beside the cards and some other labels. */
export function strongEventLabel(frame: Shown, edge: number, others: readonly Rect[] = []): EventLabel | null {
  const label = ownLabel(frame, edge);
  const isFree = (box: Rect) => !isCovered(box, others);
  return label && { ...label, ...strongLabel(frame.of.scene, label, frame.view.k, STRONG_ZOOM, isFree) };
}

/** Return the label of an edge on its line: its words, and the mark of what became of it. */
function ownLabel({ of, eventStatus }: Shown, at: number): EventLabel | null {
  const edge: Edge | undefined = of.graph.edges[at];
  const label = labelOf(of.scene, at);
  if (!edge || !label) return null;
  const differs = toneOf(eventStatus(edge.index).mark) !== null;
  const text = labelTexts(edge).at(-1) ?? "";
  const w = labelWidth(text, differs ? 1 : 0) + (differs ? BOLD_EXTRA_WIDTH * text.length : 0);
  return { x: label.x + (label.w - w) / 2, y: label.y, w, h: label.h, text, scale: 1 };
}
