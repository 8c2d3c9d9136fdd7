/** Overlay marks on cards that are elements: a frame around each, and its words on the frame. */
import type { JSX } from "preact";
import { CARD_H, CARD_W } from "../../map/geometry/dimensions";
import type { IconName } from "../../shared/ui/icon";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";
import type { Word } from "./data";
import type { NodeMark } from "./marks";

const ICONS: Record<Word, IconName> = {
  never: "close",
  stuck: "warning",
  idle: "error",
  seen: "check",
  unseen: "minus",
};

/** One frame for each marked card in sight. The cards' own names say the same to those who do not see them. */
export function CardMarks({ store, nodes }: { store: Store; nodes: readonly number[] }): JSX.Element {
  const marks = store.overlay.marks.value.nodes;
  const movedPlaces = store.movedNodes.value;
  const { places } = store.scene.value;
  return (
    <>
      {nodes.map((index) => {
        const mark = marks.get(index);
        const id = store.graph.value.nodes[index]?.id;
        if (!mark || id === undefined) return null;
        const [x, y] = movedPlaces.get(index) ?? places[index] ?? [0, 0];
        return (
          <div
            key={id}
            class={classOf(mark)}
            aria-hidden="true"
            style={{
              transform: `translate(${x}px, ${y}px)`,
              width: `${CARD_W}px`,
              height: `${CARD_H}px`,
              "--wo-part": String(mark.layer?.word === "seen" ? mark.layer.part : 0),
            }}
          >
            <span class="wo-tags">
              {mark.here ? (
                <span class="wo-tag wo-tag-here">
                  <Icon name="play" />
                  Here
                </span>
              ) : mark.visit > 0 ? (
                <span class="wo-tag wo-tag-visited">{mark.visit}</span>
              ) : null}
              {mark.layer ? (
                <span class={`wo-tag wo-tag-${mark.layer.word}`}>
                  <Icon name={ICONS[mark.layer.word]} />
                  {mark.layer.text}
                </span>
              ) : null}
            </span>
            {mark.local === "" ? null : (
              <span class="wo-local">
                <span class="wo-tag wo-tag-never">
                  <Icon name="close" />
                  <span>{mark.local}</span>
                </span>
              </span>
            )}
          </div>
        );
      })}
    </>
  );
}

function classOf({ layer, here, visit }: NodeMark): string {
  const classes = ["wo-mark"];
  if (layer) classes.push(`wo-${layer.word}`);
  if (here) classes.push("wo-here");
  else if (visit > 0) classes.push("wo-visited");
  return classes.join(" ");
}
