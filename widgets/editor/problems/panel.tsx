/** The list of problems, grouped by cause; a group has one repair for all of its findings, with a preview. */
import type { JSX, Ref } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { count, sentence } from "../../shared/format";
import type { Diagnostic } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Actions } from "../actions";
import type { Store } from "../store";
import { groupProblems, groupTitle, type ProblemGroup, placesOf } from "./groups";
import { useGuards } from "./guards";
import { RepairForm } from "./repair-form";
import { isFoundByPlaying, type Repair, repairsOf } from "./repairs";
import { RuleButton, RuleText } from "./rule-text";

/** Groups that are listed at first: each looks for its repairs. */
const INITIAL_GROUP_COUNT = 40;
/** Findings of a group that are listed at first. */
const INITIAL_FINDING_COUNT = 5;

interface GroupsProps {
  readonly store: Store;
  readonly actions: Actions;
  readonly diagnostics: readonly Diagnostic[];
  /** How one finding alone is shown, and what can be done about it. */
  readonly card: (diagnostic: Diagnostic, repairs: JSX.Element | null) => JSX.Element;
}

export function ProblemGroups(props: GroupsProps): JSX.Element {
  const { store, diagnostics } = props;
  const graph = store.worldGraph.value;
  const groups = useMemo(() => groupProblems(diagnostics, graph), [diagnostics, graph]);
  const [most, setMost] = useState(INITIAL_GROUP_COUNT);
  return (
    <>
      <ul class="we-findings" aria-label={count(groups.length, "problem")}>
        {groups.slice(0, most).map((group) => (
          <Group key={group.key} {...props} group={group} />
        ))}
      </ul>
      {groups.length > most ? (
        <Button label="Show more problems" small kind="quiet" onPress={() => setMost(most + 2 * INITIAL_GROUP_COUNT)}>
          {`Show more problems (${(groups.length - most).toLocaleString("en")})`}
        </Button>
      ) : null}
    </>
  );
}

function Group({ store, actions, card, group }: GroupsProps & { group: ProblemGroup }): JSX.Element {
  const { selected, editable } = store;
  const near = selected.value?.kind === "state" ? selected.value.id : null;
  const graph = store.worldGraph.value;
  const exploration = store.overlay.exploration.value;
  const stuckIds = (exploration?.states ?? []).filter(({ word }) => word === "stuck").map(({ id }) => id);
  const guards = useGuards(store, editable.value && (group.lint === "soft-lock" || group.lint === "dead-end"));
  const repairs = editable.value ? repairsOf(group, graph, { near, stuck: stuckIds, guards }) : [];
  const [finding] = group.findings;
  const isSingle = group.size === 1 && finding !== undefined;
  const form =
    repairs.length > 0 ? (
      <Repairs store={store} actions={actions} repairs={repairs} played={isFoundByPlaying(group)} />
    ) : null;
  return (
    <li ref={useLeadIn(store, group)} tabIndex={-1}>
      {isSingle ? card(finding, form) : <Several store={store} actions={actions} group={group} repairs={form} />}
    </li>
  );
}

/** Bring a group into sight, with the keyboard, when another widget led to one of its findings. */
function useLeadIn(store: Store, group: ProblemGroup): Ref<HTMLLIElement> {
  const row = useRef<HTMLLIElement>(null);
  const problem = store.problemToShow.value;
  const isWanted =
    problem !== null && group.findings.some(({ item }) => item.kind === problem.kind && item.id === problem.id);
  useEffect(() => {
    if (!isWanted) return;
    store.problemToShow.value = null;
    row.current?.focus();
  }, [isWanted, store]);
  return row;
}

interface SeveralProps extends Pick<GroupsProps, "store" | "actions"> {
  readonly group: ProblemGroup;
  readonly repairs: JSX.Element | null;
}

