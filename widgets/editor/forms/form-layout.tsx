/** What surrounds the fields of every form: the filter, the groups, and the focus of a requested field. */
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { chord } from "../../shared/keys";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";
import { DiagnosticCard } from "../view/problems";
import { filterFields, firstField } from "./filter";
import { type Form, FormContext, findingsUnder, useForm } from "./form";
import { type Path, read } from "./paths";

export function FormLayout(props: {
  form: Form;
  label: string;
  head: ComponentChildren;
  children: ComponentChildren;
}): JSX.Element {
  const { form } = props;
  const element = useFieldFocus(form.store);
  const [query, setQuery] = useState("");
  const [matchCount, setMatchCount] = useState(0);
  const filtering = useRef(false);
  useLayoutEffect(() => {
    if (!element.current || (query === "" && !filtering.current)) return;
    filtering.current = query !== "";
    setMatchCount(filterFields(element.current, query));
  });
  // A field sends what is typed before the key comes here.
  const onKeyDown = (event: KeyboardEvent) => {
    if (chord(event) !== "mod+shift+enter") return;
    event.preventDefault();
    void form.actions.nextUnwritten();
  };
  return (
    <FormContext.Provider value={form}>
      <form
        ref={element}
        class="we-form"
        aria-label={props.label}
        onSubmit={(event) => event.preventDefault()}
        onKeyDown={onKeyDown}
      >
        {props.head}
        <div class="we-find">
          <Icon name="search" />
          <input
            type="search"
            class="we-find-input"
            aria-label="Find a field"
            placeholder="Find a field"
            autocomplete="off"
            spellcheck={false}
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") {
                event.preventDefault();
                if (query !== "" && element.current) firstField(element.current)?.focus();
              }
              if (event.key !== "Escape" || query === "") return;
              event.preventDefault();
              event.stopPropagation();
              setQuery("");
            }}
          />
          {query !== "" && matchCount === 0 ? <span class="wk-hint">none</span> : null}
        </div>
        {props.children}
      </form>
    </FormContext.Provider>
  );
}

/** What the rules say of the thing as a whole: everything that has no field here to stand at. */
export function OtherFindings({
  form,
  knownFields,
}: {
  form: Form;
  knownFields: ReadonlySet<string>;
}): JSX.Element | null {
  const findings = form.findings.filter(({ item }) => !knownFields.has(/^[^.[]*/.exec(item.field)?.[0] ?? ""));
  if (findings.length === 0) return null;
  return (
    <ul class="we-findings">
      {findings.map((diagnostic, index) => (
        <li key={`${diagnostic.lint} ${diagnostic.path} ${index}`}>
          <DiagnosticCard store={form.store} actions={form.actions} diagnostic={diagnostic} />
        </li>
      ))}
    </ul>
  );
}

/** A group of fields that folds. It starts open when one of its paths is set, and opens when a rule finds something in it. */
export function Group(props: {
  title: string;
  note?: string;
  /** The paths it holds. */
  of?: readonly Path[];
  open?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const form = useForm();
  const element = useRef<HTMLDetailsElement>(null);
  const paths = props.of ?? [];
  const findings = paths.flatMap((path) => findingsUnder(form, path));
  const first = useRef(props.open ?? paths.some((path) => read(form.body, path) !== undefined));
  const count = findings.length;
  useLayoutEffect(() => {
    if (count > 0 && element.current) element.current.open = true;
  }, [count]);
  const worst = findings.find(({ severity }) => severity === "error") ?? findings[0];
  return (
    <details class="we-group" ref={element} open={first.current}>
      <summary>
        <Icon name="chevron" />
        <span>{props.title}</span>
        {worst ? (
          <>
            <Icon name={worst.severity} class={`wk-${worst.severity}`} />
            <span class="wk-visually-hidden">{count} found</span>
          </>
        ) : null}
        {props.note ? <span class="wk-muted">{props.note}</span> : null}
      </summary>
      <div class="we-fields">{props.children}</div>
    </details>
  );
}

/** How many frames a field is waited for: lists unfold one inside the other before it is there. */
const MAX_ATTEMPTS = 4;

/** Focus the field that something else asked for, once it is there. */
function useFieldFocus(store: Store): { readonly current: HTMLFormElement | null } {
  const form = useRef<HTMLFormElement>(null);
  const [attempts, setAttempts] = useState(0);
  const name = store.fieldToFocus.value;
  useLayoutEffect(() => {
    if (name === null) {
      if (attempts > 0) setAttempts(0);
      return;
    }
    const control = form.current?.elements.namedItem(name);
    const fieldElement = form.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`);
    const field =
      control instanceof HTMLElement
        ? control
        : fieldElement?.querySelector<HTMLElement>("input, textarea, select, button");
    if (!field) {
      if (attempts >= MAX_ATTEMPTS) {
        // a form that is opened later must not take the keyboard
        store.fieldToFocus.value = null;
        return;
      }
      const frame = requestAnimationFrame(() => setAttempts(attempts + 1));
      return () => cancelAnimationFrame(frame);
    }
    store.fieldToFocus.value = null;
    for (let at = field.closest("details"); at; at = at.parentElement?.closest("details") ?? null) at.open = true;
    field.focus();
    field.scrollIntoView({ block: "nearest" });
    if (field instanceof HTMLInputElement) field.select();
  });
  return form;
}
