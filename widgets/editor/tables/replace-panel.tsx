/** Find and replace over all prose: what would change is shown first, and all of it is one step to undo. */
import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { count, firstCharacters, lastCharacters, shorten } from "../../shared/format";
import { Button } from "../../shared/ui/button";
import { Check } from "../../shared/ui/choice";
import { eventSelection } from "../actions";
import type { Reader } from "../data/prose-fields";
import type { FormProps } from "../inspector/parts";
import { type FindHit, findAll, keepsCapitals, patternOf, replaceMatches, replaceOps, type Search } from "./find";
import { pathWords } from "./path-words";
import { ReaderSelect } from "./reader-select";

/** More places than this are replaced as well, and not listed one by one. */
const MAX_LISTED_HITS = 300;
/** How many characters are shown around a match. */
const CONTEXT_CHARACTERS = 60;

export function ReplacePanel(props: FormProps): JSX.Element {
  const { store, actions } = props;
  const [text, setText] = useState("");
  const [replacement, setReplacement] = useState("");
  const [matchCase, setMatchCase] = useState(false);
  const [wholeWords, setWholeWords] = useState(false);
  const [reader, setReader] = useState<Reader | null>(null);
  const [skippedKeys, setSkipped] = useState<ReadonlySet<string>>(new Set());
  const box = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => box.current?.focus({ preventScroll: true }), []);
  const doc = store.doc.value;
  const search: Search = { text, matchCase, wholeWords, reader };
  const hits = useMemo(
    () => findAll(doc, search),
    [doc.states, doc.events, doc.world, text, matchCase, wholeWords, reader],
  );
  const activeHits = hits.filter(({ key }) => !skippedKeys.has(key));
  const times = activeHits.reduce((sum, hit) => sum + hit.count, 0);
  const editable = store.editable.value;

  const replaceAll = () =>
    actions.once("replace", () =>
      actions.change(() => {
        // What was edited just now is searched as it is when its turn comes.
        const now = store.doc.peek();
        const hitsNow = findAll(now, search).filter(({ key }) => !skippedKeys.has(key));
        const timesNow = hitsNow.reduce((sum, hit) => sum + hit.count, 0);
        const ops = replaceOps(now, hitsNow, search, replacement);
        if (ops.length === 0) return null;
        return {
          ops,
          label: `Replace “${text}” with “${replacement}”`,
          message: `Replaced ${count(timesNow, "time")} in ${count(hitsNow.length, "text")}.`,
        };
      }),
    );
  const skip = (key: string) => {
    const keys = new Set(skippedKeys);
    if (!keys.delete(key)) keys.add(key);
    setSkipped(keys);
  };
  const show = (hit: FindHit) => {
    if (hit.kind === "event") actions.select(eventSelection(store, hit.index));
    else actions.select(hit.kind === "state" ? { kind: "state", id: hit.id } : null);
  };

  return (
    <div class="we-replace">
      <div class="we-replace-form">
        <label class="wk-label">
          Find
          <input
            ref={box}
            class="wk-input"
            type="text"
            autocomplete="off"
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setSkipped(new Set());
            }}
          />
        </label>
        <label class="wk-label">
          Replace with
          <input
            class="wk-input"
            type="text"
            autocomplete="off"
            value={replacement}
            onInput={(event) => setReplacement(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void replaceAll();
            }}
          />
        </label>
        <ReaderSelect label="In" reader={reader} onChange={setReader} />
        <div class="we-replace-options">
          <Check label="Match case" checked={matchCase} onChange={setMatchCase} />
          <Check label="Whole words" checked={wholeWords} onChange={setWholeWords} />
        </div>
        <Button
          label={`Replace ${count(times, "time")} in ${count(activeHits.length, "text")}`}
          kind="primary"
          disabled={!editable || activeHits.length === 0 || text === replacement}
          onPress={() => void replaceAll()}
        >
          {`Replace ${times.toLocaleString("en")}`}
        </Button>
      </div>
      <p class="wk-hint" role="status">
        {text === "" ? "Type what to look for: ids, names and flags stay as they are." : outcomeText(hits, activeHits)}
      </p>
      <ul class="we-replace-hits" aria-label="Matches">
        {hits.slice(0, MAX_LISTED_HITS).map((hit) => (
          <li key={hit.key}>
            <input
              type="checkbox"
              aria-label={`Replace in ${placeOf(hit)}`}
              checked={!skippedKeys.has(hit.key)}
              disabled={!editable}
              onChange={() => skip(hit.key)}
            />
            <div>
              <button type="button" class="we-place" onClick={() => show(hit)}>
                {placeOf(hit)}
              </button>
              <Preview hit={hit} search={search} replacement={replacement} isSkipped={skippedKeys.has(hit.key)} />
            </div>
          </li>
        ))}
      </ul>
      {hits.length > MAX_LISTED_HITS ? (
        <p class="wk-hint">{`And ${count(hits.length - MAX_LISTED_HITS, "text")} more, which are replaced as well.`}</p>
      ) : null}
    </div>
  );
}

function outcomeText(hits: readonly FindHit[], activeHits: readonly FindHit[]): string {
  if (hits.length === 0) return "No matches.";
  const times = hits.reduce((sum, hit) => sum + hit.count, 0);
  const left = hits.length - activeHits.length;
  return `Found ${count(times, "time")} in ${count(hits.length, "text")}${left > 0 ? `; ${count(left, "text")} left out` : ""}.`;
}

function placeOf({ kind, id, path }: FindHit): string {
  return `${kind === "world" ? "the world" : id}: ${pathWords(kind, path)}`;
}

/** The words around each match, with what goes and what comes. */
function Preview(props: { hit: FindHit; search: Search; replacement: string; isSkipped: boolean }): JSX.Element {
  const { hit, search, replacement, isSkipped } = props;
  const pattern = patternOf(search);
  const parts: (JSX.Element | string)[] = [];
  let at = 0;
  for (const match of pattern ? hit.text.matchAll(pattern) : []) {
    if (parts.length > 12) break;
    const between = hit.text.slice(at, match.index);
    parts.push(at === 0 ? tail(between) : around(between));
    const comes = replaceMatches(
      match[0],
      new RegExp(pattern ?? "", pattern?.flags),
      replacement,
      keepsCapitals(search),
    );
    parts.push(<del key={`${match.index}-`}>{match[0]}</del>);
    if (!isSkipped && comes !== "") parts.push(<ins key={`${match.index}+`}>{comes}</ins>);
    at = match.index + match[0].length;
  }
  parts.push(head(hit.text.slice(at)));
  return <p class={isSkipped ? "wk-muted" : ""}>{parts}</p>;
}

const head = (text: string) => shorten(text, CONTEXT_CHARACTERS);
const tail = (text: string) => {
  const end = lastCharacters(text, CONTEXT_CHARACTERS);
  return end === text ? text : `…${end}`;
};
const around = (text: string) =>
  firstCharacters(text, 2 * CONTEXT_CHARACTERS) === text
    ? text
    : `${firstCharacters(text, CONTEXT_CHARACTERS)} … ${lastCharacters(text, CONTEXT_CHARACTERS)}`;
