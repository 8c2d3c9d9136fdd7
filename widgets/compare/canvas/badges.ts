/** Badges on the canvas: a mark's icon, alone or in a disc that has the same size at every zoom. */
import { drawOutline } from "../../map/canvas/outline";
import type { Mark } from "../data";
import { OUTLINES, toneOf } from "../mark-display";
import type { Frame } from "./frame";

type Ink = CanvasRenderingContext2D;
type Shown = Exclude<Mark, "same">;

/** Draw a mark's icon with its top left corner at (x, y). */
export function drawMark(ink: Ink, mark: Shown, x: number, y: number, size: number, colour: string): void {
  drawOutline(ink, OUTLINES[mark], x, y, size, colour, 2);
}

/** Draw the badge of an undecided conflict: a triangle, unlike every mark, `size` units of `k` across. */
export function drawConflictBadge(ink: Ink, { palette, view: { k } }: Frame, x: number, y: number, size: number): void {
  const half = (size * 0.65) / k;
  ink.beginPath();
  ink.moveTo(x, y - half);
  ink.lineTo(x + half, y + half * 0.8);
  ink.lineTo(x - half, y + half * 0.8);
  ink.closePath();
  ink.lineJoin = "round";
  ink.lineWidth = 2 / k;
  ink.strokeStyle = palette.surface;
  ink.stroke();
  ink.fillStyle = palette.error;
  ink.fill();
  ink.fillStyle = palette.surface;
  const bar = half * 0.22;
  ink.fillRect(x - bar / 2, y - half * 0.35, bar, half * 0.6);
  ink.fillRect(x - bar / 2, y + half * 0.42, bar, bar);
}

/** Draw a mark in a disc around a point of the map, `size` pixels across on the screen. */
export function drawMarkBadge(
  ink: Ink,
  { palette, view }: Frame,
  mark: Mark,
  x: number,
  y: number,
  size: number,
): void {
  const colour = toneOf(mark);
  if (!colour || mark === "same") return;
  const half = size / 2 / view.k;
  ink.beginPath();
  ink.arc(x, y, half, 0, 2 * Math.PI);
  ink.fillStyle = palette[colour];
  ink.fill();
  ink.lineWidth = 1.5 / view.k;
  ink.strokeStyle = palette.surface;
  ink.stroke();
  const icon = half * 1.3;
  drawMark(ink, mark, x - icon / 2, y - icon / 2, icon, palette.surface);
}
