/** The side list: what differs, by kind; the current one open with its fields. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { fieldWords } from "../../shared/field-words";
import { count } from "../../shared/format";
import { thumbnailUrl } from "../../shared/state-pictures";
import { Button } from "../../shared/ui/button";
import type { FieldDiff } from "../../shared/ui/diff-text";
import { Icon } from "../../shared/ui/icon";
import { countMarks, groupChanges } from "../change-navigation";
import { type Change, MARKS } from "../data";
import { KIND_TITLES, MARK_MEANINGS, MARK_WORDS, shownNames } from "../mark-display";
import { INITIAL_CHANGE_COUNT, type Store } from "../store";
import { FieldChange, MarkIcon, MarkWord } from "./mark";

interface ListProps {
  readonly store: Store;
  readonly go: (change: number) => void;
}

export function List({ store, go }: ListProps): JSX.Element {
  const changes = store.comparison.value?.changes ?? [];
  const current = store.current.value;
  const groups = groupChanges(changes, store.listedChanges.value, store.most.value, current);
  return (
    <>
      <Filter store={store} changes={changes} />
      {groups.map(({ kind, all, visible }) => (
        <section key={kind} class="wc-group" aria-label={KIND_TITLES[kind]}>
          <h3>
            {KIND_TITLES[kind]} <span class="wk-muted">{all.toLocaleString("en")}</span>
          </h3>
          <ul>
            {visible.map((at) => {
              const change = changes[at];
              return change ? <Row key={at} at={at} change={change} store={store} go={go} /> : null;
            })}
          </ul>
          {visible.length < all ? (
            <button
              type="button"
              class="wc-more"
              onClick={() => {
                store.most.value += 2 * INITIAL_CHANGE_COUNT;
              }}
            >
              {`Show ${Math.min(2 * INITIAL_CHANGE_COUNT, all - visible.length).toLocaleString("en")} more`}
            </button>
          ) : null}
        </section>
      ))}
      {changes.length > 0 && groups.length === 0 ? <p class="wc-note">All differences are filtered out.</p> : null}
    </>
  );
}

/** Which kinds of difference are shown, here and on the map. */
function Filter({ store, changes }: { store: Store; changes: readonly Change[] }): JSX.Element | null {
  const tally = countMarks(changes);
  const marks = MARKS.filter((mark) => tally.has(mark));
  if (marks.length < 2) return null;
  return (
    <div class="wc-filter" role="group" aria-label="Show">
      {marks.map((mark) => (
        <button
          key={mark}
          type="button"
          class="wc-toggle"
          aria-pressed={!store.hidden.value.has(mark)}
          title={MARK_MEANINGS[mark]}
          onClick={() => store.toggle(mark)}
        >
          <MarkIcon mark={mark} />
          {MARK_WORDS[mark]}
          <span class="wk-muted">{tally.get(mark)?.toLocaleString("en")}</span>
        </button>
      ))}
    </div>
  );
}

function Row({ at, change, store, go }: { at: number; change: Change } & ListProps): JSX.Element {
  const open = store.current.value === at;
  const row = useRef<HTMLLIElement>(null);
  // pictures come later and make the row taller: it is brought into view again
  const hasPictures = open && change.kind === "state" && store.pictures(at) !== null;
  useEffect(() => {
    if (!open) return;
    const item = row.current;
    const list = item?.closest<HTMLElement>(".wc-scroll");
    if (!item || !list) return;
    // the list is scrolled by hand: scrollIntoView would scroll the notebook too
    const [box, room] = [item.getBoundingClientRect(), list.getBoundingClientRect()];
    const tall = Math.min(box.height, room.height - 48);
    if (box.top < room.top + 40) list.scrollTop -= room.top + 40 - box.top;
    else if (box.top + tall > room.bottom)
      list.scrollTop += Math.min(box.top - room.top - 40, box.bottom - room.bottom);
  }, [open, hasPictures]);
  const [first = "changed"] = change.marks;
  return (
    <li ref={row} class={`wc-row${open ? " wc-open" : ""}`}>
      <button
        type="button"
        class="wc-row-head"
        aria-expanded={open}
        data-change={at}
        onClick={() => (open ? store.choose(null) : go(at))}
      >
        <MarkIcon mark={first} />
        <span class="wk-visually-hidden">{`${change.marks.map((mark) => MARK_WORDS[mark]).join(", ")} ${change.kind}: `}</span>
        <span class={`wc-name${first === "removed" ? " wc-deleted-name" : ""}`}>
          <WorldChange change={change} />
        </span>
        <span class="wc-what">{changeTitle(change)}</span>
        <Icon name="chevron" class="wc-fold" />
      </button>
      {open ? <ChangeDetails at={at} change={change} store={store} /> : null}
    </li>
  );
}

