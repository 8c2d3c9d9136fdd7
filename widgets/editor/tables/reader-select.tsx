/** Choosing the texts of one reader, in a writer's words. */
import type { JSX } from "preact";
import { READERS, type Reader } from "../data/prose-fields";

const READER_WORDS: { readonly [reader in Reader]: string } = {
  player: "what players read",
  picture: "the pictures’ prompts",
  recognition: "what is looked for in pictures",
  author: "the author’s own notes",
};

export function ReaderSelect(props: {
  label: string;
  reader: Reader | null;
  onChange: (reader: Reader | null) => void;
}): JSX.Element {
  return (
    <label class="wk-label">
      {props.label}
      <select
        class="wk-input"
        value={props.reader ?? ""}
        onChange={(event) => props.onChange((event.currentTarget.value || null) as Reader | null)}
      >
        <option value="">all texts</option>
        {READERS.map((one) => (
          <option key={one} value={one}>
            {READER_WORDS[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
