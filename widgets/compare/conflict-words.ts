/** A conflict in a writer's words: its title, what each side made of it, and what stands there now. */
import { fieldWords } from "../shared/field-words";
import { readableName, sentence } from "../shared/format";
import type { DiffPiece, FieldDiff } from "../shared/ui/diff-text";
import type { Conflict, Pick } from "./data";

type Side = Exclude<Pick, "base">;

const KINDS: { readonly [kind: string]: string } = {
  state: "State",
  event: "Event",
  cutscene: "Cutscene",
  sequence: "Sequence",
  mission: "Mission",
};

/** Return what a conflict is about: "State wash house: what the camera sees". */
export function conflictTitle({ item, path }: Conflict): string {
  const field = path.endsWith("#order") ? "order" : item.field;
  const words = fieldWords(item.kind, field);
  const kind = KINDS[item.kind];
  if (kind === undefined) return words === "" ? "World" : `World: ${words}`;
  if (item.id === "") return `${kind}s: ${words || "all"}`;
  const name = `${kind} ${readableName(item.id)}`;
  return words === "" ? name : `${name}: ${words}`;
}

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

/** Return a side's text as it stands there: its own words marked, those that went left out. */
export function sidePieces(field: FieldDiff): readonly DiffPiece[] {
  if (field.words) return field.words.filter(([tag]) => tag !== "del");
  if (field.items) return field.items.filter(([tag]) => tag !== "del");
  return field.after === undefined ? [] : [["ins", field.after]];
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
