/** Drawing edges: lines far away, curves with heads nearer, labels at reading zoom. */

import { drawOutline } from "../../map/canvas/outline";
import { type EdgeStyle, HEAD_ZOOM, isDirect, traceChord, traceHead, traceRoute } from "../../map/canvas/routes";
import { lastOf, overlap, pointOn, type Rect, type Route } from "../../map/geometry/curve";
import type { Edge } from "../../map/graph";
import { LABEL_H, type LabelBox, MARK_W, type Mark, marks } from "../../map/labels";
import { edgesIn, labelOf, type Scene } from "../../map/scene";
import { strongLabel } from "../../map/strong-label";
import { READING_ZOOM } from "../../map/viewport";
import { type IconName, iconPath } from "../../shared/ui/icon";
import { HANDLE_SIZE_PX, handles } from "../graph/edge-handles";
import { type EventName, eventNames, LINE_H } from "./event-names";
import { belongsToPart, type Frame } from "./frame";

type Ink = CanvasRenderingContext2D;

/** From so many lines on, those far away are kept as one path. */
const MANY_EDGES = 2000;
/** How wide the line is that is pointed at. */
const HOVER_WIDTH = 1.75;
/** The zoom at which the label of what is pointed at or selected has the size that it has further out. */
const STRONG_ZOOM = 0.8;
/** With more events selected than this their labels stay at their places. */
const MAX_MOVED_LABELS = 60;

export function drawEdges(ink: Ink, frame: Frame): void {
  const { scene, visibleArea, liveRoutes, part } = frame;
  const inView = part === "moving" ? [] : edgesIn(scene, visibleArea);
  const reconnectedEdge = frame.connecting?.moving?.edge ?? -1;
  const edgeCount = frame.edgeCount ?? inView.length;
  const many = frame.detail === "dots" && edgeCount > MANY_EDGES;
  if (many && part !== "moving") drawMany(ink, frame, edgeCount);
  const still = many ? [] : liveRoutes.size > 0 ? inView.filter((edge) => !liveRoutes.has(edge)) : inView;
  const all = part === "still" || liveRoutes.size === 0 ? still : still.concat([...liveRoutes.keys()]);
  const visible = reconnectedEdge >= 0 ? all.filter((edge) => edge !== reconnectedEdge) : all;
  drawStyled(ink, frame, visible);
  drawStubs(ink, frame, visible);
  drawHandles(ink, frame, visible);
}

function drawStyled(ink: Ink, frame: Frame, edges: readonly number[]): void {
  const { view, detail } = frame;
  for (const style of groupByStyle(frame, edges)) {
    ink.strokeStyle = style.colour;
    ink.fillStyle = style.colour;
    ink.lineWidth = style.width / view.k;
    ink.setLineDash(style.dashed && detail !== "dots" ? [6 / view.k, 5 / view.k] : []);
    ink.beginPath();
    for (const edge of style.edges) traceEdge(ink, frame, edge);
    ink.stroke();
    ink.setLineDash([]);
    if (view.k < HEAD_ZOOM) continue;
    ink.beginPath();
    for (const edge of style.edges) traceEdgeHead(ink, frame, edge, style.width);
    ink.fill();
  }
}

const pathCache = new WeakMap<Scene, { key: string; paths: { style: EdgeStyle; path: Path2D }[] }>();

