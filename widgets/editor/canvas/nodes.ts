/** Drawing states that are not elements: titled boxes at middle zoom, marks far away. */

import { wrapWords } from "../../map/canvas/text";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import type { Node } from "../../map/graph";
import { nodesIn } from "../../map/scene";
import { FAR_NAMES } from "../../map/viewport";
import { readableName } from "../../shared/format";
import { RASTER_H, RASTER_W, type Raster } from "../pictures/rasters";
import { drawIcon } from "./edges";
import { accentOf, arePictured, belongsToPart, type Frame, placeOf } from "./frame";
import { drawCollapsed } from "./regions";

type Ink = CanvasRenderingContext2D;

export function drawNodes(ink: Ink, frame: Frame): void {
  const { scene, visibleArea, movedPlaces, part } = frame;
  const inView = part === "moving" ? [] : nodesIn(scene, visibleArea);
  const { hidden } = frame;
  const all = inView.filter((node) => !movedPlaces.has(node)).concat(part === "still" ? [] : [...movedPlaces.keys()]);
  const visible = hidden && hidden.size > 0 ? all.filter((node) => !hidden.has(node)) : all;
  const boxes = new Map(frame.regions?.map((region) => [region.box, region]));
  for (const node of visible) {
    const region = boxes.get(node);
    if (region) drawCollapsed(ink, frame, region);
  }
  if (frame.detail === "cards") return;
  const states = boxes.size > 0 ? visible.filter((node) => !boxes.has(node)) : visible;
  const undimmed = frame.dimmed ? states.filter((node) => !frame.dimmed?.has(node)) : states;
  if (frame.dimmed) {
    ink.globalAlpha = 0.25;
    drawStates(
      ink,
      frame,
      states.filter((node) => frame.dimmed?.has(node)),
    );
    ink.globalAlpha = 1;
  }
  drawStates(ink, frame, undimmed);
}

function drawStates(ink: Ink, frame: Frame, nodes: readonly number[]): void {
  const isPictured = arePictured(frame);
  const withoutPictures = isPictured ? frame : { ...frame, thumbnails: null };
  if (frame.detail === "dots" && !isPictured) drawDots(ink, frame, nodes);
  else for (const node of nodes) drawTitled(ink, withoutPictures, node);
  drawTagMarks(ink, frame, nodes);
}

/** The colours of a state's tags, as a row of marks on the upper edge of its card. */
function drawTagMarks(ink: Ink, frame: Frame, nodes: readonly number[]): void {
  const { tags, view, palette } = frame;
  if (!tags || tags.size === 0) return;
  const size = Math.max(36, 7 / view.k);
  // Far out a name may cover all of its card.
  const above = view.k < FAR_NAMES ? size * 0.66 : size / 3;
  for (const node of nodes) {
    const colours = tags.get(node);
    if (!colours) continue;
    const [x, y] = placeOf(frame, node);
    colours.slice(0, 5).forEach((colour, at) => {
      ink.fillStyle = palette.hues[colour];
      ink.fillRect(x + CARD_W - (at + 1) * size * 1.25, y - above, size, size * 0.66);
    });
  }
}

/** From this zoom on, blocks are so large that names on them are read better where they are pale. */
const PALE = 0.05;

