/** The texts of the player: times, names, and what is read aloud after a step. */
import { type EndingTone, endingTone } from "../shared/ending";
import { readableName, sentence } from "../shared/format";
import type { ActInfo, HeldInfo, PlayerView, PlayingInfo, TrailEntry } from "../shared/protocol";

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
export function clockForSpeech(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const parts = [
    h > 0 ? `${h} ${h === 1 ? "hour" : "hours"}` : "",
    m > 0 ? `${m} ${m === 1 ? "minute" : "minutes"}` : "",
    s > 0 || (h === 0 && m === 0) ? `${s} ${s === 1 ? "second" : "seconds"}` : "",
  ];
  return parts.filter(Boolean).join(" ");
}

/** Return a time that is left: "2.4 s", "1:05". It is rounded up, so that 0 is said only when it is over. */
export function remainingText(ms: number): string {
  const tenths = Math.max(0, Math.ceil(ms / 100));
  if (tenths < 600) return `${Math.floor(tenths / 10)}.${tenths % 10} s`;
  const seconds = Math.ceil(tenths / 10);
  return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
}

/** Return what of the clock has a use here: the clock itself, to wait, to walk. A picture that a model draws uses all. */
export function clockUses(view: PlayerView): { clock: boolean; waiting: boolean; walking: boolean } {
  const { lasting, waiting, walking } = view.timeUses;
  const isDrawn = view.painter !== undefined;
  return {
    clock: isDrawn || lasting || waiting || walking || view.mode === "real-time",
    waiting: isDrawn || waiting || walking,
    walking: isDrawn || walking,
  };
}

/** Return as a sentence what leads on where nothing can be chosen; empty when nothing does. */
export function waysOn(view: PlayerView): string {
  const isFree = (one: { available: boolean }) => one.available;
  const ways = [
    ...(view.timers.some(isFree) ? ["wait"] : []),
    ...(view.waypoints.some(isFree) ? ["walk forward"] : []),
    ...(view.tools && view.hidden.some(isFree) ? ["fire a hidden event under Tester"] : []),
  ];
  return ways.length > 0 ? sentence(ways.join(" or ")) : "";
}

const MAX_WAIT_SECONDS = 86_400;

/** Read a time typed in seconds ("5", "2,5") as whole ms; null when it is no time one can wait. */
export function parseSeconds(input: string): number | null {
  const text = input.trim().replace(",", ".");
  if (!/^(\d+(\.\d*)?|\.\d+)$/.test(text)) return null;
  const seconds = Number(text);
  return seconds > 0 && seconds <= MAX_WAIT_SECONDS ? Math.round(seconds * 1000) : null;
}

/** Return a name as the beginning of a line: "two_mittens" is "Two mittens". */
export function heading(name: string): string {
  const words = readableName(name);
  const first = [...words][0] ?? "";
  return first.toLocaleUpperCase("en") + words.slice(first.length);
}

/** Return the label of an offer; a plain name gets a capital, prose stays as it was written. */
export function offerLabel(label: string, name: string): string {
  return label.trim() === "" ? heading(name) : heading(label);
}

/** Return what a point of the trail says was done. */
export function trailLabel(point: TrailEntry): string {
  switch (point.event) {
    case null:
      return "Start";
    case "author:grant":
      return `${byHandler(point, "Given", "Set by hand")}: ${(point.granted ?? []).join(", ") || "held already"}`;
    case "author:revoke":
      return `${byHandler(point, "Taken", "Cleared by hand")}: ${(point.revoked ?? []).join(", ") || "not held"}`;
    case "author:say":
      return `Said: ${point.text ?? ""}`;
    case "author:stop":
      return point.text ? `Stopped: ${point.text}` : "Stopped";
    case "author:apply":
      return `The world changed: ${point.text ?? ""}`;
    case "author:rebase":
      return "Another version of the world";
    case "author:variant":
      return point.variant ? `Prompt variant ${point.variant}` : "The state's own prompt";
  }
  return heading(point.event.replace(/^sequence:/, ""));
}

function byHandler(point: TrailEntry, handler: string, hand: string): string {
  return point.by === "handler" ? handler : hand;
}