/** A group of several findings: what they have in common, and each place. */
function Several({ store, actions, group, repairs }: SeveralProps): JSX.Element {
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState(false);
  const rule = store.doc.value.rules[group.lint];
  const { findings, severity, cause } = group;
  const single = findings.filter(({ count }) => count === undefined);
  const places = placesOf(single);
  const visible = all || places.length <= INITIAL_FINDING_COUNT + 1 ? places : places.slice(0, INITIAL_FINDING_COUNT);
  const unlisted = group.size - single.length;
  const isSameText = single.every(({ message }) => message === single[0]?.message);
  const canFixAll = cause.kind === "rule" && findings.every(({ remedy }) => remedy) && store.editable.value;
  return (
    <div class={`we-finding we-cause we-${severity}`}>
      <div class="we-finding-head">
        <Icon name={severity} class={`wk-${severity}`} />
        <div>
          <p>
            <span class="wk-visually-hidden">{severity}: </span>
            <strong>{groupTitle(group, rule?.title ?? group.lint)}</strong>
          </p>
          {isSameText && cause.kind === "rule" && single[0] ? (
            <p class="wk-hint">{sentence(single[0].message)}</p>
          ) : null}
        </div>
      </div>
      <ul class="we-cause-places">
        {visible.map(({ title, finding, messages }) => (
          <li key={title}>
            <Place actions={actions} finding={finding} title={title} />
            {isSameText || cause.kind !== "rule"
              ? null
              : messages.map((message) => (
                  <p key={message} class="wk-hint">
                    {sentence(message)}
                  </p>
                ))}
          </li>
        ))}
      </ul>
      <div class="we-finding-foot">
        {visible.length < places.length ? (
          <Button small kind="quiet" onPress={() => setAll(true)}>
            {`Show all ${places.length.toLocaleString("en")}`}
          </Button>
        ) : null}
        <RuleButton rule={rule} open={open} onPress={() => setOpen(!open)} />
        {canFixAll ? (
          <Button
            label={`Fix all: ${remedies(findings)}`}
            small
            kind="outline"
            icon="check"
            onPress={() => actions.fixAll(group.lint)}
          >
            Fix all
          </Button>
        ) : null}
      </div>
      {canFixAll ? <p class="wk-hint we-cause-note">{`The fix: ${remedies(findings)}.`}</p> : null}
      {unlisted > 0 ? <p class="wk-hint we-cause-note">{`${unlisted.toLocaleString("en")} more like these.`}</p> : null}
      <RuleText rule={rule} open={open} />
      {repairs}
    </div>
  );
}

function remedies(findings: readonly Diagnostic[]): string {
  const words = [...new Set(findings.map(({ remedy }) => remedy ?? ""))].filter((one) => one !== "");
  const rest = words.length - 2;
  return words.slice(0, 2).join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}

interface PlaceProps {
  readonly actions: Actions;
  readonly finding: Diagnostic;
  readonly title: string;
}

function Place({ actions, finding, title }: PlaceProps): JSX.Element {
  const { kind } = finding.item;
  if (kind !== "state" && kind !== "event") return <span class="wk-hint">{title}</span>;
  return (
    <button type="button" class="we-place" onClick={() => actions.jump(finding)}>
      {title}
    </button>
  );
}

interface RepairsProps extends Pick<GroupsProps, "store" | "actions"> {
  readonly repairs: readonly Repair[];
  readonly played: boolean;
}

function Repairs({ store, actions, repairs, played }: RepairsProps): JSX.Element {
  const [key, setKey] = useState<string | null>(null);
  const repair = repairs.find((one) => one.key === key);
  return (
    <div class="we-repairs">
      <div class="we-repair-buttons">
        {repairs.map((one) => (
          <Button
            key={one.key}
            label={one.label}
            small
            kind="outline"
            expanded={one.key === key}
            onPress={() => setKey(one.key === key ? null : one.key)}
          >
            {one.label}
          </Button>
        ))}
      </div>
      {repair ? (
        <RepairForm
          key={repair.key}
          store={store}
          actions={actions}
          repair={repair}
          played={played}
          onClose={() => setKey(null)}
        />
      ) : null}
    </div>
  );
}
