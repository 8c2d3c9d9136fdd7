/** Lists whose items are added, removed and reordered by buttons and by keyboard; an item folds to one line. */
import type { ComponentChildren, JSX } from "preact";
import { useContext, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Json, type JsonObject, text, texts } from "../../shared/json";
import { chord, isComposing } from "../../shared/keys";
import { TextField } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import { FieldFindings, useChangeName } from "./fields";
import { type Form, FormContext, findingsUnder, useForm, WithinContext } from "./form";
import { pastedLines } from "./pasted-lines";
import { fieldName, isUnder, matchKeys, moveItem, type Path, put, read } from "./paths";

export interface ItemsProps {
  readonly at: Path;
  /** What one is called: "phase". */
  readonly noun: string;
  /** One line that tells an item from the others. */
  readonly title: (item: Json, index: number) => string;
  readonly initial: (items: readonly Json[]) => Json;
  /** The list stays when it is empty. */
  readonly required?: boolean;
  /** How many there are at least where there are any: the first are added, and the last removed, together. */
  readonly fewest?: number;
  /** Items begin unfolded. */
  readonly unfolded?: boolean;
  /** No item folds: each is only a line or two. */
  readonly flat?: boolean;
  /** Each is one line of text: Enter goes on in the next. */
  readonly lines?: boolean;
  readonly add?: string;
  /** Whether one may be added here. */
  readonly adds?: boolean;
  readonly children: (at: Path, index: number) => ComponentChildren;
}

type Focus = { readonly index: number; readonly part: "head" | "field" } | "add";