/** Far away and very many: the lines of what stays, made once and kept until something about them changes. */
function drawMany(ink: Ink, frame: Frame, edgeCount: number): void {
  const { scene, palette, selectedNodes, selectedEvents, hover, liveRoutes, view } = frame;
  const key = `${palette.strong} ${palette.accent} ${[...selectedNodes]} ${[...selectedEvents]} ${[...liveRoutes.keys()]}`;
  let cached = pathCache.get(scene);
  if (cached?.key !== key) {
    const all = [...scene.routes.keys()];
    const styles = groupByStyle(
      { ...frame, hover: null },
      liveRoutes.size > 0 ? all.filter((edge) => !liveRoutes.has(edge)) : all,
    );
    cached = { key, paths: styles.map((style) => ({ style, path: chordPath(scene, style.edges) })) };
    pathCache.set(scene, cached);
  }
  for (const { style, path } of cached.paths) {
    ink.strokeStyle = style.colour;
    ink.lineWidth = style.width / view.k;
    // So many lines are a texture: thinner where there are more of them.
    ink.globalAlpha = style.colour === palette.strong ? Math.max(0.25, Math.min(1, 2500 / edgeCount)) : 1;
    ink.stroke(path);
  }
  ink.globalAlpha = 1;
  const hoveredEdge = hover?.kind === "edge" ? scene.graph.edges[hover.edge] : undefined;
  if (!hoveredEdge || selectedEvents.has(hoveredEdge.index)) return;
  const [from, to] = [scene.graph.first[hoveredEdge.index] ?? 0, scene.graph.first[hoveredEdge.index + 1] ?? 0];
  ink.strokeStyle = palette.accent;
  ink.lineWidth = HOVER_WIDTH / view.k;
  ink.stroke(
    chordPath(
      scene,
      Array.from({ length: to - from }, (_, at) => from + at),
    ),
  );
}

function chordPath(scene: Scene, edges: readonly number[]): Path2D {
  const path = new Path2D();
  for (const edge of edges) {
    const route = scene.routes[edge];
    if (route) traceChord(path, route);
  }
  return path;
}

/** Group edges by how they look; those that matter most come last, on top. */
function groupByStyle(frame: Frame, visible: readonly number[]): EdgeStyle[] {
  const { palette, scene, selectedNodes, selectedEvents, hover } = frame;
  const thin = frame.detail === "dots" ? 0.75 : 1.25;
  const layer = (colour: string, width: number): [EdgeStyle, EdgeStyle] => [
    { colour, width, dashed: false, edges: [] },
    { colour, width, dashed: true, edges: [] },
  ];
  const plainLayer = layer(palette.strong, thin);
  const faulty = layer(palette.error, thin + 0.25);
  const related = layer(palette.text, 1.75);
  const hovered = layer(palette.accent, HOVER_WIDTH);
  const selected = layer(palette.accent, 2.5);
  for (const index of visible) {
    const edge = scene.graph.edges[index];
    if (!edge) continue;
    const dash = edge.hidden || edge.timed ? 1 : 0;
    if (selectedEvents.has(edge.index)) selected[dash].edges.push(index);
    else if (hover?.kind === "edge" && scene.graph.edges[hover.edge]?.index === edge.index) {
      hovered[dash].edges.push(index);
    } else if (selectedNodes.size > 0 && (selectedNodes.has(edge.source) || selectedNodes.has(edge.target))) {
      related[dash].edges.push(index);
    } else if (edge.problems.error > 0) faulty[dash].edges.push(index);
    else plainLayer[dash].edges.push(index);
  }
  return [...plainLayer, ...faulty, ...related, ...hovered, ...selected].filter((style) => style.edges.length > 0);
}

export function routeAt(frame: Frame, edge: number): Route | undefined {
  return frame.liveRoutes.get(edge) ?? frame.scene.routes[edge];
}

function traceEdge(ink: Ink, frame: Frame, edge: number): void {
  const route = routeAt(frame, edge);
  if (!route) return;
  if (frame.detail === "dots" && isDirect(route)) traceChord(ink, route);
  else traceRoute(ink, route);
}

function traceEdgeHead(ink: Ink, frame: Frame, edge: number, width: number): void {
  const route = routeAt(frame, edge);
  if (route && (frame.scene.graph.edges[edge]?.target ?? -1) >= 0) traceHead(ink, route, width, frame.view.k);
}

/** A crossed circle where an edge leads nowhere. */
function drawStubs(ink: Ink, frame: Frame, visible: readonly number[]): void {
  if (frame.view.k < HEAD_ZOOM) return;
  ink.strokeStyle = frame.palette.error;
  ink.lineWidth = 1.5;
  ink.beginPath();
  for (const edge of visible) {
    const route = routeAt(frame, edge);
    if (!route || (frame.scene.graph.edges[edge]?.target ?? -1) >= 0) continue;
    const c = lastOf(route);
    ink.moveTo(c.x1 - 4, c.y1 - 4);
    ink.lineTo(c.x1 + 4, c.y1 + 4);
    ink.moveTo(c.x1 + 4, c.y1 - 4);
    ink.lineTo(c.x1 - 4, c.y1 + 4);
  }
  ink.stroke();
}

