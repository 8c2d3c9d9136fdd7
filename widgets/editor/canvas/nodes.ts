/** Drawing states that are not elements: titled cards at middle zoom, marks far away. */
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { FAR_NAMES_ZOOM } from "../../map/viewport";
import { cardsIn } from "./card-elements";
import { namesInSight } from "./far-names";
import { arePictured, belongsToPart, type Frame, isSelected, placeOf } from "./frame";
import { drawCollapsed } from "./regions";
import { drawTitled } from "./titled-card";

type Ink = CanvasRenderingContext2D;

export function drawNodes(ink: Ink, frame: Frame): void {
  const { scene, visibleArea, movedPlaces, hidden } = frame;
  const all = cardsIn(scene, movedPlaces, visibleArea);
  const visible = all.filter((node) => belongsToPart(frame, movedPlaces.has(node)) && !hidden?.has(node));
  const boxes = new Map(frame.regions?.map((region) => [region.box, region]));
  for (const node of visible) {
    const region = boxes.get(node);
    if (region) drawCollapsed(ink, frame, region);
  }
  const elements = new Set(frame.cardElements);
  const states = visible.filter((node) => !boxes.has(node) && !elements.has(node));
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
  if (frame.view.k < FAR_NAMES_ZOOM && !isPictured) drawDots(ink, frame, nodes);
  else for (const node of nodes) drawTitled(ink, withoutPictures, node);
  drawTagMarks(ink, frame, nodes);
}

/** The colours of a state's tags, as a row of marks on the upper edge of its card. */
function drawTagMarks(ink: Ink, frame: Frame, nodes: readonly number[]): void {
  const { tags, view, palette } = frame;
  if (!tags || tags.size === 0) return;
  const size = Math.max(36, 7 / view.k);
  // Far out a name may cover all of its card.
  const above = view.k < FAR_NAMES_ZOOM ? size * 0.66 : size / 3;
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

/** Far away: one path a colour, for states without a name. Endings and the entrance also differ by shape. */
function drawDots(ink: Ink, frame: Frame, all: readonly number[]): void {
  const { palette, scene } = frame;
  const named = new Set(namesInSight(frame).map(({ node }) => node));
  const visible = all.filter((node) => !named.has(node));
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
    ink.fillStyle = colour;
    ink.fill();
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
  for (const node of visible) if (isSelected(frame, node)) traceOutline(ink, frame, node, 4 / frame.view.k);
  ink.stroke();
}

function traceOutline(ink: Ink, frame: Frame, node: number, by: number): void {
  const [x, y] = placeOf(frame, node);
  ink.rect(x - by, y - by, CARD_W + 2 * by, CARD_H + 2 * by);
}
