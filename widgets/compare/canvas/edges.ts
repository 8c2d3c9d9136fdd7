/** Drawing edges: unchanged ones faint, changed ones with the colour, dash and icon of their mark. */
import { type EdgeStyle, HEAD_ZOOM, traceChord, traceHead, traceRoute } from "../../map/canvas/routes";
import { overlap, type Rect } from "../../map/geometry/curve";
import { MARK_W } from "../../map/labels";
import { edgesIn, labelOf } from "../../map/scene";
import { nearestFree } from "../../map/strong-label";
import { READING_ZOOM } from "../../map/viewport";
import type { Status } from "../data";
import { toneOf } from "../mark-display";
import { existsIn } from "../store";
import { drawConflictBadge, drawMark, drawMarkBadge } from "./badges";
import type { Frame } from "./frame";
import { currentPieces, type EventLabel, eventLabels, strongEventLabel } from "./labels";

type Ink = CanvasRenderingContext2D;

const BADGE_SIZE_PX = 15;
/** With more marked edges in sight than this, badges would hide what they mark. */
const MAX_BADGES = 40;
/** With more edges in sight than this, what is the same is a texture. */
const MANY_EDGES = 1500;

interface Layer extends EdgeStyle {
  readonly alpha: number;
}

export function drawEdges(ink: Ink, frame: Frame): void {
  const { view, visibleArea, of } = frame;
  const visible = edgesIn(of.scene, visibleArea).filter((edge) => existsIn(statusOf(frame, edge), frame.side));
  drawHalo(ink, frame, visible);
  for (const layer of layersOf(frame, visible)) {
    ink.globalAlpha = layer.alpha;
    ink.strokeStyle = layer.colour;
    ink.fillStyle = layer.colour;
    ink.lineWidth = layer.width / view.k;
    ink.setLineDash(layer.dashed ? [7 / view.k, 5 / view.k] : []);
    ink.beginPath();
    for (const edge of layer.edges) traceEdge(ink, frame, edge);
    ink.stroke();
    ink.setLineDash([]);
    if (view.k >= HEAD_ZOOM) {
      ink.beginPath();
      for (const edge of layer.edges) traceEdgeHead(ink, frame, edge, layer.width);
      ink.fill();
    }
  }
  ink.globalAlpha = 1;
}

function statusOf({ of, eventStatus }: Frame, edge: number): Status {
  return eventStatus(of.graph.edges[edge]?.index ?? -1);
}

/** Group the edges by how they look; those that matter most come last, on top. */
function layersOf(frame: Frame, visible: readonly number[]): Layer[] {
  const { palette, detail } = frame;
  const far = detail === "dots";
  const thin = far ? 0.75 : 1.25;
  const thick = far ? 1.75 : 2.25;
  const layer = (colour: string, width: number, dashed: boolean, alpha = 1): Layer => ({
    colour,
    width,
    dashed,
    alpha,
    edges: [],
  });
  const layers = {
    same: layer(palette.strong, thin, false, visible.length > MANY_EDGES ? 0.3 : far ? 0.55 : 0.7),
    removed: layer(palette.removed, thick, true),
    touched: layer(palette.touched, thick, false),
    added: layer(palette.added, thick, false),
  };
  for (const edge of visible) layers[toneOf(statusOf(frame, edge).mark) ?? "same"].edges.push(edge);
  return Object.values(layers).filter((one) => one.edges.length > 0);
}

/** A soft band under the edges of the current change. */
function drawHalo(ink: Ink, frame: Frame, visible: readonly number[]): void {
  const { of, palette, view } = frame;
  const allPieces = currentPieces(frame);
  if (allPieces.size === 0) return;
  ink.beginPath();
  for (const edge of visible) if (allPieces.has(of.graph.edges[edge]?.index ?? -1)) traceEdge(ink, frame, edge);
  ink.globalAlpha = 0.28;
  ink.strokeStyle = palette.accent;
  ink.lineWidth = 10 / view.k;
  ink.lineCap = "round";
  ink.stroke();
  ink.lineCap = "butt";
  ink.globalAlpha = 1;
}

function traceEdge(ink: Ink, { of, detail }: Frame, edge: number): void {
  const route = of.scene.routes[edge];
  if (!route) return;
  if (detail === "dots") traceChord(ink, route);
  else traceRoute(ink, route);
}

