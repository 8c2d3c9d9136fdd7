/** A conflict in a writer's words: what each side made of it, and what stands there now. */
import { sentence } from "../shared/format";
import type { Conflict, Pick } from "./data";

type Side = Exclude<Pick, "base">;

/** Return what was decided, or what stands there meanwhile. */
export function resultTitle(conflict: Conflict): string {
  if (conflict.picked === "") return "Not decided. Until then this stands:";
  return `Decided: ${pickedWords(conflict.picked)}`;
}

export function pickedWords(picked: Conflict["picked"]): string {
  if (picked === "value") return "your own words";
  return picked === "base" ? "as it was" : picked;
}

/** Return what the button that picks a side says: that it deletes or keeps a thing, where one side deleted it. */
export function pickWords(conflict: Conflict, side: Side): string {
  const other: Side = side === "ours" ? "theirs" : "ours";
  if (conflict[side].length === 0) return "Delete it";
  return conflict[other].length === 0 ? "Keep it" : `Pick ${side}`;
}

export function whySentence({ why }: Conflict): string {
  return sentence(why);
}

/** Return the text that both sides began with; null where there was none, or there is no one field to show. */
export function textBefore(conflict: Conflict): string | null {
  const [field] = conflict.ours.length > 0 ? conflict.ours : conflict.theirs;
  if (field?.path !== "") return null;
  if (field.words) {
    const pieces = field.words.filter(([tag]) => tag !== "ins");
    return pieces.map(([tag, words]) => (tag === "gap" ? " … " : words)).join("") || null;
  }
  if (field.items) {
    const items = field.items.filter(([tag]) => tag !== "ins");
    return items.map(([, item]) => item).join(", ") || null;
  }
  return field.before ?? null;
}
