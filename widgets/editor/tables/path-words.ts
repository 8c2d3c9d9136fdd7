/** Where a text stands, in a writer's words. */
import type { Path } from "../forms/paths";
import type { Kind } from "./prose";

const WORDS: { readonly [key: string]: string } = {
  styleTail: "style",
  lockedHint: "hint while locked",
  arriveLabel: "what is seen on arrival",
  keepCentered: "kept in the middle",
  objectives: "step",
  landWhen: "arrival",
  targetAliases: "other words for the target",
  confirmAliases: "other words for what is seen afterwards",
  aliases: "other words",
  static: "standing",
  dynamic: "travelling",
  movement: "movement",
  detail: "button text",
  facts: "fact",
  phases: "phase",
  variants: "variant",
  missions: "mission",
  cutscenes: "cutscene",
  sequences: "set-piece",
  beats: "beat",
};

/** Return a path in words: `["missions", 0, "objectives", 1, "text"]` is "mission 1, step 2, text". */
export function pathWords(kind: Kind, path: Path): string {
  const parts: string[] = [];
  for (const step of path) {
    if (typeof step === "number") parts.push(`${parts.pop() ?? ""} ${step + 1}`);
    else if (step === "base") parts.push(kind === "event" ? "what is seen while it happens" : "what the camera sees");
    else parts.push(Object.hasOwn(WORDS, step) ? (WORDS[step] ?? step) : step);
  }
  return parts.join(", ");
}
