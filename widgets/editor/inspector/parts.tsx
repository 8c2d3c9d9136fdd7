/** Pieces the forms of states, events and the world share. */
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { sentence } from "../../shared/format";
import type { JsonObject } from "../../shared/json";
import type { Diagnostic, Op } from "../../shared/protocol";
import type { Commit } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import type { Actions } from "../actions";
import type { Camera } from "../camera";
import type { Store } from "../store";
import { DiagnosticCard } from "../view/problems";

export interface FormProps {
  readonly store: Store;
  readonly actions: Actions;
  readonly camera: Camera;
}

/** Make a field's commit: send the batch that `ops` makes of what was typed, say what was refused. */
export function commit(actions: Actions, ops: (value: string) => Op[]): Commit {
  return async (value) => {
    const outcome = await actions.edit(ops(value), { quiet: true });
    return outcome.ok ? null : sentence(outcome.reply.message);
  };
}

/** A group of fields that folds; open when it has something to show. */
export function Group(props: {
  title: string;
  note?: string;
  open: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const first = useRef(props.open);
  return (
    <details class="we-group" open={first.current}>
      <summary>
        <Icon name="chevron" />
        <span>{props.title}</span>
        {props.note ? <span class="wk-muted">{props.note}</span> : null}
      </summary>
      <div class="we-fields">{props.children}</div>
    </details>
  );
}

/** Fields the form has no control for, shown as they are: they are kept. */
export function AlsoKept({ body, known }: { body: JsonObject; known: ReadonlySet<string> }): JSX.Element | null {
  const rest = Object.entries(body).filter(([key]) => !known.has(key));
  if (rest.length === 0) return null;
  return (
    <Group title="Also kept" note={String(rest.length)} open={false}>
      <dl class="we-json">
        {rest.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>
              <pre>{JSON.stringify(value, null, 2)}</pre>
            </dd>
          </div>
        ))}
      </dl>
    </Group>
  );
}

/** What the rules say about the thing in this form. */
export function Findings({ store, actions, found }: FormProps & { found: readonly Diagnostic[] }): JSX.Element | null {
  if (found.length === 0) return null;
  return (
    <ul class="we-findings">
      {found.map((diagnostic, index) => (
        <li key={`${diagnostic.lint} ${diagnostic.path} ${index}`}>
          <DiagnosticCard store={store} actions={actions} diagnostic={diagnostic} />
        </li>
      ))}
    </ul>
  );
}

/** Focus the field that something else asked for, once it is there. */
export function useWantedField(store: Store): { readonly current: HTMLFormElement | null } {
  const form = useRef<HTMLFormElement>(null);
  const name = store.wanted.value;
  useLayoutEffect(() => {
    if (name === null) return;
    const field = form.current?.elements.namedItem(name);
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
    store.wanted.value = null;
    field.focus();
    if (field instanceof HTMLInputElement) field.select();
  });
  return form;
}
