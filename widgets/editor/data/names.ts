/** Names that an edit makes up, free of clashes. */

/** Return the name, or it with `_2`, `_3` ... behind it, that `taken` does not know. */
export function free(wanted: string, taken: (name: string) => boolean): string {
  if (!taken(wanted)) return wanted;
  let n = 2;
  while (taken(`${wanted}_${n}`)) n += 1;
  return `${wanted}_${n}`;
}

/** Return a name for the move to a state: "go_to_lantern_room". */
export function moveName(target: string, taken: (name: string) => boolean): string {
  const plain = target
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40);
  return free(plain ? `go_to_${plain}` : "go_on", taken);
}

/** Return a name made of the first words of some prose: "a_tall_hall". */
export function wordsName(prose: string): string {
  const words = prose
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return (words ?? []).slice(0, 3).join("_").slice(0, 40) || "scene";
}
