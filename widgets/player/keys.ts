/** From key presses to commands: the author's hotkeys first, then the player's own keys. */
import { chord, hasCommandKey, type Press, writtenKey } from "../shared/keys";
import type { OfferInfo, PlayerView } from "../shared/protocol";
import { outcome } from "./text";

export type Command =
  | { readonly type: "fire"; readonly offer: OfferInfo }
  | { readonly type: "locked"; readonly offer: OfferInfo }
  | { readonly type: "undo" }
  | { readonly type: "retry" }
  | { readonly type: "restart" }
  | { readonly type: "pause" }
  | { readonly type: "skip" }
  | { readonly type: "forward" }
  | { readonly type: "help" }
  | { readonly type: "escape" };

/** Keys that steer in the hosted runtime; a hotkey on one of them is never heard there, nor here. */
const RESERVED_KEYS = new Set(["w", "a", "s", "d", "arrowup", "arrowdown", "arrowleft", "arrowright", "space", " "]);

/** Return the hotkey of an offer as a chord; empty when it has none, or one it cannot have. */
export function hotkey(offer: OfferInfo): string {
  const key = offer.hotkey?.toLowerCase() ?? "";
  return RESERVED_KEYS.has(key) ? "" : key;
}

/** Return what a key press means here, or null when it means nothing. `onControl`: a button has the focus. */
export function command(press: Press, typing: boolean, view: PlayerView, onControl = false): Command | null {
  const keys = chord(press);
  if (keys === "escape") return { type: "escape" };
  if (typing) return null;
  if (keys === "mod+z") return { type: "undo" };
  if (hasCommandKey(press)) return null;
  const free = view.blocked.length === 0 && view.terminal === null;
  // an author's hotkey may be a letter of any script
  const offer = free ? (offerOfKey(writtenKey(press), view) ?? offerOfKey(keys, view)) : undefined;
  if (offer) return { type: offer.available ? "fire" : "locked", offer };
  if (view.mode === "real-time" && view.blocked.length === 0) {
    // Space presses a focused button; there it is not ours
    if (keys === "space" && !onControl && !outcome(view)) return { type: "pause" };
    if (keys === "w") return { type: "forward" };
    if (keys === "l" && view.playing) return { type: "skip" };
  }
  if (keys === "u") return { type: "undo" };
  if (keys === "r") return { type: press.shiftKey ? "restart" : "retry" };
  return keys === "?" ? { type: "help" } : null;
}

/** Return the offer of a key: by its own hotkey, shown ones before hidden ones, else the nth shown one by 1 to 9. */
function offerOfKey(keys: string, view: PlayerView): OfferInfo | undefined {
  const own = (offer: OfferInfo) => hotkey(offer) === keys;
  const offer = view.offers.find(own) ?? view.hidden.find(own);
  if (offer) return offer;
  return /^[1-9]$/.test(keys) ? view.offers[Number(keys) - 1] : undefined;
}

/** Whether a choice, shown or not, has a key of the player's own now; Shift makes no other key of a letter. */
export function isTaken(key: string, view: PlayerView): boolean {
  return offerOfKey(key.toLowerCase().replace("shift+", ""), view) !== undefined;
}

/** Return what a control does, with those of its keys that no choice has now. */
export function withKeys(words: string, view: PlayerView, ...keys: string[]): string {
  const free = keys.filter((key) => !isTaken(key, view));
  return free.length > 0 ? `${words} (${free.join(" or ")})` : words;
}

/** Return the key to show on the nth offer (from 0): its hotkey, else its number, else nothing. */
export function keyCap(offer: OfferInfo, at: number, all: readonly OfferInfo[]): string {
  const own = hotkey(offer);
  if (own) return own.length === 1 ? own.toLocaleUpperCase("en") : (offer.hotkey ?? "");
  const digit = String(at + 1);
  return at < 9 && !all.some((other) => hotkey(other) === digit) ? digit : "";
}
