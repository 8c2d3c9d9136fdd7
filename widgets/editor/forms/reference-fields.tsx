/** Fields that refer to states, cutscenes and flags, with links to them. */
import type { JSX } from "preact";
import { useContext, useMemo, useState } from "preact/hooks";
import type { Doc } from "../../map/document";
import { shorten } from "../../shared/format";
import { isObject, type JsonObject, text, texts } from "../../shared/json";
import { TextField } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import { type Actions, eventSelection } from "../actions";
import { renameFlag } from "../data/ops";
import type { Store } from "../store";
import { Combo, type Option } from "./combo-field";
import { FieldNote, type FieldProps, useField } from "./fields";
import { type FlagUses, flagUses, NO_USES, type Use } from "./flag-usage";
import { type Form, useForm, WithinContext } from "./form";
import { withArticle } from "./list-fields";
import { fieldName, type Path, put, read } from "./paths";

const EXCERPT_LENGTH = 60;

/** Return the states, and where wanted the cutscenes, that a field may name. */
function useTargets(form: Form, cuts: boolean): readonly Option[] {
  const { nodes, cuts: clips } = form.store.worldGraph.value;
  return useMemo(() => {
    const states = nodes.map(
      ({ id, prose, start, ending }): Option => ({
        value: id,
        icon: ending ? ending.kind : start ? "start" : "arrow",
        detail: shorten(prose, EXCERPT_LENGTH),
      }),
    );
    if (!cuts) return states;
    const hops = [...clips.values()].map(
      (cut): Option => ({ value: text(cut.id), icon: "film", detail: `cutscene, to ${text(cut.to)}` }),
    );
    return [...states, ...hops];
  }, [nodes, clips, cuts]);
}

/** A chip that goes to a state. */
function StateLink({ id, actions, store }: { id: string; actions: Actions; store: Store }): JSX.Element {
  const exists = store.graph.value.byId.has(id);
  return (
    <button
      type="button"
      class={`wk-chip we-jump${exists ? "" : " wk-error"}`}
      aria-label={exists ? `Go to state ${id}` : `State ${id} does not exist`}
      disabled={!exists}
      onClick={() => actions.select({ kind: "state", id }, "reveal")}
    >
      <Icon name={exists ? "arrow" : "error"} />
      <span>{id}</span>
    </button>
  );
}

function EventLink({ form, index, name }: { form: Form; index: number; name: string }): JSX.Element {
  return (
    <button
      type="button"
      class="we-inline-link"
      aria-label={`Go to event ${name}`}
      onClick={() => form.actions.select(eventSelection(form.store, index), "centre")}
    >
      {name}
    </button>
  );
}

/** One state, or where `cuts` says so one cutscene. */
export function StateRef(
  props: FieldProps & { cuts?: boolean; clearable?: boolean; after?: JSX.Element },
): JSX.Element {
  const { form, value, set } = useField(props);
  const options = useTargets(form, props.cuts ?? false);
  const id = text(value);
  const cut = props.cuts ? form.store.graph.value.cuts.get(id) : undefined;
  const landing = cut ? text(cut.to) : id;
  return (
    <div class="we-ref">
      <Combo
        label={props.label}
        name={fieldName(props.at)}
        value={id}
        options={options}
        noun={props.cuts ? "state or cutscene" : "state"}
        clearable={props.clearable ?? false}
        readOnly={form.readOnly}
        placeholder={`Search ${props.cuts ? "states and cutscenes" : "states"}`}
        hint={<FieldNote at={props.at} hint={props.hint} />}
        onPick={(choice) => set(choice === "" ? undefined : choice, true)}
      />
      {id === "" ? null : (
        <div class="we-field-note">
          {cut ? <span class="wk-hint">by way of a cutscene, to</span> : null}
          <StateLink id={landing} actions={form.actions} store={form.store} />
          {props.after}
        </div>
      )}
    </div>
  );
}