export function Items(props: ItemsProps): JSX.Element {
  const { at, noun, flat = false, fewest = 1 } = props;
  const form = useForm();
  const naming = useChangeName();
  const within = useContext(WithinContext);
  const value = read(form.body, at);
  const items = Array.isArray(value) ? value : [];
  const root = useRef<HTMLDivElement>(null);
  const count = useRef(0);
  const previous = useRef<{ items: readonly Json[]; keys: readonly number[] }>({ items: [], keys: [] });
  const keys = matchKeys(previous.current.items, previous.current.keys, items, () => {
    count.current += 1;
    return count.current;
  });
  previous.current = { items, keys };
  const [folds, setFolds] = useState<ReadonlyMap<number, boolean>>(new Map());
  const fold = (key: number, open: boolean) => setFolds((before) => new Map(before).set(key, open));
  const [focus, setFocus] = useState<Focus | null>(null);

  useLayoutEffect(() => {
    if (focus === null) return;
    const rows = root.current?.querySelectorAll<HTMLElement>(":scope > ol > li") ?? [];
    if (focus === "add") root.current?.querySelector<HTMLElement>(":scope > .we-add")?.focus();
    else {
      const row = rows[focus.index];
      const key = keys[focus.index];
      if (!row || key === undefined) return;
      if (focus.part === "field" && !flat && folds.get(key) !== true) {
        fold(key, true);
        return;
      }
      const field = row.querySelector<HTMLElement>(".we-item-body :is(input, textarea, select)");
      // the text that a new item begins with is there to be typed over
      if (focus.part === "field" && fewest > 1 && field instanceof HTMLTextAreaElement) field.select();
      const head = row.querySelector<HTMLElement>(".we-item-head > button");
      (focus.part === "field" ? field : (head ?? field))?.focus();
    }
    setFocus(null);
  });

  // What is done before may move or remove items: each is found again by its key when the turn comes.
  const indexNow = (key: number | undefined, list: readonly Json[]) => {
    const { items: lastItems, keys: lastKeys } = previous.current;
    return matchKeys(lastItems, lastKeys, list, () => -1).indexOf(key ?? -2);
  };
  const changeItem = (index: number): Form["change"] => {
    const key = keys[index];
    return (label, make, quiet) =>
      form.change(
        label,
        (body) => {
          const list = listAt(body, at);
          const now = indexNow(key, list);
          if (now < 0) return null;
          if (now === index) return make(body);
          const room = Array.from({ length: Math.max(list.length, index + 1) }, (_, other) => list[other] ?? null);
          const result = make(put(body, at, room.with(index, list[now] ?? null)));
          return result && put(body, [...at, now], read(result, [...at, index]));
        },
        quiet,
      );
  };

  const change = async (label: string, make: (list: Json[]) => Json[], then: (left: number) => Focus) => {
    let left = 0;
    const focused = () => (root.current?.getRootNode() as ShadowRoot | undefined)?.activeElement;
    const focusedBefore = focused();
    const rejection = await form.change(label, (body) => {
      const next = make(listAt(body, at));
      left = next.length;
      return put(body, at, next.length > 0 || props.required ? next : undefined);
    });
    // Who writes elsewhere by now goes on there.
    const isWriting = focused() !== focusedBefore && focused()?.matches("input, textarea, select");
    if (rejection === null && !isWriting) setFocus(then(left));
  };
  const add = (after?: number) => {
    let first = 0;
    return change(
      naming("Add", withArticle(noun)),
      (list) => {
        const previousIndex = after === undefined ? -1 : indexNow(after, list);
        first = previousIndex < 0 ? list.length : previousIndex + 1;
        const longer = list.toSpliced(first, 0, props.initial(list));
        while (longer.length < fewest) longer.push(props.initial(longer));
        return longer;
      },
      () => ({ index: first, part: "field" }),
    );
  };
  /** Put several lines in the place of one; each becomes an item. */
  const paste = (key: number, lines: readonly string[]) => {
    let last = 0;
    return change(
      naming("Paste", `${lines.length} ${noun}s`),
      (list) => {
        const now = indexNow(key, list);
        last = (now < 0 ? list.length : now) + lines.length - 1;
        return now < 0 ? [...list, ...lines] : list.toSpliced(now, 1, ...lines);
      },
      () => ({ index: last, part: "field" }),
    );
  };
  const onPaste = (event: ClipboardEvent, key: number) => {
    const field = event.target;
    if (!props.lines || form.readOnly || !(field instanceof HTMLTextAreaElement)) return;
    const [first = "", ...rest] = pastedLines(event.clipboardData?.getData("text/plain") ?? "");
    if (rest.length === 0) return;
    event.preventDefault();
    const start = field.value.slice(0, field.selectionStart).trimEnd();
    const end = field.value.slice(field.selectionEnd).trimStart();
    // what is typed in the field becomes a part of the item, so that nothing of it is sent later
    field.value = `${start} ${first}`.trim();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    void paste(key, [field.value, ...rest].with(-1, `${rest.at(-1)} ${end}`.trim()));
  };
  const remove = (index: number) => {
    const isLast = (list: readonly Json[]) => list.length <= fewest && !props.required;
    const key = keys[index];
    return change(
      naming("Remove", isLast(items) && items.length > 1 ? `all ${noun}s` : `${noun} ${index + 1}`),
      (list) => {
        const now = indexNow(key, list);
        return isLast(list) && now >= 0 ? [] : list.filter((_, other) => other !== now);
      },
      (left) => (left === 0 ? "add" : { index: Math.min(index, left - 1), part: "head" }),
    );
  };
  const move = (index: number, by: 1 | -1) => {
    const to = index + by;
    if (to < 0 || to >= items.length || form.readOnly) return;
    const key = keys[index];
    let place = to;
    void change(
      naming(by < 0 ? "Move up" : "Move down", `${noun} ${index + 1}`),
      (list) => {
        const now = indexNow(key, list);
        place = Math.max(0, Math.min(list.length - 1, now + by));
        return now < 0 ? list : moveItem(list, now, place);
      },
      () => ({ index: place, part: "head" }),
    );
  };
  // What a rule points at, or what something asked to be shown, unfolds; it stays so when the rule is content.
  const fieldToFocus = form.store.fieldToFocus.value;
  useLayoutEffect(() => {
    items.forEach((_, index) => {
      const [key, place] = [keys[index] ?? index, [...at, index]];
      const isAsked = fieldToFocus !== null && isUnder(fieldToFocus, place);
      if (isAsked ? folds.get(key) !== true : findingsUnder(form, place).length > 0 && !folds.has(key)) fold(key, true);
    });
  });

  return (
    <div class={`we-items${flat ? " we-flat" : ""}`} ref={root} data-field={fieldName(at)}>
      <ol>
        {items.map((item, index) => {
          const key = keys[index] ?? index;
          const place: Path = [...at, index];
          const name = `${noun} ${index + 1}`;
          const findings = findingsUnder(form, place);
          const isOpen = flat || (folds.get(key) ?? props.unfolded ?? false);
          const title = props.title(item, index);
          const tools = form.readOnly ? null : (
            <div class="we-item-tools">
              <Tool label={`Move ${name} up`} icon="chevron" up off={index === 0} onPress={() => move(index, -1)} />
              <Tool
                label={`Move ${name} down`}
                icon="chevron"
                off={index === items.length - 1}
                onPress={() => move(index, 1)}
              />
              <Tool label={`Remove ${name}`} icon="close" onPress={() => void remove(index)} />
            </div>
          );
          return (
            <li
              key={key}
              onPaste={(event) => onPaste(event, key)}
              onKeyDown={(event) => {
                if (props.lines && chord(event) === "enter" && !isComposing(event)) {
                  const line = event.target;
                  if (!(line instanceof HTMLTextAreaElement)) return;
                  event.preventDefault();
                  if (line.value.trim() !== "" && !form.readOnly) void add(key);
                }
                if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
                // there the keys open the list of a select, or of names
                if ((event.target as Element).matches("select, [role=combobox]")) return;
                event.preventDefault();
                event.stopPropagation();
                move(index, event.key === "ArrowUp" ? -1 : 1);
              }}
            >
              {flat ? null : (
                <div class="we-item-head">
                  <button type="button" aria-expanded={isOpen} onClick={() => fold(key, !isOpen)}>
                    <Icon name="chevron" />
                    <span class="we-item-number">{index + 1}</span>
                    <span class={`we-item-title${title === "" ? " wk-muted" : ""}`}>
                      {title || `${withArticle(noun)}, still empty`}
                    </span>
                    {findings.length > 0 && !isOpen ? (
                      <span class="we-item-findings">
                        <Icon name={findings[0]?.severity ?? "info"} class={`wk-${findings[0]?.severity ?? "info"}`} />
                        <span class="wk-visually-hidden">{findings.length} found</span>
                      </span>
                    ) : null}
                  </button>
                  {tools}
                </div>
              )}
              {isOpen ? (
                <div class="we-item-body">
                  <FieldFindings at={place} />
                  <WithinContext.Provider value={` of ${name}${within}`}>
                    <FormContext.Provider value={{ ...form, change: changeItem(index) }}>
                      {props.children(place, index)}
                    </FormContext.Provider>
                  </WithinContext.Provider>
                </div>
              ) : null}
              {flat ? tools : null}
            </li>
          );
        })}
      </ol>
      {form.readOnly || props.adds === false ? (
        items.length === 0 ? (
          <p class="wk-hint">none</p>
        ) : null
      ) : (
        <button type="button" class="we-text-button we-add" onClick={() => void add()}>
          <Icon name="plus" />
          <span>{props.add ?? `Add ${withArticle(noun)}`}</span>
        </button>
      )}
    </div>
  );
}

