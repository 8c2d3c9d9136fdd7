/** The prompts a world model is given, as `worldkit.playing.prompts` assembles them; `test/editor/prompts.json` pins both. */

import type { Doc } from "../../map/document";
import { spokenName } from "../../shared/format";
import { isObject, type JsonObject, object, text, texts } from "../../shared/json";
import { cutPrompt, joinProse, length } from "./prompt-parts";

/** Return the prompt of a state: its base, camera and movement, then the world's subject and style tail. */
export function statePrompt(world: JsonObject, body: JsonObject, isMoving: boolean): string {
  const half = isMoving ? "dynamic" : "static";
  const layers = [text(world.subject), text(world.styleTail)].filter((layer) => joinProse(layer) !== "");
  const [camera, movement] = [text(object(body.camera)[half]), text(object(body.movement)[half])];
  return cutPrompt({ base: text(body.base), camera, movement, layers });
}

/** Return the half of an event's camera or movement that is sent while standing; a text is both halves. */
function standingHalf(value: unknown): string {
  return isObject(value) ? text(value.static) : text(value);
}

/** Return the prompt streamed while an event plays: its prose, else its destination's, then its camera and movement. */
export function eventPrompt(doc: Doc, event: JsonObject): string {
  const target = event.kind === "transition" ? landingState(doc, text(event.to)) : null;
  const prose = [text(event.base), text(target?.base), text(event.detail)].find((one) => joinProse(one) !== "");
  const base = prose ?? spokenName(text(event.name));
  return cutPrompt({ base, camera: standingHalf(event.camera), movement: standingHalf(event.movement) });
}

export function phasePrompt(phase: JsonObject): string {
  const [camera, movement] = [text(phase.camera), text(phase.movement)];
  return cutPrompt({ base: text(phase.base), camera, movement, detail: text(phase.detail) });
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
