/** The table of states. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type Json, type JsonObject, object } from "../../shared/json";
import { stateOps } from "../forms/edits";
import { put } from "../forms/paths";
import type { FormProps } from "../inspector/parts";
import { renameState } from "../inspector/state-changes";
import { MAP_EDITS, STATE_EDITS } from "./bulk";
import { cellSender, namesIn, numberColumn, problemsColumn, wordsColumn } from "./columns";
import { DataTable } from "./data-table";
import { GraphBulk } from "./graph-bulk";
import type { Column } from "./grid";
import { type StateRow, stateRows } from "./rows";

const ENDINGS = [
  ["", "goes on"],
  ["win", "win"],
  ["lose", "lose"],
] as const;

export function StateTable(props: FormProps): JSX.Element {
  const { store, actions } = props;
  const doc = store.doc.value;
  const graph = store.worldGraph.value;
  const { annotations, regionOf } = store.onMap;
  const rows = useMemo(
    () => stateRows(doc, graph, annotations.value, regionOf.value),
    [doc.states, doc.events, doc.diagnostics, graph, annotations.value, regionOf.value],
  );
  const columns = useMemo((): Column<StateRow>[] => {
    const send = cellSender(props);
    const change = (id: string, what: string, make: (body: JsonObject) => JsonObject) =>
      send(() => {
        const currentId = store.currentName("state", id);
        const state = store.doc.peek().states.find((one) => one.id === currentId);
        return state ? stateOps(currentId, state.body, make(state.body)) : null;
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
        edit: (row, typed) => renameState(props, row.id, typed),
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
        width: 100,
        text: ({ ending }) => ending,
        choices: ENDINGS,
        edit: (row, typed) => change(row.id, "ending", (body) => withEnding(body, typed)),
      },
      {
        key: "region",
        title: "Region",
        width: 120,
        text: ({ region }) => region,
        suggestions: () => [...store.onMap.annotations.peek().regions.values()].map(({ name }) => name),
        edit: async (row, typed) => {
          return (await actions.putInRegion([row.id], typed)) ? null : "It was not put in the region.";
        },
      },
      {
        key: "tags",
        title: "Tags",
        width: 120,
        text: ({ tags }) => tags.join(", "),
        suggestions: () => [...store.onMap.annotations.peek().tags.keys()],
        edit: async (row, typed) => {
          if (row.tags.some((name) => name.includes(","))) return "A tag here has a comma in its name: use the form.";
          return (await actions.setTags(row.id, namesIn(typed))) ? null : "The tags were not set.";
        },
      },
      numberColumn("out", "Exits", 84, ({ out }) => out),
      numberColumn("into", "Entries", 78, ({ into }) => into),
      wordsColumn(),
      problemsColumn(),
    ];
  }, [store, actions]);
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
        <GraphBulk
          {...props}
          kind="state"
          noun="scene"
          edits={[...STATE_EDITS, ...MAP_EDITS]}
          indices={chosen.map(({ index }) => index)}
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
