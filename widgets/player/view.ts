/** The kernel's `view` trait, validated: a saved notebook may hold an older shape, or none. */
import { isObject } from "../shared/json";
import type { NowMessage, PlayerView } from "../shared/protocol";

const LISTS = ["offers", "hidden", "flags", "held", "trail", "missions", "arrivals", "variants", "notices"] as const;
const TIMED_LISTS = ["waypoints", "timers", "zones", "controls", "blocked"] as const;

/** Return the view when it can be shown, else null; what is locked comes after what can be chosen. */
export function readView(value: unknown): PlayerView | null {
  if (!isObject(value) || value.protocol !== 1 || !isObject(value.state)) return null;
  if (!isObject(value.timeUses) || ![...LISTS, ...TIMED_LISTS].every((name) => Array.isArray(value[name]))) return null;
  const view = value as unknown as PlayerView;
  return { ...view, offers: [true, false].flatMap((open) => view.offers.filter((offer) => offer.available === open)) };
}

/**
 * Return the view after time has passed in it.
 *
 * What time changed belongs to one view, named by its serial: a message may overtake the view it was sent after.
 */
export function applyNow(view: PlayerView | null, message: NowMessage | null): PlayerView | null {
  return view && message && message.serial === view.serial ? { ...view, ...message.now } : view;
}
