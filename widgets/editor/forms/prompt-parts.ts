/** What a prompt is put together from, and how one that is too long is cut, as `worldkit.core.prompt_parts` does both. */

export const MAX_PROMPT_LENGTH = 1900;

// What Python calls white space; JavaScript's `\s` differs from it in a few characters.
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const EDGE_SPACES = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");
const SPACE_RUNS = new RegExp(`[${SPACE}]+`, "gu");

// Letters of scripts that put no spaces between words.
const UNSPACED_RANGES =
  "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const UNSPACED_LETTER = new RegExp(`[${UNSPACED_RANGES}]`, "u");
// A word that spaces set apart, or any other character.
const WHOLE_WORDS = new RegExp(`(?:(?![${UNSPACED_RANGES}])[\\p{L}\\p{N}\\p{M}_])+|.\\p{M}*`, "gsu");
const MARK = /\p{M}/u;
const LETTER = /[\p{L}\p{N}\p{M}_]/u;
// Clauses, words and characters, each with what follows it.
const CLAUSES = new RegExp(`[^]+?(?:[.,;][${SPACE}]+|[\\u3002\\u3001\\uff0c\\uff1b][${SPACE}]*|$)`, "gu");
const WORDS = new RegExp(`[^${SPACE}]+[${SPACE}]*`, "gu");
const CHARACTERS = /.\p{M}*/gsu;
const TRAILING_PUNCTUATION = /[ ,;\u3001\uff0c\uff1b]+$/u;

/** What a prompt is put together from, in the order in which it stands there. */
export interface PromptParts {
  readonly base: string;
  readonly camera?: string;
  readonly movement?: string;
  readonly detail?: string;
  /** Texts of the world, each added unless the others have it already. */
  readonly layers?: readonly string[];
}

/** Return how long a text is, in characters as the limit counts them: UTF-16 units. */
export function length(value: string): number {
  return value.length;
}

/** Return the parts that say something, stripped, joined by single spaces. */
export function joinProse(...parts: string[]): string {
  return parts
    .map((part) => part.replace(EDGE_SPACES, ""))
    .filter((part) => part !== "")
    .join(" ");
}

function joined(texts: readonly string[], layers: readonly string[]): string {
  let prompt = joinProse(...texts);
  for (const layer of layers) {
    if (!contains(prompt, layer)) prompt = joinProse(prompt, layer);
  }
  return prompt;
}

/** Return a prompt of at most so many characters: its camera is cut first, from its end and clause by clause. */
export function cutPrompt(
  { base, camera = "", movement = "", detail = "", layers = [] }: PromptParts,
  limit = MAX_PROMPT_LENGTH,
): string {
  const whole = joined([base, camera, movement, detail], layers);
  if (whole.length <= limit) return whole;
  const own = layers.reduce(withoutLayer, base) || base;
  const texts = [own, camera, movement, detail].map((part) => part.replace(EDGE_SPACES, ""));
  const pieces = texts.map((part) => part.match(CLAUSES) ?? []) as string[][];
  const prompt = (): string => {
    const shortened = pieces
      .map((part) => part.join(""))
      .map((part, i) => (part === texts[i] ? part : part.replace(TRAILING_PUNCTUATION, "")));
    return joined(shortened, layers);
  };
  const shorten = (number: number, all: readonly string[]): void => {
    const count = most(all.length, (n) => {
      pieces[number] = all.slice(0, n);
      return prompt().length <= limit;
    });
    pieces[number] = all.slice(0, count);
  };
  for (const number of [1, 2, 3, 0]) {
    shorten(number, pieces[number] ?? []);
    for (const finer of number === 0 ? [WORDS, CHARACTERS] : []) {
      // not one clause of the base fits, or not one word
      if (pieces[0]?.length === 0) shorten(0, texts[0]?.match(finer) ?? []);
    }
    if (prompt().length <= limit) break;
  }
  return beginning(prompt(), limit);
}

/** Return as many words as fit; where not one does, as many characters. */
function beginning(value: string, limit: number): string {
  for (const pattern of [WORDS, CHARACTERS]) {
    const pieces = value.match(pattern) ?? [];
    const start = (count: number): string => pieces.slice(0, count).join("").replace(EDGE_SPACES, "");
    const count = most(pieces.length, (n) => start(n).length <= limit);
    if (count > 0) return start(count);
  }
  return "";
}

/** Return the largest number up to a bound for which something holds, by bisection; 0 when it holds for none. */
function most(bound: number, holds: (count: number) => boolean): number {
  let low = 0;
  let high = bound;
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Say whether a text stands inside another in whole words, however it is wrapped and capitalised. */
function contains(whole: string, part: string): boolean {
  const [content, sought] = [foldCase(whole), foldCase(part)];
  const at = content.indexOf(sought);
  if (at < 0 || !(isInsideWord(content, at) || isInsideWord(content, at + sought.length))) return at >= 0;
  // it stands inside words; whether it also stands elsewhere is seen in one pass
  return byWords(content).includes(byWords(sought));
}

/** Return a text with a sign before and after each word. */
function byWords(content: string): string {
  return ["", ...(content.match(WHOLE_WORDS) ?? []), ""].join("\0");
}

function withoutLayer(base: string, layer: string): string {
  const words = joinProse(layer).split(SPACE_RUNS);
  if (words[0] === "") return base;
  const pattern = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&")).join(`[${SPACE}]+`);
  const parts: string[] = [];
  let end = 0;
  for (const match of base.matchAll(new RegExp(pattern, "giu"))) {
    const after = match.index + match[0].length;
    if (isInsideWord(base, match.index) || isInsideWord(base, after)) continue;
    parts.push(base.slice(end, match.index));
    end = after;
  }
  return parts.length === 0 ? base : joinProse(...parts, base.slice(end));
}

/** Say whether a place in a text is between two characters of one word. */
function isInsideWord(content: string, at: number): boolean {
  const after = [...content.slice(at, at + 2)][0];
  const before = [...content.slice(Math.max(0, at - 2), at)].at(-1);
  if (before === undefined || after === undefined) return false;
  return MARK.test(after) || (isOfSpacedWord(before) && isOfSpacedWord(after));
}

function isOfSpacedWord(char: string): boolean {
  return LETTER.test(char) && !UNSPACED_LETTER.test(char);
}

/** Fold case letter by letter, so that a letter's place in its word makes no difference. */
function foldCase(value: string): string {
  return [...joinProse(value).replace(SPACE_RUNS, " ")].map((char) => char.toUpperCase().toLowerCase()).join("");
}
