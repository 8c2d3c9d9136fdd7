/** Where a world is stored, as the kernel sends it, validated: a saved notebook may hold an older shape, or none. */
import { isObject } from "../../shared/json";
import type {
  Binding,
  EditClash as Clash,
  EditConflict as Conflict,
  LastRun,
  Reconcile,
  ChangeElsewhere as RemoteChange,
  Start,
} from "../../shared/protocol";

export type { Binding, Clash, Conflict, LastRun, RemoteChange, Start };
export type Choice = Reconcile["choice"];
type Side = "ours" | "theirs" | "base";

/** What a person decided about one thing that both changed: a side, or a text that began with what the side has. */
export interface ClashDecision {
  readonly side: Side;
  readonly text: string | null;
}

export const DEFAULT_DECISION: ClashDecision = { side: "ours", text: null };

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
  if (
    conflict !== null &&
    !(lists && (conflict as unknown as Conflict).clashes.every(({ results }) => isObject(results)))
  )
    return null;
  const notTaken = Array.isArray(value.not_taken) ? value.not_taken : [];
  return { kind: "store", note: "", remembered: false, ...value, not_taken: notTaken } as unknown as Binding;
}
