/** How marks are displayed: an icon, a word and a colour for each, and sentences for screen readers. */

import { count, readableName } from "../shared/format";
import { placeTitle } from "../shared/place-title";
import { pickedWords } from "./conflict-words";
import type { Change, Conflict, ItemMark, Kind, Mark } from "./data";

export type Tone = "added" | "removed" | "touched";

export const MARK_WORDS: { readonly [mark in Exclude<Mark, "same">]: string } = {
  added: "Added",
  removed: "Removed",
  renamed: "Renamed",
  changed: "Changed",
  moved: "Moved",
  was: "Old path",
};

/** What a mark means, where its word alone does not say it. */
export const MARK_MEANINGS: { readonly [mark in ItemMark]: string } = {
  added: "Only in the world after",
  removed: "Only in the world before",
  renamed: "Same item, new name",
  changed: "Some fields differ",
  moved: "At another position in the document",
};

export const KIND_TITLES: { readonly [kind in Kind]: string } = { world: "World", state: "States", event: "Events" };

/** Icons on a 16-pixel grid. */
export const OUTLINES: { readonly [mark in Exclude<Mark, "same">]: string } = {
  added: "M8 3v10M3 8h10",
  removed: "M3 8h10",
  renamed: "M2.5 8h10.5M9.5 4.5 13 8l-3.5 3.5",
  changed: "M2.5 9.5c1.8-4 3.6-4 5.5-1.5s3.7 2.5 5.5-1.5",
  moved: "M8 2.5v11M5 5.5l3-3 3 3M5 10.5l3 3 3-3",
  was: "M3 8h10",
};

export function toneOf(mark: Mark): Tone | null {
  if (mark === "same") return null;
  if (mark === "added" || mark === "removed") return mark;
  return mark === "was" ? "removed" : "touched";
}

/** Return what differs as a sentence: "3 differences: 1 added, 2 changed". */
export function summarySentence(changes: readonly Change[], conflicts: readonly Conflict[] | null = null): string {
  const differences = changes.length === 0 ? "No difference" : count(changes.length, "difference");
  return !conflicts?.length ? differences : `${count(conflicts.length, "conflict")}, ${differences.toLowerCase()}`;
}

/** Return one sentence that says what a conflict is, for a screen reader. */
export function conflictSentence(conflict: Conflict, at: number, all: number): string {
  const { why, picked } = conflict;
  const decision = picked === "" ? "Not decided" : `Decided: ${pickedWords(picked)}`;
  return `Conflict: ${placeTitle(conflict)}: ${why}. ${decision}. ${at + 1} of ${all}.`;
}

/** Return what a change is of as it is read, and its name before; both as they are written where only that differs. */
export function shownNames({ id, was }: Pick<Change, "id" | "was">): readonly [name: string, was: string | undefined] {
  if (was === undefined) return [readableName(id), undefined];
  return readableName(was) === readableName(id) ? [id, was] : [readableName(id), readableName(was)];
}

/** Return one sentence that says what a change is, for a screen reader. */
export function changeSentence(change: Change, at: number, all: number): string {
  const marks = change.marks.map((mark) => MARK_WORDS[mark].toLowerCase()).join(" and ");
  const [name, nameBefore] = shownNames(change);
  const was = nameBefore === undefined ? "" : `, before ${nameBefore}`;
  const n = change.fields?.length ?? 0;
  const fields = n > 0 && change.marks.includes("changed") ? `, ${count(n, "field")}` : "";
  return `${change.kind} ${name}${was}: ${marks}${fields}. ${at + 1} of ${all}.`;
}
