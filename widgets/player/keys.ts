/** From a key press to what the player does: the author's hotkeys first, then ours. */
import { chord } from "../shared/keys";
import type { OfferInfo, PlayerView } from "../shared/protocol";

export type Command =
  | { readonly type: "fire"; readonly offer: OfferInfo }
  | { readonly type: "locked"; readonly offer: OfferInfo }
  | { readonly type: "undo" }
  | { readonly type: "restart" }
  | { readonly type: "help" }
  | { readonly type: "escape" };

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** Return what a key press means here, or null when it means nothing. */
export function command(press: Press, typing: boolean, view: PlayerView): Command | null {
  const pressed = chord(press);
  if (pressed === "escape") return { type: "escape" };
  if (typing) return null;
  if (pressed === "mod+z") return { type: "undo" };
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const playing = view.blocked.length === 0 && view.terminal === null;
  const offer = playing ? offered(pressed, view) : undefined;
  if (offer) return { type: offer.available ? "fire" : "locked", offer };
  if (pressed === "r") return { type: "restart" };
  return pressed === "?" ? { type: "help" } : null;
}

/** Return the offer of a key: by its own hotkey, shown ones before hidden ones, else the nth shown one by 1 to 9. */
function offered(pressed: string, view: PlayerView): OfferInfo | undefined {
  const own = (offer: OfferInfo) => offer.hotkey !== null && offer.hotkey.toLowerCase() === pressed;
  const found = view.offers.find(own) ?? view.hidden.find(own);
  if (found) return found;
  return /^[1-9]$/.test(pressed) ? view.offers[Number(pressed) - 1] : undefined;
}

/** Return the key to show on the nth offer (from 0): its hotkey, else its number, else nothing. */
export function keyCap(offer: OfferInfo, at: number, all: readonly OfferInfo[]): string {
  if (offer.hotkey) return offer.hotkey.length === 1 ? offer.hotkey.toLocaleUpperCase("en") : offer.hotkey;
  const digit = String(at + 1);
  return at < 9 && !all.some((other) => other.hotkey === digit) ? digit : "";
}
