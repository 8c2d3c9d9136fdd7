/** The cards: real elements for the states that can be read. */

import { Component, type JSX } from "preact";
import { useEffect } from "preact/hooks";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import type { Node, Tally } from "../../map/graph";
import { readableName } from "../../shared/format";
import { same } from "../../shared/json";
import type { Position } from "../../shared/protocol";
import { Icon } from "../../shared/ui/icon";
import { type Actions, eventSelection } from "../actions";
import { CardTags, MapNotes } from "../annotations/map-layer";
import { describeState } from "../graph/navigate";
import { CardMarks } from "../overlay/cards";
import { wordsOf } from "../overlay/marks";
import type { CardPicture } from "../pictures/state";
import type { Store } from "../store";
import { Foot } from "./chips";

const NO_MISSIONS: readonly string[] = [];

interface CardProps {
  readonly index: number;
  readonly node: Node;
  readonly place: Position;
  readonly label: string;
  readonly selected: boolean;
  /** Whether it is the one that the keyboard and the form are about. */
  readonly current: boolean;
  readonly target: boolean;
  /** The selected events. */
  readonly lit: ReadonlySet<number>;
  readonly missions: readonly string[];
  readonly editable: boolean;
  readonly dimmed: boolean;
  /** Its picture; null while it is not there yet, undefined where the map shows none. */
  readonly picture: CardPicture | null | undefined;
  readonly tags: JSX.Element;
  /** What the tags depend on. */
  readonly tagNames: string;
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
      now.current === next.current &&
      now.target === next.target &&
      now.missions === next.missions &&
      (now.lit === next.lit || !next.node.local.some(({ index }) => now.lit.has(index) !== next.lit.has(index))) &&
      now.editable === next.editable &&
      now.dimmed === next.dimmed &&
      now.picture === next.picture &&
      now.tagNames === next.tagNames
    );
  }

  override render(): JSX.Element {
    const { index, node, place, label, selected, current, target, lit, missions, editable } = this.props;
    const { onSelect, onEvent, dimmed, picture, tags } = this.props;
    const { prose } = node;
    const classes = ["wm-card we-card"];
    if (selected) classes.push("we-selected");
    if (target) classes.push("we-target");
    if (dimmed) classes.push("wn-dimmed");
    if (picture !== undefined) classes.push("we-pictured");
    if (node.start) classes.push("we-start");
    if (node.ending) classes.push(`we-${node.ending.kind}`);
    return (
      <div
        class={classes.join(" ")}
        data-node={index}
        style={{ transform: `translate(${place[0]}px, ${place[1]}px)`, width: `${CARD_W}px`, height: `${CARD_H}px` }}
      >
        {picture === undefined ? null : <Band picture={picture} />}
        <div class="wm-card-head">
          <button
            type="button"
            class="wm-card-title we-card-title"
            tabIndex={current ? 0 : -1}
            aria-label={label}
            aria-pressed={selected}
            title={node.id}
            onClick={(press) => press.detail === 0 && onSelect(node.id)}
          >
            {readableName(node.id)}
          </button>
          <Badges problems={node.problems} />
        </div>
        {prose === "" ? <p class="we-prose we-none">No text yet.</p> : <p class="we-prose">{prose}</p>}
        <Foot node={node} missions={missions} current={current} lit={lit} onEvent={onEvent} />
        {tags}
        {editable ? <span class="we-port" data-port={index} title="Drag to connect" /> : null}
      </div>
    );
  }
}

/** The picture of a state, across its card. The card's words say what it shows, so it has none of its own. */
function Band({ picture }: { picture: CardPicture | null }): JSX.Element {
  return (
    <span class="we-band" title={picture?.words}>
      {picture && picture.url !== "" ? <img src={picture.url} alt="" draggable={false} decoding="async" /> : null}
    </span>
  );
}

/** Errors and warnings of an item: a shape and a number, never colour alone. */
function Badges({ problems }: { problems: Tally }): JSX.Element | null {
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

export function Cards({ store, actions, stage }: { store: Store; actions: Actions; stage: () => HTMLElement | null }) {
  const nodes = store.cardElements.value;
  const graph = store.graph.value;
  const movedPlaces = store.movedNodes.value;
  const places = store.scene.value.places;
  const current = store.selectedNode.value;
  const { boxes } = store.onMap.projection.value;
  const { dimmed } = store.drawnMap.value;
  const { tagged, tags: kinds } = store.onMap.annotations.value;
  const selectedItems = store.selectedItems.value;
  const target = store.connection.value?.other ?? -1;

  // The keyboard's place is the selected card while it is there, else the stage: never the page.
  useEffect(() => {
    const stageElement = stage();
    const root = stageElement?.getRootNode();
    if (!stageElement || !(root instanceof ShadowRoot)) return;
    const active = root.activeElement;
    if (active === null || !stageElement.contains(active)) return;
    const card = stageElement.querySelector<HTMLElement>(`[data-node="${current}"]`);
    if (card?.contains(active)) return;
    (card?.querySelector<HTMLElement>(".we-card-title") ?? stageElement).focus({ preventScroll: true });
  }, [current, nodes, stage]);

  return (
    <div class="wm-layer we-layer">
      {nodes.map((index) => {
        const node = graph.nodes[index];
        if (!node || boxes.has(index)) return null;
        return (
          <Card
            key={node.id}
            index={index}
            node={node}
            place={movedPlaces.get(index) ?? places[index] ?? [0, 0]}
            label={describeState(graph, index) + wordsOf(store.overlay.marks.value.nodes.get(index))}
            selected={selectedItems.nodes.has(index)}
            current={index === current}
            target={index === target}
            lit={selectedItems.events}
            missions={graph.missions.get(node.id) ?? NO_MISSIONS}
            editable={store.editable.value}
            dimmed={dimmed?.has(index) ?? false}
            picture={store.pictures.areOn.value ? store.pictures.of(node) : undefined}
            tags={<CardTags store={store} id={node.id} />}
            tagNames={
              tagged
                .get(node.id)
                ?.map((name) => `${name} ${kinds.get(name)?.color}`)
                .join() ?? ""
            }
            onSelect={(id) => actions.select({ kind: "state", id })}
            onEvent={(event) => actions.select(eventSelection(store, event))}
          />
        );
      })}
      <MapNotes store={store} actions={actions} />
      <CardMarks store={store} nodes={nodes} />
    </div>
  );
}
