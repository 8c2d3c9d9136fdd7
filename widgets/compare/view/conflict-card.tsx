/** One conflict to decide: ours and theirs side by side, and under them what stands there, to be edited. */
import type { JSX } from "preact";
import { sidePieces } from "../../shared/conflict-words";
import { fieldWords } from "../../shared/field-words";
import { Button } from "../../shared/ui/button";
import { DiffText } from "../../shared/ui/diff-text";
import { TextField } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import { pickWords, resultTitle, textBefore, whySentence } from "../conflict-words";
import type { Conflict, Pick } from "../data";
import type { Store } from "../store";

interface CardProps {
  readonly conflict: Conflict;
  /** Its number. */
  readonly at: number;
  readonly store: Store;
}

const SIDES: readonly [side: Exclude<Pick, "base">, word: string, key: string][] = [
  ["ours", "Ours", "1"],
  ["theirs", "Theirs", "2"],
];

export function ConflictCard(props: CardProps): JSX.Element {
  const { conflict } = props;
  const before = textBefore(conflict);
  return (
    <div class="wc-body wc-conflict">
      <p class="wc-why">{whySentence(conflict)}</p>
      <div class="wc-pair">
        {SIDES.map(([side, word, key]) => (
          <Side key={side} {...props} side={side} word={word} shortcut={key} />
        ))}
      </div>
      {before === null ? null : (
        <details class="wc-before">
          <summary>What both began with</summary>
          <p dir="auto">{before}</p>
        </details>
      )}
      <Result {...props} />
    </div>
  );
}

interface SideProps extends CardProps {
  readonly side: Exclude<Pick, "base">;
  readonly word: string;
  readonly shortcut: string;
}

function Side({ conflict, at, store, side, word, shortcut }: SideProps): JSX.Element {
  const isPicked = conflict.picked === side;
  const label = pickWords(conflict, side);
  return (
    <section class={`wc-side${isPicked ? " wc-picked" : ""}`} aria-label={word}>
      <div class="wc-side-head">
        <strong>{word}</strong>
        <Button
          label={label === `Pick ${side}` ? label : `Pick ${side}: ${label.toLowerCase()}`}
          named="content"
          small
          kind="outline"
          pressed={isPicked}
          tooltip={`Pick ${side} (${shortcut})`}
          onPress={() => void store.pick(at, side)}
        >
          {isPicked ? <Icon name="check" /> : null}
          {label}
        </Button>
      </div>
      {conflict[side].length === 0 ? <p class="wc-note">Deleted it.</p> : null}
      <dl>
        {conflict[side].map((field) => {
          const pieces = sidePieces(field);
          return (
            <div key={field.path} class="wc-field">
              <dt class={field.path === "" ? "wk-visually-hidden" : undefined} title={field.path || undefined}>
                {fieldWords(conflict.item.kind, field.path) || "text"}
              </dt>
              <dd dir="auto">
                {pieces.length > 0 ? (
                  <DiffText pieces={pieces} items={field.items !== undefined} />
                ) : (
                  <em class="wk-muted">Nothing there</em>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

function Result({ conflict, at, store }: CardProps): JSX.Element {
  const { form, text } = conflict.result;
  const isOpen = conflict.picked === "";
  const readOnly = store.link.state.value === "silent";
  return (
    <section class="wc-result" aria-label="The result">
      <p class="wc-result-head" role="status">
        <Icon name={isOpen ? "warning" : "check"} class={isOpen ? "wk-error" : "wc-added"} />
        <span>{resultTitle(conflict)}</span>
      </p>
      {form === "none" ? null : (
        <TextField
          label="The result: edit it to write your own"
          hideLabel
          value={text}
          multiline={form !== "line"}
          rows={form === "text" ? 6 : 3}
          mono={form === "json"}
          readOnly={readOnly}
          hint={HINTS[form]}
          onCommit={(input) => store.write(at, input)}
        />
      )}
      {conflict.picked === "base" ? null : (
        <Button
          label="Neither: keep it as it was"
          small
          kind="quiet"
          tooltip="Neither: keep it as it was (3)"
          onPress={() => void store.pick(at, "base")}
        >
          Neither: keep it as it was
        </Button>
      )}
    </section>
  );
}

const HINTS: { readonly [form in Exclude<Conflict["result"]["form"], "none">]: string } = {
  text: "Edit it to write your own. It is kept when you leave the field or press Ctrl+Enter.",
  line: "Edit it to write your own. It is kept when you leave the field or press Enter.",
  lines: "One a line. It is kept when you leave the field or press Ctrl+Enter.",
  json: "As JSON, such as 12 or true. It is kept when you leave the field or press Ctrl+Enter.",
};