/** Which fields differ, in a few words; of what is new or gone its mark says all. */
function changeTitle(change: Change): string {
  const [first] = change.marks;
  if (first === "added" || first === "removed" || change.fields === null) return "";
  if (change.kind === "world") return "";
  const keys = [...new Set(change.fields.map((field) => field.path.replace(/[.[].*$/, "")))];
  const names = keys.map((key) => fieldWords(change.kind, key));
  return names.length > 2 ? `${names.slice(0, 2).join(", ")} +${names.length - 2}` : names.join(", ");
}

/** A change with its fields. */
function ChangeDetails({ at, change, store }: { at: number; change: Change; store: Store }): JSX.Element {
  const fields: readonly FieldDiff[] | null = store.fields(at);
  const [first] = change.marks;
  const isWholeItem = first === "added" || first === "removed";
  return (
    <div class="wc-body">
      <p class="wc-marks">
        {change.marks.map((mark) => (
          <MarkWord key={mark} mark={mark} />
        ))}
        <span class="wk-muted">
          {change.nodes.length === 0 && change.pieces.length === 0 ? "Not on the map. " : ""}
          {change.marks.includes("moved") ? `${MARK_MEANINGS.moved}.` : ""}
        </span>
      </p>
      {change.kind === "state" ? <Looks at={at} store={store} /> : null}
      {fields === null ? (
        <p class="wc-note" role="status">
          {store.link.state.value === "silent" ? "The kernel does not answer, so its fields are not known." : "Asking…"}
        </p>
      ) : (
        <dl>
          {fields.map((field) => (
            <FieldChange key={field.path} field={field} kind={change.kind} whole={isWholeItem} />
          ))}
        </dl>
      )}
    </div>
  );
}

/** How a state looked before and looks now, where that differs. */
function Looks({ at, store }: { at: number; store: Store }): JSX.Element | null {
  const pictures = store.pictures(at);
  const sides = [
    ["Before", pictures?.before],
    ["After", pictures?.after],
  ] as const;
  const visibleSides = sides.flatMap(([word, picture]) =>
    picture && thumbnailUrl(picture) ? [{ word, picture }] : [],
  );
  const [first, second] = visibleSides.map(({ picture }) => thumbnailUrl(picture));
  if (first === undefined || first === second) return null;
  return (
    <div class="wc-looks">
      {visibleSides.map(({ word, picture }) => (
        <figure key={word} title={picture.note || undefined}>
          <img src={thumbnailUrl(picture)} alt={`${word}: ${picture.label}`} draggable={false} />
          <figcaption>{word}</figcaption>
        </figure>
      ))}
    </div>
  );
}

/** What the edit did to play: both worlds are played through when it is asked for. */
export function PlaySection({ store }: { store: Store }): JSX.Element {
  const play = store.play.value;
  const silent = store.link.state.value === "silent";
  return (
    <section class="wc-play" aria-label="In play">
      <h3>In play</h3>
      {play.state === "told" ? (
        <ul class="wc-sentences">
          {play.sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      ) : play.state === "asked" ? (
        <p class="wc-note" role="status">
          {silent ? "The kernel is busy or gone; the answer comes when it does." : "Playing both worlds through…"}
        </p>
      ) : (
        <>
          <p class="wc-note">
            {play.state === "failed"
              ? play.reason
              : store.comparison.value?.conflicts
                ? "Problems of the merged world that neither side had."
                : "Which endings, states and events can be reached now and could not before, and vice versa."}
          </p>
          <Button kind="outline" small icon="play" onPress={store.askPlay}>
            Effect on play
          </Button>
        </>
      )}
    </section>
  );
}

/** The current change under the map, where the list is closed. */
export function ChangePreview({ store }: { store: Store }): JSX.Element | null {
  const at = store.current.value;
  const change = at === null ? undefined : store.comparison.value?.changes[at];
  if (at === null || !change || store.panelOpen.value) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
    <section class="wc-peek" aria-label={`What differs in ${shownNames(change)[0]}`} tabIndex={0}>
      <div class="wc-peek-head">
        <strong>
          <WorldChange change={change} />
        </strong>
        <Button label="Deselect" icon="close" small kind="quiet" onPress={() => store.choose(null)} />
      </div>
      <ChangeDetails at={at} change={change} store={store} />
    </section>
  );
}

function WorldChange({ change }: { change: Change }): JSX.Element {
  const [name, was] = shownNames(change);
  return (
    <>
      {was === undefined ? null : <del>{was}</del>}
      {was === undefined ? null : " → "}
      <bdi title={change.id}>{name}</bdi>
    </>
  );
}

export function countOf(store: Store): string {
  const { length } = store.steps.value;
  const at = store.current.value === null ? -1 : store.steps.value.indexOf(store.current.value);
  const open = store.comparison.value?.conflicts?.filter((one) => one.picked === "").length ?? 0;
  const { length: differ } = store.listedChanges.value;
  const all = open > 0 ? count(open, "conflict") : differ > 0 ? count(differ, "difference") : "No difference";
  return at < 0 ? all : `${(at + 1).toLocaleString("en")} of ${length.toLocaleString("en")}`;
}
