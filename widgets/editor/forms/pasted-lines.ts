/** Lines of a text that is pasted into a list. */

/** What a line of a list begins with: a dash, a dot, a number. */
const MARKER = /^(?:[-*•–—]|\d+[.)])\s+/;

/** Return the lines of a text that say something; the marks before them are left out where each line has one. */
export function pastedLines(text: string): string[] {
  const lines = text
    .split(/\r\n?|[\n\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.every((line) => MARKER.test(line)) ? lines.map((line) => line.replace(MARKER, "")) : lines;
}
