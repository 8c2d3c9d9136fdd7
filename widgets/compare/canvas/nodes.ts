/** Drawing states that are not elements: titled boxes at middle zoom, blocks far away. */
import { wrapWords } from "../../map/canvas/text";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { RASTER_H, RASTER_W, type Raster } from "../../map/rasters";
import { nodesIn } from "../../map/scene";
import { conflictAt } from "../data";
import { type Tone, toneOf } from "../mark-display";
import { existsIn } from "../store";
import { drawConflictBadge, drawMarkBadge } from "./badges";
import type { Frame } from "./frame";
import { drawChangedNames, nameOf } from "./names";

type Ink = CanvasRenderingContext2D;

const BADGE_SIZE_PX = 17;
const SMALL_BADGE_SIZE_PX = 14;
/** With more marked states in sight than this, badges would hide what they mark. */
const MAX_BADGES = 160;
/** With more states that differ in sight than this, their pictures would be too many to look at. */
const MAX_PICTURES = 60;

export function drawNodes(ink: Ink, frame: Frame): void {
  const { of, visibleArea } = frame;
  const visible = nodesIn(of.scene, visibleArea).filter((node) => existsIn(frame.nodeStatus(node), frame.side));
  const changed = visible.filter((node) => frame.nodeStatus(node).mark !== "same");
  const pictured = changed.length <= MAX_PICTURES ? frame.rasters : () => [];
  if (frame.detail === "dots") drawDots(ink, frame, visible);
  else for (const node of visible) drawTitled(ink, frame, node, pictured(node));
  drawCurrent(ink, frame);
}

/** Far away: what is the same as grey blocks, what differs larger and in its tone, what was removed hollow. */
function drawDots(ink: Ink, frame: Frame, visible: readonly number[]): void {
  const { of, palette, view } = frame;
  const groups: { [tone in Tone | "same"]: number[] } = { same: [], removed: [], touched: [], added: [] };
  for (const node of visible) groups[toneOf(frame.nodeStatus(node).mark) ?? "same"].push(node);
  const trace = (node: number, by: number) => {
    const [x, y] = of.scene.places[node] ?? [0, 0];
    ink.rect(x - by, y - by, CARD_W + 2 * by, CARD_H + 2 * by);
  };
  ink.globalAlpha = 0.55;
  ink.fillStyle = palette.strong;
  ink.beginPath();
  for (const node of groups.same) trace(node, 0);
  ink.fill();
  ink.globalAlpha = 1;
  const grow = Math.max(24, 3 / view.k);
  for (const name of ["touched", "added"] as const) {
    ink.fillStyle = palette[name];
    ink.beginPath();
    for (const node of groups[name]) trace(node, grow);
    ink.fill();
  }
  ink.fillStyle = palette.surface2;
  ink.strokeStyle = palette.removed;
  ink.lineWidth = 2 / view.k;
  ink.beginPath();
  for (const node of groups.removed) trace(node, grow);
  ink.fill();
  ink.stroke();
  for (const node of of.conflicted.nodes) {
    const [x, y] = of.scene.places[node] ?? [0, 0];
    drawConflictBadge(ink, frame, x, y, SMALL_BADGE_SIZE_PX);
  }
  const changedNodes = [...groups.removed, ...groups.touched, ...groups.added];
  if (changedNodes.length > MAX_BADGES) return;
  for (const node of changedNodes) {
    const [x, y] = of.scene.places[node] ?? [0, 0];
    drawMarkBadge(ink, frame, frame.nodeStatus(node).mark, x + CARD_W / 2, y + CARD_H / 2, SMALL_BADGE_SIZE_PX);
  }
  drawChangedNames(ink, frame, changedNodes, grow);
}

