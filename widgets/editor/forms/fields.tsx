/** The plain controls of a form, each bound to a path in the JSON. */
import type { ComponentChildren, JSX } from "preact";
import { useContext, useId } from "preact/hooks";
import { type Json, type JsonObject, text } from "../../shared/json";
import { Check } from "../../shared/ui/choice";
import { TextField } from "../../shared/ui/field";
import { Icon, type IconName } from "../../shared/ui/icon";
import { DiagnosticCard } from "../view/problems";
import { type Form, findingsUnder, useForm, WithinContext } from "./form";
import { fieldName, type Path, put, read } from "./paths";

export interface FieldProps {
  readonly at: Path;
  readonly label: string;
  readonly hint?: string | JSX.Element | null;
  /** What an undo menu calls it, where that is not the label. */
  readonly what?: string;
}

/** Return how a change of a field is named: "Set the hint of open_gate". */
export function useChangeName(): (verb: string, what: string) => string {
  const { owner } = useForm();
  const within = useContext(WithinContext);
  return (verb, what) => `${verb} ${what}${within} ${verb === "Add" ? "to" : "of"} ${owner}`;
}

/** Return a field's value and the way to set it; undefined takes it away. */
export function useField(props: Pick<FieldProps, "at" | "label" | "what">): {
  form: Form;
  value: Json | undefined;
  set: (value: Json | undefined, quiet?: boolean) => Promise<string | null>;
} {
  const form = useForm();
  const naming = useChangeName();
  const what = props.what ?? `the ${lowerFirst(props.label)}`;
  const set = (value: Json | undefined, quiet = false) =>
    form.change(naming(value === undefined ? "Clear" : "Set", what), (body) => put(body, props.at, value), quiet);
  return { form, value: read(form.body, props.at), set };
}

/** Return a label as it stands inside a sentence: abbreviations keep their capitals. */
function lowerFirst(label: string): string {
  return /^[A-Z][^A-Z]/.test(label) ? `${label.charAt(0).toLowerCase()}${label.slice(1)}` : label;
}

/** What the rules say about one field, under it. */
export function FieldFindings({ at, deep = false }: { at: Path; deep?: boolean }): JSX.Element | null {
  const form = useForm();
  const name = fieldName(at);
  const findings = findingsUnder(form, at).filter(({ item }) => deep || item.field === name);
  if (findings.length === 0) return null;
  return (
    <div class="we-field-findings">
      {findings.map((diagnostic, index) => (
        <DiagnosticCard
          key={`${diagnostic.lint} ${index}`}
          store={form.store}
          actions={form.actions}
          diagnostic={diagnostic}
        />
      ))}
    </div>
  );
}

/** What stands under a field: what the rules say of it, then its hint. */
export function FieldNote(props: {
  at: Path;
  hint?: string | JSX.Element | null | undefined;
  deep?: boolean;
}): JSX.Element {
  const { at, hint } = props;
  return (
    <>
      <FieldFindings at={at} deep={props.deep ?? false} />
      {typeof hint === "string" && hint !== "" ? <p class="wk-hint">{hint}</p> : hint}
    </>
  );
}

interface TextProps extends FieldProps {
  /** An empty text is kept as one, not taken away. */
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly hideLabel?: boolean;
}

export function Line(props: TextProps & { mono?: boolean; suggestions?: readonly string[] }): JSX.Element {
  const { form, value, set } = useField(props);
  return (
    <TextField
      label={props.label}
      name={fieldName(props.at)}
      value={text(value)}
      mono={props.mono ?? false}
      hideLabel={props.hideLabel ?? false}
      readOnly={form.readOnly}
      placeholder={props.placeholder ?? ""}
      {...(props.suggestions ? { suggestions: props.suggestions } : {})}
      hint={<FieldNote at={props.at} hint={props.hint} />}
      onCommit={(input) => set(input === "" && !props.required ? undefined : input, true)}
    />
  );
}

interface ProseProps extends TextProps {
  readonly rows?: number;
  readonly onDraft?: (draft: string | null) => void;
  /** The other half of a pair: both are there, or neither. */
  readonly other?: string;
}

export function Prose(props: ProseProps): JSX.Element {
  const { form, value, set } = useField(props);
  const naming = useChangeName();
  const send = (input: string) => {
    if (props.other === undefined) return set(input === "" && !props.required ? undefined : input, true);
    return form.change(
      naming(input === "" ? "Clear" : "Set", props.what ?? `the ${lowerFirst(props.label)}`),
      (body) => halfText(body, props.at, props.other ?? "", input),
      true,
    );
  };
  return (
    <TextField
      label={props.label}
      name={fieldName(props.at)}
      value={text(value)}
      multiline
      rows={props.rows ?? 2}
      hideLabel={props.hideLabel ?? false}
      readOnly={form.readOnly}
      placeholder={props.placeholder ?? ""}
      {...(props.onDraft ? { onDraft: props.onDraft } : {})}
      hint={<FieldNote at={props.at} hint={props.hint} />}
      onCommit={send}
    />
  );
}

