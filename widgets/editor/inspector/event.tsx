/** The form of an event. */
import type { JSX } from "preact";
import { type JsonObject, object, text, texts } from "../../shared/json";
import { Button } from "../../shared/ui/button";
import { Check, Names, Select } from "../../shared/ui/choice";
import { type Commit, TextField } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import * as ops from "../data/ops";
import type { Graph } from "../graph/graph";
import { hotkeyProblem } from "./hotkey";
import { AlsoKept, commit, Findings, type FormProps, Group, useWantedField } from "./parts";

const KNOWN = new Set(
  "name kind from to base detail camera movement narration hotkey hidden oneShot requires grants lockedHint autoAfterMs minPlayMs".split(
    " ",
  ),
);
const KINDS = [
  ["transition", "Transition: moves on"],
  ["override", "Override: changes the picture and stays"],
  ["terminal", "Terminal: a console to type into"],
] as const;

export function EventForm(props: FormProps & { index: number }): JSX.Element | null {
  const { store, actions, index } = props;
  const form = useWantedField(store);
  const doc = store.doc.value;
  const graph = store.graph.value;
  const event = doc.events[index];
  if (!event) return null;

  const name = text(event.name);
  const kind = text(event.kind, "transition");
  const readOnly = !store.editable.value;
  const requires = texts(event.requires);
  const set = (patch: JsonObject) => void actions.edit(ops.patchEvent(store.doc.peek(), index, patch));
  const field = (key: string): Commit =>
    commit(actions, (value) => ops.patchEvent(store.doc.peek(), index, { [key]: value === "" ? null : value }));
  const list = (key: string) => (values: string[]) => set({ [key]: values.length > 0 ? values : null });
  const prose = (label: string, key: string, rows = 2, hint: string | null = null) => (
    <TextField
      label={label}
      value={text(event[key])}
      multiline
      rows={rows}
      readOnly={readOnly}
      hint={hint}
      onCommit={field(key)}
    />
  );
  const findings = doc.diagnostics.filter(({ item }) => item.kind === "event" && item.id === name);
  const timing = ["autoAfterMs", "minPlayMs", "hidden", "oneShot"].some((key) => event[key] !== undefined);

  return (
    <form ref={form} class="we-form" aria-label={`Event ${name}`} onSubmit={(press) => press.preventDefault()}>
      <TextField
        label="Name"
        name="name"
        value={name}
        mono
        readOnly={readOnly}
        onCommit={commit(actions, (value) => ops.patchEvent(store.doc.peek(), index, { name: value.trim() }))}
      />
      <div class="we-row">
        {ops
          .sources(event)
          .slice(0, 6)
          .map((id) => (
            <Jump key={id} label={id} onPress={() => actions.select({ kind: "state", id }, "reveal")} />
          ))}
        {kind === "transition" && event.to !== undefined ? (
          <Destination {...props} graph={graph} event={event} />
        ) : null}
        <Button
          label={`Delete event ${name}`}
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
        <Select
          label="Kind"
          value={kind}
          options={KINDS}
          disabled={readOnly}
          onChange={(value) => set({ kind: value })}
        />
        <Names
          label="Offered in"
          noun="state"
          values={ops.sources(event)}
          suggestions={graph.nodes.map((node) => node.id)}
          closed
          readOnly={readOnly}
          onChange={(values) => set({ from: values })}
        />
        {kind === "transition" || event.to !== undefined ? (
          <TextField
            label="Leads to"
            value={text(event.to)}
            mono
            readOnly={readOnly}
            suggestions={[...graph.nodes.map((node) => node.id), ...graph.cuts.keys()]}
            hint={
              graph.cuts.has(text(event.to))
                ? `By way of a cutscene, to ${text(graph.cuts.get(text(event.to))?.to)}.`
                : null
            }
            onCommit={field("to")}
          />
        ) : null}
        {prose("What is seen while it plays", "base", 4)}
        {prose("Detail", "detail", 2, "A flourish, streamed after the base.")}
        {prose("Narration", "narration", 2, "The line the player reads.")}
      </div>

      <Group
        title="Flags"
        note={note(requires, texts(event.grants))}
        open={requires.length > 0 || texts(event.grants).length > 0}
      >
        <Names
          label="Requires"
          noun="flag"
          values={requires}
          suggestions={[...graph.flags.keys()]}
          readOnly={readOnly}
          hint={<Granted graph={graph} flags={requires} />}
          onChange={list("requires")}
        />
        {prose(
          "Locked hint",
          "lockedHint",
          2,
          "Shown while a flag is missing. Without it the event is not shown until then.",
        )}
        <Names
          label="Grants"
          noun="flag"
          values={texts(event.grants)}
          suggestions={[...graph.flags.keys()]}
          readOnly={readOnly}
          onChange={list("grants")}
        />
      </Group>
      <Group title="Camera and movement" open={event.camera !== undefined || event.movement !== undefined}>
        {prose("Camera", "camera")}
        {prose("Body", "movement")}
      </Group>
      <Group title="How it is triggered" open={timing || typeof event.hotkey === "string"}>
        <TextField
          label="Hotkey"
          value={text(event.hotkey)}
          mono
          readOnly={readOnly}
          warning={hotkeyProblem(doc, index)}
          onCommit={field("hotkey")}
        />
        <Check
          label="Hidden: no button for it"
          checked={event.hidden === true}
          disabled={readOnly}
          onChange={(on) => set({ hidden: on || null })}
        />
        <Check
          label="Once a run"
          checked={event.oneShot === true}
          disabled={readOnly}
          onChange={(on) => set({ oneShot: on || null })}
        />
        <Milliseconds
          label="Fires by itself after, ms"
          field="autoAfterMs"
          event={event}
          readOnly={readOnly}
          actions={actions}
          store={store}
          index={index}
        />
        <Milliseconds
          label="Plays at least, ms"
          field="minPlayMs"
          event={event}
          readOnly={readOnly}
          actions={actions}
          store={store}
          index={index}
        />
      </Group>
      {kind === "terminal" ? (
        <Group title="Terminal" open={true}>
          <TextField
            label="Persona"
            value={text(object(event.terminal).persona)}
            multiline
            rows={3}
            readOnly={readOnly}
            hint="Who the console is and how it speaks."
            onCommit={commit(actions, (value) =>
              ops.patchEvent(store.doc.peek(), index, { terminal: { ...object(event.terminal), persona: value } }),
            )}
          />
        </Group>
      ) : null}
      <AlsoKept body={event} known={KNOWN} />
    </form>
  );
}

