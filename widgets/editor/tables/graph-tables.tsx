/** The tables of states and of events. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { count, sentence } from "../../shared/format";
import { type Json, type JsonObject, object, text } from "../../shared/json";
import type { Op } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { eventSelection } from "../actions";
import { removeAll, renameEvent, renameState } from "../data/ops";
import { eventOps, stateOps } from "../forms/edits";
import { flagUses } from "../forms/flag-usage";
import { put } from "../forms/paths";
import type { FormProps } from "../inspector/parts";
import { type BulkEdit, bulkOps, EVENT_EDITS, STATE_EDITS } from "./bulk";
import { BulkBar } from "./bulk-bar";
import { DataTable } from "./data-table";
import type { Column } from "./grid";
import { type EventRow, eventRows, type StateRow, stateRows } from "./rows";

const ENDINGS = [
  ["", "goes on"],
  ["win", "win"],
  ["lose", "lose"],
] as const;

/** Send an edit of one cell; resolves with null, or with why not. */
function sender({ actions }: FormProps) {
  return (ops: () => Op[], label: string) =>
    actions.inTurn(async () => {
      const outcome = await actions.edit(ops(), { label, quiet: true });
      return outcome.ok ? null : sentence(outcome.reply.message);
    });
}

export function StateTable(props: FormProps): JSX.Element {
  const { store, actions } = props;
  const doc = store.doc.value;
  const graph = store.graph.value;
  const rows = useMemo(() => stateRows(doc, graph), [doc.states, doc.events, doc.diagnostics, graph]);
  const columns = useMemo((): Column<StateRow>[] => {
    const send = sender(props);
    const change = (id: string, what: string, make: (body: JsonObject) => JsonObject) =>
      send(() => {
        const state = store.doc.peek().states.find((one) => one.id === id);
        return state ? stateOps(id, state.body, make(state.body)) : [];
      }, `Set the ${what} of ${id}`);
    const prose =
      (key: string, what: string, isRequired = false) =>
      (row: StateRow, typed: string) =>
        change(row.id, what, (body) => put(body, [key], typed === "" && !isRequired ? undefined : typed));
    return [
      {
        key: "id",
        title: "Scene",
        width: 170,
        mono: true,
        text: ({ id }) => id,
        edit: (row, typed) => send(() => renameState(row.id, typed.trim()), `Rename ${row.id} to ${typed.trim()}`),
      },
      {
        key: "base",
        title: "What the camera sees",
        width: 300,
        text: ({ prose }) => prose,
        draft: ({ base }) => base,
        edit: prose("base", "text", true),
      },
      {
        key: "narration",
        title: "Narration",
        width: 180,
        text: ({ narration }) => narration,
        edit: prose("narration", "narration"),
      },
      {
        key: "ending",
        title: "Ending",
        width: 86,
        text: ({ ending }) => ending,
        choices: ENDINGS,
        edit: (row, typed) => change(row.id, "ending", (body) => withEnding(body, typed)),
      },
      {
        key: "out",
        title: "Ways out",
        width: 84,
        isNumber: true,
        text: ({ out }) => String(out),
        value: ({ out }) => out,
      },
      {
        key: "into",
        title: "Ways in",
        width: 78,
        isNumber: true,
        text: ({ into }) => String(into),
        value: ({ into }) => into,
      },
      {
        key: "words",
        title: "Words",
        width: 72,
        isNumber: true,
        text: ({ words }) => String(words),
        value: ({ words }) => words,
      },
      {
        key: "problems",
        title: "Problems",
        width: 88,
        isNumber: true,
        text: ({ problems }) => (problems === 0 ? "" : String(problems)),
        value: ({ problems }) => problems,
      },
    ];
  }, [store, actions]);
  const flags = useMemo(() => [...flagUses(doc).keys()], [doc.events, doc.world]);
  const readOnly = !store.editable.value;
  return (
    <DataTable
      label="Scenes"
      noun="scene"
      rows={rows}
      columns={columns}
      readOnly={readOnly}
      onOpen={({ id }) => actions.select({ kind: "state", id })}
      bulk={(chosen, clear) => (
        <Bulk
          {...props}
          kind="state"
          noun="scene"
          edits={STATE_EDITS}
          indices={chosen.map(({ index }) => index)}
          flags={flags}
          clear={clear}
          onShow={() => actions.selectAll(chosen.map(({ index }) => index))}
        />
      )}
    />
  );
}

function withEnding(body: JsonObject, kind: string): JsonObject {
  if (kind === "") return put(body, ["ending"], undefined);
  const ending: { [key: string]: Json } = {
    title: kind === "win" ? "THE END" : "FAILED",
    ...object(body.ending),
    kind,
  };
  return { ...body, ending };
}

