/** Where a world is kept, as the kernel tells it, read with care: a saved notebook may hold an older shape, or none. */
import { isObject } from "../../shared/json";
import type { Field } from "../../shared/ui/words";

export type Choice = "rebase" | "theirs" | "mine";
export type Side = "ours" | "theirs";

/** One thing that somebody else changed. */
export interface Elsewhere {
  readonly mark: "added" | "removed" | "renamed" | "changed" | "moved";
  readonly kind: "state" | "event" | "world";
  readonly id: string;
  readonly fields: readonly Field[];
}

/** One thing that both changed; a side that is empty deleted it. */
export interface Clash {
  readonly path: string;
  readonly why: string;
  readonly mine: readonly Field[];
  readonly theirs: readonly Field[];
}

export interface Conflict {
  /** The revision the store is at. */
  readonly rev: string;
  readonly elsewhere: readonly Elsewhere[];
  /** How many things more were changed elsewhere than are named. */
  readonly more: number;
  readonly clashes: readonly Clash[];
  readonly undecided: number;
  /** What both edits together do to play that neither does alone. */
  readonly warnings: readonly string[];
}

export interface Binding {
  readonly place: string;
  readonly name: string;
  readonly rev: string;
  readonly status: "saved" | "unsaved" | "conflict";
  readonly trouble: string;
  /** How many edits made here are not saved. */
  readonly count: number;
  /** What the last of them are called. */
  readonly waiting: readonly string[];
  readonly conflict: Conflict | null;
}

const STATUSES = ["saved", "unsaved", "conflict"];

/** Return where the world is kept; null for a world that lives in no store. */
export function readBinding(value: unknown): Binding | null {
  if (!isObject(value) || !STATUSES.includes(String(value.status)) || !Array.isArray(value.waiting)) return null;
  const { conflict } = value;
  const lists = isObject(conflict) && [conflict.elsewhere, conflict.clashes, conflict.warnings].every(Array.isArray);
  if (conflict !== null && !lists) return null;
  return value as unknown as Binding;
}
