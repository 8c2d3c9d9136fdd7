/** Choices beside a scene's prose: those written in it, and a field that makes more. */
import type { JSX } from "preact";
import { useContext, useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { Doc } from "../../map/document";
import { shorten } from "../../shared/format";
import { RefusedText, UnsavedText } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import { rankOptions, withFirst } from "../forms/combo-field";
import { nearestName } from "../forms/near-names";
import { OptionRow } from "../forms/option-row";
import type { FormProps } from "../inspector/parts";
import { stateNamed } from "./choice-ops";
import { parseChoice, readChoices } from "./choices";

/** What the choices become that are typed in prose, before the field is left. */
export function ProseChoices({ doc, prose }: { doc: Doc; prose: string }): JSX.Element {
  const { choices } = useMemo(() => readChoices(prose), [prose]);
  if (choices.length === 0) {
    return (
      <p class="wk-hint">
        <code>[[Open the gate]]</code> makes a choice and the scene behind it.
      </p>
    );
  }
  return (
    <ul class="we-written" aria-label="Choices in this text">
      {choices.map(({ words, target }, at) => {
        const to = stateNamed(doc, target || words);
        return (
          <li key={at}>
            <Icon name="arrow" />
            <span class="we-written-words">{words}</span>
            <span class="wk-muted">{to === null ? `new scene${target ? ` ${target}` : ""}` : `to ${to}`}</span>
          </li>
        );
      })}
    </ul>
  );
}

const ARROW = /^(.*?)(?:->|→|\|)\s*(.*)$/su;

/** A field for a choice: Enter makes it and stays for the next one, Ctrl+Enter goes on in the new scene. */
export function AddChoice({ store, actions, node }: FormProps & { node: number }): JSX.Element | null {
  const id = useId();
  const [draft, setDraft] = useState("");
  const giveBack = useContext(RefusedText);
  const latest = useRef({ typed: "", scene: "", isGone: false, leave: () => {} }).current;
  const [picked, setPicked] = useState(-1);
  const [problem, setProblem] = useState<string | null>(null);
  const pointed = ARROW.exec(draft);
  const { nodes } = store.worldGraph.value;
  latest.scene = nodes[node]?.id ?? "";
  const words = parseChoice(draft);
  const named = pointed?.[2]?.trim() ?? "";
  const exact = words ? stateNamed(store.doc.value, words.target || words.words) : null;
  const [matches, near] = useMemo(() => {
    if (!pointed) return [[], null];
    const options = nodes.map(({ id: value, prose }) => ({ value, detail: shorten(prose, 60) }));
    const ids = nodes.map(({ id }) => id);
    const near = exact === null ? nearestName(ids, named) : null;
    const first = options[ids.indexOf(near ?? "")] ?? null;
    return [withFirst(rankOptions(options, named).slice(0, 8), first), near];
  }, [nodes, draft, exact]);
  const isListed = matches.length > 0 && !matches.some(({ value }) => value === named);
  const isFresh = isListed && named !== "" && exact === null;
  const rows = matches.length + (isFresh ? 1 : 0);
  // What is most likely meant is what Enter takes; a new scene beside it has to be picked.
  const active = picked < 0 && near !== null ? 0 : picked;
  const readOnly = !store.editable.value;

  const change = (typed: string) => {
    latest.typed = typed;
    setDraft(typed);
    setPicked(-1);
  };
  const add = async (input: string, enters: boolean) => {
    if (!parseChoice(input) || !(latest.isGone || store.editable.peek())) return;
    change("");
    const rejection = await actions.addChoice(store.nodeNow(latest.scene), input, enters);
    setProblem(rejection);
    if (rejection === null) return;
    if (latest.isGone) giveBack(input, rejection);
    // what was typed meanwhile stays
    else if (latest.typed === "") change(input);
  };
  latest.leave = () => {
    if (near === null || latest.typed !== draft) return void add(latest.typed, false);
    const why = `There is a scene ${near}. Pick it in the list, or “${named}” for a new one.`;
    if (latest.isGone) giveBack(draft, why);
    else setProblem(why);
  };
  // A form that goes away while something is typed (another card selected from Python) still sends it.
  useEffect(
    () => () => {
      latest.isGone = true;
      latest.leave();
    },
    [],
  );
  const pick = (at: number, enters: boolean) =>
    void add(at < matches.length ? `${pointed?.[1] ?? ""}->${matches[at]?.value ?? ""}` : draft, enters);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const enters = event.ctrlKey || event.metaKey;
    if (step !== 0 && isListed) setPicked((active + step + rows + (active < 0 && step < 0 ? 1 : 0)) % rows);
    else if (event.key === "Enter" && isListed && active >= 0) pick(active, enters);
    else if (event.key === "Enter" && words) void add(draft, enters);
    else if (event.key === "Escape" && draft !== "") {
      event.stopPropagation();
      change("");
      setProblem(null);
    } else return;
    event.preventDefault();
  };

  // What was typed before nothing could be changed any more stays.
  if (readOnly && draft === "") return null;
  return (
    <div class="wk-field we-combo" data-field="choice">
      <label class="wk-label" for={id}>
        Add a choice
      </label>
      <div class="we-combo-box">
        <input
          id={id}
          name="choice"
          type="text"
          role="combobox"
          class="wk-input"
          value={draft}
          placeholder="What the player reads"
          readOnly={readOnly}
          data-settled={draft === "" ? "" : undefined}
          autocomplete="off"
          aria-autocomplete="list"
          aria-expanded={isListed}
          aria-controls={`${id}-list`}
          aria-activedescendant={isListed && active >= 0 ? `${id}-${active}` : undefined}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-hint`}
          onInput={(event) => {
            change(event.currentTarget.value);
            setProblem(null);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => latest.leave()}
        />
        <div
          id={`${id}-list`}
          class="we-options"
          role="listbox"
          aria-label="Where it leads"
          hidden={!isListed}
          onMouseDown={(event) => event.preventDefault()}
        >
          {matches.map(({ value, detail }, at) => (
            <OptionRow
              key={value}
              id={`${id}-${at}`}
              value={value}
              detail={detail}
              icon="arrow"
              active={at === active}
              onPick={() => pick(at, false)}
            />
          ))}
          {isFresh ? (
            <OptionRow
              id={`${id}-${matches.length}`}
              value={named}
              detail="new scene"
              icon="plus"
              active={active === matches.length}
              onPick={() => pick(matches.length, false)}
            />
          ) : null}
        </div>
      </div>
      {readOnly ? <UnsavedText text={draft} /> : null}
      <p id={`${id}-hint`} class={problem === null ? "wk-hint" : "wk-hint wk-error"}>
        {problem ?? (readOnly ? "" : hintFor(words && { target: near ?? exact, named }))}
      </p>
    </div>
  );
}

function hintFor(choice: { target: string | null; named: string } | null): string {
  if (choice === null) return "Enter adds it with a new scene. “Go back -> hall” leads to an existing scene.";
  if (choice.target !== null) return `Enter links it to ${choice.target}.`;
  return `Enter makes a new scene${choice.named ? ` ${choice.named}` : ""}; Ctrl+Enter goes on there.`;
}