/** Several names: a field that adds one, and a row for each. */
function NameList(
  props: FieldProps & {
    noun: "state" | "flag";
    /** What they are added to, for the history. */
    what: string;
    required?: boolean;
    options: readonly Option[];
    list: string;
    row: (name: string) => JSX.Element;
  },
): JSX.Element {
  const { noun, row } = props;
  const form = useForm();
  const required = props.required ?? false;
  const { values, add, remove } = useNames(props, noun, props.what, required);
  return (
    <div class="we-ref">
      <Combo
        label={props.label}
        name={fieldName(props.at)}
        value=""
        options={props.options.filter((option) => !values.includes(option.value))}
        noun={noun}
        open={noun === "flag"}
        chosen={values}
        readOnly={form.readOnly}
        placeholder={`Add a ${noun}`}
        only={form.readOnly}
        hint={<FieldNote at={props.at} hint={props.hint} deep />}
        onPick={add}
      />
      {values.length > 0 ? (
        <ul class={props.list}>
          {values.map((name) => (
            <li key={name}>
              {row(name)}
              <RemoveButton form={form} noun={noun} name={name} off={required && values.length === 1} onDrop={remove} />
            </li>
          ))}
        </ul>
      ) : form.readOnly ? (
        <p class="wk-hint">none</p>
      ) : null}
    </div>
  );
}

/** Several states. */
export function StateRefs(props: FieldProps & { required?: boolean }): JSX.Element {
  const { form } = useField(props);
  return (
    <NameList
      {...props}
      noun="state"
      what={props.what ?? "the states"}
      options={useTargets(form, false)}
      list="we-chips"
      row={(id) => <StateLink id={id} actions={form.actions} store={form.store} />}
    />
  );
}

/** Flags, each with who grants or who asks for it. */
export function Flags(props: FieldProps & { asks: boolean }): JSX.Element {
  const form = useForm();
  const uses = useUses(form.store.doc.value);
  const options = [...uses].map(
    ([flag, one]): Option => ({
      value: flag,
      icon: "flag",
      detail: summary(props.asks ? one.grants : one.asks, props.asks),
    }),
  );
  return (
    <NameList
      {...props}
      noun="flag"
      what={props.asks ? "the requirements" : "the grants"}
      options={options}
      list="we-flags"
      row={(flag) => (
        <>
          <Icon name={props.asks ? "lock" : "flag"} />
          <div>
            <FlagName form={form} flag={flag} />
            <Uses form={form} uses={uses.get(flag) ?? NO_USES} asks={props.asks} />
          </div>
        </>
      )}
    />
  );
}

/** A flag's name; pressing it makes it a field that renames the flag in the whole world. */
function FlagName({ form, flag }: { form: Form; flag: string }): JSX.Element {
  const [isEdited, setEdited] = useState(false);
  if (!isEdited) {
    return form.readOnly ? (
      <span class="we-flag-name">{flag}</span>
    ) : (
      <button
        type="button"
        class="we-flag-name we-flag-rename"
        title={`Rename ${flag} in the whole world`}
        aria-label={`Rename the flag ${flag} in the whole world`}
        onClick={() => setEdited(true)}
      >
        {flag}
      </button>
    );
  }
  return (
    <TextField
      label={`New name of the flag ${flag}`}
      name="flag"
      value={flag}
      mono
      hideLabel
      readOnly={form.readOnly}
      onCommit={async (input) => {
        const name = input.trim();
        if (name !== flag) {
          const { actions, store } = form;
          const rejection = await actions.change(() => ({
            ops: renameFlag(store.currentName("flag", flag), name),
            quiet: true,
          }));
          if (rejection !== null) return rejection;
        }
        setEdited(false);
        return null;
      }}
    />
  );
}

/** One flag: a mission's last, an objective's own, the outro's. */
export function FlagRef(props: FieldProps & { required?: boolean; placeholder?: string }): JSX.Element {
  const { form, value, set } = useField(props);
  const uses = useUses(form.store.doc.value);
  const flag = text(value);
  return (
    <div class="we-ref">
      <Combo
        label={props.label}
        name={fieldName(props.at)}
        value={flag}
        options={[...uses].map(([name, one]) => ({ value: name, icon: "flag", detail: summary(one.grants, true) }))}
        noun="flag"
        open
        clearable={!props.required}
        readOnly={form.readOnly}
        placeholder={props.placeholder ?? ""}
        hint={
          <FieldNote
            at={props.at}
            hint={flag === "" ? props.hint : <Uses form={form} uses={uses.get(flag) ?? NO_USES} asks />}
          />
        }
        onPick={(choice) => set(choice === "" ? undefined : choice, true)}
      />
    </div>
  );
}

