/** Formatting of counts, names and sentences. */

/** Return "1 state", "2 states". */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? noun : plural}`;
}

/** Return a name with the apostrophes of its genitives, "keeper's_hut". */
function withApostrophes(name: string): string {
  return name.replace(/(?<=\p{L}{2})_s(?![\p{L}\p{N}])/gu, "'s");
}

/** Return a name as it is read aloud, as `readable_name` does in Python: dashes are part of it. */
export function spokenName(name: string): string {
  return withApostrophes(name).replaceAll("_", " ");
}

/** Return a name as a person reads it: underscores, dashes and line breaks are spaces, and a genitive has its apostrophe. */
export function readableName(name: string): string {
  return (
    withApostrophes(name)
      .replace(/[_-]+|\s/g, " ")
      .trim() || name
  );
}

/** Accents and vowel signs, the colour of an emoji, and what joins letters: they belong to what stands before them. */
const ATTACHED_CHARACTER = /[\p{M}\p{Emoji_Modifier}\u200c\u200d]/u;
const JOINER = "\u200d";

/** Say whether a cut before a code point would take a character apart. */
function isInside(points: readonly string[], at: number): boolean {
  return ATTACHED_CHARACTER.test(points[at] ?? "") || points[at - 1] === JOINER;
}

/** Return the beginning of a text, of at most `most` code points, with whole characters only. */
export function firstCharacters(text: string, most: number): string {
  if (text.length <= most) return text;
  // a code point has two units at most
  const points = [...text.slice(0, 2 * most + 2)];
  if (points.length <= most) return text;
  let end = most;
  while (end > 0 && isInside(points, end)) end -= 1;
  return points.slice(0, end || most).join("");
}

/** Return the end of a text, of at most `most` code points, with whole characters only. */
export function lastCharacters(text: string, most: number): string {
  if (text.length <= most) return text;
  const points = [...text.slice(-2 * most - 2)];
  if (points.length <= most) return text;
  let start = points.length - most;
  while (start < points.length && isInside(points, start)) start += 1;
  return points.slice(start < points.length ? start : -most).join("");
}

/** Shorten text to `limit` code points, with an ellipsis. */
export function shorten(text: string, limit: number): string {
  const head = firstCharacters(text, limit);
  return head === text ? text : `${firstCharacters(text, limit - 1).trimEnd()}…`;
}

/**
 * Return the words of a text, of any script, with `joint` between them; what cannot be seen is left out.
 *
 * `others` are signs that are part of words, besides letters, their marks, and digits.
 */
export function joinWords(text: string, joint: string, others = ""): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .split(new RegExp(`[^\\p{L}\\p{M}\\p{N}${others}]+`, "u"))
    .map((word) => word.replace(/^\p{M}+/u, ""))
    .filter((word) => word !== "")
    .join(joint);
}

/** Return a message as a sentence: a capital first, a full stop last. */
export function sentence(message: string): string {
  const trimmed = message.trim();
  const [first = ""] = trimmed;
  return `${first.toUpperCase()}${trimmed.slice(first.length)}${/[.!?…]$/.test(trimmed) ? "" : "."}`;
}