export function EventTable(props: FormProps): JSX.Element {
  const { store, actions } = props;
  const doc = store.doc.value;
  const rows = useMemo(() => eventRows(doc), [doc.events, doc.diagnostics]);
  const flags = useMemo(() => [...flagUses(doc).keys()], [doc.events, doc.world]);
  const columns = useMemo((): Column<EventRow>[] => {
    const send = sender(props);
    const change = (row: EventRow, what: string, make: (body: JsonObject) => JsonObject) =>
      send(() => {
        const body = store.doc.peek().events[row.index];
        return body && text(body.name) === row.name ? eventOps(store.doc.peek(), row.index, make(body)) : [];
      }, `Set the ${what} of ${row.name}`);
    const list = (key: "requires" | "grants", what: string) => (row: EventRow, typed: string) => {
      if (row[key].some((flag) => flag.includes(",")))
        return Promise.resolve("A flag here has a comma in its name: use the form.");
      const names = [...new Set(typed.split(",").map((name) => name.trim()))].filter(Boolean);
      return change(row, what, (body) => put(body, [key], names.length > 0 ? names : undefined));
    };
    const flagNames = () => [...flagUses(store.doc.peek()).keys()];
    return [
      {
        key: "name",
        title: "Event",
        width: 190,
        mono: true,
        text: ({ name }) => name,
        edit: (row, typed) =>
          send(
            () => renameEvent(store.doc.peek(), row.index, typed.trim()),
            `Rename event ${row.name} to ${typed.trim()}`,
          ),
      },
      { key: "kind", title: "Kind", width: 92, text: ({ kind }) => kind },
      { key: "from", title: "From", width: 130, mono: true, text: ({ from }) => from.join(", ") },
      {
        key: "to",
        title: "To",
        width: 130,
        mono: true,
        text: ({ to }) => to,
        suggestions: () => store.doc.peek().states.map(({ id }) => id),
        edit: (row, typed) => {
          if (row.kind !== "transition") return Promise.resolve("Only a transition leads to another scene.");
          return change(row, "destination", (body) => put(body, ["to"], typed.trim() || undefined));
        },
      },
      {
        key: "detail",
        title: "Words on the button",
        width: 170,
        text: ({ detail }) => detail,
        edit: (row, typed) => change(row, "words", (body) => put(body, ["detail"], typed || undefined)),
      },
      {
        key: "requires",
        title: "Needs",
        width: 130,
        mono: true,
        text: ({ requires }) => requires.join(", "),
        suggestions: flagNames,
        edit: list("requires", "flags needed"),
      },
      {
        key: "grants",
        title: "Gives",
        width: 130,
        mono: true,
        text: ({ grants }) => grants.join(", "),
        suggestions: flagNames,
        edit: list("grants", "flags given"),
      },
      {
        key: "words",
        title: "Words",
        width: 72,
        isNumber: true,
        text: ({ words }) => String(words),
        value: ({ words }) => words,
      },
      {
        key: "problems",
        title: "Problems",
        width: 88,
        isNumber: true,
        text: ({ problems }) => (problems === 0 ? "" : String(problems)),
        value: ({ problems }) => problems,
      },
    ];
  }, [store, actions]);
  return (
    <DataTable
      label="Events"
      noun="event"
      rows={rows}
      columns={columns}
      readOnly={!store.editable.value}
      onOpen={({ index }) => actions.select(eventSelection(store, index))}
      bulk={(chosen, clear) => (
        <Bulk
          {...props}
          kind="event"
          noun="event"
          edits={EVENT_EDITS}
          indices={chosen.map(({ index }) => index)}
          flags={flags}
          clear={clear}
          onShow={() =>
            actions.selectAll(
              [],
              chosen.map(({ name }) => name),
            )
          }
        />
      )}
    />
  );
}

interface BulkProps extends FormProps {
  readonly kind: "state" | "event";
  readonly noun: string;
  readonly edits: readonly BulkEdit[];
  readonly indices: readonly number[];
  readonly flags: readonly string[];
  readonly clear: () => void;
  readonly onShow: () => void;
}

/** What can be done to the states or events that are chosen: change, delete, see them on the map. */
function Bulk({ store, actions, camera: _, kind, noun, edits, indices, flags, clear, onShow }: BulkProps): JSX.Element {
  const disabled = !store.editable.value;
  const many = count(indices.length, noun);
  const apply = async (edit: BulkEdit, typed: string) => {
    const ops = bulkOps(store.doc.peek(), kind, indices, edit, typed);
    if (ops.length === 0) {
      store.notices.show("That is so in all of them already.");
      return true;
    }
    const outcome = await actions.edit(ops, {
      label: `${edit.words}: ${many}`,
      message: `Changed ${count(ops.length, noun)}.`,
    });
    return outcome.ok;
  };
  const remove = async () => {
    const doc = store.doc.peek();
    const states = kind === "state" ? indices.map((index) => doc.states[index]?.id ?? "") : [];
    const ops = removeAll(doc, states, kind === "event" ? indices : []);
    const outcome = await actions.edit(ops, { label: `Delete ${many}`, message: `Deleted ${many}.` });
    if (outcome.ok) clear();
  };
  return (
    <>
      <BulkBar edits={edits} flags={flags} disabled={disabled} onApply={apply} />
      <span class="we-rule" />
      <Button
        label={`Show on the map: ${many}`}
        icon="eye"
        small
        kind="outline"
        onPress={() => {
          onShow();
          store.tables.tab.value = null;
          actions.zoomToSelection();
        }}
      >
        Show on the map
      </Button>
      <Button
        label={`Delete ${many}`}
        icon="trash"
        small
        kind="outline"
        disabled={disabled}
        onPress={() => void remove()}
      >
        Delete
      </Button>
    </>
  );
}
