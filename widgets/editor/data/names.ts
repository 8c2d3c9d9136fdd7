/** Names for new things, free of clashes. */
import { firstCharacters, joinWords } from "../../shared/format";
import { PHRASE_OPENINGS } from "./phrase-openings";

/** So many characters of a name can be read on a card. */
const MAX_NAME_CHARACTERS = 40;

/** Return the name, or it with `_2`, `_3` ... behind it, that `taken` does not know. */
export function freeName(preferred: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(preferred)) return preferred;
  let n = 2;
  while (isTaken(`${preferred}_${n}`)) n += 1;
  return `${preferred}_${n}`;
}

/** Return a name for the move to a state: "go_to_lantern_room". */
export function moveName(target: string, isTaken: (name: string) => boolean): string {
  const bareTarget = shortName(joinWords(target, "_").toLowerCase());
  return freeName(bareTarget ? `go_to_${bareTarget}` : "go_on", isTaken);
}

/** Return a state's id made of the first clause of its prose: "Rain on the lane, cold light." gives "rain_on_the_lane". */
export function nameFromProse(prose: string): string {
  const [clause = ""] = prose.split(/[.,;。，、；]/u, 1);
  return nameFromWords(clause, "state");
}

/** Return a name made of words in any script: "Open the gate" gives "open_the_gate". */
export function nameFromWords(words: string, nameless = "go_on"): string {
  return shortName(joinWords(words.replace(/['’]/gu, ""), "_").toLowerCase()) || nameless;
}

/**
 * Return a name of words joined by `_`, cut where it is too long: before the last part of a phrase that does not fit
 * as a whole. `worldkit.editing.naming` cuts in the same way; `schema/conformance/names.json` holds both to the same cases.
 */
export function shortName(name: string, longest = MAX_NAME_CHARACTERS): string {
  const words = name.split("_");
  let length = -1;
  const ends = words.map((word) => {
    length += 1 + [...word].length;
    return length;
  });
  if (length <= longest) return name;
  const isOpening = (at: number) => PHRASE_OPENINGS.has(words[at]?.toLowerCase() ?? "");
  const count = ends.filter((end) => end <= longest).length;
  let end = count;
  for (let at = count; at > 0 && (ends[at - 1] ?? 0) + 1 > longest / 3; at -= 1) {
    if (!isOpening(at) || isOpening(at - 1)) continue;
    end = at;
    break;
  }
  while (end > 0 && isOpening(end - 1)) end -= 1;
  return end > 0 ? words.slice(0, end).join("_") : firstCharacters(name, longest).replace(/_+$/u, "");
}
