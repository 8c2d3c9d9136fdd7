/**
 * Protocol 1 between the kernel and the browser.
 *
 * The kernel owns the world. Traits hold kernel-owned state and display options; everything the browser
 * wants is a custom message `{type, id, view, ...}` that gets exactly one reply echoing `id` and `view`.
 */
import type { Json, JsonObject } from "./json";

export const PROTOCOL = 1;

export type Severity = "error" | "warning" | "info";
export type Position = [number, number];
export type Positions = { [state: string]: Position };

export interface DiagnosticItem {
  kind: string;
  id: string;
  field: string;
}

export interface Diagnostic {
  lint: string;
  severity: Severity;
  path: string;
  message: string;
  item: DiagnosticItem;
}

export interface RuleInfo {
  title: string;
  explanation: string;
  fixable: boolean;
}

export interface Selection {
  kind: "state" | "event";
  id: string;
}

export interface Seed {
  protocol: number;
  world: JsonObject;
  /** The state ids in world order. JSON objects reorder keys such as "10" in a browser; this list does not. */
  order?: string[];
  layout: Positions;
  rev: string;
  diagnostics: Diagnostic[];
  undo: string | null;
  redo: string | null;
  rules: { [lint: string]: RuleInfo };
}

export type StateSplice = [at: number, remove: number, insert: [id: string, body: JsonObject][]];
export type EventSplice = [at: number, remove: number, insert: JsonObject[]];

export interface Patch {
  states?: StateSplice[];
  events?: EventSplice[];
  world?: { set?: JsonObject; remove?: string[] };
}

export type Op = { op: string } & JsonObject;

// ---- editor: browser -> kernel -----------------------------------------------------------------

export type EditorRequest =
  | { type: "hello" }
  | { type: "edit"; base: string; ops: Op[]; label?: string; positions?: Positions }
  | { type: "undo" }
  | { type: "redo" }
  | { type: "move"; positions: Positions }
  | { type: "tidy" }
  | { type: "fix"; lint: string; item: DiagnosticItem }
  | { type: "prompt"; state: string }
  | { type: "code" };

// ---- kernel -> browser -------------------------------------------------------------------------

export interface Envelope {
  type: string;
  id?: string;
  view?: string;
}

export interface Accepted extends Envelope {
  type: "accepted";
  rev?: string;
  notes?: Diagnostic[];
}

export interface Rejected extends Envelope {
  type: "rejected";
  rev?: string;
  code: "invalid" | "conflict" | "rule" | "op" | "internal" | "read_only" | "oversize" | (string & {});
  message: string;
}

export interface SeedReply extends Envelope {
  type: "seed";
  seed: Seed;
}

export interface PromptReply extends Envelope {
  type: "prompt";
  standing: string;
  moving: string;
  /** The length that the budget rule counts. */
  budget: number;
}

export interface CodeReply extends Envelope {
  type: "code";
  text: string;
}

export interface Changed extends Envelope {
  type: "changed";
  from: string;
  rev: string;
  patch: Patch;
  layout: Positions;
  diagnostics: Diagnostic[];
  undo: string | null;
  redo: string | null;
  cause: string | null;
}

export type Reply = Accepted | Rejected | SeedReply | PromptReply | CodeReply;

// ---- player ------------------------------------------------------------------------------------

export interface EndingInfo {
  kind: "win" | "lose";
  title: string;
  subtitle?: string;
}

export interface OfferInfo {
  name: string;
  label: string;
  available: boolean;
  hint: string | null;
  hotkey: string | null;
  kind: "transition" | "override" | "terminal" | (string & {});
}

export interface TrailEntry {
  state: string;
  event: string | null;
  at: number;
}

export interface ObjectiveInfo {
  id: string;
  text: string;
  status: "done" | "active" | "pending";
}

export interface MissionInfo {
  id: string;
  title: string;
  complete: boolean;
  objectives: ObjectiveInfo[];
}

export interface TerminalInfo {
  name: string;
  persona: string;
  greeting: string | null;
  log: { who: "you" | "console"; text: string }[];
  facts: number;
}

export interface PlayerNotice {
  kind: "narration" | "landed" | "locked" | "error" | "info" | "grant";
  text: string;
}

export interface PlayerView {
  protocol: number;
  title: string;
  state: { id: string; base: string; ending: EndingInfo | null };
  line: string;
  prompt: string;
  offers: OfferInfo[];
  hidden: OfferInfo[];
  flags: string[];
  trail: TrailEntry[];
  clock: number;
  ended: EndingInfo | null;
  missions: MissionInfo[];
  canUndo: boolean;
  terminal: TerminalInfo | null;
  notices: PlayerNotice[];
  blocked: Diagnostic[];
}

export interface PlayerRequest {
  type: "act";
  action: "fire" | "wait" | "undo" | "restart" | "jump" | "ask" | "close_terminal" | "play_anyway";
  event?: string;
  ms?: number;
  /** While waiting, forward is held, so that waypoints come nearer. */
  forward?: boolean;
  to?: number;
  text?: string;
}

/** Narrow an unknown message to one that has a type. */
export function envelope(content: unknown): (Envelope & { [key: string]: Json }) | null {
  if (typeof content !== "object" || content === null) return null;
  const { type } = content as { type?: unknown };
  return typeof type === "string" ? (content as Envelope & { [key: string]: Json }) : null;
}
