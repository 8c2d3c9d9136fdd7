/**
 * What a person last used on purpose. The focus alone does not say it: it also moves to another place when the element
 * that had it is removed, and then a key must not do what it does there.
 */
import type { Disposal } from "./disposal";

export type Place = "map" | "control" | "text";

/**
 * How a place came to be used: pressed with a pointer, reached with Tab, focused by code that a person called (or by an
 * assistive technology), or focused because what had the focus is gone.
 */
export type Cause = "press" | "tab" | "command" | "fallback";

/** Return the place last used on purpose, after the keyboard went from one place to another. */
export function usedAfter(lastPlace: Place | null, from: Place | null, to: Place, cause: Cause): Place | null {
  if (cause === "fallback") return lastPlace;
  // Walking from card to card moves the focus inside the map; it went to the map earlier, for a reason that stays.
  if (cause === "command" && from === "map" && to === "map") return lastPlace;
  return to;
}

export interface LastUsed {
  /** Where that was; null before anything was used. */
  readonly place: Place | null;
  /** Count a place as used on purpose. */
  use(place: Place): void;
  /** Move the focus without that counting as use. */
  fallBack(move: () => void): void;
}

/**
 * Follow what is used inside an element.
 *
 * Args:
 *   root: The element.
 *   placeOf: Which place an element belongs to; null for one that only borrows the focus.
 *   disposal: Ends it.
 */
export function trackLastUsed(
  root: HTMLElement,
  placeOf: (element: Element) => Place | null,
  disposal: Disposal,
): LastUsed {
  let lastPlace: Place | null = null;
  let focused: Element | null = null;
  let isFallback = false;
  let isTab = false;

  disposal.listen(
    root,
    "pointerdown",
    (event: PointerEvent) => {
      const to = placeOf(event.target as Element);
      if (to !== null) lastPlace = usedAfter(lastPlace, null, to, "press");
    },
    { capture: true },
  );
  disposal.listen(
    root,
    "keydown",
    (event: KeyboardEvent) => {
      isTab = event.key === "Tab";
    },
    { capture: true },
  );
  disposal.listen(root, "focusin", (event: FocusEvent) => {
    const target = event.target as Element;
    const cause: Cause = isFallback ? "fallback" : isTab ? "tab" : "command";
    isTab = false;
    // A window that is used again focuses what had the focus in it; nobody chose that.
    const isReturn = target === focused && cause === "command";
    const to = placeOf(target);
    if (to === null || isReturn) return;
    const from = focused?.isConnected ? placeOf(focused) : null;
    focused = target;
    lastPlace = usedAfter(lastPlace, from, to, cause);
  });

  return {
    get place() {
      return lastPlace;
    },
    use: (place) => {
      lastPlace = place;
    },
    fallBack: (move) => {
      isFallback = true;
      move();
      isFallback = false;
    },
  };
}