/** Far away: one path a colour. Endings and the entrance also differ by shape. */
function drawDots(ink: Ink, frame: Frame, visible: readonly number[]): void {
  const { palette, scene, selectedNodes, movedPlaces, view } = frame;
  const groups = { plain: [] as number[], start: [] as number[], win: [] as number[], lose: [] as number[] };
  const faulty: number[] = [];
  for (const index of visible) {
    const node = scene.graph.nodes[index];
    if (!node) continue;
    groups[node.start ? "start" : (node.ending?.kind ?? "plain")].push(index);
    if (node.problems.error > 0) faulty.push(index);
  }
  const fill = (nodes: readonly number[], colour: string, trace: (x: number, y: number) => void) => {
    if (nodes.length === 0) return;
    ink.beginPath();
    for (const node of nodes) {
      const [x, y] = placeOf(frame, node);
      trace(x, y);
    }
    if (view.k < PALE) {
      ink.fillStyle = colour;
      ink.fill();
      return;
    }
    // Names stand on them: pale, with an outline in their colour.
    const alpha = ink.globalAlpha;
    ink.fillStyle = palette.surface;
    ink.fill();
    if (colour !== palette.strong) {
      ink.fillStyle = colour;
      ink.globalAlpha = alpha * 0.25;
      ink.fill();
      ink.globalAlpha = alpha;
    }
    ink.lineWidth = (colour === palette.strong ? 1 : 1.5) / view.k;
    ink.strokeStyle = colour;
    ink.stroke();
  };
  const middle = CARD_H / 2;
  fill(groups.plain, palette.strong, (x, y) => ink.rect(x, y, CARD_W, CARD_H));
  fill(groups.start, palette.accent, (x, y) => {
    ink.moveTo(x, y - 24);
    ink.lineTo(x + CARD_W + 24, y + middle);
    ink.lineTo(x, y + CARD_H + 24);
    ink.closePath();
  });
  fill(groups.win, palette.win, (x, y) => {
    ink.moveTo(x + CARD_W / 2, y - 30);
    ink.lineTo(x + CARD_W + 10, y + middle);
    ink.lineTo(x + CARD_W / 2, y + CARD_H + 30);
    ink.lineTo(x - 10, y + middle);
    ink.closePath();
  });
  fill(groups.lose, palette.lose, (x, y) => {
    ink.moveTo(x + CARD_W, y + middle);
    ink.ellipse(x + CARD_W / 2, y + middle, CARD_W / 2, middle, 0, 0, 2 * Math.PI);
  });
  ink.lineWidth = 2 / frame.view.k;
  ink.strokeStyle = palette.error;
  ink.beginPath();
  for (const node of faulty) traceOutline(ink, frame, node, 20);
  ink.stroke();
  ink.strokeStyle = palette.accent;
  ink.lineWidth = 2.5 / frame.view.k;
  ink.beginPath();
  for (const node of selectedNodes)
    if (belongsToPart(frame, movedPlaces.has(node))) traceOutline(ink, frame, node, 4 / frame.view.k);
  if (frame.connecting?.other != null) traceOutline(ink, frame, frame.connecting.other, 4 / frame.view.k);
  ink.stroke();
}

function traceOutline(ink: Ink, frame: Frame, node: number, by: number): void {
  const [x, y] = placeOf(frame, node);
  ink.rect(x - by, y - by, CARD_W + 2 * by, CARD_H + 2 * by);
}

/** The part of a card that its picture covers, where its name and more are under it, and where its name is. */
const BAND = 0.47;
const NARROW_BAND = 0.38;
/** Below this zoom a card with a picture has no room for a row of marks besides its name. */
const MARKS = 0.45;

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

