/** A state at middle zoom: a card with its picture, its name at a size that can be read, and what it is. */
import { wrapWords } from "../../map/canvas/text";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import type { Node } from "../../map/graph";
import { RASTER_H, RASTER_W, type Raster } from "../../map/rasters";
import { FAR_NAMES_ZOOM } from "../../map/viewport";
import { firstCharacters, readableName } from "../../shared/format";
import { drawIcon } from "./edges";
import { accentOf, type Frame, isSelected, placeOf } from "./frame";

type Ink = CanvasRenderingContext2D;

/** The part of a card that its picture covers where its name and more are under it, and the least of it. */
const PICTURE_SHARE = 0.47;
const MIN_PICTURE_SHARE = 0.16;
/** The size of a mark, in pixels of the screen. */
const ICON_SIZE_PX = 13;
/** Below this zoom a card with a picture has no room for a row of marks besides its name. */
const MARKS_ZOOM = 0.45;

/** Draw a picture over the upper part of a card, or over all of it, cut to its shape. */
function drawPicture(ink: Ink, raster: Raster, x: number, y: number, height: number): void {
  const visibleHeight = (RASTER_W * height) / CARD_W;
  ink.drawImage(
    raster,
    0,
    (RASTER_H - Math.min(RASTER_H, visibleHeight)) * 0.6,
    RASTER_W,
    Math.min(RASTER_H, visibleHeight),
    x,
    y,
    CARD_W,
    height,
  );
}

/** How a titled card is divided, in world units from its upper left corner. */
interface TitledLayout {
  /** A pixel of the screen. */
  readonly px: number;
  readonly pad: number;
  readonly size: number;
  readonly line: number;
  /** The height of the picture; 0 where it covers the card, or there is none. */
  readonly above: number;
  readonly hasMarks: boolean;
  /** Where the row of marks begins. */
  readonly foot: number;
  readonly badge: Badge | null;
  /** The lines of the name; none from far away, where it is drawn over all of the card. */
  readonly name: readonly string[];
}

/** Return how a titled card is divided. */
export function titledLayout(frame: Pick<Frame, "thumbnails" | "view" | "palette">, node: Node): TitledLayout {
  const { thumbnails, view } = frame;
  const px = 1 / view.k;
  const pad = Math.min(10 * px, CARD_W * 0.07);
  const size = Math.max(10, Math.min(13, 26 * view.k)) * px;
  const line = size * 1.2;
  const icon = ICON_SIZE_PX * px;
  const foot = CARD_H - icon - 7 * px;
  const roomy = view.k >= FAR_NAMES_ZOOM;
  const wantsMarks = roomy && (!thumbnails || view.k >= MARKS_ZOOM);
  const [band, least] = thumbnails && roomy ? [CARD_H * PICTURE_SHARE, CARD_H * MIN_PICTURE_SHARE] : [0, 0];
  // A name that needs more lines has them, at the cost of the marks and of a part of the picture.
  const rows = Math.max(1, Math.min(3, Math.floor((CARD_H - least - pad * 1.4) / line)));
  const wrapName = (room: number) => (roomy ? wrapWords(readableName(node.id), room / (size * 0.58), rows) : []);
  const full = CARD_W - 2 * pad;
  const nameHeight = wrapName(full).length * line;
  const rest = foot - (band + pad * 0.8 + nameHeight);
  const hasMarks = wantsMarks && rest >= 0 && (hasMark(node) || (node.prose !== "" && rest >= 18 * px));
  const badge = hasMarks ? null : badgeOf(frame, node);
  // With nothing under its name a card has room for a larger picture.
  const above = band > 0 && !hasMarks ? Math.max(least, CARD_H - nameHeight - pad * 1.5) : band;
  // Without a picture the badge stands beside the name.
  const name = wrapName(badge && above === 0 ? full - size * 0.87 : full);
  return { px, pad, size, line, above, hasMarks, foot, badge, name };
}

/** Draw a state as a titled card. */
export function drawTitled(ink: Ink, frame: Frame, index: number): void {
  const { palette, scene, view, hover, connecting } = frame;
  const node = scene.graph.nodes[index];
  if (!node) return;
  const [x, y] = placeOf(frame, index);
  const selected = isSelected(frame, index);
  const isHovered = hover?.kind === "node" && hover.node === index;
  const { px, pad, size, line, above, hasMarks, foot, badge, name } = titledLayout(frame, node);
  ink.beginPath();
  ink.roundRect(x, y, CARD_W, CARD_H, 10);
  ink.fillStyle = palette.surface;
  ink.fill();
  const raster = frame.thumbnails?.of(node) ?? null;
  if (raster) {
    ink.save();
    ink.clip();
    drawPicture(ink, raster, x, y, above || CARD_H);
    ink.restore();
    ink.beginPath();
    ink.roundRect(x, y, CARD_W, CARD_H, 10);
  }
  ink.lineWidth = (selected ? 2.5 : 1) / view.k;
  ink.strokeStyle = selected || isHovered ? palette.accent : node.problems.error > 0 ? palette.error : palette.strong;
  ink.stroke();
  const tone = accentOf(frame, node);
  if (tone) {
    ink.save();
    ink.clip();
    ink.fillStyle = tone;
    ink.fillRect(x, y, 4 / view.k, CARD_H);
    ink.restore();
  }

  const left = x + pad;
  const top = y + above + pad * 0.8;
  ink.fillStyle = palette.text;
  ink.font = `600 ${size}px ${palette.font}`;
  ink.textAlign = "left";
  ink.textBaseline = "top";
  name.forEach((words, row) => {
    ink.fillText(words, left, top + row * line, CARD_W - 1.5 * pad);
  });
  if (isHovered && frame.editable && !connecting) drawPort(ink, frame, x + CARD_W, y + CARD_H / 2);
  if (badge) drawBadge(ink, frame, badge, x + CARD_W, y, raster !== null);
  if (!hasMarks) return;
  drawProse(ink, frame, node.prose, left, top + name.length * line + 2 * px, y + foot - 3 * px);
  drawMarks(ink, frame, node, left, y + foot, x + CARD_W);
}

