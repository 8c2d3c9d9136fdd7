/** How an ending looks and what it is called; its kind may be any text, a word of a later version of the format. */

export type EndingTone = "win" | "lose" | "other";

/** Return how an ending looks. Classes, icons and colours go by this; the kind itself is only shown, as text. */
export function endingTone(kind: string): EndingTone {
  return kind === "win" || kind === "lose" ? kind : "other";
}
