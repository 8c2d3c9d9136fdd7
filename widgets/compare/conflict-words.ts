/** A conflict in a writer's words: what was decided, or what stands there meanwhile. */
import type { Conflict } from "./data";

export function resultTitle(conflict: Conflict): string {
  if (conflict.picked === "") return "Not decided. Until then this is used:";
  return `Decided: ${pickedWords(conflict.picked)}`;
}

export function pickedWords(picked: Conflict["picked"]): string {
  if (picked === "value") return "your own words";
  return picked === "base" ? "as it was" : picked;
}
