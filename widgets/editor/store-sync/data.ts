/** Where a world is stored, as the kernel sends it, validated: a saved notebook may hold an older shape, or none. */
import { isObject } from "../../shared/json";
import type { FieldDiff } from "../../shared/ui/diff-text";

export type Choice = "rebase" | "theirs" | "mine";
export type Side = "ours" | "theirs";

/** One thing that somebody else changed. */
export interface RemoteChange {
  readonly mark: "added" | "removed" | "renamed" | "changed" | "moved";
  readonly kind: "state" | "event" | "world";
  readonly id: string;
  readonly fields: readonly FieldDiff[];
}

/** One thing that both changed; a side that is empty deleted it. */
export interface Clash {
  readonly path: string;
  readonly why: string;
  readonly mine: readonly FieldDiff[];
  readonly theirs: readonly FieldDiff[];
}

export interface Conflict {
  /** The revision it is at there: the number of a counter, or a file's digest. */
  readonly rev: string;
  readonly elsewhere: readonly RemoteChange[];
  /** How many things more were changed elsewhere than are named. */
  readonly more: number;
  readonly clashes: readonly Clash[];
  readonly undecided: number;
  /** What both edits together do to play that neither does alone. */
  readonly warnings: readonly string[];
}

export interface Binding {
  /** `notebook` for a world that lives nowhere else. */
  readonly kind: "store" | "file" | "notebook";
  readonly place: string;
  readonly name: string;
  readonly rev: string;
  readonly status: "saved" | "unsaved" | "conflict" | "nowhere";
  readonly trouble: string;
  /** What is wrong with the positions of cards, if anything. */
  readonly note: string;
  /** Whether the edits are offered when the cell is run again. */
  readonly remembered: boolean;
  /** How many edits made here are not saved. */
  readonly count: number;
  /** What the last of them are called. */
  readonly waiting: readonly string[];
  readonly conflict: Conflict | null;
}

/** What was edited when the cell was last run, and is to be decided about. */
export interface LastRun {
  readonly count: number;
  readonly labels: readonly string[];
  /** Where it is saved; empty when it is not. */
  readonly place: string;
}

/** What a world can be begun with. */
export interface Start {
  readonly samples: readonly { readonly id: string; readonly name: string; readonly about: string }[];
}

const STATUSES = ["saved", "unsaved", "conflict", "nowhere"];

export function readLastRun(value: unknown): LastRun | null {
  return isObject(value) && Array.isArray(value.labels) ? (value as unknown as LastRun) : null;
}

export function readStart(value: unknown): Start | null {
  return isObject(value) && Array.isArray(value.samples) ? (value as unknown as Start) : null;
}

/** Return where the world lives; null when the kernel did not say. */
export function readBinding(value: unknown): Binding | null {
  if (!isObject(value) || !STATUSES.includes(String(value.status)) || !Array.isArray(value.waiting)) return null;
  const { conflict } = value;
  const lists = isObject(conflict) && [conflict.elsewhere, conflict.clashes, conflict.warnings].every(Array.isArray);
  if (conflict !== null && !lists) return null;
  return { kind: "store", note: "", remembered: false, ...value } as unknown as Binding;
}
