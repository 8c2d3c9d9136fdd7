/** The panel while several things are selected: what they are, and what can be done with them together. */
import type { JSX } from "preact";
import { text } from "../../shared/json";
import { Button } from "../../shared/ui/button";
import { Icon, type IconName } from "../../shared/ui/icon";
import { eventSelection } from "../actions";
import { countText } from "../actions/selection";
import { PlaceFields } from "../annotations/tags";
import type { Axis, Line } from "../graph/arrange";
import type { FormProps } from "../inspector/parts";

const LINES: readonly (readonly [Line, string])[] = [
  ["left", "Align left edges"],
  ["centre", "Align centres across"],
  ["right", "Align right edges"],
  ["top", "Align top edges"],
  ["middle", "Align middles"],
  ["bottom", "Align bottom edges"],
];
const AXES: readonly (readonly [Axis, string])[] = [
  ["across", "Distribute across"],
  ["down", "Distribute down"],
];
const MAX_LISTED_ITEMS = 60;

export function SelectionForm({ store, actions, camera }: FormProps): JSX.Element {
  const { nodes, events } = store.selectedItems.value;
  const graph = store.graph.value;
  const doc = store.doc.value;
  const editable = store.editable.value;
  const items: { key: string; icon: IconName; name: string; drop: () => void; open: () => void }[] = [];
  for (const node of nodes) {
    const id = graph.nodes[node]?.id ?? "";
    const what = { kind: "state", id } as const;
    items.push({
      key: `s ${id}`,
      icon: "layers",
      name: id,
      drop: () => actions.toggle(what),
      open: () => actions.select(what, "reveal"),
    });
  }
  for (const index of events) {
    const what = eventSelection(store, index);
    const name = text(doc.events[index]?.name);
    items.push({
      key: `e ${index}`,
      icon: "arrow",
      name,
      drop: () => actions.toggle(what),
      open: () => actions.select(what, "reveal"),
    });
  }
  return (
    <div class="we-form we-several">
      <p class="we-several-what">{countText(nodes.size, events.size)}</p>
      <div class="we-tools" role="group" aria-label="Arrange">
        {LINES.map(([line, label]) => (
          <Button
            key={line}
            label={label}
            icon={line}
            disabled={!editable || nodes.size < 2}
            onPress={() => actions.align(line)}
          />
        ))}
        <span class="we-rule" />
        {AXES.map(([axis, label]) => (
          <Button
            key={axis}
            label={label}
            icon={axis}
            disabled={!editable || nodes.size < 3}
            onPress={() => actions.distribute(axis)}
          />
        ))}
        <span class="we-rule" />
        <Button
          label="Lay out the selection"
          tooltip="Lay these out in columns, by the events among them"
          icon="tidy"
          disabled={!editable || nodes.size < 2}
          onPress={actions.tidySelection}
        />
      </div>
      <div class="we-row">
        <Button icon="copy" small kind="outline" tooltip="Copy (Ctrl+C)" onPress={() => void actions.copy()}>
          Copy
        </Button>
        <Button
          small
          kind="outline"
          tooltip="Duplicate (Ctrl+D)"
          disabled={!editable}
          onPress={() => void actions.duplicate()}
        >
          Duplicate
        </Button>
        <Button label="Zoom to them" small kind="outline" tooltip="Zoom (Z)" onPress={actions.zoomToSelection}>
          Zoom
        </Button>
        <Button
          label="Delete all of them"
          icon="trash"
          small
          kind="outline"
          tooltip="Delete, as one step (Delete)"
          disabled={!editable}
          onPress={() => void actions.remove()}
        >
          Delete
        </Button>
      </div>
      {nodes.size > 0 ? (
        <>
          <div class="we-row">
            <Button
              label="Put them in a new region"
              icon="plus"
              small
              kind="outline"
              tooltip="A region with a name and a colour (G)"
              disabled={!editable}
              onPress={() => void actions.groupSelection()}
            >
              New region
            </Button>
          </div>
          <PlaceFields
            store={store}
            actions={actions}
            camera={camera}
            states={[...nodes].map((node) => graph.nodes[node]?.id ?? "")}
          />
        </>
      ) : null}
      <ul class="we-several-list">
        {items.slice(0, MAX_LISTED_ITEMS).map((item) => (
          <li key={item.key}>
            <button type="button" class="we-link" onClick={item.open}>
              <Icon name={item.icon} />
              <span class="we-link-name">{item.name}</span>
            </button>
            <Button label={`Leave out ${item.name}`} icon="close" small kind="quiet" onPress={item.drop} />
          </li>
        ))}
      </ul>
      {items.length > MAX_LISTED_ITEMS ? (
        <p class="wk-hint">And {(items.length - MAX_LISTED_ITEMS).toLocaleString("en")} more.</p>
      ) : null}
    </div>
  );
}
