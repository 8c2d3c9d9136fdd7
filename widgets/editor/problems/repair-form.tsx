/** One repair before it is made: its choices, and what it would do, as the kernel says. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { count, sentence } from "../../shared/format";
import type { Op, PreviewReply, Rejected } from "../../shared/protocol";
import { reveal } from "../../shared/reveal";
import { Button } from "../../shared/ui/button";
import { Select } from "../../shared/ui/choice";
import { Icon } from "../../shared/ui/icon";
import { Problem } from "../../shared/ui/problem";
import type { Actions } from "../actions";
import type { Store } from "../store";
import type { Repair } from "./repairs";

interface RepairProps {
  readonly store: Store;
  readonly actions: Actions;
  readonly repair: Repair;
  /** The problem was found by playing, so that only playing shows whether it is gone. */
  readonly played: boolean;
  readonly onClose: () => void;
}

export function RepairForm({ store, actions, repair, played, onClose }: RepairProps): JSX.Element {
  // the writer's answers stay when the world changes meanwhile
  const questions = useMemo(() => repair.questions(), [store.doc.value, repair.key]);
  const [answers, setAnswers] = useState<readonly string[]>(() => questions.map(({ initial }) => initial));
  const form = useRef<HTMLFieldSetElement>(null);
  useLayoutEffect(() => form.current?.focus(), []);
  const batch = repair.ops(answers);
  const preview = usePreview(store, batch);
  // it opens below what it repairs, and the answer makes it taller: what is pressed next is to be in sight
  useLayoutEffect(() => {
    if (form.current) reveal(form.current);
  }, [preview]);
  const outcome = repair.outcome(answers);
  const name = repair.name(answers);
  const apply = () =>
    actions.once(name, async () => {
      const rejection = await actions.change(() => ({ ops: batch, label: name, message: sentence(name) }));
      if (rejection === null) onClose();
    });
  return (
    <fieldset class="we-repair" ref={form} tabIndex={-1}>
      <legend class="wk-visually-hidden">{repair.label}</legend>
      {questions.map((question, at) => (
        <Select
          key={question.label}
          label={question.label}
          value={answers[at] ?? question.initial}
          options={question.options}
          onChange={(value) => setAnswers(answers.map((one, index) => (index === at ? value : one)))}
        />
      ))}
      <div class="we-preview" role="status" aria-label="What it would do">
        {preview === null ? (
          <p class="wk-hint">Looking at what it would do…</p>
        ) : preview.type === "rejected" ? (
          <Problem text={sentence(preview.message)} />
        ) : (
          <Preview
            preview={preview}
            name={name}
            outcome={outcome}
            played={played}
            isProven={repair.isProven ?? false}
          />
        )}
      </div>
      <div class="wk-button-row">
        <Button
          small
          kind="primary"
          icon="check"
          disabled={batch.length === 0 || preview?.type !== "preview" || !store.editable.value}
          onPress={() => void apply()}
        >
          Make this change
        </Button>
        <Button small kind="quiet" onPress={onClose}>
          Cancel
        </Button>
      </div>
    </fieldset>
  );
}

interface PreviewProps {
  readonly preview: PreviewReply;
  readonly name: string;
  readonly outcome: string;
  readonly played: boolean;
  readonly isProven: boolean;
}

function Preview({ preview, name, outcome, played, isProven }: PreviewProps): JSX.Element {
  const { changes, settled, raised, fresh } = preview;
  return (
    <>
      <p>{sentence(name)}</p>
      {changes.length > 1 ? (
        <ul>
          {changes.map((change, at) => (
            <li key={`${at} ${change}`}>{sentence(change)}</li>
          ))}
        </ul>
      ) : null}
      {outcome === "" ? null : <p class={isProven ? "we-good" : undefined}>{outcome}</p>}
      {settled === 0 && isProven ? null : (
        <p class={settled > 0 ? "we-good" : "wk-hint"}>
          {settled > 0 ? <Icon name="check" /> : null}
          {settled > 0
            ? ` ${count(settled, "problem")} fewer.`
            : played
              ? "Explore again to see whether it helps."
              : "No listed problem is fixed."}
        </p>
      )}
      {raised > 0 ? (
        <p class="we-raised">
          <Icon name="warning" class="wk-warning" />
          <span>{`${count(raised, "new problem")}: ${fresh.map(sentence).join(" ")}`}</span>
        </p>
      ) : null}
    </>
  );
}

/** Ask the kernel what operations would do; null until it answers, or while they change. */
function usePreview(store: Store, batch: readonly Op[]): PreviewReply | Rejected | null {
  const [latest, setLatest] = useState<{ question: string; reply: PreviewReply | Rejected }>();
  const wire = JSON.stringify(batch);
  // asked again when the world is another one
  const question = `${store.doc.value.rev} ${wire}`;
  useEffect(() => {
    let isWanted = true;
    void store.link.request<PreviewReply | Rejected>({ type: "preview", ops: JSON.parse(wire) }).then((reply) => {
      if (isWanted) setLatest({ question, reply });
    });
    return () => {
      isWanted = false;
    };
  }, [store, question]);
  return latest?.question === question ? latest.reply : null;
}
