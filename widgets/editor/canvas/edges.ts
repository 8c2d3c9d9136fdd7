/** Drawing edges: lines far away, curves with heads nearer, labels at reading zoom. */
import { type IconName, iconPath } from "../../shared/ui/icon";
import { type Curve, overlap, pointAt } from "../graph/curve";
import type { Edge } from "../graph/graph";
import { type LabelBox, MARK_W, marks } from "../graph/labels";
import type { Scene } from "../graph/scene";
import { READING } from "../graph/viewport";
import type { Frame } from "./frame";

type Ink = CanvasRenderingContext2D;

const HEAD = 8;
/** From this zoom on lines have heads; below, they would be all head. */
const HEADS = 0.22;

/** From so many lines on, those far away are kept as one path. */
const MANY = 2000;

interface Style {
  readonly colour: string;
  readonly width: number;
  readonly dashed: boolean;
  readonly edges: number[];
}

export function drawEdges(ink: Ink, frame: Frame): void {
  const { scene, view, seen, live } = frame;
  const found = scene.edgeIndex?.search(seen.x, seen.y, seen.x + seen.w, seen.y + seen.h) ?? [];
  const visible = live.size > 0 ? found.filter((edge) => !live.has(edge)).concat([...live.keys()]) : found;
  if (frame.detail === "dots" && live.size === 0 && found.length > MANY) {
    drawMany(ink, frame, found.length);
    return;
  }
  for (const style of styled(frame, visible)) {
    ink.strokeStyle = style.colour;
    ink.fillStyle = style.colour;
    ink.lineWidth = style.width / view.k;
    ink.setLineDash(style.dashed && frame.detail !== "dots" ? [6 / view.k, 5 / view.k] : []);
    ink.beginPath();
    for (const edge of style.edges) trace(ink, frame, edge);
    ink.stroke();
    ink.setLineDash([]);
    if (view.k < HEADS) continue;
    ink.beginPath();
    for (const edge of style.edges) head(ink, frame, edge, style.width);
    ink.fill();
  }
  drawStubs(ink, frame, visible);
}

const drawn = new WeakMap<Scene, { key: string; paths: { style: Style; path: Path2D }[] }>();

/** Far away and very many: the lines of the whole world, made once and kept until something about them changes. */
function drawMany(ink: Ink, frame: Frame, seen: number): void {
  const { scene, palette, selectedNode, selectedEvent, hover, view } = frame;
  const hovered = hover?.kind === "edge" ? hover.edge : -1;
  const key = `${palette.strong} ${palette.accent} ${selectedNode} ${selectedEvent} ${hovered}`;
  let kept = drawn.get(scene);
  if (kept?.key !== key) {
    const styles = styled(frame, [...scene.curves.keys()]);
    kept = { key, paths: styles.map((style) => ({ style, path: lines(scene, style.edges) })) };
    drawn.set(scene, kept);
  }
  for (const { style, path } of kept.paths) {
    ink.strokeStyle = style.colour;
    ink.lineWidth = style.width / view.k;
    // So many lines are a texture: thinner where there are more of them.
    ink.globalAlpha = style.colour === palette.strong ? Math.max(0.25, Math.min(1, 2500 / seen)) : 1;
    ink.stroke(path);
  }
  ink.globalAlpha = 1;
}

function lines(scene: Scene, edges: readonly number[]): Path2D {
  const path = new Path2D();
  for (const edge of edges) {
    const c = scene.curves[edge];
    if (!c) continue;
    path.moveTo(c.x0, c.y0);
    path.lineTo(c.x1, c.y1);
  }
  return path;
}

