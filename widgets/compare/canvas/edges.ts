/** Drawing edges: unchanged ones faint, changed ones with the colour, dash and icon of their mark. */
import { type EdgeStyle, HEAD_ZOOM, traceChord, traceHead, traceRoute } from "../../map/canvas/routes";
import { overlap } from "../../map/geometry/curve";
import { labelTexts, labelWidth, MARK_W } from "../../map/labels";
import { edgesIn, labelOf } from "../../map/scene";
import { strongLabel } from "../../map/strong-label";
import { READING } from "../../map/viewport";
import { conflictAt, type Status } from "../data";
import { toneOf } from "../mark-display";
import { existsIn } from "../store";
import { drawConflictBadge, drawMark, drawMarkBadge } from "./badges";
import type { Frame } from "./frame";

type Ink = CanvasRenderingContext2D;

const BADGE = 15;
/** With more marked edges in sight than this, badges would hide what they mark. */
const MOST_BADGES = 40;
/** The zoom at which the label of what is pointed at or chosen has the size that it has further out. */
const STRONG_ZOOM = 0.85;
/** With more edges in sight than this, what is the same is a texture. */
const MANY = 1500;

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
    same: layer(palette.strong, thin, false, visible.length > MANY ? 0.3 : far ? 0.55 : 0.7),
    removed: layer(palette.removed, thick, true),
    touched: layer(palette.touched, thick, false),
    added: layer(palette.added, thick, false),
  };
  for (const edge of visible) layers[toneOf(statusOf(frame, edge).mark) ?? "same"].edges.push(edge);
  return Object.values(layers).filter((one) => one.edges.length > 0);
}

/** The events of the map that are the current step. */
function currentPieces({ of, current }: Frame): ReadonlySet<number> {
  const step = conflictAt(of, current) ?? (current === null ? undefined : of.changes[current]);
  return new Set(step?.pieces);
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

/** Draw names at reading zoom; further out, badges on what differs. */
export function drawLabels(ink: Ink, frame: Frame): void {
  const { of, view, visibleArea, hover } = frame;
  const allPieces = currentPieces(frame);
  const hoveredEdge = hover?.kind === "edge" ? hover.edge : -1;
  const last: number[] = [];
  const changedEdges: number[] = [];
  const disputes: number[] = [];
  for (const edge of edgesIn(of.scene, visibleArea)) {
    const status = statusOf(frame, edge);
    if (!existsIn(status, frame.side)) continue;
    if (of.conflicted.events.has(of.graph.edges[edge]?.index ?? -1)) disputes.push(edge);
    if (edge === hoveredEdge || allPieces.has(of.graph.edges[edge]?.index ?? -1)) last.push(edge);
    else if (status.mark !== "same") changedEdges.push(edge);
    else if (view.k >= READING) drawLabel(ink, frame, edge, status, false);
  }
  for (const edge of changedEdges) {
    if (view.k >= READING) drawLabel(ink, frame, edge, statusOf(frame, edge), false);
    else if (changedEdges.length <= MOST_BADGES) drawBadge(ink, frame, edge);
  }
  for (const edge of last) drawLabel(ink, frame, edge, statusOf(frame, edge), true);
  for (const edge of disputes) {
    const label = labelOf(of.scene, edge);
    if (label) drawConflictBadge(ink, frame, label.x - 16, label.y + label.h / 2, BADGE);
  }
}

function drawLabel(ink: Ink, frame: Frame, at: number, status: Status, strong: boolean): void {
  const { of, palette, view, visibleArea } = frame;
  const edge = of.graph.edges[at];
  const label = labelOf(of.scene, at);
  if (!edge || !label) return;
  const colour = toneOf(status.mark);
  const text = labelTexts(edge).at(-1) ?? "";
  const w = labelWidth(text, colour ? 1 : 0);
  const box = { x: label.x + (label.w - w) / 2, y: label.y, w, h: label.h };
  if (!overlap(box, visibleArea)) return;
  const { x: left, y: top, scale } = strong ? strongLabel(of.scene, box, view.k, STRONG_ZOOM) : { ...box, scale: 1 };
  ink.save();
  ink.translate(left, top);
  ink.scale(scale, scale);
  ink.beginPath();
  ink.roundRect(0, 0, box.w, box.h, box.h / 2);
  ink.fillStyle = palette.surface;
  ink.fill();
  ink.lineWidth = strong ? 2 : colour ? 1.5 : 1;
  ink.strokeStyle = strong ? palette.accent : colour ? palette[colour] : palette.line;
  if (colour === "removed" && !strong) ink.setLineDash([4, 3]);
  ink.stroke();
  ink.setLineDash([]);
  let x = 8;
  if (colour && status.mark !== "same") {
    drawMark(ink, status.mark, x, 5, 12, palette[colour]);
    x += MARK_W;
  }
  ink.font = `${colour ? "600 " : ""}12px ${palette.font}`;
  ink.fillStyle = colour ? palette[colour] : palette.muted;
  ink.textBaseline = "middle";
  ink.textAlign = "left";
  ink.fillText(text, x, box.h / 2 + 0.5, box.w - x - 6);
  if (colour === "removed") {
    const wide = Math.min(ink.measureText(text).width, box.w - x - 6);
    ink.fillRect(x, box.h / 2, wide, 1.25);
  }
  ink.restore();
}

function drawBadge(ink: Ink, frame: Frame, at: number): void {
  const label = labelOf(frame.of.scene, at);
  if (label) drawMarkBadge(ink, frame, statusOf(frame, at).mark, label.x + label.w / 2, label.y + label.h / 2, BADGE);
}
