/** Where something stands in a world, in a writer's words. */
import { fieldWords } from "./field-words";
import { readableName } from "./format";
import type { DiagnosticItem } from "./protocol";

/** Something that a finding, an edit or a conflict is about. */
export interface Place {
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

/** Return where a finding, an edit or a conflict is: "State wash house: what the camera sees". */
export function placeTitle({ item, path }: Place): string {
  const field = path.endsWith("#order") ? "order" : item.field;
  const words = fieldWords(item.kind, field);
  const kind = KINDS[item.kind];
  if (kind === undefined) return words === "" ? "World" : `World: ${words}`;
  if (item.id === "") return `${kind}s: ${words || "all"}`;
  const name = `${kind} ${readableName(item.id)}`;
  return words === "" ? name : `${name}: ${words}`;
}