/** Group edges by how they look; those that matter most come last, on top. */
function styled(frame: Frame, visible: readonly number[]): Style[] {
  const { palette, scene, selectedNode, selectedEvent, hover } = frame;
  const thin = frame.detail === "dots" ? 0.75 : 1.25;
  const layer = (colour: string, width: number): [Style, Style] => [
    { colour, width, dashed: false, edges: [] },
    { colour, width, dashed: true, edges: [] },
  ];
  const plain = layer(palette.strong, thin);
  const faulty = layer(palette.error, thin + 0.25);
  const related = layer(palette.text, 1.75);
  const pointed = layer(palette.accent, 1.75);
  const chosen = layer(palette.accent, 2.5);
  for (const index of visible) {
    const edge = scene.graph.edges[index];
    if (!edge) continue;
    const dash = edge.hidden || edge.timed ? 1 : 0;
    if (edge.index === selectedEvent) chosen[dash].edges.push(index);
    else if (hover?.kind === "edge" && scene.graph.edges[hover.edge]?.index === edge.index) {
      pointed[dash].edges.push(index);
    } else if (selectedNode >= 0 && (edge.source === selectedNode || edge.target === selectedNode)) {
      related[dash].edges.push(index);
    } else if (edge.problems.error > 0) faulty[dash].edges.push(index);
    else plain[dash].edges.push(index);
  }
  return [...plain, ...faulty, ...related, ...pointed, ...chosen].filter((style) => style.edges.length > 0);
}

function curveAt(frame: Frame, edge: number): Curve | undefined {
  return frame.live.get(edge) ?? frame.scene.curves[edge];
}

function trace(ink: Ink, frame: Frame, edge: number): void {
  const c = curveAt(frame, edge);
  if (!c) return;
  ink.moveTo(c.x0, c.y0);
  if (frame.detail === "dots") ink.lineTo(c.x1, c.y1);
  else ink.bezierCurveTo(c.ax, c.ay, c.bx, c.by, c.x1, c.y1);
}

function head(ink: Ink, frame: Frame, edge: number, width: number): void {
  const c = curveAt(frame, edge);
  if (!c || (frame.scene.graph.edges[edge]?.target ?? -1) < 0) return;
  const long = Math.hypot(c.x1 - c.bx, c.y1 - c.by) || 1;
  const ux = (c.x1 - c.bx) / long;
  const uy = (c.y1 - c.by) / long;
  const size = (HEAD + width) * Math.max(0.7, Math.min(1.4, 0.8 / frame.view.k));
  const half = size * 0.45;
  ink.moveTo(c.x1, c.y1);
  ink.lineTo(c.x1 - ux * size - uy * half, c.y1 - uy * size + ux * half);
  ink.lineTo(c.x1 - ux * size + uy * half, c.y1 - uy * size - ux * half);
  ink.closePath();
}

/** A crossed circle where an edge leads nowhere. */
function drawStubs(ink: Ink, frame: Frame, visible: readonly number[]): void {
  if (frame.view.k < HEADS) return;
  ink.strokeStyle = frame.palette.error;
  ink.lineWidth = 1.5;
  ink.beginPath();
  for (const edge of visible) {
    const c = curveAt(frame, edge);
    if (!c || (frame.scene.graph.edges[edge]?.target ?? -1) >= 0) continue;
    ink.moveTo(c.x1 - 4, c.y1 - 4);
    ink.lineTo(c.x1 + 4, c.y1 + 4);
    ink.moveTo(c.x1 + 4, c.y1 - 4);
    ink.lineTo(c.x1 - 4, c.y1 + 4);
  }
  ink.stroke();
}

// ---- labels ------------------------------------------------------------------------------------

/** Draw the labels of what is seen: all of them at reading zoom, further out those of what is selected. */
export function drawLabels(ink: Ink, frame: Frame): void {
  const { scene, view, seen, selectedEvent, hover } = frame;
  const everything = view.k >= READING;
  if (frame.detail === "dots" && selectedEvent < 0 && hover?.kind !== "edge") return;
  const found = scene.edgeIndex?.search(seen.x, seen.y, seen.x + seen.w, seen.y + seen.h) ?? [];
  const hovered = hover?.kind === "edge" ? scene.graph.edges[hover.edge]?.index : undefined;
  const boxes = scene.labels();
  const last: number[] = [];
  for (const index of found) {
    const edge = scene.graph.edges[index];
    if (!edge) continue;
    if (edge.index === selectedEvent || edge.index === hovered) last.push(index);
    else if (everything) drawLabel(ink, frame, index, edge, boxes[index] ?? null);
    else if (frame.detail === "titles") drawBadge(ink, frame, index, edge, boxes[index] ?? null);
  }
  for (const index of last) {
    const edge = scene.graph.edges[index];
    if (edge) drawLabel(ink, frame, index, edge, boxes[index] ?? null);
  }
}

