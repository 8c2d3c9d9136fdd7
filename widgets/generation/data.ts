/** What the kernel says of a generation, validated: a saved notebook may hold an older shape, or none. */
import { isObject } from "../shared/json";
import type { GenerationState, ModelOffer } from "../shared/protocol";

const STATUSES = ["running", "stopped", "failed", "done"];

export function readGeneration(value: unknown): GenerationState | null {
  if (!isObject(value) || !STATUSES.includes(String(value.status)) || !Array.isArray(value.worlds)) return null;
  return value as unknown as GenerationState;
}

/** Whether the world of a generation was taken, so that only its report is left. */
export function isTaken({ status, worlds }: GenerationState): boolean {
  return status === "done" && worlds.length === 0;
}

export function readModels(value: unknown): readonly ModelOffer[] {
  return Array.isArray(value)
    ? value.filter((one): one is ModelOffer => isObject(one) && typeof one.id === "string")
    : [];
}

/** Return how far a generation is in words. */
export function progressText({ status, what, done, total }: GenerationState): string {
  // of several acts a share is known, and not how many texts there will be
  const isOfActs = what.startsWith("act ");
  const amount = isOfActs ? `${Math.floor((100 * done) / Math.max(1, total))} %` : `${done} of ${total} texts`;
  if (status === "stopped") {
    if (done === 0 || total <= 1) return "Stopped before anything was written";
    return isOfActs ? `Stopped at ${amount}` : `Stopped: ${amount} are written`;
  }
  if (total <= 1 || what === "planning") return STAGES[what] ?? (what || "Starting");
  return `${STAGES[what] ?? what}: ${amount}`;
}

const STAGES: { readonly [what: string]: string } = {
  "loading the model": "Loading the model",
  planning: "Planning the story",
  writing: "Writing",
  done: "Checking the world",
};

/** Return seconds as a clock shows them: 75 is "1:15". */
export function clockText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;
}

/** The fewest and the most characters that a chapter may have, and how many become more than one world. */
export const CHAPTER = { least: 400, most: 200_000, long: 6_000 } as const;

/** Return what a text of so many characters becomes, or why it cannot be used. */
export function chapterHint(length: number): string {
  const digits = length.toLocaleString("en");
  if (length < CHAPTER.least) return `English prose of at least ${CHAPTER.least} characters; this is ${digits}.`;
  if (length > CHAPTER.most)
    return `${digits} characters, more than ${CHAPTER.most.toLocaleString("en")}: take one part of the book at a time.`;
  return length > CHAPTER.long
    ? `${digits} characters become a story of several acts, one world each.`
    : `${digits} characters become one world.`;
}
