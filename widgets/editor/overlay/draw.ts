/** Drawing an overlay: broad strokes under the edges, marks and words above everything. */

import { traceRoute } from "../../map/canvas/routes";
import { pointOn, type Rect, type Route } from "../../map/geometry/curve";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { edgesIn, labelOf } from "../../map/scene";
import { FAR_NAMES_ZOOM, READING_ZOOM } from "../../map/viewport";
import { cardsIn } from "../canvas/card-elements";
import { drawIcon, routeAt } from "../canvas/edges";
import { arePictured, type Frame, placeOf } from "../canvas/frame";
import type { Word } from "./data";
import type { NodeMark } from "./marks";

type Ink = CanvasRenderingContext2D;

/** With more marked cards in sight than this, their words would be noise. */
const MAX_CARDS_WITH_WORDS = 150;
const WORDS_ZOOM = 0.3;
/** The words of an edge lie over the empty end of its label by so much. */
const LABEL_OVERLAP = 5;

/** Before the edges: how much an edge was used, and the path of the run beside, as broad strokes. */
export function drawUnder(ink: Ink, frame: Frame): void {
  const { overlay, palette, view } = frame;
  if (!overlay || overlay.edges.size === 0) return;
  ink.lineCap = "round";
  for (const edge of edgesIn(frame.scene, frame.visibleArea)) {
    const mark = overlay.edges.get(edge);
    const route = routeAt(frame, edge);
    if (!mark || !route) continue;
    if (mark.layer?.word === "seen")
      strokeBroad(ink, route, palette.win, 0.22, (4 + 10 * mark.layer.part) / view.k ** 0.6);
    if (mark.taken) strokeBroad(ink, route, palette.accent, mark.last ? 0.6 : 0.32, 7 / view.k ** 0.6);
  }
  ink.lineCap = "butt";
  ink.globalAlpha = 1;
}

function strokeBroad(ink: Ink, route: Route, colour: string, alpha: number, width: number): void {
  ink.globalAlpha = alpha;
  ink.strokeStyle = colour;
  ink.lineWidth = width;
  ink.beginPath();
  traceRoute(ink, route);
  ink.stroke();
}

/** After the edges and before the cards: what never happens is dashed, with a cross where it would be read. */
export function drawNever(ink: Ink, frame: Frame): void {
  const { overlay, palette, view } = frame;
  if (!overlay || overlay.edges.size === 0) return;
  const never = edgesIn(frame.scene, frame.visibleArea).filter(
    (edge) => overlay.edges.get(edge)?.layer?.word === "never",
  );
  for (const edge of never) {
    const route = routeAt(frame, edge);
    if (!route) continue;
    ink.beginPath();
    traceRoute(ink, route);
    ink.strokeStyle = palette.surface2;
    ink.lineWidth = 4 / view.k;
    ink.stroke();
    ink.strokeStyle = toneOf(palette, "never");
    ink.lineWidth = 1.5 / view.k;
    ink.setLineDash([2 / view.k, 5 / view.k]);
    ink.stroke();
    ink.setLineDash([]);
  }
  if (view.k < 0.12) return;
  const arm = (view.k >= READING_ZOOM ? 6 : 5) / view.k ** 0.8;
  ink.strokeStyle = palette.text;
  ink.lineWidth = 2 / view.k ** 0.8;
  ink.beginPath();
  for (const edge of never) {
    const route = routeAt(frame, edge);
    if (!route) continue;
    // Beside the label, which stands about the middle.
    const at = pointOn(route, view.k >= READING_ZOOM ? 0.16 : 0.5);
    ink.moveTo(at.x - arm, at.y - arm);
    ink.lineTo(at.x + arm, at.y + arm);
    ink.moveTo(at.x + arm, at.y - arm);
    ink.lineTo(at.x - arm, at.y + arm);
  }
  ink.stroke();
}

/** Last: rings and words of cards that are painted, and words under the labels of edges. */
export function drawOver(ink: Ink, frame: Frame): void {
  if (!frame.overlay) return;
  if (frame.detail === "cards") drawEdgeWords(ink, frame);
  drawNodeMarks(ink, frame);
}

function drawEdgeWords(ink: Ink, frame: Frame): void {
  const { overlay, palette, scene } = frame;
  for (const edge of edgesIn(frame.scene, frame.visibleArea)) {
    const mark = overlay?.edges.get(edge)?.layer;
    if (!mark || mark.word === "unseen" || frame.liveRoutes.has(edge)) continue;
    const box = labelOf(scene, edge);
    if (!box) continue;
    ink.font = `600 10px ${palette.font}`;
    // The legend says which verb it is.
    const words = mark.text.replace(/^taken /, "");
    const w = ink.measureText(words).width + 10;
    const at = wordsBox(frame, box, w);
    ink.beginPath();
    ink.roundRect(at.x, at.y, at.w, at.h, 7);
    ink.fillStyle = palette.surface;
    ink.fill();
    ink.lineWidth = 1;
    ink.strokeStyle = toneOf(palette, mark.word);
    ink.stroke();
    ink.fillStyle = toneOf(palette, mark.word);
    ink.textAlign = "center";
    ink.textBaseline = "middle";
    ink.fillText(words, at.x + w / 2, at.y + 8.5);
  }
  ink.textAlign = "left";
}

