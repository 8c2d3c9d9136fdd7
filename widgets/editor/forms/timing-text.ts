/** Texts about timing: when an event lands, and how long its parts take. Defaults are those of the runtime. */
import { isObject, type Json, type JsonObject, object, text, texts } from "../../shared/json";

export const TIMEOUT_MS = 20_000;
const PHASE_MS = 5000;
const MIN_PHASE_MS = 1000;
export const DEFAULT_METRES_PER_SECOND = 14;

/** Return a duration for a person: "0.35 s", "2.1 s", "1 min 30 s". */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return "forever";
  if (ms < 1000) return `${Math.round(ms / 10) / 100} s`;
  const tenths = Math.round(ms / 100) / 10;
  if (tenths < 60) return `${tenths} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = `${Math.floor(seconds / 60)} min`;
  return seconds % 60 > 0 ? `${minutes} ${seconds % 60} s` : minutes;
}

/** Say when an event lands, given the arrival label of where it leads. */
export function landingWords(event: JsonObject, arriveLabel: string): string {
  const spec = isObject(event.landWhen) ? event.landWhen : null;
  if (!spec) {
    return arriveLabel === ""
      ? "It lands as soon as it has played."
      : `It lands when “${arriveLabel}” is seen, the arrival label of its destination.`;
  }
  const clauses = clausesOf(spec);
  const hits = Math.max(1, Math.ceil(number(spec.hits) ?? 1));
  const looks = hits === 1 ? "" : `, in ${hits} checks${spec.auto === true ? " in a row" : ""}`;
  if (spec.auto === true) {
    const zone = clauses.filter(({ measured: isMeasured }) => isMeasured);
    if (zone.length === 0) return "A trigger zone fires on brightness or motion, and neither is set: it never fires.";
    return `A trigger zone: it fires by itself when ${either(zone)}${looks}.`;
  }
  if (clauses.length === 0) return "No evidence is set: it waits until the timeout, then lands unverified.";
  const timeout = Math.max(0, number(spec.timeoutMs) ?? TIMEOUT_MS);
  return `It lands when ${either(clauses)}${looks}; after ${duration(timeout)} it lands anyway, unverified.`;
}

interface Clause {
  readonly words: string;
  readonly measured: boolean;
}

function clausesOf(spec: JsonObject): Clause[] {
  const clauses: Clause[] = [];
  const labels = [text(spec.label), ...texts(spec.aliases)].filter((label) => label.trim() !== "");
  const extent = number(spec.minExtent);
  if (labels.length > 0 || extent !== null) {
    const what = labels.length > 0 ? labels.map((label) => `“${label}”`).join(" or ") : "anything";
    const size = extent === null ? "is seen" : `covers ${round(extent * 100)}% of the picture`;
    clauses.push({ words: `${what} ${size}`, measured: false });
  }
  for (const [name, low, high] of [
    ["brightness", number(spec.minLuminance), number(spec.maxLuminance)],
    ["motion", number(spec.minMotion), number(spec.maxMotion)],
  ] as const) {
    if (low !== null && high !== null) clauses.push({ words: `${name} is from ${low} to ${high}`, measured: true });
    else if (low !== null) clauses.push({ words: `${name} is at least ${low}`, measured: true });
    else if (high !== null) clauses.push({ words: `${name} is at most ${high}`, measured: true });
  }
  return clauses;
}

function either(clauses: readonly Clause[]): string {
  return clauses.map(({ words }) => words).join(", or ");
}

/** Return how long an event plays before it may land: its phases, then `minPlayMs`. */
export function playingMs(event: JsonObject): number {
  const phases = Array.isArray(event.phases) ? event.phases.map(object) : [];
  const each = phases.map((phase) => Math.max(MIN_PHASE_MS, number(phase.minMs) ?? PHASE_MS));
  return each.reduce((sum, ms) => sum + ms, number(event.minPlayMs) ?? 0);
}

/** Return how near a waypoint counts as near when it does not say: min(200, 0.35 of its distance) metres. */
export function approachM(distanceM: number): number {
  return Math.min(200, 0.35 * distanceM);
}

/** Say what a waypoint comes to: how long forward is held, and from where on it is near. */
export function waypointWords(waypoint: JsonObject): string {
  const distance = number(waypoint.distanceM);
  if (distance === null || distance <= 0) return "";
  const speed = number(waypoint.speedMs) ?? DEFAULT_METRES_PER_SECOND;
  const near = number(waypoint.approachM) ?? approachM(distance);
  return `Reached after ${duration((distance / speed) * 1000)} of holding forward; near from ${round(near)} m on.`;
}

export function number(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
