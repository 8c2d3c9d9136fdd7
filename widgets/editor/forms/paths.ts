/** Paths into the JSON of a state, an event or the world: reading and changing the value at one. */
import { isObject, type Json, type JsonObject, same } from "../../shared/json";

export type Path = readonly (string | number)[];

/** Return what stands at a path, or undefined. */
export function read(value: Json | undefined, path: Path): Json | undefined {
  let current: Json | undefined = value;
  for (const step of path) {
    if (typeof step === "number") current = Array.isArray(current) ? current[step] : undefined;
    else current = isObject(current) && Object.hasOwn(current, step) ? current[step] : undefined;
  }
  return current;
}

/**
 * Return the object with a value put at a path; undefined takes it away, and with it every object and list on the way
 * that has nothing left in it. What is not on the way is shared, key order stays.
 */
export function put(body: JsonObject, path: Path, value: Json | undefined): JsonObject {
  const result = putAt(body, path, value);
  return isObject(result) ? result : {};
}

function putAt(current: Json | undefined, path: Path, value: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number") {
    const list = Array.isArray(current) ? current : [];
    // What was typed for an item that is gone by now has nowhere to go.
    if (step >= list.length) return current;
    const inner = putAt(list[step], rest, value);
    const item = inner === undefined && rest.length > 0 ? {} : inner;
    const items = item === undefined ? list.filter((_, at) => at !== step) : list.with(step, item);
    return items.length > 0 ? items : undefined;
  }
  const object = isObject(current) ? current : {};
  const inner = putAt(Object.hasOwn(object, step) ? object[step] : undefined, rest, value);
  // A computed key makes a property of its own, whatever it is called.
  if (inner !== undefined) return { ...object, [step]: inner };
  const otherFields = Object.fromEntries(Object.entries(object).filter(([key]) => key !== step));
  return Object.keys(otherFields).length > 0 ? otherFields : undefined;
}

/** Return how the rules name a field: `phases[1].camera`. */
export function fieldName(path: Path): string {
  return path.reduce<string>(
    (name, step) => (typeof step === "number" ? `${name}[${step}]` : name === "" ? step : `${name}.${step}`),
    "",
  );
}

/** Say whether a field is the one at a path, or inside it. */
export function isUnder(field: string, path: Path): boolean {
  const name = fieldName(path);
  return field === name || (field.startsWith(name) && /^[.[]/.test(field.slice(name.length)));
}

/** Return the list with the item at one index moved to another. */
export function moveItem<T>(list: readonly T[], from: number, to: number): T[] {
  const result = [...list];
  const [item] = result.splice(from, 1);
  if (item !== undefined) result.splice(to, 0, item);
  return result;
}

/**
 * Return the keys of a changed list, so that each item keeps its own: by content first, by place next, else a new one.
 * It makes no difference who changed the list, so a form stays with its item through undo as well.
 */
export function matchKeys(
  before: readonly Json[],
  keys: readonly number[],
  after: readonly Json[],
  fresh: () => number,
): number[] {
  const free = new Set(before.keys());
  const newKeys: (number | undefined)[] = after.map(() => undefined);
  const claim = (at: number, old: number) => {
    free.delete(old);
    newKeys[at] = keys[old];
  };
  after.forEach((item, at) => {
    if (free.has(at) && same(before[at], item)) claim(at, at);
  });
  after.forEach((item, at) => {
    if (newKeys[at] !== undefined) return;
    const old = [...free].find((index) => same(before[index], item));
    if (old !== undefined) claim(at, old);
  });
  after.forEach((_, at) => {
    if (newKeys[at] === undefined && free.has(at)) claim(at, at);
  });
  return newKeys.map((key) => key ?? fresh());
}
