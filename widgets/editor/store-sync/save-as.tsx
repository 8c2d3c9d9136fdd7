/** The form for a file's name, and the question when that file exists. */
import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { firstCharacters, joinWords } from "../../shared/format";
import { text } from "../../shared/json";
import { Button } from "../../shared/ui/button";
import { Problem } from "../../shared/ui/problem";
import type { Store } from "../store";
import type { Binding } from "./data";
import { EXISTS } from "./state";

export function SaveAs({ store, binding }: { store: Store; binding: Binding }): JSX.Element {
  const id = useId();
  const [input, setInput] = useState<string | null>(null);
  const [rejection, setRejection] = useState<string | null>(null);
  const other = binding.status === "saved" ? "" : binding.place;
  const suggestion = binding.kind === "file" ? other : fileName(text(store.doc.value.world.name));
  const path = input ?? suggestion;
  const there = rejection === EXISTS;
  const latestInput = useRef(input);
  latestInput.current = input;
  const save = async (overwrite: boolean) => {
    const why = await store.storeSync.saveAs(path, overwrite);
    // another name that was typed meanwhile stays, and is not what was refused
    if (latestInput.current !== input) return;
    setRejection(why);
    if (why === null) store.panel.value = "details";
  };
  return (
    <form
      class="we-save-as"
      aria-label="Save as"
      onSubmit={(event) => {
        event.preventDefault();
        void save(false);
      }}
    >
      <label class="wk-label" for={id}>
        {binding.kind === "file" ? "Save as another file" : "Save as"}
      </label>
      <div class="we-ask">
        <input
          id={id}
          class="wk-input wk-mono"
          value={path}
          placeholder="name.world.json"
          spellcheck={false}
          autocomplete="off"
          disabled={!store.editable.value}
          aria-invalid={rejection !== null}
          aria-describedby={`${id}-hint`}
          onInput={(event) => {
            setInput(event.currentTarget.value);
            setRejection(null);
          }}
        />
        <Submit label="Save" disabled={!store.editable.value || store.storeSync.busy.value || path.trim() === ""} />
      </div>
      <div id={`${id}-hint`} aria-live="polite">
        <Problem text={there ? "There is a file of that name already." : rejection} />
        {rejection === null ? (
          <p class="wk-hint">
            {binding.kind === "file"
              ? `Beside ${binding.place}, unless the name has folders. Later edits go there too.`
              : "In the notebook’s folder, unless the name has others. Later edits are saved there too."}
          </p>
        ) : null}
      </div>
      {there ? (
        <Button small kind="outline" onPress={() => void save(true)}>
          Replace that file
        </Button>
      ) : null}
    </form>
  );
}

/** The button of a form of one field. */
export function Submit({ label, disabled }: { label: string; disabled: boolean }): JSX.Element {
  return (
    <button type="submit" class="wk-button wk-primary" disabled={disabled}>
      {label}
    </button>
  );
}

const MAX_STEM_CHARACTERS = 60;
const LATIN_LETTER = /\p{Script=Latin}\p{M}*/gu;

/** Return a file's name for a world's name: "The Key" is kept in "the-key.world.json". */
export function fileName(name: string): string {
  // the accents of Latin letters can be left out; the marks of other scripts make other letters
  const plainWords = joinWords(name, "-")
    .toLowerCase()
    .replace(LATIN_LETTER, (letter) => letter.normalize("NFKD").replace(/\p{M}/gu, ""));
  return `${firstCharacters(plainWords, MAX_STEM_CHARACTERS) || "untitled"}.world.json`;
}