/** Middle zoom: a card with its name at a size that can be read, and what it is. */
function drawTitled(ink: Ink, frame: Frame, index: number): void {
  const { palette, scene, view, selectedNodes, hover, connecting } = frame;
  const node = scene.graph.nodes[index];
  if (!node) return;
  const [x, y] = placeOf(frame, index);
  const isSelected = selectedNodes.has(index) || connecting?.other === index;
  const isHovered = hover?.kind === "node" && hover.node === index;
  ink.beginPath();
  ink.roundRect(x, y, CARD_W, CARD_H, 10);
  ink.fillStyle = palette.surface;
  ink.fill();
  // From far away its name is drawn over all of it, and its marks go to the corner.
  const roomy = view.k >= FAR_NAMES;
  const raster = frame.thumbnails?.of(node) ?? null;
  const px = 1 / view.k;
  const pad = Math.min(10 * px, CARD_W * 0.07);
  const size = Math.max(10, Math.min(13, 26 * view.k)) * px;
  const line = size * 1.2;
  const icon = 13 * px;
  const foot = y + CARD_H - icon - 7 * px;
  const wantsMarks = roomy && (!frame.thumbnails || view.k >= MARKS);
  const band = frame.thumbnails && roomy ? CARD_H * (wantsMarks ? BAND : NARROW_BAND) : 0;
  const rows = Math.max(1, Math.min(3, Math.floor((CARD_H - band - pad * 1.4 - (wantsMarks ? icon : 0)) / line)));
  const name = roomy ? readableName(node.id) : "";
  const wrapName = (lessLetters: number) => wrapWords(name, (CARD_W - 2 * pad) / (size * 0.58) - lessLetters, rows);
  const nameHeight = name === "" ? 0 : wrapName(0).length * line;
  const room = foot - (y + band + pad * 0.8 + nameHeight);
  const hasMarks = wantsMarks && room >= 0 && (hasMark(node) || (node.prose !== "" && room >= 18 * px));
  // With nothing under its name a card has room for a larger picture.
  const above = band > 0 && !hasMarks ? Math.max(band, CARD_H - nameHeight - pad * 1.5) : band;
  if (raster) {
    ink.save();
    ink.clip();
    drawPicture(ink, raster, x, y, above || CARD_H);
    ink.restore();
    ink.beginPath();
    ink.roundRect(x, y, CARD_W, CARD_H, 10);
  }
  ink.lineWidth = (isSelected ? 2.5 : 1) / view.k;
  ink.strokeStyle = isSelected || isHovered ? palette.accent : node.problems.error > 0 ? palette.error : palette.strong;
  ink.stroke();
  const tone = accentOf(frame, node);
  if (tone) {
    ink.save();
    ink.clip();
    ink.fillStyle = tone;
    ink.fillRect(x, y, 4 / view.k, CARD_H);
    ink.restore();
  }

  const badge = hasMarks ? null : badgeOf(frame, node);
  const left = x + pad + (tone && !roomy ? 3 * px : 0);
  const lines = name === "" ? [] : wrapName(badge && above === 0 ? 1.5 : 0);
  const top = y + above + (roomy ? pad * 0.8 : (CARD_H - lines.length * line) / 2);
  ink.fillStyle = palette.text;
  ink.font = `600 ${size}px ${palette.font}`;
  ink.textAlign = "left";
  ink.textBaseline = "top";
  lines.forEach((words, row) => {
    ink.fillText(words, left, top + row * line, CARD_W - 1.5 * pad);
  });
  if (isHovered && frame.editable && !connecting) drawPort(ink, frame, x + CARD_W, y + CARD_H / 2);
  if (badge) drawBadge(ink, frame, badge, x + CARD_W, y, raster !== null);
  if (!hasMarks) return;
  const under = top + lines.length * line;
  drawProse(ink, frame, node.prose, x + pad, under + 2 * px, foot - 3 * px);

  let at = x + pad;
  const mark = (name: Parameters<typeof drawIcon>[1], colour: string, word: string) => {
    if (at + icon > x + CARD_W - 4 * px) return;
    drawIcon(ink, name, at, foot, icon, colour);
    at += icon + 3 * px;
    if (at + word.length * 6.5 * px > x + CARD_W - 2 * px) return;
    ink.fillStyle = colour;
    ink.font = `${11 * px}px ${palette.font}`;
    ink.textBaseline = "middle";
    ink.fillText(word, at, foot + icon / 2);
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
const LEAST_CHARACTERS = 16;

/** The first words of the prose, where there is room for some. */
function drawProse(ink: Ink, { palette, view }: Frame, prose: string, x: number, top: number, bottom: number): void {
  const size = 10 / view.k;
  const rows = Math.min(3, Math.floor((bottom - top) / (size * 1.3)));
  const room = CARD_W - 2 * (10 / view.k);
  const letters = room / (size * 0.52);
  if (rows < 1 || prose === "" || letters < LEAST_CHARACTERS) return;
  ink.fillStyle = palette.muted;
  ink.font = `${size}px ${palette.font}`;
  ink.textBaseline = "top";
  wrapWords(prose.slice(0, 240), letters, rows).forEach((line, row) => {
    ink.fillText(line, x, top + row * size * 1.3, room);
  });
}

interface Badge {
  readonly icon: "error" | "warning" | "win" | "lose" | "start";
  readonly colour: string;
}

/** Return the one mark that a card has room for: an error first, then what kind of scene it is, then a warning. */
function badgeOf(frame: Frame, node: Node): Badge | null {
  const { palette } = frame;
  if (node.problems.error > 0) return { icon: "error", colour: palette.error };
  const kind = node.ending?.kind ?? (node.start ? "start" : null);
  if (kind) return { icon: kind, colour: accentOf(frame, node) ?? palette.muted };
  return node.problems.warning > 0 ? { icon: "warning", colour: palette.warning } : null;
}

export function outcome(node: Node): string {
  return node.ending?.kind === "win" ? "Win" : "Lose";
}
