/** Finding an event or a mission again, when another may have its name. */
import type { Doc } from "../../map/document";
import { type JsonObject, text } from "../../shared/json";

/** The numbers of the things of each name. */
type Numbers = ReadonlyMap<string, readonly number[]>;

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
  const numbers = new Map<string, number[]>();
  things.forEach((thing, at) => {
    const name = text(thing[key]);
    const own = numbers.get(name);
    if (own) own.push(at);
    else numbers.set(name, [at]);
  });
  return numbers;
}

/** Return which one of those that have its name a thing is. */
export function namesakeOf(numbers: Numbers, name: string, index: number): Namesake {
  const own = numbers.get(name) ?? [];
  return { nth: own.indexOf(index), namesakes: own.length };
}

/** Return the number that a thing has now; -1 where there are more or fewer of its name, as which one it is cannot be told then. */
export function numberNow(numbers: Numbers, name: string, { nth, namesakes }: Namesake): number {
  const own = numbers.get(name) ?? [];
  return own.length === namesakes ? (own[nth] ?? -1) : -1;
}
