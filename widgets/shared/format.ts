/** Formatting of counts, names and sentences. */

/** Return "1 state", "2 states". */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? noun : plural}`;
}

/** Return names as a person reads them: underscores and dashes are spaces. */
export function readableName(name: string): string {
  return name.replace(/[_-]+/g, " ").trim() || name;
}

/** Shorten text to `limit` characters, by whole code points, with an ellipsis. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const points = [...text];
  return points.length <= limit
    ? text
    : `${points
        .slice(0, limit - 1)
        .join("")
        .trimEnd()}…`;
}

/** Return a message as a sentence: a capital first, a full stop last. */
export function sentence(message: string): string {
  const trimmed = message.trim();
  const [first = ""] = trimmed;
  return `${first.toUpperCase()}${trimmed.slice(first.length)}${/[.!?…]$/.test(trimmed) ? "" : "."}`;
}