/** Set one half of a pair; an empty half stays as an empty text beside one that says something. */
export function halfText(body: JsonObject, at: Path, other: string, input: string): JsonObject {
  const pair = at.slice(0, -1);
  const otherwise = text(read(body, [...pair, other]));
  if (input === "" && otherwise === "") return put(put(body, at, undefined), [...pair, other], undefined);
  return put(put(body, at, input), [...pair, other], otherwise);
}

interface NumProps extends FieldProps {
  readonly unit?: "m" | "m/s";
  readonly least?: number;
  readonly most?: number;
  /** The least itself is not allowed. */
  readonly above?: boolean;
  readonly required?: boolean;
  /** What holds when nothing is typed. */
  readonly fallback?: number | string;
}

export function Num(props: NumProps): JSX.Element {
  const { form, value, set } = useField(props);
  const { unit, fallback } = props;
  return (
    <TextField
      label={unit ? `${props.label}, ${unit}` : props.label}
      name={fieldName(props.at)}
      value={typeof value === "number" ? String(value) : ""}
      inputMode="numeric"
      readOnly={form.readOnly}
      placeholder={fallback === undefined ? "" : String(fallback)}
      hint={<FieldNote at={props.at} hint={props.hint} />}
      onCommit={(input) => {
        const result = parseNumber(input, props);
        return typeof result === "string" ? result : set(result, true);
      }}
    />
  );
}

/** Read what was typed as a number within bounds: undefined when nothing was, a sentence when it will not do. */
export function parseNumber(
  input: string,
  bounds: Pick<NumProps, "least" | "most" | "above" | "required">,
): number | undefined | string {
  const { least, most, above, required } = bounds;
  const typed = input.trim();
  // 1,000 is a thousand, as it is written here; 2,5 and 0,125 are decimals
  const text = /^-?[1-9]\d{0,2}(,\d{3})+(\.|$)/.test(typed) ? typed.replaceAll(",", "") : typed.replace(",", ".");
  if (text === "") return required ? "A number is needed here." : undefined;
  const number = Number(text);
  const low = least === undefined ? "" : above ? ` above ${least}` : ` from ${least}`;
  const high = most === undefined ? (low !== "" && !above ? " up" : "") : ` to ${most}`;
  const fits =
    Number.isFinite(number) &&
    (least === undefined || (above ? number > least : number >= least)) &&
    (most === undefined || number <= most);
  return fits ? number : `Expected a number${low}${high}, got “${typed}”.`;
}

export function Switch(props: FieldProps): JSX.Element {
  const { form, value, set } = useField(props);
  return (
    <div class="wk-field" data-field={fieldName(props.at)}>
      <Check
        label={props.label}
        checked={value === true}
        disabled={form.readOnly}
        onChange={(on) => void set(on || undefined)}
      />
      <FieldNote at={props.at} hint={props.hint} />
    </div>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly icon?: IconName;
}

/** One of a few, all in sight; the empty value stands for "not set". */
export function Segments(
  props: FieldProps & { choices: readonly Choice[]; onPick?: (value: string) => void },
): JSX.Element {
  const { form, value, set } = useField(props);
  const name = useId();
  const current = text(value);
  const pick = props.onPick ?? ((choice: string) => void set(choice === "" ? undefined : choice));
  return (
    <div class="wk-field" data-field={fieldName(props.at)}>
      <fieldset class="we-segments" disabled={form.readOnly}>
        <legend class="wk-label">{props.label}</legend>
        <div>
          {props.choices.map(({ value: option, label, icon }) => (
            <label key={option} class={option === current ? "we-on" : ""}>
              <input
                type="radio"
                name={name}
                value={option}
                checked={option === current}
                onChange={(event) => {
                  // The kernel decides: what shows is its value.
                  event.currentTarget.checked = option === current;
                  pick(option);
                }}
              />
              {icon ? <Icon name={icon} /> : null}
              <span>{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <FieldNote at={props.at} hint={props.hint} />
    </div>
  );
}

/** An object that may be there or not: a button makes it, another takes it away. */
export function OptionalFields(props: {
  at: Path;
  noun: string;
  hint: string;
  initial: () => Json;
  children: ComponentChildren;
}): JSX.Element | null {
  const { form, value, set } = useField({ at: props.at, label: props.noun, what: `the ${props.noun}` });
  if (value !== undefined) {
    return (
      <div class="we-maybe">
        {props.children}
        {form.readOnly ? null : (
          <button type="button" class="we-text-button" onClick={() => void set(undefined)}>
            <Icon name="minus" />
            <span>Remove the {props.noun}</span>
          </button>
        )}
      </div>
    );
  }
  return (
    <div class="we-maybe" data-field={fieldName(props.at)}>
      <p class="wk-hint">{props.hint}</p>
      {form.readOnly ? null : (
        <button type="button" class="we-text-button" onClick={() => void set(props.initial())}>
          <Icon name="plus" />
          <span>
            Add {/^[aeiou]/.test(props.noun) ? "an" : "a"} {props.noun}
          </span>
        </button>
      )}
    </div>
  );
}
