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
  const plain = target
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40);
  return freeName(plain ? `go_to_${plain}` : "go_on", isTaken);
}

/** Return a name made of the first words of some prose: "a_tall_hall". */
export function nameFromProse(prose: string): string {
  const words = prose
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return (words ?? []).slice(0, 3).join("_").slice(0, 40) || "scene";
}
