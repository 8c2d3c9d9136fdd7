/** What is wrong with an event's hotkey. */
import { text } from "../../shared/json";
import type { Doc } from "../data/doc";
import { sources } from "../data/ops";

const RESERVED = new Set(["w", "a", "s", "d", "arrowup", "arrowdown", "arrowleft", "arrowright", "space", " "]);

/** Return a warning when the key is the player's own, or another event offered in the same state has it. */
export function hotkeyProblem(doc: Doc, index: number): string | null {
  const event = doc.events[index];
  const key = text(event?.hotkey).toLowerCase();
  if (!event || key === "") return null;
  if (RESERVED.has(key)) return "W A S D, the arrow keys and space move the player; choose another key.";
  const here = new Set(sources(event));
  const other = doc.events.find(
    (one, at) => at !== index && text(one.hotkey).toLowerCase() === key && sources(one).some((id) => here.has(id)),
  );
  return other ? `${text(other.name)} has this key too, in the same state.` : null;
}
