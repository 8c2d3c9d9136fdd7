/**
 * The document as the map shows it while regions are collapsed.
 *
 * A collapsed region is one more state, to which the events of its states lead and from which they start. Its own states
 * stay in the list, so that numbers of states and events mean the same in both documents; they have no events, and stand
 * where the box stands, under it.
 */
import type { Doc, StateEntry } from "../../map/document";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import { extentOf } from "../../map/scene";
import { type JsonObject, text, texts } from "../../shared/json";
import type { Position, Region } from "../../shared/protocol";

export interface Projection {
  /** What is drawn; the document itself while nothing is collapsed. */
  readonly doc: Doc;
  /** The collapsed region of each box, by the number of its node. */
  readonly boxes: ReadonlyMap<number, string>;
  /** The numbers of the nodes that are inside a box, with the number of that box. */
  readonly hidden: ReadonlyMap<number, number>;
  /** What it was made of. */
  readonly source: Pick<Doc, "states" | "events" | "layout">;
  readonly collapsed: readonly Region[];
  readonly events: Map<JsonObject, JsonObject>;
}

const EMPTY_MAP = new Map<number, never>();

/** Return the id of a collapsed region's box; no state can have it. */
function boxId(region: string): string {
  return `\u0000${region}`;
}

/** Return the region of a box's id; null for the id of a state. */
export function regionOfBox(id: string): string | null {
  return id.startsWith("\u0000") ? id.slice(1) : null;
}

/** Return what is drawn of a document while some regions, by their ids, are collapsed. */
export function project(
  doc: Doc,
  collapsed: readonly (readonly [string, Region])[],
  before: Projection | null,
): Projection {
  if (collapsed.length === 0) {
    return { doc, boxes: EMPTY_MAP, hidden: EMPTY_MAP, source: doc, collapsed: [], events: new Map() };
  }
  const numbers = new Map(doc.states.map(({ id }, index) => [id, index]));
  const boxes = new Map<number, string>();
  const hidden = new Map<number, number>();
  const boxOf = new Map<string, string>();
  const entries: StateEntry[] = [];
  const layout = new Map(doc.layout) as Map<string, Position>;
  for (const [id, region] of collapsed) {
    const members = region.states.filter((state) => numbers.has(state));
    const place = middleOf(members, doc);
    if (!place) continue;
    const box = doc.states.length + entries.length;
    boxes.set(box, id);
    entries.push({ id: boxId(id), body: bodyOf(region) });
    layout.set(boxId(id), place);
    for (const state of members) {
      boxOf.set(state, boxId(id));
      hidden.set(numbers.get(state) as number, box);
      layout.set(state, place);
    }
  }
  const regionsKept = before !== null && sameRegions(before.collapsed, collapsed);
  const eventsBefore = regionsKept ? before.events : new Map<JsonObject, JsonObject>();
  const projectedEvents = new Map<JsonObject, JsonObject>();
  const events =
    regionsKept && before.source.events === doc.events
      ? before.doc.events
      : doc.events.map((event) => {
          const projected = eventsBefore.get(event) ?? projectEvent(event, boxOf);
          if (projected !== event) projectedEvents.set(event, projected);
          return projected;
        });
  const statesKept = regionsKept && before.source.states === doc.states;
  const states = statesKept ? before.doc.states : [...doc.states, ...entries];
  const placesKept = statesKept && before.source.layout === doc.layout;
  return {
    doc: { ...doc, states, events, layout: placesKept ? before.doc.layout : layout },
    boxes,
    hidden,
    source: doc,
    collapsed: collapsed.map(([, region]) => region),
    events: projectedEvents.size > 0 ? projectedEvents : eventsBefore,
  };
}

const bodies = new WeakMap<Region, JsonObject>();

function bodyOf(region: Region): JsonObject {
  const body = bodies.get(region) ?? {};
  bodies.set(region, body);
  return body;
}

function sameRegions(before: readonly Region[], now: readonly (readonly [string, Region])[]): boolean {
  return before.length === now.length && now.every(([, region], at) => region === before[at]);
}

/** Return where a box stands: in the middle of the cards that it stands for. */
function middleOf(members: readonly string[], doc: Doc): Position | null {
  const extent = extentOf(
    members.flatMap((state) => {
      const place = doc.layout.get(state);
      return place ? [place] : [];
    }),
  );
  return extent && [extent.x + (extent.w - CARD_W) / 2, extent.y + (extent.h - CARD_H) / 2];
}

/** Return an event as it is drawn: between boxes, and not at all within one. */
function projectEvent(event: JsonObject, boxOf: ReadonlyMap<string, string>): JsonObject {
  const from = texts(event.from);
  const to = text(event.to);
  if (!boxOf.has(to) && !from.some((id) => boxOf.has(id))) return event;
  if (to === "") return { ...event, from: from.filter((id) => !boxOf.has(id)) };
  const end = boxOf.get(to) ?? to;
  const begins = [...new Set(from.map((id) => boxOf.get(id) ?? id))].filter((id) => id !== end || id === to);
  return { ...event, from: begins, to: end };
}
