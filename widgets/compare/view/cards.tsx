/** The cards: real elements for the states that can be read, with what changed in them in place. */
import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import type { Node } from "../../map/graph";
import { nodesIn } from "../../map/scene";
import { visibleRect } from "../../map/viewport";
import { readableName } from "../../shared/format";
import { same } from "../../shared/json";
import { DiffText, type FieldDiff } from "../../shared/ui/diff-text";
import { Icon } from "../../shared/ui/icon";
import { cardPieces } from "../card-text";
import { type Change, type Conflict, conflictAt } from "../data";
import { MARK_WORDS, toneOf } from "../mark-display";
import { existsIn, type Look, type Store } from "../store";
import { MarkIcon, MarkWord } from "./mark";

const MAX_ELEMENTS = 300;

export function Cards({ store, go }: { store: Store; go: (change: number) => void }): JSX.Element {
  const visible = useMemo(() => {
    let before: readonly number[] = [];
    return computed(() => {
      const comparison = store.comparison.value;
      if (store.detail.value !== "cards" || !comparison) before = before.length > 0 ? [] : before;
      else {
        const area = visibleRect(store.view.value, store.size.value, 160);
        const there = nodesIn(comparison.scene, area).filter((node) =>
          existsIn(store.nodeStatus(node), store.side.value),
        );
        if (!same(there, before)) before = there.slice(0, MAX_ELEMENTS);
      }
      return before;
    });
  }, [store]);
  const comparison = store.comparison.value;
  return (
    <div class="wm-layer wc-layer">
      {comparison
        ? visible.value.map((node) => {
            const at = comparison.graph.nodes[node];
            return at ? <Card key={at.id} node={at} index={node} store={store} go={go} /> : null;
          })
        : null}
    </div>
  );
}

function Card(props: { node: Node; index: number; store: Store; go: (change: number) => void }): JSX.Element {
  const { node, index, store, go } = props;
  const { mark, change } = store.nodeStatus(index);
  const comparison = store.comparison.value;
  const what: Change | undefined = comparison?.changes[change];
  const [x, y] = comparison?.scene.places[index] ?? [0, 0];
  const current = store.current.value;
  const isCurrent =
    current !== null &&
    ((change >= 0 && current === change) ||
      concernsNode(conflictAt(comparison, current) ?? comparison?.changes[current], index));
  const colour = toneOf(mark);
  const title = shownTitle(node, what, store);
  return (
    <div
      class={`wm-card wc-card${colour ? ` wc-is-${colour}` : ""}${mark === "removed" ? " wc-deleted" : ""}${isCurrent ? " wc-current" : ""}`}
      data-node={index}
      style={{ transform: `translate(${x}px, ${y}px)`, width: `${CARD_W}px`, height: `${CARD_H}px` }}
    >
      <Looks looks={store.looks(index)} />
      <div class="wm-card-head">
        {what && mark !== "same" ? (
          <button
            type="button"
            class="wm-card-title wc-card-title"
            aria-pressed={current === change}
            onClick={(press) => press.detail === 0 && go(change)}
          >
            {title}
            <span class="wk-visually-hidden">{`: ${what.marks.map((one) => MARK_WORDS[one].toLowerCase()).join(", ")}`}</span>
          </button>
        ) : (
          <span class="wm-card-title wc-card-title">{title}</span>
        )}
        {comparison?.conflicted.nodes.has(index) ? (
          <span class="wc-mark wk-error">
            <Icon name="warning" />
            Conflict
          </span>
        ) : mark === "same" ? null : (
          <MarkWord mark={mark} />
        )}
      </div>
      <p class="wc-prose" dir="auto">
        <Prose
          node={node}
          field={what && (mark === "renamed" || mark === "changed") ? proseOf(store, change) : null}
          store={store}
        />
      </p>
      <div class="wc-card-foot">
        {node.start ? (
          <span class="wk-chip wk-chip-accent">
            <Icon name="start" />
            <span>Start</span>
          </span>
        ) : null}
        {node.ending ? (
          <span class={`wk-chip wk-chip-${node.ending.kind}`}>
            <Icon name={node.ending.kind} />
            <span>{node.ending.title || (node.ending.kind === "win" ? "Win" : "Lose")}</span>
          </span>
        ) : null}
        <LocalEvents node={node} store={store} go={go} />
      </div>
    </div>
  );
}

