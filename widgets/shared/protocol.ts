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
  /** How many findings it stands for, if more than one: those of its rule that are not listed one by one. */
  count?: number;
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
export type DiagnosticSplice = [at: number, remove: number, insert: Diagnostic[]];

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
  | { type: "move"; positions: Positions; label?: string }
  | { type: "tidy"; everything?: boolean }
  | { type: "fix"; lint: string; item: DiagnosticItem }
  | { type: "code" }
  | { type: "explore" }
  | PlaceRequest;

/** About where the world lives: whether it is saved there, and what it begins with. */
export type PlaceRequest =
  | { type: "save" }
  | { type: "reload" }
  | { type: "reconcile"; choice: "rebase" | "theirs" | "mine"; picks?: { [path: string]: "ours" | "theirs" | "base" } }
  | { type: "save_as"; path: string; overwrite?: boolean }
  | { type: "begin"; source: "new" | "sample" | "file"; name: string }
  | { type: "last_run"; choice: "take" | "discard" | "restore" };

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
  /** What became of the findings; empty when they are the same. */
  diagnostics: DiagnosticSplice[];
  undo: string | null;
  redo: string | null;
  cause: string | null;
}

export type Reply = Accepted | Rejected | SeedReply | CodeReply;

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
  /** Who pressed, where it was not the player. */
  by?: string;
  granted?: string[];
  revoked?: string[];
  variant?: string | null;
}

/** A flag held and where it is from; no event for one held at the start. */
export interface HeldInfo {
  flag: string;
  event: string | null;
  at: number;
  by: string;
}

/** What is seen in the picture; what was not measured is left out. */
export interface Sample {
  luminance?: number;
  motion?: number;
  labels?: { [label: string]: number };
}

export interface PlayingInfo {
  event: string;
  label: string;
  kind: string;
  by: string;
  at: number;
  stage: "phase" | "cutscene" | "least" | "evidence" | "dwell" | "settle" | (string & {});
  number: number;
  of: number;
  since: number;
  until: number;
  hits: number;
  needs: number;
  waitsFor: string;
  to: string | null;
  index: number;
  stages: { what: string; ms: number }[];
  /** Whether anything was said of the picture; without a picture nothing is waited for. */
  seesPicture: boolean;
  /** A sample that would be evidence. */
  shows: Sample | null;
}

export interface TimerInfo {
  event: string;
  label: string;
  since: number;
  due: number;
  available: boolean;
  hidden: boolean;
}

export interface WaypointInfo {
  event: string;
  label: string;
  distanceM: number;
  leftM: number;
  near: boolean;
  available: boolean;
}

export interface ZoneInfo {
  event: string;
  label: string;
  waitsFor: string;
  hits: number;
  needs: number;
  available: boolean;
  shows: Sample | null;
}

/** The part of the view that changes with time alone. */
export interface PlayerNow {
  clock: number;
  playing: PlayingInfo | null;
  promptNow: string;
  controls: string[];
  ambient: string;
  waypoints: WaypointInfo[];
  timers: TimerInfo[];
  zones: ZoneInfo[];
  seen: Sample | null;
}

/** Time passed and nothing else happened since the view of that serial. */
export interface NowMessage extends Envelope {
  type: "now";
  serial: number;
  now: PlayerNow;
}

export interface PositionInfo {
  state: string;
  flags: string[];
  used: string[];
}

export interface AboutWorld {
  flags: { flag: string; events: string[] }[];
  states: string[];
  labels: string[];
  entrance: string;
}

export interface AboutReply extends Envelope {
  type: "about";
  about: AboutWorld;
}

export type ScriptKind = "run" | "position" | "python" | "pytest";

export interface ScriptReply extends Envelope {
  type: "script";
  text: string;
  name: string;
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

export interface PlayerView extends PlayerNow {
  protocol: number;
  serial: number;
  /** The view that drives the clock; null while it stands. */
  driver: string | null;
  title: string;
  state: { id: string; base: string; ending: EndingInfo | null };
  line: string;
  prompt: string;
  offers: OfferInfo[];
  hidden: OfferInfo[];
  flags: string[];
  held: HeldInfo[];
  trail: TrailEntry[];
  /** The place of the first point of `trail`; a long one is cut at its beginning. */
  trailFrom: number;
  start: PositionInfo;
  seed: number;
  ended: EndingInfo | null;
  missions: MissionInfo[];
  arrivals: { event: string; label: string; waitsFor: string; shows: Sample | null }[];
  mode: "instant" | "real-time";
  variants: string[];
  variant: string | null;
  outro: string | null;
  canUndo: boolean;
  /** Whether the run may be changed by hand: flags, variants, where it begins. */
  tools: boolean;
  terminal: TerminalInfo | null;
  notices: PlayerNotice[];
  blocked: Diagnostic[];
}

export interface PlayerRequest {
  type: "act";
  action:
    | "fire"
    | "wait"
    | "tick"
    | "run"
    | "pause"
    | "finish"
    | "cancel"
    | "mode"
    | "undo"
    | "restart"
    | "retry"
    | "begin"
    | "open"
    | "grant"
    | "revoke"
    | "variant"
    | "observe"
    | "jump"
    | "ask"
    | "close_terminal"
    | "play_anyway";
  event?: string;
  ms?: number;
  /** While waiting, forward is held, so that waypoints come nearer. */
  forward?: boolean;
  to?: number;
  text?: string;
  flag?: string;
  label?: string | null;
  mode?: PlayerView["mode"];
  sample?: Sample;
  position?: { state: string; flags?: string[]; used?: string[] };
}

// ---- report ------------------------------------------------------------------------------------

/** What a report asks besides what a player does; a target is a finding, an ending or a covering run. */
export type ReportRequest =
  | PlayerRequest
  | { type: "hello" }
  | { type: "play"; target: JsonObject }
  | { type: "route"; target: JsonObject }
  | { type: "cover" };

export interface RouteReply extends Envelope {
  type: "route";
  run: unknown;
}

export interface CoverReply extends Envelope {
  type: "cover";
  cover: unknown;
}

/** Narrow an unknown message to one that has a type. */
export function envelope(content: unknown): (Envelope & { [key: string]: Json }) | null {
  if (typeof content !== "object" || content === null) return null;
  const { type } = content as { type?: unknown };
  return typeof type === "string" ? (content as Envelope & { [key: string]: Json }) : null;
}
