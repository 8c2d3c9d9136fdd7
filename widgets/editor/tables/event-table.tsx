/** The table of events. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { JsonObject } from "../../shared/json";
import { eventSelection } from "../actions";
import { eventsByName, numberNow } from "../data/namesakes";
import { eventOps } from "../forms/edits";
import { flagUses } from "../forms/flag-usage";
import { put } from "../forms/paths";
import { eventChanges } from "../inspector/event-changes";
import type { FormProps } from "../inspector/parts";
import { EVENT_EDITS } from "./bulk";
import { cellSender, namesIn, problemsColumn, wordsColumn } from "./columns";
import { DataTable } from "./data-table";
import { GraphBulk } from "./graph-bulk";
import type { Column } from "./grid";
import { type EventRow, eventRows } from "./rows";

export function EventTable(props: FormProps): JSX.Element {
  const { store, actions } = props;
  const doc = store.doc.value;
  const rows = useMemo(() => eventRows(doc), [doc.events, doc.diagnostics]);
  const columns = useMemo((): Column<EventRow>[] => {
    const send = cellSender(props);
    const indexOf = (row: EventRow) =>
      numberNow(eventsByName(store.doc.peek()), store.currentName("event", row.name), row);
    const change = (row: EventRow, what: string, make: (body: JsonObject) => JsonObject) =>
      send(() => {
        const at = indexOf(row);
        const body = store.doc.peek().events[at];
        return body ? eventOps(store.doc.peek(), at, make(body)) : null;
      }, `Set the ${what} of ${row.name}`);
    const list = (key: "requires" | "grants", what: string) => (row: EventRow, typed: string) => {
      if (row[key].some((flag) => flag.includes(",")))
        return Promise.resolve("A flag here has a comma in its name: use the form.");
      return change(row, what, (body) => {
        // a flag that was in the list already may be renamed by an edit before this one
        const names = namesIn(typed).map((one) => (row[key].includes(one) ? store.currentName("flag", one) : one));
        return put(body, [key], names.length > 0 ? names : undefined);
      });
    };
    const flagNames = () => [...flagUses(store.doc.peek()).keys()];
    return [
      {
        key: "name",
        title: "Event",
        width: 190,
        mono: true,
        text: ({ name }) => name,
        edit: (row, typed) => eventChanges(props, row.name, row.index).rename(typed),
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
          if (row.kind === "override" || row.kind === "terminal")
            return Promise.resolve("Only a transition leads to another scene.");
          return change(row, "destination", (body) => put(body, ["to"], typed.trim() || undefined));
        },
      },
      {
        key: "detail",
        title: "Button text",
        width: 170,
        text: ({ detail }) => detail,
        edit: (row, typed) => change(row, "words", (body) => put(body, ["detail"], typed || undefined)),
      },
      {
        key: "requires",
        title: "Requires",
        width: 130,
        mono: true,
        text: ({ requires }) => requires.join(", "),
        suggestions: flagNames,
        edit: list("requires", "flags required"),
      },
      {
        key: "grants",
        title: "Grants",
        width: 130,
        mono: true,
        text: ({ grants }) => grants.join(", "),
        suggestions: flagNames,
        edit: list("grants", "flags granted"),
      },
      wordsColumn(),
      problemsColumn(),
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
        <GraphBulk
          {...props}
          kind="event"
          noun="event"
          edits={EVENT_EDITS}
          indices={chosen.map(({ index }) => index)}
          clear={clear}
          onShow={() =>
            actions.selectAll(
              [],
              chosen.map(({ index }) => eventSelection(store, index)),
            )
          }
        />
      )}
    />
  );
}
