/** One change for many rows: which, with what, and the button that makes it. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Button } from "../../shared/ui/button";
import { Suggestions } from "../../shared/ui/field";
import type { BulkEdit } from "./bulk";

interface BulkBarProps {
  readonly edits: readonly BulkEdit[];
  readonly flags: readonly string[];
  readonly disabled: boolean;
  readonly onApply: (edit: BulkEdit, typed: string) => Promise<boolean>;
}

export function BulkBar({ edits, flags, disabled, onApply }: BulkBarProps): JSX.Element | null {
  const [key, setKey] = useState(edits[0]?.key ?? "");
  const [typed, setTyped] = useState("");
  const id = useId();
  const edit = edits.find((one) => one.key === key) ?? edits[0];
  if (!edit) return null;
  const isReady = !disabled && (edit.takes !== "flag" || typed.trim() !== "");
  const apply = async () => {
    if (isReady && (await onApply(edit, edit.takes === "flag" ? typed.trim() : typed))) setTyped("");
  };
  return (
    <>
      <select
        class="wk-input we-bulk-what"
        aria-label="What to change in all of them"
        value={edit.key}
        disabled={disabled}
        onChange={(event) => {
          setKey(event.currentTarget.value);
          setTyped("");
        }}
      >
        {edits.map((one) => (
          <option key={one.key} value={one.key}>
            {one.words}
          </option>
        ))}
      </select>
      {edit.takes === "nothing" ? null : (
        <input
          class="wk-input we-bulk-text"
          type="text"
          aria-label={edit.takes === "flag" ? "Flag" : "Text"}
          placeholder={edit.takes === "flag" ? "Flag" : "Text; empty takes it away"}
          value={typed}
          disabled={disabled}
          autocomplete="off"
          list={edit.takes === "flag" ? `${id}-flags` : undefined}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.isComposing) void apply();
          }}
        />
      )}
      {edit.takes === "flag" ? <Suggestions id={`${id}-flags`} typed={typed} names={flags} /> : null}
      <Button
        label={`Apply: ${edit.words.toLowerCase()}`}
        kind="outline"
        small
        disabled={!isReady}
        onPress={() => void apply()}
      >
        Apply
      </Button>
    </>
  );
}
