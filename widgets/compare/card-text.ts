/** The prose of a card with its changes in it, where there is room for five lines only; pure. */
import { firstCharacters, lastCharacters } from "../shared/format";
import type { DiffPiece } from "../shared/ui/diff-text";

/** Characters of what is the same before the first change that a card shows. */
const CONTEXT_LENGTH = 48;
/** Characters of a removed passage that a card shows. */
const REMOVED_LENGTH = 24;
/** From this share of removed text on, a text was rewritten: its old words say nothing about the new ones. */
const REWRITTEN_SHARE = 0.6;

/** Return what a card shows of a changed text: the new words always, of the old ones what there is room for. */
export function cardPieces(pieces: readonly DiffPiece[]): readonly DiffPiece[] {
  return fromFirstChange(shortenRemoved(pieces));
}

/** Return the pieces with the new words before the old ones, and the old ones cut; without those of a rewritten text. */
export function shortenRemoved(pieces: readonly DiffPiece[]): readonly DiffPiece[] {
  const length = (wanted: DiffPiece[0]) =>
    pieces.reduce((sum, [tag, words]) => (tag === wanted ? sum + words.length : sum), 0);
  const [removedLength, addedLength, sameLength] = [length("del"), length("ins"), length("same")];
  const hasGap = pieces.some(([tag]) => tag === "gap");
  if (addedLength > 0 && !hasGap && removedLength > REWRITTEN_SHARE * (removedLength + sameLength))
    return pieces.filter(([tag]) => tag !== "del");
  const result: DiffPiece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (piece[0] === "ins" && last?.[0] === "del") result.splice(-1, 0, piece);
    else result.push(piece[0] === "del" ? ["del", cut(piece[1])] : piece);
  }
  return result;
}

function cut(words: string): string {
  const head = firstCharacters(words, REMOVED_LENGTH);
  if (head === words) return words;
  const space = head.lastIndexOf(" ");
  return `${space > 0 ? head.slice(0, space) : head}…`;
}

/** Return the pieces from shortly before the first change on. */
export function fromFirstChange(pieces: readonly DiffPiece[]): readonly DiffPiece[] {
  const first = pieces.findIndex(([tag]) => tag === "del" || tag === "ins");
  if (first <= 0) return pieces;
  const ahead = pieces
    .slice(0, first)
    .map(([tag, words]) => (tag === "gap" ? "" : words))
    .join("");
  const tail = lastCharacters(ahead, CONTEXT_LENGTH);
  if (tail === ahead) return pieces;
  return [["same", `…${tail.slice(tail.indexOf(" ") + 1)}`], ...pieces.slice(first)];
}