function drawLabel(ink: Ink, frame: Frame, index: number, edge: Edge, placed: LabelBox | null): void {
  const { palette, selectedEvent, hover, scene, view } = frame;
  const box = boxNow(frame, index, placed);
  if (!box || !overlap(box, frame.seen)) return;
  const chosen = edge.index === selectedEvent;
  const pointed = hover?.kind === "edge" && scene.graph.edges[hover.edge]?.index === edge.index;
  const strong = chosen || pointed;
  // Further out a label that must be read is drawn larger than its box.
  const grow = Math.max(1, Math.min(3, 0.8 / view.k));
  ink.save();
  if (strong && grow > 1) {
    ink.translate(box.x + box.w / 2, box.y + box.h / 2);
    ink.scale(grow, grow);
    ink.translate(-box.x - box.w / 2, -box.y - box.h / 2);
  }
  ink.beginPath();
  ink.roundRect(box.x, box.y, box.w, box.h, box.h / 2);
  ink.fillStyle = chosen ? palette.accent : palette.surface;
  ink.fill();
  ink.lineWidth = 1;
  ink.strokeStyle = edge.problems.error > 0 ? palette.error : strong ? palette.accent : palette.line;
  ink.stroke();
  ink.font = `12px ${palette.font}`;
  const found = marks(edge);
  const room = box.w - 12 - found.length * MARK_W;
  const wide = Math.min(room, ink.measureText(box.text).width);
  let x = box.x + (box.w - wide - found.length * MARK_W) / 2;
  for (const mark of found) {
    const tone = mark === "error" ? palette.error : mark === "warning" ? palette.warning : palette.muted;
    drawIcon(ink, mark, x, box.y + 5, 12, chosen ? palette.surface : tone);
    x += MARK_W;
  }
  ink.fillStyle = chosen ? palette.surface : strong ? palette.accent : palette.text;
  ink.textBaseline = "middle";
  ink.textAlign = "left";
  ink.fillText(box.text, x, box.y + box.h / 2 + 0.5, room);
  ink.restore();
}

/** Where labels are too small to read: what is wrong with an edge, as a mark of its own size. */
function drawBadge(ink: Ink, frame: Frame, index: number, edge: Edge, placed: LabelBox | null): void {
  const { palette, view } = frame;
  const box = boxNow(frame, index, placed);
  const name = edge.problems.error > 0 ? "error" : edge.problems.warning > 0 ? "warning" : null;
  if (!box || !name || view.k < HEADS) return;
  const size = 12 / view.k;
  const x = edge.target < 0 ? box.x + size : box.x + box.w / 2;
  const y = box.y + box.h / 2;
  ink.fillStyle = palette.surface;
  ink.beginPath();
  ink.arc(x, y, size * 0.75, 0, 2 * Math.PI);
  ink.fill();
  drawIcon(ink, name, x - size / 2, y - size / 2, size, palette[name]);
}

/** Return the label's box; of an edge that is being moved, at the middle of its curve. */
function boxNow(frame: Frame, index: number, placed: LabelBox | null): LabelBox | null {
  const live = frame.live.get(index);
  if (!placed || !live) return placed;
  const at = pointAt(live, 0.5);
  return { ...placed, x: at.x - placed.w / 2, y: at.y - placed.h / 2 };
}

const paths = new Map<IconName, Path2D>();

/** Draw an icon with its top left corner at (x, y). */
export function drawIcon(ink: Ink, name: IconName, x: number, y: number, size: number, colour: string): void {
  let path = paths.get(name);
  if (!path) {
    path = new Path2D(iconPath(name));
    paths.set(name, path);
  }
  ink.save();
  ink.translate(x, y);
  ink.scale(size / 16, size / 16);
  ink.strokeStyle = colour;
  ink.lineWidth = 1.5;
  ink.lineCap = "round";
  ink.lineJoin = "round";
  ink.stroke(path);
  ink.restore();
}