/** The ends of what is pointed at or selected, by which it can be taken up and led elsewhere. */
function drawHandles(ink: Ink, frame: Frame, visible: readonly number[]): void {
  const { palette, scene, view, hover, selectedEvents, detail } = frame;
  if (!frame.editable || detail === "dots" || frame.connecting) return;
  ink.lineWidth = 1.75 / view.k;
  ink.strokeStyle = palette.accent;
  ink.fillStyle = palette.surface;
  ink.beginPath();
  for (const edge of visible) {
    const one = scene.graph.edges[edge];
    const route = routeAt(frame, edge);
    if (!one || !route || !(hover?.kind === "edge" && hover.edge === edge) === !selectedEvents.has(one.index)) continue;
    for (const { at } of handles(one, route, view.k)) {
      ink.moveTo(at.x + HANDLE_SIZE_PX / view.k, at.y);
      ink.arc(at.x, at.y, HANDLE_SIZE_PX / view.k, 0, 2 * Math.PI);
    }
  }
  ink.fill();
  ink.stroke();
}

// ---- labels ------------------------------------------------------------------------------------

/**
 * Draw the labels of what is seen, as many as there is room for; or
 * those of what is selected and under the pointer, which lie over all cards and their names.
 */
export function drawLabels(ink: Ink, frame: Frame, areChosen = false): void {
  const { scene, view, visibleArea, selectedEvents, hover, liveRoutes, detail } = frame;
  const hovered = hover?.kind === "edge" ? scene.graph.edges[hover.edge]?.index : undefined;
  if (areChosen ? selectedEvents.size === 0 && hovered === undefined : detail === "dots") return;
  const names = eventNames(frame);
  for (const index of edgesIn(scene, visibleArea)) {
    const edge = scene.graph.edges[index];
    const isLive = liveRoutes.has(index);
    if (!edge || !belongsToPart(frame, isLive)) continue;
    if ((selectedEvents.has(edge.index) || edge.index === hovered) !== areChosen) continue;
    if (areChosen || (view.k >= READING_ZOOM && (isLive || names.has(index))))
      drawLabel(ink, frame, index, edge, labelOf(scene, index));
    else if (view.k < READING_ZOOM && names.has(index) && !isLive) drawName(ink, frame, edge, names.get(index));
    else if (detail === "titles") drawBadge(ink, frame, index, edge);
  }
}

/** Draw a name at middle zoom: its label, larger than it is on the map. */
function drawName(ink: Ink, frame: Frame, edge: Edge, box: EventName | undefined): void {
  if (box && isReadable(box, frame)) drawScaled(ink, frame, edge, box, box.scale, false, false);
}

/** Whether a label is in sight, and no part of it under the miniature of the map. */
function isReadable(box: Rect, { visibleArea, covered }: Frame): boolean {
  return overlap(box, visibleArea) && !(covered && overlap(box, covered));
}

/** Draw a label in a box that is some times larger than it is on the map. */
function drawScaled(
  ink: Ink,
  frame: Frame,
  edge: Edge,
  box: LabelBox,
  scale: number,
  isSelected: boolean,
  strong: boolean,
): void {
  ink.save();
  ink.translate(box.x, box.y);
  ink.scale(scale, scale);
  drawPill(ink, frame, edge, { ...box, x: 0, y: 0, w: box.w / scale, h: box.h / scale }, isSelected, strong);
  ink.restore();
}

