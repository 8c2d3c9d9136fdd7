/** Finding an event or a mission again, when another may have its name. */
import type { Doc } from "../../map/document";
import { type JsonObject, text } from "../../shared/json";

/** The numbers of the things of each name, and which one of its name each thing is. */
interface Numbers {
  readonly byName: ReadonlyMap<string, readonly number[]>;
  readonly nth: readonly number[];
}

/** Which one of those that have its name a thing is. */
export interface Namesake {
  readonly nth: number;
  readonly namesakes: number;
}

const eventNumbers = new WeakMap<readonly JsonObject[], Numbers>();

/** Return the numbers of the events of each name. */
export function eventsByName({ events }: Doc): Numbers {
  const numbers = eventNumbers.get(events) ?? numbersBy("name", events);
  eventNumbers.set(events, numbers);
  return numbers;
}

/** Return the numbers of the things that have each text in a field. */
export function numbersBy(key: string, things: readonly JsonObject[]): Numbers {
  const byName = new Map<string, number[]>();
  const nth = things.map((thing, at) => {
    const name = text(thing[key]);
    const own = byName.get(name);
    if (own) return own.push(at) - 1;
    byName.set(name, [at]);
    return 0;
  });
  return { byName, nth };
}

/** Return which one of those that have its name a thing is. */
export function namesakeOf(numbers: Numbers, name: string, index: number): Namesake {
  return { nth: numbers.nth[index] ?? -1, namesakes: numbers.byName.get(name)?.length ?? 0 };
}

/** Return the number that a thing has now; -1 where there are more or fewer of its name, as which one it is cannot be told then. */
export function numberNow(numbers: Numbers, name: string, { nth, namesakes }: Namesake): number {
  const own = numbers.byName.get(name) ?? [];
  return own.length === namesakes ? (own[nth] ?? -1) : -1;
}
