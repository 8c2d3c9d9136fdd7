/** The kernel's `view` trait, read with care: a saved notebook may hold an older one, or none. */
import { isObject } from "../shared/json";
import type { PlayerView } from "../shared/protocol";

const LISTS = ["offers", "hidden", "flags", "trail", "missions", "notices", "blocked"] as const;

/** Return the view when it can be shown, else null. */
export function readView(value: unknown): PlayerView | null {
  if (!isObject(value) || value.protocol !== 1 || !isObject(value.state)) return null;
  return LISTS.every((name) => Array.isArray(value[name])) ? (value as unknown as PlayerView) : null;
}
