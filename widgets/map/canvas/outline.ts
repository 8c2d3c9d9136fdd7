/** Icons on a canvas: outlines on a 16-pixel grid. */

const paths = new Map<string, Path2D>();

/** Draw an outline with its top left corner at (x, y). */
export function drawOutline(
  ink: CanvasRenderingContext2D,
  outline: string,
  x: number,
  y: number,
  size: number,
  colour: string,
  width: number,
): void {
  let path = paths.get(outline);
  if (!path) {
    path = new Path2D(outline);
    paths.set(outline, path);
  }
  ink.save();
  ink.translate(x, y);
  ink.scale(size / 16, size / 16);
  ink.strokeStyle = colour;
  ink.lineWidth = width;
  ink.lineCap = "round";
  ink.lineJoin = "round";
  ink.stroke(path);
  ink.restore();
}
