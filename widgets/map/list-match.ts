/** Matching the entries of a list to those of an earlier version of it. */

/** Return a function that finds the index of an entry in the earlier list; equal heads and tails need no lookup. */
export function matchEntries<T>(now: readonly T[], before: readonly T[]): (one: T, at: number) => number | undefined {
  const least = Math.min(now.length, before.length);
  let head = 0;
  while (head < least && now[head] === before[head]) head += 1;
  let tail = 0;
  while (tail < least - head && now[now.length - 1 - tail] === before[before.length - 1 - tail]) tail += 1;
  const middle = new Map<T, number>();
  for (let at = head; at < before.length - tail; at += 1) middle.set(before[at] as T, at);
  return (one, at) => {
    if (at < head) return at;
    return at >= now.length - tail ? at - now.length + before.length : middle.get(one);
  };
}
