/**
 * A piece of a world on the clipboard: states, the events among them, and their relative positions.
 *
 * Pasted text may come from anywhere: it is read as data, its names are made unique, and the kernel checks the rest.
 */

import { MAP_COLOURS } from "../../map/canvas/palette";
import type { Doc } from "../../map/document";
import { PITCH_X, PITCH_Y } from "../../map/geometry/dimensions";
import { firstCharacters } from "../../shared/format";
import { isObject, type JsonObject, object, text } from "../../shared/json";
import type { Op, Position, Positions, Region } from "../../shared/protocol";
import { freeName, nameFromProse } from "./names";
import { sources, usedNames } from "./ops";

const FORMAT = "smworld-fragment";

export interface FragmentState {
  readonly id: string;
  readonly state: JsonObject;
  /** Where its card stood. */
  readonly at?: Position;
}

export interface Fragment {
  readonly states: readonly FragmentState[];
  readonly events: readonly JsonObject[];
  /** The region that they are, when they are all of one. */
  readonly region?: FragmentRegion;
}

export type FragmentRegion = Pick<Region, "name" | "color">;

/** Return some states and the events among them; events named alone come whole. */
export function fragmentOf(
  doc: Doc,
  states: ReadonlySet<string>,
  events: ReadonlySet<number>,
  place: (id: string) => Position | undefined,
): Fragment {
  const cuts = cutTargets(doc);
  const among = (event: JsonObject): boolean => {
    const to = text(event.to);
    return event.to === undefined || event.to === null || states.has(cuts.get(to) ?? to);
  };
  const fragments: JsonObject[] = [];
  doc.events.forEach((event, index) => {
    const from = sources(event).filter((id) => states.has(id));
    if (from.length > 0 && among(event)) fragments.push({ ...event, from });
    else if (events.has(index)) fragments.push(event);
  });
  return {
    states: doc.states
      .filter(({ id }) => states.has(id))
      .map(({ id, body }) => {
        const at = place(id);
        return at ? { id, state: body, at } : { id, state: body };
      }),
    events: fragments,
  };
}

function cutTargets(doc: Doc): Map<string, string> {
  const cuts = Array.isArray(doc.world.cutscenes) ? doc.world.cutscenes.map(object) : [];
  // of several with one id the first is played
  return new Map(cuts.reverse().map((cut) => [text(cut.id), text(cut.to)]));
}

export function serializeFragment(fragment: Fragment): string {
  return JSON.stringify({ format: FORMAT, version: 1, ...fragment }, null, 2);
}

/** Read what is on the clipboard: a fragment, a world, a state, an event; null when it is none of these. */
export function readFragment(clipboardText: string): Fragment | null {
  let value: unknown;
  try {
    value = JSON.parse(clipboardText);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  if (value.format === FORMAT) return fragment(value);
  const scene = object(isObject(value.world) ? value.world.scene : value.scene);
  if (isObject(scene.states)) {
    const states = Object.entries(scene.states).map(([id, state]) => ({ id, state: object(state) }));
    return { states, events: objects(scene.events) };
  }
  if (typeof value.name === "string" && value.from !== undefined) return { states: [], events: [value] };
  if (typeof value.base === "string") return { states: [{ id: "", state: value }], events: [] };
  const entries = Object.entries(value);
  const areStates = entries.every(([, state]) => isObject(state) && typeof state.base === "string");
  if (entries.length === 0 || !areStates) return null;
  return { states: entries.map(([id, state]) => ({ id, state: object(state) })), events: [] };
}

function fragment(value: JsonObject): Fragment {
  const states = objects(value.states).map((one): FragmentState => {
    const [x, y] = Array.isArray(one.at) ? one.at : [];
    const body = { id: text(one.id), state: object(one.state) };
    const hasPlace = typeof x === "number" && typeof y === "number" && Number.isFinite(x) && Number.isFinite(y);
    return hasPlace ? { ...body, at: [x, y] } : body;
  });
  const region = regionIn(value.region);
  return { states, events: objects(value.events), ...(region && states.length > 0 ? { region } : {}) };
}

/** Read the region of a fragment; what it says is checked by the kernel, but for the colour, which may be left out. */
function regionIn(value: unknown): FragmentRegion | null {
  const name = firstCharacters(text(object(value).name), 120).trim();
  const color = MAP_COLOURS.find((one) => one === object(value).color) ?? "blue";
  return name === "" ? null : { name, color };
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export interface PasteEdit {
  readonly ops: Op[];
  readonly positions: Positions;
  readonly states: readonly string[];
  readonly events: readonly string[];
  /** How many events were left out because they lead nowhere here. */
  readonly left: number;
}

/**
 * Return the batch that puts a fragment into a world, its top left corner at a place.
 * Events without states among them are offered in `onto`, else where they were.
 */
export function pasteFragment(doc: Doc, from: Fragment, at: Position, onto: string | null): PasteEdit {
  const isUsed = usedNames(doc);
  const exists = new Set(doc.states.map(({ id }) => id));
  const ids = new Map<string, string>();
  const newIds = new Set<string>();
  const fresh = from.states.map(({ id, state }) => {
    const preferred = id || nameFromProse(text(state.base));
    const freeId = freeName(preferred, (name) => isUsed.state(name) || newIds.has(name));
    newIds.add(freeId);
    if (!ids.has(id)) ids.set(id, freeId);
    return { id: freeId, state };
  });

  const names = new Set<string>();
  const events: JsonObject[] = [];
  for (const event of from.events) {
    const to = text(event.to);
    const goes = ids.get(to) ?? (isUsed.state(to) ? to : null);
    const own = sources(event).flatMap((id) => ids.get(id) ?? []);
    const elsewhere =
      from.states.length > 0 ? [] : onto !== null ? [onto] : sources(event).filter((id) => exists.has(id));
    const begins = own.length > 0 ? own : elsewhere;
    if (begins.length === 0 || (to !== "" && goes === null)) continue;
    const name = freeName(text(event.name) || "event", (one) => isUsed.event(one) || names.has(one));
    names.add(name);
    events.push({ ...event, name, from: begins, ...(goes === null ? {} : { to: goes }) });
  }

  return {
    ops: [
      ...fresh.map(({ id, state }): Op => ({ op: "add_state", id, state })),
      ...events.map((event): Op => ({ op: "add_event", event })),
    ],
    positions: Object.fromEntries(spreadPlaces(from.states, at).map((place, index) => [fresh[index]?.id ?? "", place])),
    states: fresh.map(({ id }) => id),
    events: [...names],
    left: from.events.length - events.length,
  };
}

/** Return where pasted cards stand: as they stood to each other, those without a place in rows below. */
export function spreadPlaces(states: readonly FragmentState[], at: Position): Position[] {
  const corners = states.flatMap((state) => (state.at ? [state.at] : []));
  const left = Math.min(...corners.map(([x]) => x));
  const top = Math.min(...corners.map(([, y]) => y));
  const below = corners.length > 0 ? Math.max(...corners.map(([, y]) => y)) - top + PITCH_Y : 0;
  const wide = Math.max(1, Math.ceil(Math.sqrt(states.length - corners.length)));
  let n = 0;
  return states.map((state): Position => {
    if (state.at) return [at[0] + state.at[0] - left, at[1] + state.at[1] - top];
    const place: Position = [at[0] + (n % wide) * PITCH_X, at[1] + below + Math.floor(n / wide) * PITCH_Y];
    n += 1;
    return place;
  });
}
