/** The form of a state. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count, spoken } from "../../shared/format";
import { object, text, texts } from "../../shared/json";
import { Button } from "../../shared/ui/button";
import { Select } from "../../shared/ui/choice";
import { TextField } from "../../shared/ui/field";
import { Icon, type IconName } from "../../shared/ui/icon";
import { eventSelection } from "../actions";
import * as ops from "../data/ops";
import { Budget } from "./budget";
import { AlsoKept, commit, Findings, type FormProps, Group, useWantedField } from "./parts";

const KNOWN = new Set(["base", "camera", "movement", "ambient", "narration", "arriveLabel", "ending"]);
const ENDINGS = [
  ["", "Not an ending"],
  ["win", "Win"],
  ["lose", "Lose"],
] as const;

export function StateForm(props: FormProps & { node: number }): JSX.Element | null {
  const { store, actions, node } = props;
  const graph = store.graph.value;
  const state = graph.nodes[node];
  const form = useWantedField(store);
  const body = state?.body ?? {};
  const base = text(body.base);
  const [typed, setTyped] = useState<string | null>(null);
  if (!state) return null;

  const { id } = state;
  const readOnly = !store.editable.value;
  const patch = (field: string) =>
    commit(actions, (value) => ops.patchState(id, { [field]: value === "" ? null : value }));
  const half = (field: string) => commit(actions, (value) => ops.setHalf(id, field, value));
  const camera = object(body.camera);
  const movement = object(body.movement);
  const ambient = texts(body.ambient);
  const findings = store.doc.value.diagnostics.filter(({ item }) => item.kind === "state" && item.id === id);

  return (
    <form ref={form} class="we-form" aria-label={`State ${id}`} onSubmit={(event) => event.preventDefault()}>
      <TextField
        label="Id"
        name="id"
        value={id}
        readOnly={readOnly}
        mono
        onCommit={commit(actions, (value) => ops.renameState(id, value.trim()))}
      />
      <div class="we-row">
        {state.start ? (
          <span class="wk-chip wk-chip-accent">
            <Icon name="start" />
            <span>Start</span>
          </span>
        ) : (
          <Button
            label="Make entrance: play starts here"
            icon="start"
            small
            kind="outline"
            disabled={readOnly}
            onPress={() => void actions.edit(ops.setEntrance(id))}
          >
            Make entrance
          </Button>
        )}
        <Button
          label={`Delete state ${id}`}
          icon="trash"
          small
          kind="quiet"
          disabled={readOnly}
          onPress={() => void actions.remove()}
        >
          Delete
        </Button>
      </div>
      <Findings {...props} found={findings} />

      <div class="we-fields">
        <TextField
          label="What the camera sees"
          name="base"
          value={base}
          multiline
          rows={5}
          readOnly={readOnly}
          placeholder="Concrete, visible things: place, light, who stands where."
          onDraft={setTyped}
          onCommit={commit(actions, (value) => ops.patchState(id, { base: value }))}
        />
        <Budget store={store} id={id} body={body} typed={typed} />
      </div>

      <Links {...props} node={node} />

      <Group title="Camera and movement" open={body.camera !== undefined || body.movement !== undefined}>
        <TextField
          label="Camera, standing still"
          value={text(camera.static)}
          multiline
          rows={2}
          readOnly={readOnly}
          onCommit={half("camera.static")}
        />
        <TextField
          label="Camera, travelling"
          value={text(camera.dynamic)}
          multiline
          rows={2}
          readOnly={readOnly}
          onCommit={half("camera.dynamic")}
        />
        <TextField
          label="Body, standing still"
          value={text(movement.static)}
          multiline
          rows={2}
          readOnly={readOnly}
          onCommit={half("movement.static")}
        />
        <TextField
          label="Body, travelling"
          value={text(movement.dynamic)}
          multiline
          rows={2}
          readOnly={readOnly}
          onCommit={half("movement.dynamic")}
        />
      </Group>
      <Group title="Ambient" note={ambient.length > 0 ? count(ambient.length, "line") : ""} open={ambient.length > 0}>
        <TextField
          label="Small recurring motions, one a line"
          value={ambient.join("\n")}
          multiline
          rows={3}
          readOnly={readOnly}
          onCommit={commit(actions, (value) => ops.patchState(id, { ambient: lines(value) }))}
        />
      </Group>
      <Group title="For the player" open={body.narration !== undefined || body.arriveLabel !== undefined}>
        <TextField
          label="Narration"
          value={text(body.narration)}
          multiline
          rows={3}
          readOnly={readOnly}
          hint="Shown to the player; never part of a prompt."
          onCommit={patch("narration")}
        />
        <TextField
          label="Arrival label"
          value={text(body.arriveLabel)}
          readOnly={readOnly}
          hint="What must be visible once the player is here."
          onCommit={patch("arriveLabel")}
        />
      </Group>
      <EndingFields {...props} id={id} />
      <AlsoKept body={body} known={KNOWN} />
    </form>
  );
}

function EndingFields({ store, actions, id }: FormProps & { id: string }): JSX.Element {
  const node = store.graph.value.byId.get(id) ?? -1;
  const ending = object(store.graph.value.nodes[node]?.body.ending);
  const kind = text(ending.kind);
  const readOnly = !store.editable.value;
  const set = (field: string) =>
    commit(actions, (value) => [
      { op: "set_state_ending", state: id, kind, [field]: field === "subtitle" && value === "" ? null : value },
    ]);
  return (
    <Group title="Ending" note={kind === "win" ? "Win" : kind === "lose" ? "Lose" : ""} open={kind !== ""}>
      <Select
        label="Reaching this state"
        value={kind}
        options={ENDINGS}
        disabled={readOnly}
        onChange={(value) => {
          const title = text(ending.title) || (value === "win" ? "You made it" : "It ends here");
          void actions.edit([
            value === ""
              ? { op: "set_state_ending", state: id, kind: null }
              : { op: "set_state_ending", state: id, kind: value, title },
          ]);
        }}
      />
      {kind !== "" ? (
        <>
          <TextField label="Title" value={text(ending.title)} readOnly={readOnly} onCommit={set("title")} />
          <TextField label="Subtitle" value={text(ending.subtitle)} readOnly={readOnly} onCommit={set("subtitle")} />
        </>
      ) : null}
    </Group>
  );
}

/** What happens here: ways out, ways in, events that stay. Each leads on, so that the keyboard can follow the graph. */
function Links({ store, actions, node }: FormProps & { node: number }): JSX.Element {
  const graph = store.graph.value;
  const readOnly = !store.editable.value;
  const link = (key: string, icon: IconName, name: string, index: number, other: string | null) => (
    <li key={key}>
      <button type="button" class="we-link" onClick={() => actions.select(eventSelection(store, index))}>
        <Icon name={icon} />
        <span class="we-link-name">{spoken(name)}</span>
        {other === null ? null : <span class="we-link-other">{other}</span>}
      </button>
    </li>
  );
  const out = graph.out[node] ?? [];
  const into = graph.into[node] ?? [];
  const local = graph.nodes[node]?.local ?? [];
  return (
    <Group title="Events" note={count(out.length + local.length, "event")} open={true}>
      {out.length > 0 ? <p class="wk-label">Ways out</p> : null}
      <ul class="we-links">
        {out.map((at) => {
          const edge = graph.edges[at];
          if (!edge) return null;
          const target = edge.target < 0 ? "nowhere" : (graph.nodes[edge.target]?.id ?? "");
          return link(`out ${at}`, edge.locked ? "lock" : "arrow", edge.name, edge.index, target);
        })}
      </ul>
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
      {into.length > 0 ? <p class="wk-label">Ways in</p> : null}
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
            label="Connect this state to another"
            icon="arrow"
            small
            kind="outline"
            onPress={() => actions.startConnecting()}
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

/** Return the lines of a text that say something, or null when none do. */
export function lines(value: string): string[] | null {
  const made = value
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  return made.length > 0 ? made : null;
}
