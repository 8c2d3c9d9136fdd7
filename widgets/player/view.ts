/** The kernel's `view` trait, validated: a saved notebook may hold an older shape, or none. */
import { isObject } from "../shared/json";
import type { NowMessage, PlayerView } from "../shared/protocol";

const LISTS = ["offers", "hidden", "flags", "held", "trail", "missions", "arrivals", "variants", "notices"] as const;
const TIMED = ["waypoints", "timers", "zones", "controls", "blocked"] as const;

/** Return the view when it can be shown, else null. */
export function readView(value: unknown): PlayerView | null {
  if (!isObject(value) || value.protocol !== 1 || !isObject(value.state)) return null;
  return [...LISTS, ...TIMED].every((name) => Array.isArray(value[name])) ? (value as unknown as PlayerView) : null;
}

/**
 * Return the view after time has passed in it.
 *
 * What time changed belongs to one view, named by its serial: a message may overtake the view it was sent after.
 */
export function applyNow(view: PlayerView | null, message: NowMessage | null): PlayerView | null {
  return view && message && message.serial === view.serial ? { ...view, ...message.now } : view;
}
