/** Binary search in what is sorted. */

/** Return the first of `length` indices from which on `isReached` holds; `length` where it holds for none. */
export function firstIndex(length: number, isReached: (index: number) => boolean): number {
  let [first, after] = [0, length];
  while (first < after) {
    const middle = (first + after) >> 1;
    if (isReached(middle)) after = middle;
    else first = middle + 1;
  }
  return first;
}
