/** Names for new things, free of clashes. */
import { firstCharacters, joinWords } from "../../shared/format";

/** So many characters of a name can be read on a card. */
const LONGEST_NAME = 40;

/** Return the name, or it with `_2`, `_3` ... behind it, that `taken` does not know. */
export function freeName(preferred: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(preferred)) return preferred;
  let n = 2;
  while (isTaken(`${preferred}_${n}`)) n += 1;
  return `${preferred}_${n}`;
}

/** Return a name for the move to a state: "go_to_lantern_room". */
export function moveName(target: string, isTaken: (name: string) => boolean): string {
  const bareTarget = firstCharacters(joinWords(target, "_").toLowerCase(), LONGEST_NAME);
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

/** Return a name no longer than can be read on a card, cut between words. */
function shortName(name: string): string {
  if (firstCharacters(name, LONGEST_NAME) === name) return name;
  const end = firstCharacters(name, LONGEST_NAME + 1).lastIndexOf("_");
  const head = end >= LONGEST_NAME / 2 ? name.slice(0, end) : firstCharacters(name, LONGEST_NAME / 2);
  return head.replace(/_+$/u, "");
}
