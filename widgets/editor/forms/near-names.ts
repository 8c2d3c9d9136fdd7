/** Names that are so near to one that is typed that they are most likely meant. */
import { joinWords } from "../../shared/format";

/** Return a name without case, and with a space for each break between words. */
function looseName(name: string): string {
  return joinWords(name, " ").toLowerCase();
}

/**
 * Return the name that is most likely meant by what is typed; null when it is none of them.
 *
 * It is the same but for case and breaks, or it has what is typed at the start of one of its words, or it differs by a
 * slip of the finger.
 */
export function nearestName(names: readonly string[], input: string): string | null {
  const typed = looseName(input);
  if (typed === "" || names.includes(input)) return null;
  const loose = names.map((name) => [name, looseName(name)] as const);
  const slip = typed.length >= 8 ? 2 : typed.length >= 4 ? 1 : 0;
  const tests: ((name: string) => boolean)[] = [
    (name) => name === typed,
    (name) => name.startsWith(typed),
    (name) => name.includes(` ${typed}`),
    (name) => slip > 0 && !differsInNumber(name, typed) && lettersApart(name, typed, slip) <= slip,
  ];
  for (const test of tests) {
    const match = loose.find(([, name]) => name !== "" && test(name));
    if (match) return match[0];
  }
  return null;
}

/** "key 1" and "key 2" are two names on purpose. */
function differsInNumber(a: string, b: string): boolean {
  const numbers = (name: string) => name.replace(/\D+/g, " ").trim();
  return numbers(a) !== numbers(b);
}

/** Return in how many letters two texts differ, counted up to one more than `most`. */
export function lettersApart(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > most) return most + 1;
    row = next;
  }
  return row[b.length] ?? 0;
}