function Jump({ label, onPress }: { label: string; onPress: () => void }): JSX.Element {
  return (
    <button type="button" class="wk-chip we-local" aria-label={`Go to state ${label}`} onClick={onPress}>
      <span>{label}</span>
    </button>
  );
}

function Destination({ actions, graph, event }: FormProps & { graph: Graph; event: JsonObject }): JSX.Element {
  const to = text(event.to);
  const id = graph.cuts.has(to) ? text(graph.cuts.get(to)?.to) : to;
  return (
    <>
      <Icon name="arrow" class="wk-muted" />
      <Jump label={id} onPress={() => actions.select({ kind: "state", id }, "reveal")} />
    </>
  );
}

/** Who grants the flags that are required. */
function Granted({ graph, flags }: { graph: Graph; flags: readonly string[] }): JSX.Element | null {
  if (flags.length === 0) return null;
  return (
    <>
      {flags.map((flag) => {
        const by = graph.flags.get(flag) ?? [];
        return (
          <p key={flag} class={`wk-hint${by.length === 0 ? " wk-error" : ""}`}>
            {by.length === 0 ? `Nothing grants ${flag}.` : `${flag} comes from ${by.join(", ")}.`}
          </p>
        );
      })}
    </>
  );
}

interface NumberProps extends Omit<FormProps, "camera"> {
  readonly label: string;
  readonly field: "autoAfterMs" | "minPlayMs";
  readonly event: JsonObject;
  readonly readOnly: boolean;
  readonly index: number;
}

function Milliseconds({ label, field, event, readOnly, actions, store, index }: NumberProps): JSX.Element {
  const value = event[field];
  return (
    <TextField
      label={label}
      value={typeof value === "number" ? String(value) : ""}
      inputMode="numeric"
      readOnly={readOnly}
      onCommit={(typed) => {
        const wanted = milliseconds(typed);
        if (wanted === undefined) return `Expected a number of milliseconds from 0 up, got “${typed}”.`;
        return commit(actions, () => ops.patchEvent(store.doc.peek(), index, { [field]: wanted }))(typed);
      }}
    />
  );
}

/** Read a number of milliseconds; null when nothing is typed, undefined when it is no such number. */
export function milliseconds(typed: string): number | null | undefined {
  if (typed.trim() === "") return null;
  const number = Number(typed);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

function note(requires: readonly string[], grants: readonly string[]): string {
  const parts: string[] = [];
  if (requires.length > 0) parts.push(`needs ${requires.length}`);
  if (grants.length > 0) parts.push(`grants ${grants.length}`);
  return parts.join(", ");
}