/** Draw what a state is and how many problems and actions it has, in a row as far as there is room. */
function drawMarks(ink: Ink, { palette, view }: Frame, node: Node, left: number, top: number, right: number): void {
  const px = 1 / view.k;
  const icon = ICON_SIZE_PX * px;
  let at = left;
  const mark = (name: Parameters<typeof drawIcon>[1], colour: string, word: string) => {
    if (at + icon > right - 4 * px) return;
    drawIcon(ink, name, at, top, icon, colour);
    at += icon + 3 * px;
    if (at + word.length * 6.5 * px > right - 2 * px) return;
    ink.fillStyle = colour;
    ink.font = `${11 * px}px ${palette.font}`;
    ink.textBaseline = "middle";
    ink.fillText(word, at, top + icon / 2);
    at += word.length * 6 * px + 5 * px;
  };
  if (node.start) mark("start", palette.accent, "Start");
  if (node.ending) mark(node.ending.kind, node.ending.kind === "win" ? palette.win : palette.lose, outcome(node));
  if (node.problems.error > 0) mark("error", palette.error, String(node.problems.error));
  else if (node.problems.warning > 0) mark("warning", palette.warning, String(node.problems.warning));
  if (node.local.length > 0) mark("override", palette.muted, String(node.local.length));
}

function hasMark({ start, ending, problems, local }: Node): boolean {
  return start || ending !== null || problems.error + problems.warning + local.length > 0;
}

/** Draw a mark in the upper right corner of a card; over a picture it has a ground of its own. */
function drawBadge(ink: Ink, { palette, view }: Frame, badge: Badge, right: number, y: number, isOver: boolean): void {
  const px = 1 / view.k;
  if (isOver) {
    ink.beginPath();
    ink.roundRect(right - 15 * px, y + px, 14 * px, 14 * px, 4 * px);
    ink.fillStyle = palette.surface;
    ink.fill();
  }
  drawIcon(ink, badge.icon, right - (isOver ? 13 : 12) * px, y + (isOver ? 3 : 2) * px, 10 * px, badge.colour);
}

/** The place on a card's edge from which a connection is drawn. */
function drawPort(ink: Ink, { palette, view }: Frame, x: number, y: number): void {
  ink.beginPath();
  ink.arc(x, y, 5 / view.k, 0, 2 * Math.PI);
  ink.fillStyle = palette.surface;
  ink.fill();
  ink.lineWidth = 2 / view.k;
  ink.strokeStyle = palette.accent;
  ink.stroke();
}

/** Fewer letters a line than this are scraps, not prose. */
const MIN_LINE_CHARACTERS = 16;

/** The first words of the prose, where there is room for some. */
function drawProse(ink: Ink, { palette, view }: Frame, prose: string, x: number, top: number, bottom: number): void {
  const size = 10 / view.k;
  const rows = Math.min(3, Math.floor((bottom - top) / (size * 1.3)));
  const room = CARD_W - 2 * (10 / view.k);
  const letters = room / (size * 0.52);
  if (rows < 1 || prose === "" || letters < MIN_LINE_CHARACTERS) return;
  ink.fillStyle = palette.muted;
  ink.font = `${size}px ${palette.font}`;
  ink.textBaseline = "top";
  wrapWords(firstCharacters(prose, 240), letters, rows).forEach((line, row) => {
    ink.fillText(line, x, top + row * size * 1.3, room);
  });
}

interface Badge {
  readonly icon: "error" | "warning" | "win" | "lose" | "start";
  readonly colour: string;
}

/** Return the one mark that a card has room for: an error first, then what kind of scene it is, then a warning. */
function badgeOf(frame: Pick<Frame, "palette">, node: Node): Badge | null {
  const { palette } = frame;
  if (node.problems.error > 0) return { icon: "error", colour: palette.error };
  const kind = node.ending?.kind ?? (node.start ? "start" : null);
  if (kind) return { icon: kind, colour: accentOf(frame, node) ?? palette.muted };
  return node.problems.warning > 0 ? { icon: "warning", colour: palette.warning } : null;
}

function outcome(node: Node): string {
  return node.ending?.kind === "win" ? "Win" : "Lose";
}
