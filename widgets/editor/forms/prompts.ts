/** The prompts a world model is given, as `worldkit.playing.prompts` assembles them; `test/editor/prompts.json` pins both. */

import type { Doc } from "../../map/document";
import { isObject, type JsonObject, object, text, texts } from "../../shared/json";

export const LIMIT = 1900;

// What Python calls white space; JavaScript's `\s` differs from it in a few characters.
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const EDGES = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");
const TAIL = new RegExp(`[${SPACE}]+$`, "u");
const GAPS = new RegExp(`[${SPACE}]+`, "gu");
const BLANK = new RegExp(`^[${SPACE}]$`, "u");

/** Return how long a text is, in characters as the limit counts them. */
export function length(value: string): number {
  let n = 0;
  for (const _ of value) n += 1;
  return n;
}

/** Return the parts that say something, stripped, joined by single spaces. */
function joinProse(...parts: string[]): string {
  return parts
    .map((part) => part.replace(EDGES, ""))
    .filter((part) => part !== "")
    .join(" ");
}

/** Return the text, cut to a limit between words, or inside the first word when that alone is too long. */
export function cut(value: string, limit: number = LIMIT): string {
  const points = [...value];
  if (points.length <= limit) return value;
  const head = points.slice(0, limit + 1);
  const space = head.findLastIndex((char) => BLANK.test(char));
  const shortened = head.slice(0, Math.max(0, space)).join("").replace(TAIL, "");
  return shortened || head.slice(0, limit).join("");
}

/** Return the prompt of a state: its base, camera and movement, then the world's subject and style tail. */
export function statePrompt(world: JsonObject, body: JsonObject, isMoving: boolean): string {
  const half = isMoving ? "dynamic" : "static";
  let prompt = joinProse(text(body.base), text(object(body.camera)[half]), text(object(body.movement)[half]));
  for (const part of [text(world.subject), text(world.styleTail)]) {
    if (part !== "" && !contains(prompt, part)) prompt = joinProse(prompt, part);
  }
  return cut(prompt);
}

/** Return the half of an event's camera or movement that is sent while standing; a text is both halves. */
function standingHalf(value: unknown): string {
  return isObject(value) ? text(value.static) : text(value);
}

/** Return the prompt streamed while an event plays: its prose, else its destination's, then its camera and movement. */
export function eventPrompt(doc: Doc, event: JsonObject): string {
  const target = event.kind === "transition" ? landingState(doc, text(event.to)) : null;
  const prose = [text(event.base), text(target?.base), text(event.detail)].find((one) => joinProse(one) !== "");
  const own = [standingHalf(event.camera), standingHalf(event.movement)];
  return cut(joinProse(prose ?? text(event.name).replaceAll("_", " "), ...own));
}

export function phasePrompt(phase: JsonObject): string {
  return cut(joinProse(text(phase.base), text(phase.camera), text(phase.movement), text(phase.detail)));
}

export interface Share {
  readonly part: "Scene" | "Camera" | "Movement" | "Ambient";
  readonly length: number;
}

/** Return the length that the budget rule counts, and what of it each part takes. */
export function budget(body: JsonObject): { readonly total: number; readonly shares: readonly Share[] } {
  const pair = (value: unknown) => [text(object(value).static), text(object(value).dynamic)];
  const parts: [Share["part"], string[]][] = [
    ["Scene", [text(body.base)]],
    ["Camera", pair(body.camera)],
    ["Movement", pair(body.movement)],
    ["Ambient", texts(body.ambient)],
  ];
  return {
    total: length(joinProse(...parts.flatMap(([, lines]) => lines))),
    shares: parts.map(([part, lines]) => ({ part, length: length(joinProse(...lines)) })),
  };
}

/** Return a state's body as one of its variants tells it. */
export function withVariant(body: JsonObject, variant: JsonObject): JsonObject {
  const own = ["base", "camera", "movement", "ambient"].filter((key) => variant[key] !== undefined);
  return { ...body, ...Object.fromEntries(own.map((key) => [key, variant[key] ?? null])) };
}

function landingState(doc: Doc, to: string): JsonObject | null {
  const cuts = Array.isArray(doc.world.cutscenes) ? doc.world.cutscenes.filter(isObject) : [];
  const id = text(cuts.find((one) => one.id === to)?.to, to);
  return doc.states.find((state) => state.id === id)?.body ?? null;
}

function contains(whole: string, part: string): boolean {
  return foldCase(whole).includes(foldCase(part));
}

/** Fold case letter by letter, so that a letter's place in its word makes no difference. */
function foldCase(value: string): string {
  return [...joinProse(value).replace(GAPS, " ")].map((char) => char.toUpperCase().toLowerCase()).join("");
}