function traceEdgeHead(ink: Ink, { of, view }: Frame, edge: number, width: number): void {
  const route = of.scene.routes[edge];
  if (route && (of.graph.edges[edge]?.target ?? -1) >= 0) traceHead(ink, route, width, view.k);
}

// ---- labels --------------------------------------------------------------------------------------

/** Draw names at reading zoom; further out, badges on what differs. What is pointed at lies over all others. */
export function drawLabels(ink: Ink, frame: Frame): void {
  const { of, view, visibleArea, covered, hover } = frame;
  const pieces = currentPieces(frame);
  const hoveredEdge = hover?.kind === "edge" ? hover.edge : -1;
  const changedEdges: number[] = [];
  const disputes: number[] = [];
  for (const edge of edgesIn(of.scene, visibleArea)) {
    const status = statusOf(frame, edge);
    const event = of.graph.edges[edge]?.index ?? -1;
    if (!existsIn(status, frame.side)) continue;
    if (of.conflicted.events.has(event)) disputes.push(edge);
    if (status.mark !== "same" && edge !== hoveredEdge && !pieces.has(event)) changedEdges.push(edge);
  }
  if (view.k < READING_ZOOM && changedEdges.length <= MAX_BADGES) drawBadges(ink, frame, changedEdges);
  const labels = eventLabels(frame);
  for (const [edge, label] of labels) {
    const isCurrent = pieces.has(of.graph.edges[edge]?.index ?? -1);
    const isHidden = covered && !isCurrent && overlap(label, covered);
    if (edge !== hoveredEdge && overlap(label, visibleArea) && !isHidden) drawLabel(ink, frame, edge, label, isCurrent);
  }
  const hovered = hoveredEdge < 0 ? null : strongEventLabel(frame, hoveredEdge);
  if (hovered) drawLabel(ink, frame, hoveredEdge, hovered, true);
  for (const edge of disputes) {
    const label = labels.get(edge) ?? labelOf(of.scene, edge);
    if (label) drawConflictBadge(ink, frame, label.x - 16, label.y + label.h / 2, BADGE_SIZE_PX);
  }
}

function drawLabel(ink: Ink, frame: Frame, edge: number, label: EventLabel, strong: boolean): void {
  const { palette } = frame;
  const { text, scale } = label;
  const { mark } = statusOf(frame, edge);
  const colour = toneOf(mark);
  const [w, h] = [label.w / scale, label.h / scale];
  ink.save();
  ink.translate(label.x, label.y);
  ink.scale(scale, scale);
  ink.beginPath();
  ink.roundRect(0, 0, w, h, h / 2);
  ink.fillStyle = palette.surface;
  ink.fill();
  ink.lineWidth = strong ? 2 : colour ? 1.5 : 1;
  ink.strokeStyle = strong ? palette.accent : colour ? palette[colour] : palette.line;
  if (colour === "removed" && !strong) ink.setLineDash([4, 3]);
  ink.stroke();
  ink.setLineDash([]);
  let x = 8;
  if (colour && mark !== "same") {
    drawMark(ink, mark, x, 5, 12, palette[colour]);
    x += MARK_W;
  }
  ink.font = `${colour ? "600 " : ""}12px ${palette.font}`;
  ink.fillStyle = colour ? palette[colour] : palette.muted;
  ink.textBaseline = "middle";
  ink.textAlign = "left";
  ink.fillText(text, x, h / 2 + 0.5, w - x - 6);
  if (colour === "removed") {
    const wide = Math.min(ink.measureText(text).width, w - x - 6);
    ink.fillRect(x, h / 2, wide, 1.25);
  }
  ink.restore();
}

/** Draw the badges of edges in the middle of their labels, or beside it where another is there. */
function drawBadges(ink: Ink, frame: Frame, edges: readonly number[]): void {
  const size = BADGE_SIZE_PX / frame.view.k;
  const boxes: Rect[] = [];
  for (const edge of edges) {
    const label = labelOf(frame.of.scene, edge);
    if (!label) continue;
    const own = { x: label.x + (label.w - size) / 2, y: label.y + (label.h - size) / 2, w: size, h: size };
    const box = nearestFree(own, (moved) => !boxes.some((other) => overlap(other, moved))) ?? own;
    boxes.push(box);
    drawMarkBadge(ink, frame, statusOf(frame, edge).mark, box.x + size / 2, box.y + size / 2, BADGE_SIZE_PX);
  }
}
