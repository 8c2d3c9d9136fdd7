/** One change for many rows: which, with what, and the button that makes it. */
import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { Button } from "../../shared/ui/button";
import { Suggestions } from "../../shared/ui/field";
import type { BulkEdit } from "./bulk";

interface BulkBarProps {
  readonly edits: readonly BulkEdit[];
  /** Return the names that are offered for what is typed. */
  readonly namesFor: (takes: BulkEdit["takes"]) => readonly string[];
  readonly disabled: boolean;
  readonly onApply: (edit: BulkEdit, typed: string) => Promise<boolean>;
}

/** What the field for each kind of change is called, and what it shows while it is empty. */
const FIELDS: Record<BulkEdit["takes"], readonly [label: string, placeholder: string]> = {
  text: ["Text", "Text, or empty"],
  flag: ["Flag", "Flag"],
  tag: ["Tag", "Tag"],
  region: ["Region", "Region, or empty"],
  nothing: ["", ""],
};

export function BulkBar({ edits, namesFor, disabled, onApply }: BulkBarProps): JSX.Element | null {
  const [key, setKey] = useState(edits[0]?.key ?? "");
  const [typed, setTyped] = useState("");
  const id = useId();
  const isUnderWay = useRef(false);
  const edit = edits.find((one) => one.key === key) ?? edits[0];
  if (!edit) return null;
  const isName = edit.takes === "flag" || edit.takes === "tag" || edit.takes === "region";
  const mayBeEmpty = edit.takes !== "flag" && edit.takes !== "tag";
  const isReady = !disabled && (mayBeEmpty || typed.trim() !== "");
  const apply = async () => {
    // a second press before the first was answered is no other
    if (!isReady || isUnderWay.current) return;
    isUnderWay.current = true;
    const isDone = await onApply(edit, isName ? typed.trim() : typed);
    isUnderWay.current = false;
    if (isDone) setTyped((now) => (now === typed ? "" : now));
  };
  const [label, placeholder] = FIELDS[edit.takes];
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
          aria-label={label}
          placeholder={placeholder}
          value={typed}
          disabled={disabled}
          autocomplete="off"
          list={isName ? `${id}-names` : undefined}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") void apply();
          }}
        />
      )}
      {isName ? <Suggestions id={`${id}-names`} typed={typed} names={namesFor(edit.takes)} /> : null}
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
