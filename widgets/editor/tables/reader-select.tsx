/** Who reads a text, in a writer's words. */
import type { Reader } from "../data/prose-fields";

export const READER_WORDS: { readonly [reader in Reader]: string } = {
  player: "what players read",
  picture: "the pictures’ prompts",
  recognition: "what is looked for in pictures",
  author: "the author’s own notes",
};
