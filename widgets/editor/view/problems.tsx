/** The list of diagnostics, each with its place, its reason and its fix. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { countOf } from "../../shared/findings";
import { count, sentence } from "../../shared/format";
import { placeTitle } from "../../shared/place-title";
import type { Diagnostic } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Actions } from "../actions";
import { Findings } from "../overlay/findings";
import { groupProblems } from "../problems/groups";
import { ProblemGroups } from "../problems/panel";
import { repairsOf } from "../problems/repairs";
import { RuleButton, RuleText } from "../problems/rule-text";
import type { Store } from "../store";

interface ProblemProps {
  readonly store: Store;
  readonly actions: Actions;
}

interface DiagnosticProps extends ProblemProps {
  readonly diagnostic: Diagnostic;
  readonly place?: boolean;
  readonly children?: ComponentChildren;
}

/** One finding. `place` shows where it is, as a button that goes there. */
export function DiagnosticCard(props: DiagnosticProps): JSX.Element {
  const { store, actions, diagnostic, place } = props;
  const [open, setOpen] = useState(false);
  const rule = store.doc.value.rules[diagnostic.lint];
  const { item, severity } = diagnostic;
  const canJump = item.kind === "state" || item.kind === "event";
  const fix = diagnostic.count === undefined ? "Fix" : "Fix all";
  const remedy = diagnostic.count === undefined ? diagnostic.remedy : undefined;
  const isRepairable = !place && !diagnostic.remedy && store.editable.value && hasRepair(store, diagnostic);
  return (
    <div class={`we-finding we-${severity}`}>
      <div class="we-finding-head">
        <Icon name={severity} class={`wk-${severity}`} />
        <div>
          <p>
            <span class="wk-visually-hidden">{severity}: </span>
            {sentence(diagnostic.message)}
          </p>
          {place && diagnostic.count === undefined ? (
            canJump ? (
              <button type="button" class="we-place" onClick={() => actions.jump(diagnostic)}>
                {placeTitle(diagnostic)}
              </button>
            ) : (
              <span class="wk-hint">{placeTitle(diagnostic)}</span>
            )
          ) : null}
          {remedy && store.editable.value ? <p class="wk-hint">{`The fix: ${remedy}.`}</p> : null}
        </div>
      </div>
      <div class="we-finding-foot">
        <RuleButton rule={rule} open={open} onPress={() => setOpen(!open)} />
        {diagnostic.remedy && store.editable.value ? (
          <Button
            label={`${fix}: ${remedy ?? rule?.title ?? diagnostic.lint}`}
            small
            kind="outline"
            icon="check"
            onPress={() => actions.fix(diagnostic)}
          >
            {fix}
          </Button>
        ) : null}
        {isRepairable ? (
          <Button
            label="Repair: show what can be done about it"
            small
            kind="outline"
            onPress={() => {
              store.problemToShow.value = item;
              store.openPanel("problems");
            }}
          >
            Repair…
          </Button>
        ) : null}
      </div>
      <RuleText rule={rule} open={open} />
      {props.children}
    </div>
  );
}

/** Whether the list of problems offers an edit that makes a finding go away. */
function hasRepair(store: Store, diagnostic: Diagnostic): boolean {
  const graph = store.worldGraph.value;
  const group = groupProblems(store.doc.value.diagnostics, graph).find(({ findings }) => findings.includes(diagnostic));
  return group !== undefined && repairsOf(group, graph, { near: null, stuck: [], guards: [] }).length > 0;
}

export function Problems({ store, actions }: ProblemProps): JSX.Element {
  const all = store.doc.value.diagnostics;
  const errors = countOf(all, "error");
  const warnings = countOf(all, "warning");
  const list = (diagnostics: readonly Diagnostic[]) => (
    <ProblemGroups
      store={store}
      actions={actions}
      diagnostics={diagnostics}
      card={(diagnostic, repairs) => (
        <DiagnosticCard store={store} actions={actions} diagnostic={diagnostic} place>
          {repairs}
        </DiagnosticCard>
      )}
    />
  );
  return (
    <div class="we-form">
      {all.length === 0 ? (
        <p class="we-good">
          <Icon name="check" /> The rules find no problem.
        </p>
      ) : (
        <>
          <p class="wk-hint" role="status">
            {count(errors, "error")}, {count(warnings, "warning")}. Errors block play; warnings are advice.
          </p>
          {list(all)}
        </>
      )}
      <Findings store={store} list={list} />
    </div>
  );
}
