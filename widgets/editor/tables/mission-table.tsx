/** The table of missions. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { worldOps } from "../forms/edits";
import { put } from "../forms/paths";
import type { FormProps } from "../inspector/parts";
import { cellSender, numberColumn, wordsColumn } from "./columns";
import { DataTable } from "./data-table";
import type { Column } from "./grid";
import { type MissionRow, missionIndex, missionRows } from "./rows";

export function MissionTable({ store, actions }: FormProps): JSX.Element {
  const doc = store.doc.value;
  const rows = useMemo(() => missionRows(doc), [doc.world]);
  const columns = useMemo((): Column<MissionRow>[] => {
    const send = cellSender({ actions });
    const rename = (row: MissionRow, typed: string) =>
      send(() => {
        const before = store.doc.peek();
        const index = missionIndex(before, row);
        if (index < 0) return null;
        const after = put(before.world, ["missions", index, "title"], typed);
        return worldOps(before, before.world, after);
      }, `Set the title of mission ${row.title}`);
    return [
      { key: "title", title: "Mission", width: 220, text: ({ title }) => title, edit: rename },
      numberColumn("count", "Steps", 70, ({ steps }) => steps.length),
      { key: "complete", title: "Done with flag", width: 140, mono: true, text: ({ complete }) => complete },
      wordsColumn(),
      { key: "steps", title: "The steps", width: 320, text: ({ steps }) => steps.join(" → ") },
    ];
  }, [store, actions]);
  return (
    <DataTable
      label="Missions"
      noun="mission"
      rows={rows}
      columns={columns}
      readOnly={!store.editable.value}
      onOpen={() => {
        actions.select(null);
        store.fieldToFocus.value = null;
      }}
      bulk={() => <span class="wk-hint">Missions are edited one by one, in the form of the world.</span>}
    />
  );
}
