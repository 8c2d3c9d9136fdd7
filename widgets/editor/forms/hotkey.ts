/** Which keys an event may have, as the rules read them. */

import type { Doc } from "../../map/document";
import { text } from "../../shared/json";
import { hasCommandKey, type Press } from "../../shared/keys";
import { sources } from "../data/ops";

const DIRECTIONS = ["up", "down", "left", "right"];
const RESERVED_KEYS = new Set([
  "w",
  "a",
  "s",
  "d",
  "space",
  "spacebar",
  ..."↑↓←→",
  ...DIRECTIONS,
  ...DIRECTIONS.map((direction) => `arrow${direction}`),
]);
const MODIFIERS = new Set([
  "control",
  "shift",
  "alt",
  "meta",
  "altgraph",
  "capslock",
  "dead",
  "process",
  "unidentified",
]);

/** Return the one spelling of a key: `K` and `k` are the same, and so are `Arrow Up` and `ArrowUp`. */
export function keyOf(hotkey: string): string {
  if (hotkey !== "" && hotkey.trim() === "") return "space";
  const small = hotkey.toLowerCase();
  return [...small].length === 1 ? small : small.replace(/[\s_-]/g, "") || hotkey.trim();
}

/** Return what a key press means while a hotkey is being taken: a key, a refusal in words, or null for "go on". */
export function readHotkey(press: Omit<Press, "shiftKey">): { key: string } | { refused: string } | null {
  const key = keyOf(press.key);
  if (MODIFIERS.has(key)) return null;
  if (hasCommandKey(press)) return { refused: "A hotkey is one key, without Ctrl, Alt or Command." };
  if (RESERVED_KEYS.has(key))
    return { refused: `${shownKey(key)} moves the player, as W A S D, the arrows and space do. Press another.` };
  if (/^\d$/.test(key)) return { refused: "Digits choose among what is offered. Press another." };
  if ([...key].length > 1) return { refused: `${press.key} has a use of its own. Press a letter or a sign.` };
  return { key };
}

export function shownKey(hotkey: string): string {
  return [...hotkey].length === 1 ? hotkey.toUpperCase() : hotkey.replace(/^f(\d)/, "F$1");
}

export function isReserved(hotkey: string): boolean {
  return RESERVED_KEYS.has(keyOf(hotkey));
}

/** Return the indices of the events offered in one of the same states under the same key; hidden ones have no key. */
export function clashes(doc: Pick<Doc, "events">, index: number): number[] {
  const event = doc.events[index];
  const key = keyOf(text(event?.hotkey));
  if (!event || key === "" || event.hidden === true) return [];
  const here = new Set(sources(event));
  return doc.events.flatMap((other, at) =>
    at !== index &&
    other.hidden !== true &&
    keyOf(text(other.hotkey)) === key &&
    sources(other).some((id) => here.has(id))
      ? [at]
      : [],
  );
}

/** Return the index of an event that has a key and is offered in a state where this one is; null when none does. */
export function holderOf(doc: Pick<Doc, "events">, index: number, key: string): number | null {
  const here = new Set(sources(doc.events[index] ?? {}));
  const holder = doc.events.findIndex(
    (other, at) =>
      at !== index && keyOf(text(other.hotkey)) === keyOf(key) && sources(other).some((id) => here.has(id)),
  );
  return holder < 0 ? null : holder;
}