function useUses(doc: Doc): ReadonlyMap<string, FlagUses> {
  const { events, world } = doc;
  return useMemo(() => flagUses({ events, world }), [events, world]);
}

const MAX_LISTED_USES = 4;

/** Who grants a flag (beside one that is asked for), or who asks for it (beside one that is granted). */
function Uses({ form, uses, asks }: { form: Form; uses: FlagUses; asks: boolean }): JSX.Element {
  const all = asks ? uses.grants : uses.asks;
  if (all.length === 0) {
    return asks ? (
      <p class="wk-hint wk-warning">No event grants it.</p>
    ) : (
      <p class="wk-hint">Nothing requires it yet.</p>
    );
  }
  return (
    <p class="wk-hint">
      {asks ? "from " : "opens "}
      {all
        .slice(0, MAX_LISTED_USES)
        .map((use, at) => [
          at > 0 ? ", " : "",
          "event" in use ? (
            <EventLink key={use.event} form={form} index={use.event} name={use.name} />
          ) : (
            <span key={use.words}>{use.words}</span>
          ),
        ])}
      {all.length > MAX_LISTED_USES ? ` and ${all.length - MAX_LISTED_USES} more` : ""}
    </p>
  );
}

function summary(uses: readonly Use[], asks: boolean): string {
  const [first] = uses;
  if (!first) return asks ? "granted by nothing" : "required by nothing";
  const name = "event" in first ? first.name : first.words;
  return `${asks ? "from" : "opens"} ${name}${uses.length > 1 ? ` and ${uses.length - 1} more` : ""}`;
}

/** A list of names at a path; a lone string counts as a list of one. */
function useNames(
  props: Pick<FieldProps, "at">,
  noun: "state" | "flag",
  what: string,
  required: boolean,
): { values: string[]; add: (name: string) => Promise<string | null>; remove: (name: string) => void } {
  const form = useForm();
  const within = useContext(WithinContext);
  const values = texts(read(form.body, props.at));
  const now = (name: string) => form.store.currentName(noun, name);
  const change = (verb: string, name: string, make: (list: string[]) => string[], quiet: boolean) =>
    form.change(
      `${verb} ${noun} ${name} ${verb === "Add" ? "to" : "from"} ${what}${within} of ${form.owner}`,
      (body: JsonObject) => {
        const next = make(texts(read(body, props.at)));
        return put(body, props.at, next.length > 0 || required ? next : undefined);
      },
      quiet,
    );
  return {
    values,
    add: (name) => {
      if (name === "") return Promise.resolve(null);
      if (values.includes(name))
        return Promise.resolve(`${capital(withArticle(noun))} called “${name}” is in the list already.`);
      // what is in the world may be renamed by an edit before this one
      const isNew = noun === "flag" && !flagUses(form.store.doc.peek()).has(name);
      return change("Add", name, (list) => [...new Set([...list, isNew ? name : now(name)])], true);
    },
    remove: (name) => void change("Remove", name, (list) => list.filter((other) => other !== now(name)), false),
  };
}

function RemoveButton(props: {
  form: Form;
  noun: string;
  name: string;
  off?: boolean;
  onDrop: (name: string) => void;
}): JSX.Element | null {
  if (props.form.readOnly) return null;
  const off = props.off ?? false;
  const label = off ? `The only ${props.noun}: add another first` : `Remove ${props.noun} ${props.name}`;
  return (
    <button
      type="button"
      class="we-tool"
      aria-label={label}
      title={label}
      aria-disabled={off}
      onClick={(event) => {
        if (off) return;
        event.currentTarget.closest(".we-ref")?.querySelector("input")?.focus();
        props.onDrop(props.name);
      }}
    >
      <Icon name="close" />
    </button>
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Return the body of the state a path names, if there is one. */
export function stateAt(form: Form, at: Path): JsonObject | null {
  const { byId, nodes, cuts } = form.store.graph.value;
  const to = text(read(form.body, at));
  const cut = cuts.get(to);
  const body = nodes[byId.get(cut ? text(cut.to) : to) ?? -1]?.body;
  return isObject(body) ? body : null;
}
