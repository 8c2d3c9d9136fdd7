/** A field for a hotkey, set by pressing the key. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { text } from "../../shared/json";
import { Icon } from "../../shared/ui/icon";
import { eventSelection } from "../actions";
import { FieldFindings, useField } from "./fields";
import { clashes, holderOf, isReserved, readHotkey, shownKey } from "./hotkey";

/** Why a key that was pressed is not taken, and the event that has it. */
interface Rejection {
  readonly words: string;
  readonly holder: number | null;
}

export function KeyCap({ index }: { index: number }): JSX.Element {
  const { form, value, set } = useField({ at: ["hotkey"], label: "Hotkey" });
  const [recording, setRecording] = useState(false);
  const [rejection, setRejection] = useState<Rejection | null>(null);
  const id = useId();
  const key = text(value);
  const doc = form.store.doc.value;
  const clashing = clashes(doc, index);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!recording || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") {
      setRecording(false);
      setRejection(null);
      return;
    }
    const hotkey = event.key === "Backspace" || event.key === "Delete" ? { key: "" } : readHotkey(event);
    if (!hotkey) return;
    if ("refused" in hotkey) {
      setRejection({ words: hotkey.refused, holder: null });
      return;
    }
    const holder = hotkey.key === "" ? null : holderOf(doc, index, hotkey.key);
    if (holder !== null) {
      setRejection({ words: `${shownKey(hotkey.key)} is the key of `, holder });
      return;
    }
    setRecording(false);
    setRejection(null);
    if (hotkey.key !== key) void set(hotkey.key === "" ? undefined : hotkey.key);
  };

  const linkTo = (other: number) => (
    <button
      type="button"
      class="we-inline-link"
      onClick={() => form.actions.select(eventSelection(form.store, other), "centre")}
    >
      {text(doc.events[other]?.name)}
    </button>
  );

  return (
    <div class="wk-field" data-field="hotkey">
      <span class="wk-label" id={`${id}-label`}>
        Hotkey
      </span>
      <div class="we-keycap-row">
        <button
          type="button"
          class={`we-keycap${recording ? " we-recording" : ""}`}
          aria-labelledby={`${id}-label ${id}`}
          aria-describedby={`${id}-hint`}
          aria-pressed={recording}
          id={id}
          disabled={form.readOnly}
          onClick={(event) => {
            // Safari gives no button the focus that is pressed
            event.currentTarget.focus();
            setRecording(!recording);
          }}
          onKeyDown={onKeyDown}
          // A press that took Enter or space must not work the button as well.
          onKeyUp={(event) => recording && event.key === " " && event.preventDefault()}
          onBlur={(event) => {
            setRecording(false);
            // the way to the event that has the key stays while it is used
            const field = event.currentTarget.closest(".wk-field");
            if (!field?.contains(event.relatedTarget as Node | null)) setRejection(null);
          }}
        >
          {recording ? "Press a key…" : key === "" ? "Set a key" : <kbd>{shownKey(key)}</kbd>}
        </button>
        {key !== "" && !form.readOnly && !recording ? (
          <button
            type="button"
            class="we-tool"
            aria-label="Clear the hotkey"
            title="Clear the hotkey"
            onClick={(event) => {
              event.currentTarget.parentElement?.querySelector("button")?.focus();
              void set(undefined);
            }}
          >
            <Icon name="close" />
          </button>
        ) : null}
        {recording ? <span class="wk-hint">Backspace clears, Esc keeps.</span> : null}
      </div>
      <div id={`${id}-hint`} class="we-hints" aria-live="polite">
        {rejection ? (
          <p class="wk-hint wk-error">
            {rejection.words}
            {rejection.holder !== null ? (
              <>
                {linkTo(rejection.holder)}
                {", offered in the same state. Press another, or clear that one first."}
              </>
            ) : null}
          </p>
        ) : null}
        {isReserved(key) && !rejection ? (
          <p class="wk-hint wk-warning">{shownKey(key)} moves the player, so it never gets here.</p>
        ) : null}
        {clashing.map((other) => (
          <p class="wk-hint wk-warning" key={other}>
            {"Also the key of "}
            {linkTo(other)}
            {", offered in the same state: only the first answers."}
          </p>
        ))}
      </div>
      {clashing.length === 0 && !isReserved(key) ? <FieldFindings at={["hotkey"]} /> : null}
    </div>
  );
}
