/** The texts of the report. */
import { count, spokenName } from "../shared/format";
import type { End, Entry, Group, Hop, Report, Run } from "./data";

export const MARKS: Record<Report["mark"], string> = {
  good: "All right",
  wrong: "Something is wrong",
  open: "Not decided",
};

/** What reorders the words around it, or cannot be seen. */
const DIRECTION_CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Return a state's id as a place, in the words of the page without a kernel. */
export function stateName(id: string): string {
  return spokenName(id).replace(DIRECTION_CONTROLS, "");
}

/** Return where a step leads, if anywhere: "→ yard". */
export function destination(hop: Hop): string {
  if (hop.state === hop.origin && hop.through.length === 0) return "";
  return [...hop.through.slice(0, -1), hop.state].map((id) => `→ ${stateName(id)}`).join(" ");
}

/** Say where the point of no return is. */
export function pointOfNoReturn(run: Run, before: readonly string[] | null): string {
  const hop = run.crossing === null ? undefined : run.hops[run.crossing];
  const inventory =
    before === null
      ? ""
      : `, holding ${before.length > 0 ? before.join(", ").replace(DIRECTION_CONTROLS, "") : "nothing"}`;
  return `The point of no return: in ${stateName(hop?.origin ?? run.start)}${inventory}`;
}

/** Return what the button that plays an entry says. */
export function playLabel(run: Run | null): string {
  return run?.crossing == null ? "Play this" : "Play from just before";
}

export function stepCount(run: Run): string {
  return count(run.length, "step");
}

/** Return what stands in the place of an ending's steps when there are none. */
export function missingRunText(end: End): string {
  if (end.reached === false) return "out of reach";
  return end.reached === null ? "not seen; not decided" : "show the way";
}

/** Return how many findings there are in some groups. */
export function countFindings(groups: readonly Group[]): number {
  return groups.reduce((sum, group) => sum + group.entries.length + group.more, 0);
}

/** Say whether a group is only a note: what follows from other findings, or does no harm. */
export function isNote(group: Group): boolean {
  return group.entries[0]?.severity === "info";
}

/** Return the first finding about a state. */
export function findingOf(report: Report, state: string): Entry | undefined {
  return report.groups.flatMap((group) => group.entries).find((entry) => entry.states.includes(state));
}