function drawLabel(ink: Ink, frame: Frame, index: number, edge: Edge, label: LabelBox | null): void {
  const { selectedEvents, hover, scene } = frame;
  const box = liveLabelBox(frame, index, label);
  if (!box || !overlap(box, frame.visibleArea)) return;
  const isSelected = selectedEvents.has(edge.index);
  const isHovered = hover?.kind === "edge" && scene.graph.edges[hover.edge]?.index === edge.index;
  if (!isSelected && !isHovered) {
    if (isReadable(box, frame)) drawPill(ink, frame, edge, box, false, false);
    return;
  }
  const mayMove = selectedEvents.size <= MAX_MOVED_LABELS ? () => true : null;
  const { scale, ...place } = strongLabel(scene, box, frame.view.k, STRONG_ZOOM, mayMove);
  drawScaled(ink, frame, edge, { ...place, text: box.text }, scale, isSelected, true);
}

/** Draw the words and marks of a label in its box, at the size that it has on the map. */
function drawPill(ink: Ink, frame: Frame, edge: Edge, box: LabelBox, isSelected: boolean, strong: boolean): void {
  const { palette } = frame;
  ink.beginPath();
  ink.roundRect(box.x, box.y, box.w, box.h, LABEL_H / 2);
  ink.fillStyle = isSelected ? palette.accent : palette.surface;
  ink.fill();
  ink.lineWidth = 1;
  ink.strokeStyle = edge.problems.error > 0 ? palette.error : strong ? palette.accent : palette.line;
  ink.stroke();
  ink.font = `12px ${palette.font}`;
  const edgeMarks = marks(edge);
  const room = box.w - 12 - edgeMarks.length * MARK_W;
  const lines = box.text.split("\n");
  const wide = Math.min(room, Math.max(...lines.map((line) => ink.measureText(line).width)));
  const middle = box.y + box.h / 2;
  let x = box.x + (box.w - wide - edgeMarks.length * MARK_W) / 2;
  for (const mark of edgeMarks) {
    const tone = mark === "error" ? palette.error : mark === "warning" ? palette.warning : palette.muted;
    drawIcon(ink, mark, x, middle - 6, 12, isSelected ? palette.surface : tone);
    x += MARK_W;
  }
  ink.fillStyle = isSelected ? palette.surface : strong ? palette.accent : palette.text;
  ink.textBaseline = "middle";
  ink.textAlign = "center";
  lines.forEach((line, row) => {
    ink.fillText(line, x + wide / 2, middle + 0.5 + (row - (lines.length - 1) / 2) * LINE_H, room);
  });
}

/** What is shown of an edge where its label is too small to read, the first of these that holds. */
const BADGES: readonly Mark[] = ["error", "warning", "film", "lock"];

/** Where labels are too small to read: the mark of an edge that matters most, at a size of its own. */
function drawBadge(ink: Ink, frame: Frame, index: number, edge: Edge): void {
  const { palette, view, scene } = frame;
  const edgeMarks = marks(edge);
  const name = BADGES.find((mark) => edgeMarks.includes(mark));
  if (!name || view.k < HEAD_ZOOM) return;
  const box = liveLabelBox(frame, index, labelOf(scene, index));
  if (!box) return;
  const tone = name === "error" || name === "warning" ? palette[name] : palette.muted;
  const size = (tone === palette.muted ? 11 : 12) / view.k;
  const x = edge.target < 0 ? box.x + size : box.x + box.w / 2;
  const y = box.y + box.h / 2;
  ink.fillStyle = palette.surface2;
  ink.beginPath();
  ink.arc(x, y, size * 0.75, 0, 2 * Math.PI);
  ink.fill();
  drawIcon(ink, name, x - size / 2, y - size / 2, size, tone);
}

/** Return the label's box; of an edge that is being moved, at the middle of its route. */
function liveLabelBox(frame: Frame, index: number, label: LabelBox | null): LabelBox | null {
  const live = frame.liveRoutes.get(index);
  if (!label || !live) return label;
  const at = pointOn(live, 0.5);
  return { ...label, x: at.x - label.w / 2, y: at.y - label.h / 2 };
}

/** Draw an icon with its top left corner at (x, y). */
export function drawIcon(ink: Ink, name: IconName, x: number, y: number, size: number, colour: string): void {
  drawOutline(ink, iconPath(name), x, y, size, colour, 1.5);
}
