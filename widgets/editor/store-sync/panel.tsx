/** The side panel about saving: what is saved, a name for the file, and how to resolve a conflict. */
import type { JSX } from "preact";
import { fieldWords } from "../../shared/field-words";
import { count, sentence } from "../../shared/format";
import { placeTitle } from "../../shared/place-title";
import { Button } from "../../shared/ui/button";
import { ConflictResult, ConflictSides } from "../../shared/ui/conflict";
import { type FieldDiff, FieldText } from "../../shared/ui/diff-text";
import { Icon, type IconName } from "../../shared/ui/icon";
import { parseJson } from "../forms/unknown-fields";
import type { FormProps } from "../inspector/parts";
import {
  type Binding,
  type Choice,
  type Clash,
  type Conflict,
  DEFAULT_DECISION,
  type LastRun,
  type RemoteChange,
} from "./data";
import { SaveAs } from "./save-as";
import { isCount, revisionText, statusSentence } from "./state";

export function StorePanel(props: FormProps): JSX.Element | null {
  const { store, actions } = props;
  const { binding, busy, lastRun, reload } = store.storeSync;
  const current = binding.value;
  if (!current) return null;
  if (current.conflict) return <ConflictForm {...props} binding={current} conflict={current.conflict} />;
  return (
    <div class="we-form we-keeping">
      <LastRunEdits past={lastRun.value} />
      <p>{statusSentence(current)}</p>
      {current.trouble ? <p class="wk-hint">{current.trouble}</p> : null}
      {current.note ? (
        <p class="wk-hint">
          The map is not saved: {current.note}. Positions, regions, notes and tags last as long as the kernel.
        </p>
      ) : null}
      <NotTakenEdits binding={current} actions={actions} />
      <UnsavedEdits binding={current} />
      {current.kind === "store" ? null : <SaveAs store={store} binding={current} />}
      <div class="wk-button-row">
        {current.status === "nowhere" ? null : (
          <Button small kind="outline" disabled={busy.value || !store.online.value} onPress={() => void reload()}>
            Check for changes made elsewhere
          </Button>
        )}
        <CopyEdits actions={actions} />
      </div>
      <p class="wk-hint">{savingHint(current)}</p>
    </div>
  );
}

function savingHint({ kind, place, remembered, map_is_here }: Binding): string {
  if (kind === "store") {
    const saving = `Every edit is saved in ${place} as you make it, at the revision it was made against.`;
    const map = `Positions, regions, notes and tags are kept on this computer: ${place} has no room for them.`;
    return map_is_here ? `${saving} ${map}` : saving;
  }
  if (kind === "file")
    return "Every edit is saved as you make it. Other people’s changes are never overwritten without asking.";
  return remembered
    ? "Run the cell again and the edits are offered to you. When the kernel is restarted they are gone."
    : "When the kernel is restarted, or the cell is run again, the edits are gone.";
}

/** What was done when the cell was last run. */
function LastRunEdits({ past }: { past: LastRun | null }): JSX.Element | null {
  if (!past) return null;
  return (
    <section aria-label="The last run of this cell">
      <h3>
        The last run of this cell <span class="wk-muted">{count(past.count, "edit")}</span>
      </h3>
      <ul class="we-waiting">
        {past.labels.map((label, at) => (
          <li key={`${at} ${label}`}>{label}</li>
        ))}
      </ul>
    </section>
  );
}

function ConflictForm({
  store,
  actions,
  binding,
  conflict,
}: FormProps & { binding: Binding; conflict: Conflict }): JSX.Element {
  const n = conflict.elsewhere.length + conflict.more;
  return (
    <div class="we-form we-keeping">
      {conflict.clashes.length > 0 ? (
        <section aria-label="Changed on both sides">
          <h3>
            Changed on both sides{" "}
            <span class="wk-muted">{`${count(conflict.clashes.length + conflict.undecided, "thing")} to decide`}</span>
          </h3>
          {conflict.clashes.map((clash) => (
            <ClashChoice key={clash.path} clash={clash} store={store} />
          ))}
          {conflict.undecided > 0 ? (
            <p class="wk-hint">And {count(conflict.undecided, "more", "more")}: yours stand.</p>
          ) : null}
        </section>
      ) : (
        <p class="we-good">
          <Icon name="check" /> Nothing was changed on both sides.
        </p>
      )}
      <section aria-label="Changed elsewhere">
        <h3>
          Changed elsewhere{" "}
          <span class="wk-muted">
            {count(n, "thing")}
            {isCount(conflict.rev) ? `, ${revisionText(conflict.rev)}` : ""}
          </span>
        </h3>
        <ul class="we-remote-changes">
          {conflict.elsewhere.map((one) => (
            <Row key={`${one.kind} ${one.id}`} one={one} actions={actions} />
          ))}
        </ul>
        {conflict.more > 0 ? <p class="wk-hint">And {count(conflict.more, "more", "more")}.</p> : null}
      </section>
      <UnsavedEdits binding={binding} />
      {conflict.warnings.length > 0 ? (
        <section aria-label="Both together">
          <h3>Both together</h3>
          {conflict.warnings.map((warning) => (
            <p key={warning} class="we-merge-warning">
              <Icon name="warning" class="wk-warning" /> <span>{warning}</span>
            </p>
          ))}
        </section>
      ) : null}
      <div class="we-choices">
        {CHOICES.map(([choice, word, why, kind]) => (
          <Decision
            key={choice}
            {...{ store, choice, word, kind }}
            why={choice === "rebase" && conflict.clashes.length > 0 ? "Yours on top of theirs, as decided above." : why}
          />
        ))}
      </div>
    </div>
  );
}