/** Return where the words of an edge stand: at the end of its label that no card covers, else on its corner. */
function wordsBox({ scene }: Frame, box: Rect, w: number): Rect {
  const [h, y] = [16, box.y + box.h / 2 - 8];
  const spots: Rect[] = [
    { x: box.x + box.w - LABEL_OVERLAP, y, w, h },
    { x: box.x - w + LABEL_OVERLAP, y, w, h },
    { x: box.x + box.w - w + LABEL_OVERLAP, y: box.y - 10, w, h },
  ];
  const free = (at: Rect) => scene.nodeIndex.search(at).length === 0;
  return spots.find(free) ?? (spots[2] as Rect);
}

/** Rings in one path a kind; words only where few enough are in sight to be read. */
function drawNodeMarks(ink: Ink, frame: Frame): void {
  const { overlay, palette, scene, view, visibleArea, movedPlaces } = frame;
  const elements = new Set(frame.cardElements);
  const markedNodes = cardsIn(scene, movedPlaces, visibleArea).flatMap((node) => {
    const mark = elements.has(node) ? undefined : overlay?.nodes.get(node);
    return mark ? [[node, mark] as const] : [];
  });
  const px = 1 / view.k;
  for (const word of ["unseen", "seen", "never", "idle", "stuck"] as const) {
    const some = markedNodes.filter(([, mark]) => mark.layer?.word === word);
    if (some.length === 0) continue;
    ink.strokeStyle = toneOf(palette, word);
    ink.lineWidth = (word === "seen" ? 3 : 1.75) * px;
    ink.setLineDash(word === "never" || word === "unseen" ? [4 * px, 4 * px] : []);
    ink.beginPath();
    for (const [node] of some) frameOf(ink, frame, node, 3 * px);
    ink.stroke();
    ink.setLineDash([]);
    if (word === "never") drawHatching(ink, frame, some);
  }
  const visited = markedNodes.filter(([, mark]) => mark.visit > 0 || mark.here);
  ink.strokeStyle = palette.accent;
  for (const here of [false, true]) {
    ink.lineWidth = (here ? 4 : 2) * px;
    ink.beginPath();
    for (const [node, mark] of visited) if (mark.here === here) frameOf(ink, frame, node, (here ? 5 : 3) * px);
    ink.stroke();
  }
  if (frame.detail !== "dots" && view.k >= WORDS_ZOOM && markedNodes.length <= MAX_CARDS_WITH_WORDS) {
    for (const [node, mark] of markedNodes) drawTag(ink, frame, node, mark);
  } else {
    for (const [node, mark] of markedNodes) if (mark.here) drawTag(ink, frame, node, mark);
  }
}

function frameOf(ink: Ink, frame: Frame, node: number, by: number): void {
  const [x, y] = placeOf(frame, node);
  ink.roundRect(x - by, y - by, CARD_W + 2 * by, CARD_H + 2 * by, 10 + by);
}

/** What is never reached is struck through with thin lines, by one path. */
function drawHatching(ink: Ink, frame: Frame, some: readonly (readonly [number, NodeMark])[]): void {
  const step = Math.max(14, 9 / frame.view.k);
  ink.save();
  ink.globalAlpha = 0.45;
  ink.lineWidth = 1 / frame.view.k;
  ink.beginPath();
  for (const [node] of some) {
    const [x, y] = placeOf(frame, node);
    for (let at = step; at < CARD_W + CARD_H; at += step) {
      ink.moveTo(x + Math.min(CARD_W, at), y + Math.max(0, at - CARD_W));
      ink.lineTo(x + Math.max(0, at - CARD_H), y + Math.min(CARD_H, at));
    }
  }
  ink.stroke();
  ink.restore();
}

/** The words of a card, on its upper edge, at their own size. */
function drawTag(ink: Ink, frame: Frame, node: number, mark: NodeMark): void {
  const { palette, view } = frame;
  const px = 1 / view.k;
  const [x, y] = placeOf(frame, node);
  const visit = mark.visit > 0 ? String(mark.visit) : "";
  // Where the whole card is its name, only its corner is free.
  const isCorner = mark.here && view.k < FAR_NAMES_ZOOM && !arePictured(frame);
  const words = mark.here ? "Here" : (mark.layer?.text ?? (visit || mark.local));
  if (words === "") return;
  const tone =
    mark.here || (visit !== "" && !mark.layer) ? palette.accent : toneOf(palette, mark.layer?.word ?? "never");
  ink.font = `600 ${10 * px}px ${palette.font}`;
  const icon = mark.here ? 12 * px : 0;
  const w = isCorner ? 16 * px : ink.measureText(words).width + 12 * px + icon;
  if (!mark.layer && !mark.here && w > CARD_W) return;
  const [left, top] = isCorner ? [x - 11 * px, y - 11 * px] : [x + 8 * px, y - 9 * px];
  ink.beginPath();
  ink.roundRect(left, top, w, 16 * px, 8 * px);
  ink.fillStyle = mark.here ? palette.accent : palette.surface;
  ink.fill();
  ink.lineWidth = px;
  ink.strokeStyle = tone;
  ink.stroke();
  const on = mark.here ? palette.surface : tone;
  if (mark.here) drawIcon(ink, "play", left + (isCorner ? 3 : 4) * px, top + 3 * px, 10 * px, on);
  if (isCorner) return;
  ink.fillStyle = on;
  ink.textBaseline = "middle";
  ink.textAlign = "left";
  ink.fillText(words, left + 6 * px + icon, top + 8.5 * px);
}

/** The colour of a mark; its words or shape say the same. */
function toneOf(palette: Frame["palette"], word: Word): string {
  if (word === "seen") return palette.win;
  if (word === "stuck") return palette.warning;
  return word === "idle" ? palette.error : palette.muted;
}
