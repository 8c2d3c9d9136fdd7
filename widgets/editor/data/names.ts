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

/** Return a state's id made of the first clause of its prose, as the kernel makes it: "rain_on_the_lane". */
export function nameFromProse(prose: string): string {
  const [clause = ""] = prose.split(/[.,;]/u, 1);
  const plain = clause
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "_")
    .replace(/^_+|_+$/gu, "");
  return plain.slice(0, 64).replace(/_+$/u, "") || "state";
}
