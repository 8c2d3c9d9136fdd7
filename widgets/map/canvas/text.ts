/** Line breaking for text on a canvas. */
import { firstCharacters } from "../../shared/format";

/** Break words into at most `rows` lines of `room` characters, the last one shortened. */
export function wrapWords(words: string, room: number, rows: number): string[] {
  const fits = Math.max(3, Math.floor(room));
  const lines: string[] = [];
  let line = "";
  for (const word of words.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > fits) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  const visible = lines.slice(0, rows);
  const last = visible.length - 1;
  return visible.map((one, row) => {
    const long = one.length > fits || (row === last && lines.length > rows);
    return long ? `${firstCharacters(one, fits - 1).trimEnd()}…` : one;
  });
}
