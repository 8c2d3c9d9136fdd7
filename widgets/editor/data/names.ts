/** Names for new things, free of clashes. */

/** Return the name, or it with `_2`, `_3` ... behind it, that `taken` does not know. */
export function freeName(preferred: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(preferred)) return preferred;
  let n = 2;
  while (isTaken(`${preferred}_${n}`)) n += 1;
  return `${preferred}_${n}`;
}

/** Return a name for the move to a state: "go_to_lantern_room". */
export function moveName(target: string, isTaken: (name: string) => boolean): string {
  const bareTarget = target
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40);
  return freeName(bareTarget ? `go_to_${bareTarget}` : "go_on", isTaken);
}

/** Return a state's id made of the first clause of its prose, as the kernel makes it: "rain_on_the_lane". */
export function nameFromProse(prose: string): string {
  const [clause = ""] = prose.split(/[.,;]/u, 1);
  const bareClause = clause
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "_")
    .replace(/^_+|_+$/gu, "");
  return bareClause.slice(0, 64).replace(/_+$/u, "") || "state";
}

const LONGEST_NAME = 40;

/** Return an event's name made of the words that a player reads: "Open the gate" gives "open_the_gate". */
export function nameFromWords(words: string): string {
  const bareWords = words
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’]/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/gu, "");
  const cut = bareWords.slice(0, LONGEST_NAME + 1);
  if (cut.length <= LONGEST_NAME) return bareWords || "go_on";
  return cut.slice(0, Math.max(cut.lastIndexOf("_"), LONGEST_NAME / 2)).replace(/_+$/u, "");
}