/** Middle zoom: a card with its name at a size that can be read, and what became of it. */
function drawTitled(ink: Ink, frame: Frame, index: number, rasters: readonly Raster[]): void {
  const { of, palette, view, hover } = frame;
  if (!of.graph.nodes[index]) return;
  const status = frame.nodeStatus(index);
  const colour = toneOf(status.mark);
  const [x, y] = of.scene.places[index] ?? [0, 0];
  const hovered = hover?.kind === "node" && hover.node === index;
  const px = 1 / view.k;
  ink.beginPath();
  ink.roundRect(x, y, CARD_W, CARD_H, 10);
  ink.fillStyle = palette.surface;
  ink.fill();
  if (colour) {
    ink.globalAlpha = 0.1;
    ink.fillStyle = palette[colour];
    ink.fill();
    ink.globalAlpha = 1;
  }
  const pad = Math.min(10 * px, CARD_W * 0.07);
  const size = Math.max(10, Math.min(13, 26 * view.k)) * px;
  const line = size * 1.25;
  const isPictured = rasters.length > 0;
  const rows = Math.max(1, Math.min(4, Math.floor((CARD_H - pad) / line / (isPictured ? 2 : 1))));
  const lines = wrapWords(nameOf(frame, index), (CARD_W - 2 * pad) / (size * 0.58), rows);
  const above = isPictured ? CARD_H - lines.length * line - pad * 0.8 : 0;
  if (isPictured) drawPictures(ink, rasters, [x, y], above, status.mark === "removed" ? 0.55 : 1);
  ink.beginPath();
  ink.roundRect(x, y, CARD_W, CARD_H, 10);
  ink.lineWidth = (colour ? 2 : 1) * px;
  ink.strokeStyle = hovered ? palette.accent : colour ? palette[colour] : palette.line;
  ink.setLineDash(status.mark === "removed" ? [6 * px, 4 * px] : []);
  ink.stroke();
  ink.setLineDash([]);

  const top = isPictured ? y + above + pad * 0.4 : y + (CARD_H - lines.length * line) / 2;
  ink.fillStyle = colour === "removed" ? palette.removed : colour ? palette.text : palette.muted;
  ink.font = `${colour ? "600 " : ""}${size}px ${palette.font}`;
  ink.textAlign = "left";
  ink.textBaseline = "top";
  lines.forEach((words, row) => {
    const at = top + row * line;
    ink.fillText(words, x + pad, at, CARD_W - 2 * pad);
    if (status.mark !== "removed") return;
    ink.fillRect(x + pad, at + size * 0.52, Math.min(ink.measureText(words).width, CARD_W - 2 * pad), 1.25 * px);
  });
  drawMarkBadge(ink, frame, status.mark, x + CARD_W, y, BADGE_SIZE_PX);
  if (of.conflicted.nodes.has(index)) drawConflictBadge(ink, frame, x, y, BADGE_SIZE_PX);
}

/** Draw how a state looks over the upper part of its card: before and after side by side where that differs. */
function drawPictures(
  ink: Ink,
  rasters: readonly Raster[],
  [x, y]: readonly [number, number],
  height: number,
  alpha: number,
): void {
  ink.save();
  ink.beginPath();
  ink.roundRect(x, y, CARD_W, height, [10, 10, 0, 0]);
  ink.clip();
  ink.globalAlpha = alpha;
  const wide = CARD_W / rasters.length;
  const gap = rasters.length > 1 ? 4 : 0;
  const scale = Math.min(RASTER_W / wide, RASTER_H / height);
  const [sourceW, sourceH] = [wide * scale, height * scale];
  rasters.forEach((raster, at) => {
    const left = x + at * (wide + gap / 2);
    ink.drawImage(
      raster,
      (RASTER_W - sourceW) / 2,
      (RASTER_H - sourceH) * 0.6,
      sourceW,
      sourceH,
      left,
      y,
      wide - gap / 2,
      height,
    );
  });
  ink.restore();
}

/** A ring around the states of the current change that are no cards. */
function drawCurrent(ink: Ink, frame: Frame): void {
  const { of, current, palette, view } = frame;
  const change = conflictAt(of, current) ?? (current === null ? undefined : of.changes[current]);
  if (!change || change.pieces.length > 0) return;
  ink.strokeStyle = palette.accent;
  ink.lineWidth = 2.5 / view.k;
  ink.beginPath();
  const by = 5 / view.k;
  for (const node of change.nodes) {
    const [x, y] = of.scene.places[node] ?? [0, 0];
    ink.roundRect(x - by, y - by, CARD_W + 2 * by, CARD_H + 2 * by, 12);
  }
  ink.stroke();
}