/** Return where a flag that is held is from. */
export function flagOrigin(flag: HeldInfo): string {
  if (flag.event === null) return "held at the start";
  if (flag.by === "author") return `set by hand, ${clockText(flag.at)}`;
  if (flag.event === "author:grant") return `given by a handler, ${clockText(flag.at)}`;
  return `${heading(flag.event)}, ${clockText(flag.at)}`;
}

/** Return what the stage that plays is, and what it waits for. */
export function stageText(playing: PlayingInfo): string {
  switch (playing.stage) {
    case "phase":
      return `Phase ${playing.number} of ${playing.of}`;
    case "cutscene":
      return "The clip";
    case "least":
      return "Its minimum play time";
    case "dwell":
      return `Stop ${playing.number} of ${playing.of}`;
    case "settle":
      return `Stop ${playing.number} of ${playing.of}: waits for ${playing.waitsFor}`;
  }
  return `Waits for ${playing.waitsFor}`;
}

/** Return how long what plays takes at most until it lands, in ms. */
export function untilLanding(playing: PlayingInfo, clock: number): number {
  const rest = playing.stages.slice(playing.index + 1).reduce((sum, stage) => sum + stage.ms, 0);
  return Math.max(0, playing.until - clock) + rest;
}

/** Return what became of an act of a campaign. */
export function actStatus(act: ActInfo): string {
  if (act.status === "here") return act.begun > 1 ? `you are here, started ${act.begun} times` : "you are here";
  return act.status === "played" ? "played" : "not yet";
}

/** How a run ended: in an ending of the world, or stopped by a handler. */
export interface Outcome {
  kind: EndingTone | "stop";
  word: string;
  title: string;
  subtitle: string | null;
}

const OUTCOME_WORDS = { win: "Win", lose: "Lose", other: "" };
const SPOKEN_OUTCOMES = { win: "You win", lose: "You lose", other: "The end", stop: "The run was stopped" };

/** Return what a screen reader calls the end of a run. */
export function spokenOutcome(kind: Outcome["kind"]): string {
  return SPOKEN_OUTCOMES[kind];
}

/** Return how a run ended; null while it goes on. */
export function outcome(view: PlayerView): Outcome | null {
  // a view that an older notebook saved says nothing of it
  if (typeof view.stopped === "string")
    return { kind: "stop", word: "Stopped", title: view.stopped || "The run was stopped", subtitle: null };
  if (!view.ended) return null;
  const { kind, title, subtitle } = view.ended;
  const tone = endingTone(kind);
  return { kind: tone, word: OUTCOME_WORDS[tone] || kind || "The end", title, subtitle };
}

/** Return what a screen reader hears after something happened. */
export function announcement(before: PlayerView | null, after: PlayerView): string {
  const parts: string[] = [];
  if (!before || before.state.id !== after.state.id) parts.push(`${heading(after.state.id)}.`);
  const noticeTexts = after.notices.map((notice) => notice.text);
  if (after.line && !noticeTexts.includes(after.line) && before?.line !== after.line) parts.push(after.line);
  parts.push(...noticeTexts);
  if (after.sceneLine && before?.state.id !== after.state.id) parts.push(after.sceneLine);
  const handOver = after.campaign?.handOver;
  if (handOver && handOver !== before?.campaign?.handOver)
    parts.unshift(
      handOver.kind === "act"
        ? `The next act: ${handOver.title}.`
        : `A dead end: ${handOver.text}. ${handOver.title} starts again.`,
    );
  const current = after.playing;
  if (current && (current.event !== before?.playing?.event || current.at !== before.playing.at))
    parts.push(`Playing: ${offerLabel(current.label, current.event)}.`);
  if (before?.driver && !after.driver && !outcome(after)) parts.push("Paused.");
  if (after.ended && !before?.ended)
    parts.push(`${spokenOutcome(endingTone(after.ended.kind))}: ${after.ended.title}.`);
  if (outcome(after)?.kind === "stop" && (!before || outcome(before)?.kind !== "stop"))
    parts.push(`The run was stopped. ${after.stopped ?? ""}`.trim());
  const reply = after.terminal?.log.at(-1);
  if (reply?.who === "console" && (before?.terminal?.log.length ?? 0) < (after.terminal?.log.length ?? 0))
    parts.push(reply.text);
  return parts.join(" ");
}
