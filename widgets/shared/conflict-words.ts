/** What both sides of a merge changed, in a writer's words. */
import type { Place } from "./place-title";
import type { DiffPiece, FieldDiff } from "./ui/diff-text";

/** What both sides made of one thing; a side without fields deleted it. */
export interface Decidable extends Place {
  readonly ours: readonly FieldDiff[];
  readonly theirs: readonly FieldDiff[];
}

/** Return what the button that picks a side says: that it deletes or keeps a thing, where one side deleted it. */
export function pickWords(conflict: Decidable, side: "ours" | "theirs", pick = `Pick ${side}`): string {
  if (conflict[side].length === 0) return "Delete it";
  return conflict[side === "ours" ? "theirs" : "ours"].length === 0 ? "Keep it" : pick;
}

/** Return the text that both sides began with; null where there was none, or there is no one field to show. */
export function textBefore({ ours, theirs }: Decidable): string | null {
  const [field] = ours.length > 0 ? ours : theirs;
  if (field?.path !== "") return null;
  if (field.words) {
    const keptWords = field.words.filter(([tag]) => tag !== "ins");
    return keptWords.map(([tag, words]) => (tag === "gap" ? " … " : words)).join("") || null;
  }
  if (field.items) {
    const items = field.items.filter(([tag]) => tag !== "ins");
    return items.map(([, item]) => item).join(", ") || null;
  }
  return field.before ?? null;
}

/** Return a side's text as it stands there: its own words marked, those that went left out. */
export function sidePieces(field: FieldDiff): readonly DiffPiece[] {
  if (field.words) return field.words.filter(([tag]) => tag !== "del");
  if (field.items) return field.items.filter(([tag]) => tag !== "del");
  return field.after === undefined ? [] : [["ins", field.after]];
}
