/** What a writer put on the map and nothing plays: regions, notes, tags and saved views, as the browser holds them. */
import { isObject } from "../shared/json";
import type { AnnotationPatch, Note, Region, SavedView, Tag } from "../shared/protocol";

type Entries<T> = ReadonlyMap<string, T>;

export interface Annotations {
  readonly regions: Entries<Region>;
  readonly notes: Entries<Note>;
  /** The tags by name. */
  readonly tags: Entries<Tag>;
  /** The names of the tags of each state that has any. */
  readonly tagged: Entries<readonly string[]>;
  readonly views: Entries<SavedView>;
}

export const NO_ANNOTATIONS: Annotations = {
  regions: new Map(),
  notes: new Map(),
  tags: new Map(),
  tagged: new Map(),
  views: new Map(),
};

/** Apply what the kernel says of the map; sections that it leaves alone are the same objects as before. */
export function patchAnnotations(before: Annotations, patch: AnnotationPatch | undefined): Annotations {
  if (!isObject(patch)) return before;
  let after = before;
  for (const section of Object.keys(before) as (keyof Annotations)[]) {
    const changes = patch[section];
    if (!isObject(changes) || Object.keys(changes).length === 0) continue;
    const entries = new Map<string, unknown>(before[section]);
    for (const [id, entry] of Object.entries(changes)) {
      if (entry === null) entries.delete(id);
      else entries.set(id, entry);
    }
    after = { ...after, [section]: entries };
  }
  return after;
}

/** Return a new id for an entry; two editors of one file never make the same. */
export function newId(word: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(4));
  return `${word}_${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
