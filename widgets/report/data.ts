/** A report as the kernel sends it, validated: a saved notebook may hold an older shape, or none. */
import { isObject } from "../shared/json";
import type {
  ChartBox as Box,
  ChartCard as CardInfo,
  ReportChart as Chart,
  ReportCover as Coverage,
  ReportEnding as End,
  ReportEntry as Entry,
  ReportGroup as Group,
  RunHop as Hop,
  ChartLine as LineInfo,
  ReportSeed as Report,
  ReportRun as Run,
  StateMark,
  Target,
} from "../shared/protocol";

export type { Box, CardInfo, Chart, Coverage, End, Entry, Group, Hop, LineInfo, Report, Run, StateMark, Target };

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