/** How a state that differs looks, before and after where that differs. The card's words say what it shows. */
function Looks({ looks }: { looks: readonly Look[] }): JSX.Element | null {
  if (looks.length === 0) return null;
  return (
    <span class="wc-band">
      {looks.map(({ url, words }, at) => (
        <img key={at} src={url} alt="" title={words} draggable={false} decoding="async" />
      ))}
    </span>
  );
}

function concernsNode(change: Change | Conflict | undefined, node: number): boolean {
  return change !== undefined && change.pieces.length === 0 && change.nodes.includes(node);
}

function shownTitle(node: Node, what: Change | undefined, store: Store): JSX.Element | string {
  const name = readableName(node.id);
  if (what?.was === undefined || store.side.value === "after") return name;
  const before = readableName(what.was);
  if (store.side.value === "before") return before;
  return (
    <>
      <del>{before}</del> <ins>{name}</ins>
    </>
  );
}

function proseOf(store: Store, change: number): FieldDiff | null {
  return store.fields(change)?.find((field) => field.path === "base") ?? null;
}

/** The prose with its changes in it, begun a little before the first; of one world alone, as it stands there. */
function Prose({ node, field, store }: { node: Node; field: FieldDiff | null; store: Store }): JSX.Element {
  const wordPieces = field?.words;
  if (!wordPieces) return <>{node.prose || <em>No text.</em>}</>;
  const side = store.side.value;
  const sidePieces =
    side === "both" ? wordPieces : wordPieces.filter(([tag]) => tag !== (side === "before" ? "ins" : "del"));
  return side === "both" ? (
    <DiffText pieces={cardPieces(sidePieces)} />
  ) : (
    <DiffText pieces={[["same", sidePieces.map(([, words]) => words).join("")]]} />
  );
}

/** So many events that stay in their state have room on its card. */
const MAX_CHIPS = 2;

/** The events that stay here, those that differ first; the rest are counted. */
function LocalEvents({ node, store, go }: { node: Node; store: Store; go: (change: number) => void }): JSX.Element {
  const there = node.local.filter(({ index }) => existsIn(store.eventStatus(index), store.side.value));
  const [changedEvents, unchangedEvents] = [
    there.filter(({ index }) => store.eventStatus(index).mark !== "same"),
    there.filter(({ index }) => store.eventStatus(index).mark === "same"),
  ];
  const room = Math.max(1, MAX_CHIPS - Number(node.start) - Number(node.ending !== null));
  const all = [...changedEvents, ...unchangedEvents];
  const rest = all.slice(room);
  return (
    <>
      {all.slice(0, room).map(({ index, name, kind }) => (
        <LocalEventChip key={index} index={index} name={name} kind={kind} store={store} go={go} />
      ))}
      {rest.length > 0 ? (
        <span class="wk-chip wc-rest" title={rest.map(({ name }) => readableName(name)).join(", ")}>
          +{rest.length}
        </span>
      ) : null}
    </>
  );
}

/** An event that stays in its state. */
function LocalEventChip(props: {
  index: number;
  name: string;
  kind: string;
  store: Store;
  go: (change: number) => void;
}): JSX.Element {
  const { index, name, kind, store, go } = props;
  const status = store.eventStatus(index);
  const inner = (
    <>
      {status.mark === "same" ? (
        <Icon name={kind === "terminal" ? "terminal" : "override"} />
      ) : (
        <MarkIcon mark={status.mark} />
      )}
      <span>{readableName(name)}</span>
    </>
  );
  const colour = toneOf(status.mark);
  if (status.mark === "same" || status.change < 0) return <span class="wk-chip">{inner}</span>;
  const words = status.mark === "was" ? "was here before" : MARK_WORDS[status.mark].toLowerCase();
  return (
    <button
      type="button"
      class={`wk-chip wc-local wc-${colour}${status.side === "before" ? " wc-deleted" : ""}${
        store.current.value === status.change ? " wc-current" : ""
      }`}
      data-local={index}
      aria-label={`${kind} ${readableName(name)}: ${words}`}
      onClick={() => go(status.change)}
    >
      {inner}
    </button>
  );
}
