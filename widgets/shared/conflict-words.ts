/** What both sides of a merge changed, in a writer's words. */
import { fieldWords } from "./field-words";
import { readableName } from "./format";
import type { DiagnosticItem } from "./protocol";
import type { DiffPiece, FieldDiff } from "./ui/diff-text";

interface Place {
  readonly path: string;
  readonly item: DiagnosticItem;
}

const KINDS: { readonly [kind: string]: string } = {
  state: "State",
  event: "Event",
  cutscene: "Cutscene",
  sequence: "Sequence",
  mission: "Mission",
};

/** Return what a conflict is about: "State wash house: what the camera sees". */
export function conflictTitle({ item, path }: Place): string {
  const field = path.endsWith("#order") ? "order" : item.field;
  const words = fieldWords(item.kind, field);
  const kind = KINDS[item.kind];
  if (kind === undefined) return words === "" ? "World" : `World: ${words}`;
  if (item.id === "") return `${kind}s: ${words || "all"}`;
  const name = `${kind} ${readableName(item.id)}`;
  return words === "" ? name : `${name}: ${words}`;
}

/** Return a side's text as it stands there: its own words marked, those that went left out. */
export function sidePieces(field: FieldDiff): readonly DiffPiece[] {
  if (field.words) return field.words.filter(([tag]) => tag !== "del");
  if (field.items) return field.items.filter(([tag]) => tag !== "del");
  return field.after === undefined ? [] : [["ins", field.after]];
}
