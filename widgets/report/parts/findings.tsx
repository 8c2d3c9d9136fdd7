/** The findings, most severe first; the selected one is open. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Entry, Group, Report } from "../data";
import { key, type Target } from "../data";
import type { Store } from "../store";
import { countFindings, isNote, stateName } from "../text";
import { Look } from "./look";
import { Play } from "./play";
import { Steps } from "./steps";

const INITIAL_ENTRY_COUNT = 5;

export function Findings({ store, report }: { store: Store; report: Report }): JSX.Element | null {
  const harmful = report.groups.filter((group) => !isNote(group));
  const notes = report.groups.filter(isNote);
  const [open, setOpen] = useState(false);
  return (
    <>
      {harmful.length > 0 ? (
        <section>
          <h3>{report.mark === "wrong" ? "What is wrong" : "What is not known"}</h3>
          {harmful.map((group) => (
            <Entries key={group.kind} store={store} group={group} />
          ))}
        </section>
      ) : null}
      {notes.length > 0 ? (
        <section>
          <h3>
            <button type="button" class="wr-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
              <Icon name="chevron" class="wr-fold" />
              <span>{`Notes (${countFindings(notes).toLocaleString("en")})`}</span>
            </button>
          </h3>
          {open ? notes.map((group) => <Entries key={group.kind} store={store} group={group} />) : null}
        </section>
      ) : null}
    </>
  );
}

function Entries({ store, group }: { store: Store; group: Group }): JSX.Element {
  const [all, setAll] = useState(false);
  const rest = group.entries.length - INITIAL_ENTRY_COUNT;
  const visible = all || rest <= 1 ? group.entries : group.entries.slice(0, INITIAL_ENTRY_COUNT);
  return (
    <>
      <h4>{group.title}</h4>
      <ul class="wr-list">
        {visible.map((entry) => (
          <Finding key={entry.index} store={store} entry={entry} />
        ))}
      </ul>
      {visible.length < group.entries.length ? (
        <button type="button" class="wr-link" onClick={() => setAll(true)}>{`Show ${rest} more`}</button>
      ) : null}
      {group.more > 0 && (all || rest <= 1) ? (
        <p class="wr-after">
          {`and ${group.more.toLocaleString("en")} more: `}
          <code>r.to_frame()</code>
        </p>
      ) : null}
    </>
  );
}

function Finding({ store, entry }: { store: Store; entry: Entry }): JSX.Element {
  const target: Target = { kind: "finding", index: entry.index };
  const open = store.selection.value !== null && key(store.selection.value) === key(target);
  const run = store.run(target);
  const scene = entry.states[0] ?? run?.hops.at(-1)?.state ?? null;
  return (
    <li data-chosen={open}>
      <button type="button" class="wr-row" aria-expanded={open} onClick={() => store.choose(open ? null : target)}>
        <Icon name={entry.severity === "info" ? "info" : entry.severity} class={`wr-is-${entry.severity}`} />
        <span class="wk-visually-hidden">{`${entry.severity}: `}</span>
        <span class="wr-said">{entry.message}</span>
        <Icon name="chevron" class="wr-fold" />
      </button>
      {open ? (
        <div class="wr-body">
          {scene === null ? null : (
            <p class="wr-scene">
              <Look store={store} state={scene} />
              <span class="wr-to">{stateName(scene)}</span>
            </p>
          )}
          <p class="wr-fix">
            <span class="wk-label">What to do</span>
            {entry.fix}
          </p>
          {run && run.length > 0 ? <Steps run={run} before={entry.before} /> : null}
          <div class="wr-actions">
            {run || entry.later ? <Play store={store} target={target} run={run} /> : null}
            <Button
              kind="outline"
              disabled={!store.online.value}
              onPress={() => void store.showInEditor(target, false)}
            >
              Show in the editor
            </Button>
            {entry.severity === "info" ? null : (
              <Button
                kind="outline"
                disabled={!store.online.value}
                onPress={() => void store.showInEditor(target, true)}
              >
                Fix in the editor…
              </Button>
            )}
          </div>
        </div>
      ) : null}
    </li>
  );
}
