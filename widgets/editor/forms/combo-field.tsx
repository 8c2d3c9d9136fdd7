/** A text field that searches a list as one types (the combobox pattern of ARIA); the list drops down inside the form. */
import type { JSX } from "preact";
import { useContext, useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { RefusedText } from "../../shared/ui/field";
import type { IconName } from "../../shared/ui/icon";
import { Problem } from "../../shared/ui/problem";
import { nearestName } from "./near-names";
import { OptionRow } from "./option-row";

export interface Option {
  readonly value: string;
  readonly icon?: IconName;
  readonly detail?: string;
}

export interface ComboProps {
  label: string;
  name?: string;
  hideLabel?: boolean;
  /** What is chosen; empty for a field that only adds. */
  value: string;
  options: readonly Option[];
  /** What one is called: "state". */
  noun: string;
  /** Names that are not in the list are taken too. */
  open?: boolean;
  /** Names that are chosen already, and are no options: none like them is made by accident either. */
  chosen?: readonly string[];
  /** Nothing at all may be chosen. */
  clearable?: boolean;
  readOnly: boolean;
  /** Nothing can be added, so there is only the label of what is there. */
  only?: boolean;
  placeholder?: string;
  hint?: JSX.Element | string | null;
  onPick: (value: string) => Promise<string | null>;
}

const MAX_OPTIONS = 50;

/** Return the options that fit what is typed: those that begin with it, then those that hold it, then by their detail. */
export function rankOptions(options: readonly Option[], input: string): Option[] {
  const needle = input.trim().toLowerCase();
  if (needle === "") return options.slice(0, MAX_OPTIONS);
  const ranks: [Option[], Option[], Option[]] = [[], [], []];
  for (const option of options) {
    const at = option.value.toLowerCase().indexOf(needle);
    if (at === 0) ranks[0].push(option);
    else if (at > 0) ranks[1].push(option);
    else if (option.detail?.toLowerCase().includes(needle)) ranks[2].push(option);
  }
  return ranks.flat().slice(0, MAX_OPTIONS);
}

/** Return options with one of them, if any, before the others. */
export function withFirst(options: Option[], first: Option | null): Option[] {
  return first ? [first, ...options.filter((one) => one !== first)] : options;
}

export function Combo(props: ComboProps): JSX.Element {
  const { value, options, noun, readOnly } = props;
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const [picked, setActive] = useState(-1);
  const [problem, setProblem] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const giveBack = useContext(RefusedText);
  const sending = useRef<{ draft: string | null; isGone: boolean }>({ draft: null, isGone: false }).current;
  // Left as it was when the list was opened, everything is on offer, not only what fits the present value.
  const typed = (draft ?? "").trim();
  const input = props.open ? typed.replace(/\s+/gu, "_") : typed;
  const names = [...options.map((one) => one.value), ...(props.chosen ?? [])];
  const nearName = props.open ? nearestName(names, typed) : null;
  const near = options.find((one) => one.value === nearName) ?? null;
  const matches = open ? withFirst(rankOptions(options, draft ?? ""), near) : [];
  const fresh = open && (props.open ?? false) && input !== "" && !options.some((one) => one.value === input);
  const rows = matches.length + (fresh ? 1 : 0);
  // What is most likely meant is what Enter takes; a new name beside it has to be picked.
  const active = picked < 0 && open && near ? 0 : picked;

  useLayoutEffect(() => {
    if (open && rows > 0) list.current?.scrollIntoView({ block: "nearest" });
  }, [open, rows]);
  useLayoutEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const restore = () => {
    setDraft(null);
    setProblem(null);
    close();
  };
  const refuse = (why: string | null, name = input) => {
    setProblem(why);
    if (why !== null && sending.isGone) giveBack(name, why);
  };
  const pick = async (choice: string) => {
    close();
    if (choice === value && value !== "") {
      restore();
      return;
    }
    sending.draft = draft;
    const rejection = await props.onPick(choice);
    if (sending.draft === draft) sending.draft = null;
    refuse(rejection, choice);
    // what was typed meanwhile stays
    if (rejection === null) setDraft((now) => (now === draft ? null : now));
  };
  const settle = () => {
    close();
    // something was picked for what is typed, and is not answered yet
    if (draft === null || draft === sending.draft) return;
    if (input === value || (input === "" && !(props.clearable && value !== ""))) restore();
    else if (near) refuse(`There is a ${noun} ${near.value}. Pick it in the list, or “${input}” for a new one.`);
    else if (nearName !== null)
      refuse(`The ${noun} ${nearName} already exists. Pick “${input}” in the list for a new one.`);
    else if (input === "" || props.open || options.some((one) => one.value === input)) void pick(input);
    else refuse(`There is no ${noun} called “${input}”.`);
  };
  const latest = useRef(settle);
  latest.current = settle;
  // A form that goes away takes what is typed as one does who leaves the field.
  useEffect(
    () => () => {
      sending.isGone = true;
      latest.current();
      latest.current = close;
    },
    [],
  );
  const choose = (at: number) => void pick(at < matches.length ? (matches[at]?.value ?? "") : input);

  const onKeyDown = (event: KeyboardEvent) => {
    if (readOnly) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      if (!open) setOpen(true);
      else if (rows > 0) setActive((active + step + rows + (active < 0 && step < 0 ? 1 : 0)) % rows);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (open && active >= 0) choose(active);
      else if (open && input !== "" && matches.length > 0 && !props.open) choose(0);
      else settle();
    } else if (event.key === "Escape" && (open || draft !== null)) {
      event.stopPropagation();
      if (open) close();
      else restore();
    }
  };

  if (props.only) {
    return (
      <div class="wk-field">
        <span class="wk-label">{props.label}</span>
        {props.hint}
      </div>
    );
  }
  return (
    <div class="wk-field we-combo">
      <label class={props.hideLabel ? "wk-visually-hidden" : "wk-label"} for={id}>
        {props.label}
      </label>
      <div class="we-combo-box">
        <input
          id={id}
          name={props.name}
          type="text"
          role="combobox"
          class={`wk-input${props.open || value !== "" ? " wk-mono" : ""}`}
          value={draft ?? value}
          placeholder={props.placeholder}
          readOnly={readOnly}
          data-settled={draft === null ? "" : undefined}
          autocomplete="off"
          spellcheck={false}
          aria-autocomplete="list"
          aria-expanded={open && rows > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-hint`}
          onInput={(event) => {
            setDraft(event.currentTarget.value);
            setProblem(null);
            setOpen(true);
            setActive(-1);
          }}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => !readOnly && setOpen(true)}
          onKeyDown={onKeyDown}
          onBlur={() => latest.current()}
        />
        <div
          ref={list}
          id={`${id}-list`}
          class="we-options"
          role="listbox"
          aria-label={props.label}
          hidden={!open || rows === 0}
          onMouseDown={(event) => event.preventDefault()}
        >
          {matches.map((option, at) => (
            <OptionRow
              key={option.value}
              id={`${id}-${at}`}
              {...option}
              active={at === active}
              onPick={() => choose(at)}
            />
          ))}
          {fresh ? (
            <OptionRow
              id={`${id}-${matches.length}`}
              value={input}
              icon="plus"
              detail={`new ${noun}`}
              active={active === matches.length}
              onPick={() => choose(matches.length)}
            />
          ) : null}
        </div>
      </div>
      <div id={`${id}-hint`} style={{ display: "contents" }}>
        <Problem text={problem} />
        {typeof props.hint === "string" ? <p class="wk-hint">{props.hint}</p> : (props.hint ?? null)}
      </div>
    </div>
  );
}
