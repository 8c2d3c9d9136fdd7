/** Choices written in prose: "[[Go down]]", "[[Go down->cellar]]", "[[Go down|cellar]]", "[[cellar<-Go down]]". */

export interface Choice {
  /** What the player reads. */
  readonly words: string;
  /** Where it leads, as written; empty where a new scene is meant. */
  readonly target: string;
}

export interface WrittenProse {
  /** The prose without brackets. */
  readonly prose: string;
  readonly choices: readonly Choice[];
}

const LINK = /\[\[([^[\]]+)\]\]/gu;
/** What a sentence ends with. */
const SENTENCE_END = /[.!?…:;]["'”’)]*$/u;
const SENTENCE_MARK = /^[.!?…]/u;

/** Read one choice; null when it says nothing. */
export function parseChoice(input: string): Choice | null {
  const back = /^(.*?)<-(.*)$/su.exec(input);
  const on = /^(.*?)(?:->|→|\|)(.*)$/su.exec(input);
  const [target, words] = back ? [back[1], back[2]] : on ? [on[2], on[1]] : ["", input];
  const clean = (part = "") => part.replace(/\s+/gu, " ").trim();
  if (clean(words) !== "") return { words: clean(words), target: clean(target) };
  return clean(target) === "" ? null : { words: clean(target), target: clean(target) };
}

/**
 * Take the choices out of prose. A choice within a sentence leaves its words there, as the sentence needs them; one that
 * stands by itself leaves nothing, as a picture model draws all it reads.
 */
export function readChoices(written: string): WrittenProse {
  const choices: Choice[] = [];
  let prose = "";
  let from = 0;
  for (const match of written.matchAll(LINK)) {
    const choice = parseChoice(match[1] ?? "");
    if (!choice) continue;
    choices.push(choice);
    prose += written.slice(from, match.index);
    from = match.index + match[0].length;
    const before = prose.slice(prose.lastIndexOf("\n") + 1).trimEnd();
    const after = written.slice(from).replace(/^[^\S\n]*(?:\[\[[^[\]]+\]\][^\S\n]*)*/u, "");
    const startsAlone = before === "" || SENTENCE_END.test(before);
    const endsAlone =
      after === "" || after.startsWith("\n") || /^["'“‘(]?\p{Lu}/u.test(after) || SENTENCE_MARK.test(after);
    if (startsAlone && endsAlone) {
      // Its own full stop goes with it.
      from += /^[.!?…]*/u.exec(written.slice(from))?.[0].length ?? 0;
    } else prose += choice.words;
  }
  if (choices.length === 0) return { prose: written, choices };
  prose += written.slice(from);
  const lines = prose.split("\n").map((line) => line.replace(/[^\S\n]+/gu, " ").trim());
  return {
    prose: lines
      .join("\n")
      .replace(/\n{3,}/gu, "\n\n")
      .trim(),
    choices,
  };
}
