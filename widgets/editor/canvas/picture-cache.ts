/**
 * A cached picture of the far map. Thousands of lines take longer to draw than a frame lasts, so while the map is moved,
 * or a card over it, the cached picture is shown. A map at rest is always drawn, and looks the same.
 */
import { resizeCanvas } from "../../map/canvas/ground";
import { edgesIn } from "../../map/scene";
import { pan, visibleRect } from "../../map/viewport";
import type { Frame } from "./frame";
import { paint, paintGround } from "./paint";
import { groundMoves } from "./regions";

/** With fewer edges than this, drawing takes no longer than showing a picture. */
const MIN_CACHED_EDGES = 400;
/** Pixels around what is seen that the picture holds as well, so that the map can be moved by so much. */
const MARGIN_PX = 192;

interface Picture {
  readonly key: readonly unknown[];
  readonly view: Frame["view"];
  readonly canvas: HTMLCanvasElement;
  /** Whether the ground is in the picture; the ground of a region whose cards are being moved changes with them. */
  readonly hasGround: boolean;
}

export class PictureCache {
  #picture: Picture | null = null;
  #last: readonly unknown[] = [];

  /** Show a frame, by the picture where that will do. Returns whether all of it was drawn. */
  show(ink: CanvasRenderingContext2D, frame: Frame): boolean {
    const key = keyOf(frame);
    const isMoving = frame.movedPlaces.size > 0 || sameParts(key, this.#last);
    this.#last = key;
    if (!isMoving || !canReuse(frame)) {
      paint(ink, frame);
      return true;
    }
    const hasGround = !groundMoves(frame);
    let picture = this.#picture;
    if (!picture || !sameParts(key, picture.key) || !isWithinMargin(picture.view, frame.view)) {
      const canvas = picture?.hasGround === hasGround ? picture.canvas : undefined;
      picture = { key, view: frame.view, canvas: drawPicture(frame, hasGround, canvas), hasGround };
      this.#picture = picture;
    }
    if (!hasGround) paintGround(ink, frame);
    const { ratio, view } = frame;
    const [x, y] = [view.x - picture.view.x - MARGIN_PX, view.y - picture.view.y - MARGIN_PX];
    ink.setTransform(1, 0, 0, 1, 0, 0);
    ink.drawImage(picture.canvas, Math.round(x * ratio), Math.round(y * ratio));
    if (frame.movedPlaces.size > 0) paint(ink, { ...frame, part: "moving" });
    return false;
  }
}

function canReuse({ detail, scene, movedPlaces, overlay }: Frame): boolean {
  if (detail !== "dots" || scene.graph.edges.length < MIN_CACHED_EDGES) return false;
  // What an overlay marks lies under and over the cards: it is not parted into what moves and what stays.
  return movedPlaces.size === 0 || !overlay || overlay.nodes.size + overlay.edges.size === 0;
}

/** All that a picture depends on, besides where the view is. */
function keyOf(frame: Frame): readonly unknown[] {
  const { scene, view, size, ratio, palette, selectedNodes, selectedEvents, hover, connecting, editable, overlay } =
    frame;
  const parts = [
    scene,
    view.k,
    size.w,
    size.h,
    ratio,
    palette,
    selectedNodes,
    selectedEvents,
    hover,
    connecting,
    editable,
  ];
  return [
    ...parts,
    overlay,
    frame.flagArcs,
    frame.thumbnails,
    frame.regions,
    frame.hidden,
    frame.dimmed,
    frame.tags,
    frame.notes,
    [...frame.movedPlaces.keys()].join(),
  ];
}

function sameParts(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

function isWithinMargin(a: Frame["view"], b: Frame["view"]): boolean {
  return Math.abs(a.x - b.x) <= MARGIN_PX && Math.abs(a.y - b.y) <= MARGIN_PX;
}

/** Draw what stays, with a margin around it, on a canvas of its own. */
function drawPicture(frame: Frame, hasGround: boolean, canvas = document.createElement("canvas")): HTMLCanvasElement {
  const { ratio } = frame;
  const size = { w: frame.size.w + 2 * MARGIN_PX, h: frame.size.h + 2 * MARGIN_PX };
  const view = pan(frame.view, MARGIN_PX, MARGIN_PX);
  resizeCanvas(canvas, size, ratio);
  const ink = canvas.getContext("2d", { alpha: !hasGround });
  if (!ink) return canvas;
  const visibleArea = visibleRect(view, size, 8);
  // As thin as the lines are where the margin is not seen.
  const edgeCount = edgesIn(frame.scene, frame.visibleArea).length;
  const still: Frame = { ...frame, size, view, visibleArea, part: "still", edgeCount };
  if (hasGround) paintGround(ink, still);
  else {
    ink.setTransform(1, 0, 0, 1, 0, 0);
    ink.clearRect(0, 0, canvas.width, canvas.height);
  }
  paint(ink, still);
  return canvas;
}
