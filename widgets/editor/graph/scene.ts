/** The drawing: places and curves of a graph, indexed by where they are. */
import Flatbush from "flatbush";
import type { Position } from "../../shared/protocol";
import { bounds, type Curve, distance, inside, type Point, type Rect } from "./curve";
import type { Graph } from "./graph";
import { type LabelBox, placeLabels } from "./labels";
import { bend, CARD_H, CARD_W, cardRect, curveOf, type Slots, slots } from "./route";

export interface Scene {
  readonly graph: Graph;
  readonly places: readonly Position[];
  readonly curves: readonly Curve[];
  readonly shifts: Slots;
  readonly extent: Rect | null;
  readonly nodeIndex: Flatbush | null;
  readonly edgeIndex: Flatbush | null;
  /** The boxes of edge labels by edge; made when first asked for. */
  labels(): readonly (LabelBox | null)[];
}

export type Hit = { readonly kind: "node"; readonly node: number } | { readonly kind: "edge"; readonly edge: number };

/** Lay a graph out. States without a place, which the kernel is about to give, stand in a row below. */
export function buildScene(graph: Graph, layout: ReadonlyMap<string, Position>): Scene {
  const places = located(graph, layout);
  const shifts = slots(graph, places);
  const place = (node: number): Position => places[node] ?? [0, 0];
  const nodeIndex = indexed(places.map(cardRect));
  bend(graph, places, shifts, (x, y) => (nodeIndex?.search(x, y, x, y).length ?? 0) > 0);
  const curves = graph.edges.map((_, index) => curveOf(graph, index, place, shifts) as Curve);
  const edgeIndex = indexed(curves.map(bounds));
  let labels: readonly (LabelBox | null)[] | null = null;
  return {
    graph,
    places,
    curves,
    shifts,
    extent: extentOf(places),
    nodeIndex,
    edgeIndex,
    labels: () => {
      labels ??= placeLabels(graph, curves, nodeIndex);
      return labels;
    },
  };
}

/** Return the curves of the edges at some nodes while those nodes are moved. */
export function movedCurves(scene: Scene, moved: ReadonlyMap<number, Position>): Map<number, Curve> {
  const made = new Map<number, Curve>();
  const place = (node: number): Position => moved.get(node) ?? scene.places[node] ?? [0, 0];
  for (const node of moved.keys()) {
    for (const edge of [...(scene.graph.out[node] ?? []), ...(scene.graph.into[node] ?? [])]) {
      const curve = curveOf(scene.graph, edge, place, scene.shifts);
      if (curve) made.set(edge, curve);
    }
  }
  return made;
}

/** Return what is under a point: a card, else a label, else the nearest curve within `reach`. */
export function hit(scene: Scene, at: Point, reach: number, withLabels: boolean): Hit | null {
  const nodes = scene.nodeIndex?.search(at.x, at.y, at.x, at.y) ?? [];
  const node = nodes.length > 0 ? Math.max(...nodes) : -1;
  if (node >= 0) return { kind: "node", node };
  const near = scene.edgeIndex?.search(at.x - 120, at.y - 24, at.x + 120, at.y + 24) ?? [];
  let best = reach;
  let found = -1;
  const labels = withLabels ? scene.labels() : [];
  for (const edge of near) {
    const label = labels[edge];
    if (label && inside(label, at.x, at.y)) return { kind: "edge", edge };
    const curve = scene.curves[edge];
    const far = curve ? distance(curve, at.x, at.y) : Number.POSITIVE_INFINITY;
    if (far <= best) {
      best = far;
      found = edge;
    }
  }
  return found >= 0 ? { kind: "edge", edge: found } : null;
}

/** Return the rectangle around some places, or null when there are none. */
export function extentOf(places: readonly Position[]): Rect | null {
  if (places.length === 0) return null;
  let [left, top] = places[0] as Position;
  let [right, bottom] = [left, top];
  for (const [x, y] of places) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, w: right - left + CARD_W, h: bottom - top + CARD_H };
}

function located(graph: Graph, layout: ReadonlyMap<string, Position>): Position[] {
  const missing = graph.nodes.filter((node) => !layout.has(node.id)).length;
  const below = missing > 0 ? extentOf([...layout.values()]) : null;
  const top = below ? below.y + below.h + 96 : 0;
  let x = below?.x ?? 0;
  return graph.nodes.map((node) => {
    const place = layout.get(node.id);
    if (place) return place;
    const made: Position = [x, top];
    x += CARD_W + 72;
    return made;
  });
}

function indexed(rects: readonly Rect[]): Flatbush | null {
  if (rects.length === 0) return null;
  const index = new Flatbush(rects.length);
  for (const rect of rects) index.add(rect.x, rect.y, rect.x + rect.w, rect.y + rect.h);
  index.finish();
  return index;
}
