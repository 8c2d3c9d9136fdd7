/** A report as the kernel sends it, validated: a saved notebook may hold an older shape, or none. */
import { isObject } from "../shared/json";
import type { Severity } from "../shared/protocol";

export interface Hop {
  event: string;
  label: string;
  origin: string;
  state: string;
  through: string[];
}

export interface Run {
  start: string;
  hops: Hop[];
  /** How many steps follow that are not shown. */
  more: number;
  /** Which step crosses the point of no return, from 0. */
  crossing: number | null;
  length: number;
  /** How many steps are played before the player is handed over. */
  moment: number;
}

export interface Entry {
  index: number;
  kind: string;
  severity: Severity;
  message: string;
  fix: string;
  states: string[];
  event: string;
  before: string[] | null;
  run: Run | null;
  /** Whether a run may be had by asking for it. */
  later: boolean;
}

export interface Group {
  kind: string;
  title: string;
  entries: Entry[];
  more: number;
}

export interface End {
  state: string;
  kind: "win" | "lose";
  title: string;
  reached: boolean | null;
  run: Run | null;
  later: boolean;
}

export interface Coverage {
  sentence: string;
  runs: Run[];
  more: number;
}

export type StateMark = "reached" | "unreached" | "unseen";
export type CardInfo = [id: string, x: number, y: number, lines: string[], size: number];
export type LineInfo = [event: string, source: string, target: string, d: string, head: string, x: number, y: number];
export type Box = [left: number, top: number, right: number, bottom: number];

export interface Chart {
  detail: "full" | "titles" | "dots";
  card: [width: number, height: number];
  cards: CardInfo[];
  lines: LineInfo[];
  /** Where there are too many lines: the paths of all moves that can happen, that cannot, and that start nowhere. */
  web: { plain: string; dead: string; lost: string };
  box: Box;
}

export interface Report {
  protocol: number;
  title: string;
  mark: "good" | "wrong" | "open";
  worst: Severity;
  verdict: string;
  figures: [value: string, noun: string][];
  groups: Group[];
  endings: End[];
  endings_more: number;
  start: string | null;
  /** What is known of every state, in the order of the chart's cards. */
  marks: StateMark[];
  /** Every ending: its state, kind and title. */
  ends: [state: string, kind: "win" | "lose", title: string][];
  stuck: string[];
  idle: string[];
  dead: string[];
  /** Whether what can be reached is known exactly. */
  exact: boolean;
  chart: Chart;
}

/** What a run is to: a finding, an ending, or one of the covering runs. */
export type Target =
  | { kind: "finding"; index: number }
  | { kind: "ending"; id: string }
  | { kind: "run"; index: number };

const LISTS = ["figures", "groups", "endings", "marks", "ends", "stuck", "idle", "dead"] as const;

/** Return the report when it can be shown, else null. */
export function readReport(value: unknown): Report | null {
  if (!isObject(value) || value.protocol !== 1 || !isObject(value.chart)) return null;
  const { cards, lines, box } = value.chart;
  if (![cards, lines, box].every(Array.isArray)) return null;
  return LISTS.every((name) => Array.isArray(value[name])) ? (value as unknown as Report) : null;
}

/** Name a target, so that it can be a key. */
export function key(target: Target): string {
  return target.kind === "ending" ? `ending ${target.id}` : `${target.kind} ${target.index}`;
}
