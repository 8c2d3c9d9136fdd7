/** One property in the panel: what became of it, why, and the run that shows it. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { readableName } from "../../shared/format";
import type { PropertyOutcome } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { TextField } from "../../shared/ui/field";
import type { IconName } from "../../shared/ui/icon";
import { Icon } from "../../shared/ui/icon";
import type { Actions } from "../actions";
import type { Store } from "../store";
import type { PropertyRow, PropertyRun } from "./data";
import { PropertyDraft } from "./draft";
import { editProperties } from "./edits";
import { PropertyField } from "./field";

const BADGES: { readonly [outcome in PropertyOutcome]: { readonly words: string; readonly icon: IconName } } = {
  holds: { words: "proven", icon: "check" },
  vacuous: { words: "says nothing", icon: "info" },
  broken: { words: "broken", icon: "error" },
  undecided: { words: "not decided", icon: "help" },
  waiting: { words: "waiting", icon: "clock" },
  invalid: { words: "cannot be read", icon: "warning" },
};

interface RowProps {
  /** The number of the property. */
  readonly id: number;
  readonly store: Store;
  readonly actions: Actions;
  readonly row: PropertyRow;
}

export function Row({ id, store, actions, row }: RowProps): JSX.Element {
  const { properties, editable } = store;
  const draft = properties.drafts.value.get(id);
  const close = () => {
    const drafts = new Map(properties.drafts.peek());
    drafts.delete(id);
    properties.drafts.value = drafts;
  };
  const open = () => {
    const draft = new PropertyDraft({
      row: () => properties.list.peek().rows[properties.keys.peek().indexOf(id)] ?? row,
      inTurn: actions.inTurn,
      send: (edit) => editProperties(store, [edit], true),
      read: async (typed) => (await properties.read(typed)).text || typed,
      onDone: close,
    });
    properties.drafts.value = new Map(properties.drafts.peek()).set(id, draft);
  };
  const { name, text, outcome, note, run } = row;
  const walked = properties.walked.value;
  const isWalked = walked?.name === name;
  const badge = BADGES[outcome];
  const mayEdit = editable.value && properties.list.value.readable;
  const show = () => {
    if (isWalked) properties.walked.value = null;
    else properties.walkTo(row, run?.steps.length ?? 0);
  };
  return (
    <li class={`we-finding wp-row wp-${outcome}`}>
      <div class="wp-head">
        <span class="wp-badge">
          <Icon name={badge.icon} />
          {badge.words}
        </span>
        <span class="wp-tools">
          <Button
            label={`Edit ${name}`}
            icon="pencil"
            small
            kind="quiet"
            disabled={!mayEdit}
            expanded={draft !== undefined}
            onPress={draft ? close : open}
          />
          <Button
            label={`Delete ${name}`}
            icon="trash"
            small
            kind="quiet"
            disabled={!mayEdit}
            onPress={() => void editProperties(store, [{ name, text: null }])}
          />
        </span>
      </div>
      {name === text ? null : <p class="wp-name">{name}</p>}
      {draft ? <Edit store={store} draft={draft} row={row} onClose={close} /> : <code class="wp-text">{text}</code>}
      {note === "" || isProof(row) ? null : <p class="wk-hint wp-note">{note}</p>}
      {run ? (
        <div class="wp-buttons">
          <Button
            label={`${outcome === "broken" ? "Show where it breaks" : "Show the run"}: ${name}`}
            icon="eye"
            small
            kind="outline"
            expanded={isWalked}
            onPress={show}
          >
            {outcome === "broken" ? "Show where it breaks" : "Show the run"}
          </Button>
          <Button
            label={`Play it: ${name}`}
            icon="play"
            small
            kind="outline"
            disabled={!store.online.value}
            onPress={() => void store.play.open(row.name)}
          >
            Play it
          </Button>
        </div>
      ) : null}
      {run && isWalked ? <Steps store={store} row={row} run={run} at={walked.at} /> : null}
    </li>
  );
}

/** A proof needs no words, and a run is listed step by step. */
function isProof({ outcome, run }: PropertyRow): boolean {
  return outcome === "holds" || (outcome === "broken" && run !== null);
}

interface EditProps extends Pick<RowProps, "store" | "row"> {
  readonly draft: PropertyDraft;
  readonly onClose: () => void;
}

function Edit({ store, draft, row, onClose }: EditProps): JSX.Element {
  const { name, text } = row;
  const [isNew] = useState(draft.text.peek() === null);
  useEffect(
    () => () => {
      // the name goes with its field, which sends it or gives it back
      draft.name = null;
      if (draft.text.peek() === null) onClose();
    },
    [],
  );
  return (
    <div class="wp-edit">
      <PropertyField
        store={store}
        label="What must hold"
        value={text}
        draft={draft.text}
        autoFocus={isNew}
        onCancel={onClose}
        onCommit={(typed) => draft.saveText(typed)}
      />
      <TextField
        label="Name"
        value={name === text ? "" : name}
        placeholder="Optional: its text by default"
        readOnly={!store.editable.value}
        onDraft={(typed) => {
          draft.name = typed;
        }}
        onCommit={(typed) => draft.saveName(typed)}
      />
    </div>
  );
}

interface StepsProps {
  readonly store: Store;
  readonly row: PropertyRow;
  readonly run: PropertyRun;
  readonly at: number;
}

/** The run step by step: arrow keys and buttons go through it, and the map follows. */
function Steps({ store, row, run, at }: StepsProps): JSX.Element {
  const { properties } = store;
  const go = (to: number) => properties.walkTo(row, to);
  const last = run.steps.length;
  const lines = [
    `Start in ${readableName(run.start)}`,
    ...run.steps.map(([event, , state]) => stepWords(event, state)),
  ];
  return (
    <div
      class="wp-steps"
      role="group"
      aria-label={`The run of ${row.name}, step by step`}
      onKeyDown={(event) => {
        const by = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : -1;
        if (!["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"].includes(event.key) || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        const to = Math.max(0, Math.min(last, at + by));
        go(to);
        focusStep(event.currentTarget, to);
      }}
    >
      <div class="wp-walk">
        <Button
          label="One step back"
          icon="arrow"
          class="wp-back"
          small
          kind="quiet"
          disabled={at === 0}
          onPress={() => go(at - 1)}
        />
        <span role="status">{`Step ${at} of ${last}`}</span>
        <Button
          label="One step forward"
          icon="arrow"
          small
          kind="quiet"
          disabled={at === last}
          onPress={() => go(at + 1)}
        />
      </div>
      <ol start={0}>
        {lines.map((words, index) => (
          <li key={index}>
            <button
              type="button"
              class="wp-step"
              aria-current={index === at ? "step" : undefined}
              tabIndex={index === at ? 0 : -1}
              onClick={() => go(index)}
            >
              <span class="wp-number">{index}</span>
              <span>{words}</span>
            </button>
          </li>
        ))}
      </ol>
      {run.more > 0 ? <p class="wk-hint">{`And ${run.more.toLocaleString("en")} more steps.`}</p> : null}
    </div>
  );
}

function stepWords(event: string, state: string): string {
  return `${readableName(event.replace(/^sequence:/, ""))} → ${readableName(state)}`;
}

function focusStep(group: HTMLElement, at: number): void {
  group.querySelectorAll<HTMLElement>(".wp-step")[at]?.focus();
}