const CHOICES: readonly [choice: Choice, word: string, why: string, kind: "primary" | "outline"][] = [
  ["rebase", "Rebase", "Yours go on top of theirs.", "primary"],
  ["theirs", "Take theirs", "Drops yours; redo puts them on top.", "outline"],
  ["mine", "Keep mine", "Drops theirs; undo brings them back.", "outline"],
];

interface DecisionProps extends Pick<FormProps, "store"> {
  readonly choice: Choice;
  readonly word: string;
  readonly why: string;
  readonly kind: "primary" | "outline";
}

function Decision({ store, choice, word, why, kind }: DecisionProps): JSX.Element {
  const { busy, reconcile } = store.storeSync;
  return (
    <div>
      <Button
        label={`${word}. ${why}`}
        kind={kind}
        disabled={busy.value || !store.editable.value}
        onPress={() => {
          void reconcile(choice).then((decided) => {
            if (decided) store.panel.value = "details";
          });
        }}
      >
        {word}
      </Button>
      <span class="wk-hint">{why}</span>
    </div>
  );
}

/** The edits that a hosted server did not take, each with the reason. */
function NotTakenEdits({ binding, actions }: { binding: Binding } & Pick<FormProps, "actions">): JSX.Element | null {
  const edits = binding.not_taken;
  if (edits.length === 0) return null;
  return (
    <section aria-label="Rejected">
      <h3>
        Rejected by {binding.place} <span class="wk-muted">{count(edits.length, "edit")}</span>
      </h3>
      <ul class="we-remote-changes">
        {edits.map((edit, at) => (
          <li key={`${at} ${edit.path}`}>
            <Icon name="warning" class="wk-warning" />
            <div>
              {edit.item.kind === "state" || edit.item.kind === "event" ? (
                <button type="button" class="we-place" onClick={() => actions.jump(edit)}>
                  {placeTitle(edit)}
                </button>
              ) : (
                <strong>{placeTitle(edit)}</strong>
              )}
              <p>{sentence(edit.message)}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function UnsavedEdits({ binding }: { binding: Binding }): JSX.Element | null {
  if (binding.waiting.length === 0) return null;
  return (
    <section aria-label="Not saved">
      <h3>
        Made here, not saved <span class="wk-muted">{count(binding.count, "edit")}</span>
      </h3>
      <ul class="we-waiting">
        {binding.waiting.map((label, at) => (
          <li key={`${at} ${label}`}>{label}</li>
        ))}
      </ul>
    </section>
  );
}

const MARKS: { readonly [mark in RemoteChange["mark"]]: IconName } = {
  added: "plus",
  removed: "minus",
  renamed: "arrow",
  changed: "pencil",
  moved: "down",
};

function Row({ one, actions }: { one: RemoteChange } & Pick<FormProps, "actions">): JSX.Element {
  const id = one.id.split(" → ")[0] ?? one.id;
  const item = { kind: one.kind, id, field: "" };
  const name = `${one.kind} ${one.id}`.trim();
  return (
    <li>
      <Icon name={MARKS[one.mark] ?? "pencil"} />
      <div>
        {one.kind === "world" || one.mark === "added" ? (
          <strong>{name}</strong>
        ) : (
          <button
            type="button"
            class="we-place"
            onClick={() => actions.jump({ lint: "", severity: "info", path: "", message: "", item })}
          >
            {name}
          </button>
        )}{" "}
        <span class="wk-muted">{one.mark}</span>
        {one.mark === "changed" || one.mark === "renamed" ? <Fields fields={one.fields} kind={one.kind} /> : null}
      </div>
    </li>
  );
}

function Fields({ fields, kind }: { fields: readonly FieldDiff[]; kind: string }): JSX.Element {
  return (
    <dl class="we-sides">
      {fields.map((field) => (
        <div key={field.path}>
          {field.path ? <dt title={field.path}>{fieldWords(kind, field.path)}</dt> : null}
          <dd dir="auto">
            <FieldText field={field} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

const SIDES = [
  ["ours", "Mine"],
  ["theirs", "Theirs"],
] as const;

/** One thing that both changed: both sides, and the result of what was picked, which can be edited. */
function ClashChoice({ clash, store }: { clash: Clash } & Pick<FormProps, "store">): JSX.Element {
  const { picks, pick } = store.storeSync;
  const { side, text } = picks.value.get(clash.path) ?? DEFAULT_DECISION;
  const start = clash.results[side];
  const disabled = !store.editable.value;
  const write = (input: string): string | null => {
    const parsed = start.form === "json" ? parseJson(input) : null;
    if (parsed && "refused" in parsed) return parsed.refused;
    pick(clash.path, { side, text: input === start.text ? null : input });
    return null;
  };
  return (
    <section class="we-clash" aria-label={placeTitle(clash)}>
      <h4 title={clash.path}>{placeTitle(clash)}</h4>
      <ConflictSides
        conflict={clash}
        sides={SIDES}
        picked={text === null ? side : ""}
        disabled={disabled}
        onPick={(one) => pick(clash.path, { side: one, text: null })}
      />
      <ConflictResult
        title={`The result: ${text === null ? RESULTS[side] : "your own words"}`}
        isOpen={false}
        result={{ form: start.form, text: text ?? start.text }}
        readOnly={disabled}
        isNeither={side === "base" && text === null}
        onWrite={(input) => Promise.resolve(write(input))}
        onNeither={() => pick(clash.path, { side: "base", text: null })}
      />
    </section>
  );
}

const RESULTS = { ours: "mine", theirs: "theirs", base: "as it was" } as const;

/** The way out for edits that cannot be saved, as for any others. */
export function CopyEdits({ actions }: Pick<FormProps, "actions">): JSX.Element {
  return (
    <Button label="Copy as Python: the edits made here" small kind="outline" onPress={() => void actions.copyCode()}>
      Copy as Python
    </Button>
  );
}
