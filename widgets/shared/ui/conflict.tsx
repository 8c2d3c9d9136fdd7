/** The parts of a conflict to decide: both sides beside each other, and what stands there in the end, to be edited. */
import type { JSX } from "preact";
import { type Decidable, pickWords, sidePieces, textBefore } from "../conflict-words";
import { fieldWords } from "../field-words";
import type { ConflictResult as Result } from "../protocol";
import { Button } from "./button";
import { DiffText } from "./diff-text";
import { TextField } from "./field";
import { Icon } from "./icon";

type Side = "ours" | "theirs";

interface SidesProps {
  readonly conflict: Decidable;
  /** What each side is called, and the key that picks it where there is one. */
  readonly sides: readonly (readonly [side: Side, word: string, key?: string])[];
  readonly picked: string;
  readonly disabled?: boolean;
  readonly onPick: (side: Side) => void;
}

/** Both sides beside each other, and what they began with. */
export function ConflictSides({ conflict, sides, picked, disabled = false, onPick }: SidesProps): JSX.Element {
  const before = textBefore(conflict);
  return (
    <>
      <div class="wk-conflict-pair">
        {sides.map(([side, word, key]) => {
          const pick = `Pick ${word.toLowerCase()}`;
          const words = pickWords(conflict, side, pick);
          return (
            <section key={side} class={`wk-side${picked === side ? " wk-picked" : ""}`} aria-label={word}>
              <div class="wk-side-head">
                <strong>{word}</strong>
                <Button
                  small
                  kind="outline"
                  pressed={picked === side}
                  disabled={disabled}
                  tooltip={key === undefined ? pick : `${pick} (${key})`}
                  onPress={() => onPick(side)}
                >
                  {picked === side ? <Icon name="check" /> : null}
                  {words}
                </Button>
              </div>
              <SideText conflict={conflict} side={side} />
            </section>
          );
        })}
      </div>
      {before === null ? null : (
        <details class="wk-before">
          <summary>What both started from</summary>
          <p dir="auto">{before}</p>
        </details>
      )}
    </>
  );
}

function SideText({ conflict, side }: { conflict: Decidable; side: Side }): JSX.Element {
  if (conflict[side].length === 0) return <p class="wk-hint">Deleted it.</p>;
  return (
    <dl>
      {conflict[side].map((field) => {
        const words = sidePieces(field);
        return (
          <div key={field.path}>
            <dt class={field.path === "" ? "wk-visually-hidden" : undefined} title={field.path || undefined}>
              {fieldWords(conflict.item.kind, field.path) || "text"}
            </dt>
            <dd dir="auto">
              {words.length > 0 ? (
                <DiffText pieces={words} items={field.items !== undefined} />
              ) : (
                <em class="wk-muted">Empty</em>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

interface ResultProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly result: Result;
  readonly readOnly: boolean;
  /** The key that keeps it as it was, where there is one. */
  readonly neitherKey?: string;
  readonly isNeither: boolean;
  readonly onWrite: (text: string) => Promise<string | null> | null;
  readonly onNeither: () => void;
}

/** What stands there in the end; its text can be edited. */
export function ConflictResult(props: ResultProps): JSX.Element {
  const { form, text } = props.result;
  const neither = "Neither: keep it as it was";
  return (
    <section class="wk-result" aria-label="The result">
      <p class="wk-result-head" role="status">
        <Icon name={props.isOpen ? "warning" : "check"} class={props.isOpen ? "wk-error" : "wk-decided"} />
        <span>{props.title}</span>
      </p>
      {form === "none" ? null : (
        <TextField
          label="The result: edit it to write your own"
          hideLabel
          value={text}
          multiline={form !== "line"}
          rows={form === "text" ? 6 : 3}
          mono={form === "json"}
          readOnly={props.readOnly}
          hint={HINTS[form]}
          onCommit={props.onWrite}
        />
      )}
      {props.isNeither ? null : (
        <Button
          small
          kind="quiet"
          disabled={props.readOnly}
          tooltip={props.neitherKey ? `${neither} (${props.neitherKey})` : neither}
          onPress={props.onNeither}
        >
          {neither}
        </Button>
      )}
    </section>
  );
}

const HINTS: { readonly [form in Exclude<Result["form"], "none">]: string } = {
  text: "Edit it to write your own. It is saved when you leave the field or press Ctrl+Enter.",
  line: "Edit it to write your own. It is saved when you leave the field or press Enter.",
  lines: "One per line. It is saved when you leave the field or press Ctrl+Enter.",
  json: "As JSON, such as 12 or true. It is saved when you leave the field or press Ctrl+Enter.",
};
