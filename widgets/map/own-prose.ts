/** What a state says of its own: its base without the subject and the style tail, which stand in every base. */
import { type JsonObject, text } from "../shared/json";

const LAYERS = ["subject", "styleTail"] as const;

/** Return what a base says besides the subject and the style tail of its world; all of it where that is nothing. */
export function ownProse(world: JsonObject, base: string): string {
  let own = base;
  for (const layer of LAYERS) {
    const part = text(world[layer]).trim();
    if (part !== "" && own.includes(part)) own = own.split(part).join(" ");
  }
  return own === base ? base : own.replace(/\s+/g, " ").trim() || base;
}

/** Say whether two worlds have the same subject and style tail. */
export function sameLayers(a: JsonObject, b: JsonObject): boolean {
  return a === b || LAYERS.every((layer) => a[layer] === b[layer]);
}
