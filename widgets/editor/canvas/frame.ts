/** All that one picture is made from. */
import type { Position } from "../../shared/protocol";
import type { Curve, Point, Rect } from "../graph/curve";
import type { Hit, Scene } from "../graph/scene";
import type { Size, Viewport } from "../graph/viewport";
import type { Detail } from "../store";
import type { Palette } from "./palette";

export interface Frame {
  readonly scene: Scene;
  readonly view: Viewport;
  readonly size: Size;
  readonly ratio: number;
  readonly detail: Detail;
  readonly palette: Palette;
  /** The part of the world that is seen. */
  readonly seen: Rect;
  readonly selectedNode: number;
  readonly selectedEvent: number;
  readonly hover: Hit | null;
  readonly moved: ReadonlyMap<number, Position>;
  readonly live: ReadonlyMap<number, Curve>;
  readonly connecting: { readonly source: number; readonly target: number | null; readonly at: Point | null } | null;
}

export function placeOf(frame: Frame, node: number): Position {
  return frame.moved.get(node) ?? frame.scene.places[node] ?? [0, 0];
}
