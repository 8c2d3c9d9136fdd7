/** What the player shows, in words: times, names, and what is read aloud after a step. */
import { spoken } from "../shared/format";
import type { PlayerView } from "../shared/protocol";

/** Return a clock as "0:05.0", "12:34.5" or "1:02:03.4"; tenths are cut, not rounded, so that time never runs ahead. */
export function clockText(ms: number): string {
  const tenths = Math.max(0, Math.floor(ms / 100));
  const [seconds, minutes, hours] = [
    Math.floor(tenths / 10) % 60,
    Math.floor(tenths / 600) % 60,
    Math.floor(tenths / 36000),
  ];
  const head = hours > 0 ? `${hours}:${pad(minutes)}` : `${minutes}`;
  return `${head}:${pad(seconds)}.${tenths % 10}`;
}

function pad(n: number): string {
  return String(n).padStart(2, "0");
}

/** Return a clock for a screen reader: "1 minute 5 seconds". */
export function clockSpoken(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const parts = [
    h > 0 ? `${h} ${h === 1 ? "hour" : "hours"}` : "",
    m > 0 ? `${m} ${m === 1 ? "minute" : "minutes"}` : "",
    s > 0 || (h === 0 && m === 0) ? `${s} ${s === 1 ? "second" : "seconds"}` : "",
  ];
  return parts.filter(Boolean).join(" ");
}

export const LONGEST_WAIT = 86_400;

/** Read a time typed in seconds ("5", "2,5") as whole ms; null when it is no time one can wait. */
export function secondsTyped(typed: string): number | null {
  const text = typed.trim().replace(",", ".");
  if (!/^(\d+(\.\d*)?|\.\d+)$/.test(text)) return null;
  const seconds = Number(text);
  return seconds > 0 && seconds <= LONGEST_WAIT ? Math.round(seconds * 1000) : null;
}

/** Return a name as the beginning of a line: "two_mittens" is "Two mittens". */
export function heading(name: string): string {
  const words = spoken(name);
  const first = [...words][0] ?? "";
  return first.toLocaleUpperCase("en") + words.slice(first.length);
}

/** Return the label of an offer; a plain name gets a capital, prose stays as it was written. */
export function offerLabel(label: string, name: string): string {
  return label.trim() === "" ? heading(name) : heading(label);
}

/** Return what a screen reader hears after something happened. */
export function announcement(before: PlayerView | null, after: PlayerView): string {
  const parts: string[] = [];
  if (!before || before.state.id !== after.state.id) parts.push(`${heading(after.state.id)}.`);
  const told = after.notices.map((notice) => notice.text);
  if (after.line && !told.includes(after.line) && before?.line !== after.line) parts.push(after.line);
  parts.push(...told);
  if (after.ended && !before?.ended)
    parts.push(`${after.ended.kind === "win" ? "You win" : "You lose"}: ${after.ended.title}.`);
  const said = after.terminal?.log.at(-1);
  if (said?.who === "console" && (before?.terminal?.log.length ?? 0) < (after.terminal?.log.length ?? 0))
    parts.push(said.text);
  return parts.join(" ");
}
