/** The cards: real elements for the states that can be read. */

import { computed } from "@preact/signals";
import { Component, type JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { spoken } from "../../shared/format";
import { same, text, texts } from "../../shared/json";
import type { Position } from "../../shared/protocol";
import { Icon, type IconName } from "../../shared/ui/icon";
import { type Actions, eventSelection } from "../actions";
import type { LocalEvent, Node, Tally } from "../graph/graph";
import { described } from "../graph/navigate";
import { CARD_H, CARD_W } from "../graph/route";
import { seen } from "../graph/viewport";
import type { Store } from "../store";

const MOST = 300;

interface CardProps {
  readonly index: number;
  readonly node: Node;
  readonly place: Position;
  readonly label: string;
  readonly selected: boolean;
  readonly target: boolean;
  readonly event: number;
  readonly editable: boolean;
  readonly onSelect: (id: string) => void;
  readonly onEvent: (index: number) => void;
}

class Card extends Component<CardProps> {
  override shouldComponentUpdate(next: CardProps): boolean {
    const now = this.props;
    return !(
      now.node === next.node &&
      now.index === next.index &&
      now.label === next.label &&
      same(now.place, next.place) &&
      now.selected === next.selected &&
      now.target === next.target &&
      now.event === next.event &&
      now.editable === next.editable
    );
  }

  override render(): JSX.Element {
    const { index, node, place, label, selected, target, event, editable, onSelect, onEvent } = this.props;
    const prose = text(node.body.base);
    const classes = ["we-card"];
    if (selected) classes.push("we-selected");
    if (target) classes.push("we-target");
    if (node.start) classes.push("we-start");
    if (node.ending) classes.push(`we-${node.ending.kind}`);
    return (
      <div
        class={classes.join(" ")}
        data-node={index}
        style={{ transform: `translate(${place[0]}px, ${place[1]}px)`, width: `${CARD_W}px`, height: `${CARD_H}px` }}
      >
        <div class="we-card-head">
          <button
            type="button"
            class="we-card-title"
            tabIndex={selected ? 0 : -1}
            aria-label={label}
            aria-pressed={selected}
            onClick={(press) => press.detail === 0 && onSelect(node.id)}
          >
            {node.id}
          </button>
          <Badges problems={node.problems} />
        </div>
        {prose === "" ? (
          <p class="we-prose we-none">Nothing is said of this scene yet.</p>
        ) : (
          <p class="we-prose">{prose}</p>
        )}
        <div class="we-card-foot">{chips(node, selected, event, onEvent)}</div>
        {editable ? <span class="we-port" data-port={index} title="Drag to connect" /> : null}
      </div>
    );
  }
}

/** Errors and warnings of an item: a shape and a number, never colour alone. */
export function Badges({ problems }: { problems: Tally }): JSX.Element | null {
  if (problems.error + problems.warning === 0) return null;
  return (
    <span class="we-badges">
      {problems.error > 0 ? (
        <span class="wk-error" title={`${problems.error} errors`}>
          <Icon name="error" />
          {problems.error}
        </span>
      ) : null}
      {problems.warning > 0 ? (
        <span class="wk-warning" title={`${problems.warning} warnings`}>
          <Icon name="warning" />
          {problems.warning}
        </span>
      ) : null}
    </span>
  );
}

interface ChipItem {
  readonly key: string;
  readonly icon: IconName;
  readonly words: string;
  readonly tone: string;
  readonly local?: LocalEvent;
}

/** Return the chips of a card, in order of importance. */
export function chipItems(node: Node): ChipItem[] {
  const made: ChipItem[] = [];
  if (node.start) made.push({ key: "start", icon: "start", words: "Start", tone: "wk-chip-accent" });
  if (node.ending) {
    const { kind, title } = node.ending;
    const word = kind === "win" ? "Win" : "Lose";
    made.push({ key: "ending", icon: kind, words: title ? `${word}: ${title}` : word, tone: `wk-chip-${kind}` });
  }
  for (const local of node.local) {
    const icon: IconName = local.kind === "terminal" ? "terminal" : "override";
    made.push({ key: `event ${local.index}`, icon, words: spoken(local.name), tone: "", local });
  }
  const ambient = texts(node.body.ambient).length;
  if (ambient > 0) made.push({ key: "ambient", icon: "ambient", words: String(ambient), tone: "we-ambient" });
  return made;
}

/** Return how many chips fit one row of `room` pixels; when not all do, there is room for "+9" behind them. */
export function fitting(words: readonly string[], room: number): number {
  const widths = words.map((word) => Math.min(104, word.length * 6.2 + 30) + 4);
  const whole = widths.reduce((sum, wide) => sum + wide, 0);
  if (whole <= room) return words.length;
  let used = 34;
  let n = 0;
  for (const wide of widths) {
    if (used + wide > room) break;
    used += wide;
    n += 1;
  }
  return Math.max(1, n);
}

function chips(node: Node, selected: boolean, event: number, onEvent: (index: number) => void): JSX.Element[] {
  const items = chipItems(node);
  const n = fitting(
    items.map((item) => item.words),
    CARD_W - 24,
  );
  const made = items.slice(0, n).map(({ key, icon, words, tone, local }) => {
    const inner = [<Icon key="i" name={icon} />, <span key="w">{words}</span>];
    if (!local) {
      return (
        <span key={key} class={`wk-chip ${tone}`} title={tone === "we-ambient" ? `${words} ambient lines` : words}>
          {inner}
        </span>
      );
    }
    const mark = local.problems.error > 0 ? "wk-error" : local.problems.warning > 0 ? "wk-warning" : "";
    return (
      <button
        key={key}
        type="button"
        class={`wk-chip we-local ${mark}${local.index === event ? " we-chosen" : ""}`}
        data-local={local.index}
        tabIndex={selected ? 0 : -1}
        aria-label={`${local.kind} ${words}${local.locked ? ", locked" : ""}`}
        title={local.name}
        onClick={() => onEvent(local.index)}
      >
        {local.problems.error > 0 ? <Icon name="error" /> : null}
        {local.locked ? <Icon name="lock" /> : null}
        {inner}
      </button>
    );
  });
  if (n < items.length) {
    made.push(
      <span
        key="more"
        class="wk-chip we-more"
        title={items
          .slice(n)
          .map((item) => item.words)
          .join(", ")}
      >
        +{items.length - n}
      </span>,
    );
  }
  return made;
}

export function Cards({ store, actions, stage }: { store: Store; actions: Actions; stage: () => HTMLElement | null }) {
  const visible = useMemo(() => {
    let before: readonly number[] = [];
    return computed(() => {
      if (store.detail.value !== "cards") before = before.length > 0 ? [] : before;
      else {
        const area = seen(store.view.value, store.size.value, 160);
        const found = store.scene.value.nodeIndex?.search(area.x, area.y, area.x + area.w, area.y + area.h) ?? [];
        for (const node of store.movedNodes.value.keys()) if (!found.includes(node)) found.push(node);
        found.sort((a, b) => a - b);
        if (!same(found, before)) before = found.slice(0, MOST);
      }
      return before;
    });
  }, [store]);
  const nodes = visible.value;
  const graph = store.graph.value;
  const moved = store.movedNodes.value;
  const places = store.scene.value.places;
  const chosen = store.selectedNode.value;
  const target = store.connecting.value?.target ?? -1;

  // The keyboard's place is the selected card while it is there, else the stage: never the page.
  useEffect(() => {
    const ground = stage();
    const root = ground?.getRootNode();
    if (!ground || !(root instanceof ShadowRoot)) return;
    const active = root.activeElement;
    if (active === null || !ground.contains(active)) return;
    const card = ground.querySelector<HTMLElement>(`[data-node="${chosen}"]`);
    if (card?.contains(active)) return;
    (card?.querySelector<HTMLElement>(".we-card-title") ?? ground).focus({ preventScroll: true });
  }, [chosen, nodes, stage]);

  return (
    <div class="we-layer">
      {nodes.map((index) => {
        const node = graph.nodes[index];
        if (!node) return null;
        return (
          <Card
            key={node.id}
            index={index}
            node={node}
            place={moved.get(index) ?? places[index] ?? [0, 0]}
            label={described(graph, index)}
            selected={index === chosen}
            target={index === target}
            event={store.selectedEvent.value}
            editable={store.editable.value}
            onSelect={(id) => actions.select({ kind: "state", id })}
            onEvent={(event) => actions.select(eventSelection(store, event))}
          />
        );
      })}
    </div>
  );
}
