/** All that painting one picture of the editor's map needs. */

import type { Picture } from "../../map/canvas/ground";
import type { Rect, Route } from "../../map/geometry/curve";
import type { Node } from "../../map/graph";
import { type Hit, nodesIn, type Scene } from "../../map/scene";
import type { Detail } from "../../map/viewport";
import type { MapColor, Note, Position } from "../../shared/protocol";
import type { DrawnRegion } from "../annotations/drawn";
import type { OverlayMarks } from "../overlay/marks";
import type { Thumbnails } from "../pictures/state";
import type { Connection } from "../store";
import type { FlagArcs } from "../tables/flag-arcs";

export interface Frame extends Picture {
  readonly scene: Scene;
  readonly detail: Detail;
  /** The part of the world that is seen. */
  readonly visibleArea: Rect;
  readonly selectedNodes: ReadonlySet<number>;
  readonly selectedEvents: ReadonlySet<number>;
  readonly hover: Hit | null;
  readonly movedPlaces: ReadonlyMap<number, Position>;
  /** The nodes whose cards are elements, which are not drawn; none are when it is left out. */
  readonly cardElements?: readonly number[];
  /** The routes of edges whose cards are being moved. */
  readonly liveRoutes: ReadonlyMap<number, Route>;
  readonly connecting: Connection | null;
  readonly editable: boolean;
  /** Which part is drawn, of what stays and what is being moved; both, and the ground, when it is left out. */
  readonly part?: "still" | "moving";
  /** How many edges count as in sight; as many as are found when it is left out. */
  readonly edgeCount?: number;
  /** What is drawn over the map; nothing when it is left out. */
  readonly overlay?: OverlayMarks;
  readonly regions?: readonly DrawnRegion[];
  /** The nodes that are inside a collapsed region, and are not drawn. */
  readonly hidden?: ReadonlyMap<number, number>;
  /** The nodes that do not stand out; all are plain when it is left out. */
  readonly dimmed?: ReadonlySet<number> | null;
  /** The colours of the tags of each node that has any. */
  readonly notes?: readonly Note[];
  readonly tags?: ReadonlyMap<number, readonly MapColor[]>;
  /** The pictures of states; none are drawn when it is left out. */
  readonly thumbnails?: Thumbnails | null;
  /** The flag that is drawn over the map, from where it is given to where it is needed. */
  readonly flagArcs?: FlagArcs | null;
}

export function placeOf(frame: Frame, node: number): Position {
  return frame.movedPlaces.get(node) ?? frame.scene.places[node] ?? [0, 0];
}

/**
 * Say whether a card is drawn as selected: its state is selected, a connection that is being drawn leads to it, or a
 * selected event stays in it and so has no line.
 */
export function isSelected({ scene, selectedNodes, selectedEvents, connecting }: Frame, node: number): boolean {
  return (
    selectedNodes.has(node) ||
    connecting?.other === node ||
    (scene.graph.nodes[node]?.local.some(({ index }) => selectedEvents.has(index)) ?? false)
  );
}

/** Say whether what moves, or what stays, belongs to the part that is drawn. */
export function belongsToPart({ part }: Frame, isMoving: boolean): boolean {
  return part === undefined || (part === "moving") === isMoving;
}

/** From this zoom on a card has room for a picture and a name; further out the name needs all of it. */
const PICTURES_ZOOM = 0.24;
/** No more pictures than this are drawn at once: so many cards are too small for them, or too many to look at. */
const MAX_PICTURES = 300;

/** Whether cards show pictures: they are on, large enough, and there are not too many. */
export function arePictured({
  thumbnails,
  view,
  scene,
  visibleArea,
}: Pick<Frame, "thumbnails" | "view" | "scene" | "visibleArea">): boolean {
  return Boolean(thumbnails) && view.k >= PICTURES_ZOOM && nodesIn(scene, visibleArea).length <= MAX_PICTURES;
}

/** Return the colour of what kind of scene a state is: the entrance, a win or a loss; null for any other. */
export function accentOf({ palette }: Pick<Frame, "palette">, node: Node): string | null {
  if (node.ending) return node.ending.kind === "win" ? palette.win : palette.lose;
  return node.start ? palette.accent : null;
}
