/** Notes from far away: spots of their colours; to-dos that are left have a hole. */
import { NOTE_H, NOTE_W, NOTE_ZOOM } from "../annotations/note-layout";
import { type Frame, placeOf } from "./frame";

export function drawNoteSpots(ink: CanvasRenderingContext2D, frame: Frame): void {
  const { notes, view, palette, scene } = frame;
  if (!notes || view.k >= NOTE_ZOOM) return;
  const size = Math.max(NOTE_H * 0.8, 8 / view.k);
  for (const note of notes) {
    const node = note.state === null ? -1 : (scene.graph.byId.get(note.state) ?? -1);
    const [x, y] = node < 0 ? [0, 0] : placeOf(frame, node);
    const [left, top] = [note.at[0] + x + (NOTE_W - size) / 2, note.at[1] + y + (NOTE_H - size) / 2];
    ink.fillStyle = palette.hues[note.color];
    ink.fillRect(left, top, size, size);
    if (!note.todo || note.done) continue;
    ink.fillStyle = palette.surface;
    ink.fillRect(left + size * 0.3, top + size * 0.3, size * 0.4, size * 0.4);
  }
}
