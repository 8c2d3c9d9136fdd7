/** The events of a state. */
import type { JSX } from "preact";
import { count, readableName } from "../../shared/format";
import { text } from "../../shared/json";
import { Button } from "../../shared/ui/button";
import { Icon, type IconName } from "../../shared/ui/icon";
import { eventSelection } from "../actions";
import { Group } from "../forms/form-layout";
import { addingPoint, PATTERN_WORD } from "../quick-add";
import { focusMap } from "../view/combobox";
import { AddChoice } from "../writing/choices-field";
import type { FormProps } from "./parts";

/** What happens here: ways out, ways in, events that stay. Each leads on, so that the keyboard can follow the graph. */
export function Links(props: FormProps & { node: number }): JSX.Element {
  const { store, actions, node } = props;
  const graph = store.worldGraph.value;
  const readOnly = !store.editable.value;
  const link = (key: string, icon: IconName, name: string, index: number, other: string | null) => (
    <li key={key}>
      <button type="button" class="we-link" onClick={() => actions.select(eventSelection(store, index))}>
        <Icon name={icon} />
        <span class="we-link-name">{text(store.doc.value.events[index]?.detail) || readableName(name)}</span>
        {other === null ? null : <span class="we-link-other">{readableName(other)}</span>}
      </button>
    </li>
  );
  const out = graph.out[node] ?? [];
  const into = graph.into[node] ?? [];
  const local = graph.nodes[node]?.local ?? [];
  return (
    <Group title="Events" note={count(out.length + local.length, "event")} open={true}>
      {out.length > 0 ? <p class="wk-label">Exits</p> : null}
      <ul class="we-links">
        {out.map((at) => {
          const edge = graph.edges[at];
          if (!edge) return null;
          const target = edge.target < 0 ? "nowhere" : (graph.nodes[edge.target]?.id ?? "");
          return link(`out ${at}`, edge.locked ? "lock" : "arrow", edge.name, edge.index, target);
        })}
      </ul>
      <AddChoice {...props} />
      {local.length > 0 ? <p class="wk-label">Stays here</p> : null}
      <ul class="we-links">
        {local.map((event) =>
          link(
            `local ${event.index}`,
            event.kind === "terminal" ? "terminal" : "override",
            event.name,
            event.index,
            null,
          ),
        )}
      </ul>
      {into.length > 0 ? <p class="wk-label">Entries</p> : null}
      <ul class="we-links">
        {into.map((at) => {
          const edge = graph.edges[at];
          if (!edge) return null;
          return link(`in ${at}`, "arrow", edge.name, edge.index, `from ${graph.nodes[edge.source]?.id ?? ""}`);
        })}
      </ul>
      {readOnly ? null : (
        <div class="we-row">
          <Button
            label="Next state: add one and connect it"
            icon="plus"
            small
            kind="outline"
            onPress={() => void actions.branch(node)}
          >
            Next state
          </Button>
          <Button
            label="Next empty: to the next state without text"
            tooltip="To the next state without text (Ctrl+Shift+Enter)"
            icon="arrow"
            small
            kind="outline"
            onPress={() => void actions.nextUnwritten()}
          >
            Next empty
          </Button>
          <Button
            label="Pattern: insert a lock and its key, a hub, and the like"
            icon="layers"
            small
            kind="outline"
            onPress={() => actions.openQuickAdd({ ...addingPoint(store), query: PATTERN_WORD })}
          >
            Pattern
          </Button>
          <Button
            label="Connect this state to another"
            icon="arrow"
            small
            kind="outline"
            onPress={(event) => {
              actions.startConnecting();
              focusMap(event.currentTarget as Element);
            }}
          >
            Connect
          </Button>
          <Button
            label="Event here: add one that stays in this state"
            icon="override"
            small
            kind="outline"
            onPress={() => void actions.addLocal(node, "override")}
          >
            Event here
          </Button>
          <Button
            label="Terminal: add one here"
            icon="terminal"
            small
            kind="outline"
            onPress={() => void actions.addLocal(node, "terminal")}
          >
            Terminal
          </Button>
        </div>
      )}
    </Group>
  );
}