function Tool(props: {
  label: string;
  icon: "chevron" | "close";
  up?: boolean;
  off?: boolean;
  onPress: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class={`we-tool${props.up ? " we-up" : ""}`}
      aria-label={props.label}
      title={props.label}
      // Not `disabled`: at the end of the list the button that was pressed must keep the focus.
      aria-disabled={props.off ?? false}
      onClick={() => !props.off && props.onPress()}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** A list of lines of prose. */
export function LineList(props: { at: Path; noun: string; label: string; placeholder?: string }): JSX.Element {
  const naming = useChangeName();
  return (
    <Items
      at={props.at}
      noun={props.noun}
      flat
      lines
      title={(item) => text(item)}
      initial={() => ""}
      add={`Add ${withArticle(props.noun)}`}
    >
      {(place, index) => (
        <ListLine
          at={place}
          label={`${props.label} ${index + 1}`}
          change={naming("Set", `${props.noun} ${index + 1}`)}
          placeholder={props.placeholder ?? ""}
        />
      )}
    </Items>
  );
}

function ListLine(props: { at: Path; label: string; change: string; placeholder: string }): JSX.Element {
  const form = useForm();
  return (
    <TextField
      label={props.label}
      name={fieldName(props.at)}
      hideLabel
      multiline
      rows={1}
      value={text(read(form.body, props.at))}
      readOnly={form.readOnly}
      placeholder={props.placeholder}
      onCommit={(input) => form.change(props.change, (body) => put(body, props.at, input), true)}
    />
  );
}

function listAt(body: JsonObject, at: Path): Json[] {
  const value = read(body, at);
  return Array.isArray(value) ? value : [];
}

/** Short names as chips, with a field that adds: aliases, arcs. */
export function WordList(props: { at: Path; label: string; noun: string; hint?: string }): JSX.Element {
  const form = useForm();
  const naming = useChangeName();
  const values = texts(read(form.body, props.at));
  const add = form.readOnly ? "" : `Add ${withArticle(props.noun)}, then Enter`;
  const set = (verb: string, word: string, make: (list: string[]) => string[]) =>
    form.change(
      naming(verb, `${props.noun} ${word}`),
      (body) => {
        const next = make(texts(read(body, props.at)));
        return put(body, props.at, next.length > 0 ? next : undefined);
      },
      true,
    );
  return (
    <div class="we-words">
      <TextField
        label={props.label}
        name={fieldName(props.at)}
        value=""
        readOnly={form.readOnly}
        placeholder={add}
        hint={
          <>
            <FieldFindings at={props.at} deep />
            {props.hint ? <p class="wk-hint">{props.hint}</p> : null}
          </>
        }
        onCommit={(input) => {
          const word = input.trim();
          if (word === "") return null;
          if (values.includes(word)) return `“${word}” is in the list already.`;
          return set("Add", word, (list) => (list.includes(word) ? list : [...list, word]));
        }}
      />
      {values.length > 0 ? (
        <ul class="wk-chips">
          {values.map((word, index) => (
            <li class="wk-chip wk-removable" key={`${word} ${index}`}>
              <span>{word}</span>
              {form.readOnly ? null : (
                <button
                  type="button"
                  aria-label={`Remove ${props.noun} ${word}`}
                  onClick={(event) => {
                    // The chip goes away with its button; the focus goes to the field beside it.
                    event.currentTarget.closest(".we-words")?.querySelector("input")?.focus();
                    void set("Remove", word, (list) => {
                      const now = list[index] === word ? index : list.indexOf(word);
                      return list.filter((_, at) => at !== now);
                    });
                  }}
                >
                  <Icon name="close" />
                </button>
              )}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

export function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
