/** The world as the browser holds it: a copy of the kernel's. */
import { isObject, type JsonObject, object } from "../shared/json";
import type { Diagnostic, Position, RuleInfo, Seed } from "../shared/protocol";
import { type Annotations, NO_ANNOTATIONS, patchAnnotations } from "./annotations";

export interface StateEntry {
  readonly id: string;
  readonly body: JsonObject;
}

export interface Doc {
  readonly rev: string;
  /** Top-level fields of the world, without `scene`. */
  readonly world: JsonObject;
  /** The scene's own fields besides its states and events. */
  readonly scene: JsonObject;
  readonly states: readonly StateEntry[];
  readonly events: readonly JsonObject[];
  readonly layout: ReadonlyMap<string, Position>;
  readonly annotations: Annotations;
  readonly diagnostics: readonly Diagnostic[];
  readonly undo: string | null;
  readonly redo: string | null;
  readonly rules: { readonly [lint: string]: RuleInfo };
  /** Whether the order of `states` is known to be the kernel's, so that splices by index hold. */
  readonly ordered: boolean;
}

export const EMPTY_DOC: Doc = {
  rev: "0",
  world: {},
  scene: {},
  states: [],
  events: [],
  layout: new Map(),
  annotations: NO_ANNOTATIONS,
  diagnostics: [],
  undo: null,
  redo: null,
  rules: {},
  ordered: true,
};

const INDEX = /^(0|[1-9]\d{0,9})$/;

/** Return the document of a seed; the empty document when there is nothing to read. */
export function fromSeed(seed: Seed | null | undefined): Doc {
  if (!isObject(seed) || !isObject(seed.world)) return EMPTY_DOC;
  const { scene: whole, ...world } = seed.world;
  const { states: byId, events, ...scene } = object(whole);
  const bodies = object(byId);
  // Objects put keys that look like array indices first, whatever their order in the JSON text.
  const order = Array.isArray(seed.order) && seed.order.length === Object.keys(bodies).length ? seed.order : null;
  const ids = order ?? Object.keys(bodies);
  return {
    rev: String(seed.rev),
    world,
    scene,
    states: ids.map((id) => ({ id, body: object(bodies[id]) })),
    events: Array.isArray(events) ? events.map(object) : [],
    layout: new Map(Object.entries(seed.layout ?? {}).filter(([, place]) => isPlace(place))),
    annotations: patchAnnotations(NO_ANNOTATIONS, seed.annotations),
    diagnostics: seed.diagnostics ?? [],
    undo: seed.undo ?? null,
    redo: seed.redo ?? null,
    rules: seed.rules ?? {},
    ordered: order !== null || !ids.some((id) => INDEX.test(id)),
  };
}

export function isPlace(place: unknown): place is Position {
  return Array.isArray(place) && place.length === 2 && place.every((at) => Number.isFinite(at));
}
