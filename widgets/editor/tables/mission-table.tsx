/** The table of missions. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { sentence } from "../../shared/format";
import { worldOps } from "../forms/edits";
import { put } from "../forms/paths";
import type { FormProps } from "../inspector/parts";
import { DataTable } from "./data-table";
import type { Column } from "./grid";
import { type MissionRow, missionRows } from "./rows";

export function MissionTable({ store, actions }: FormProps): JSX.Element {
  const doc = store.doc.value;
  const rows = useMemo(() => missionRows(doc), [doc.world]);
  const columns = useMemo((): Column<MissionRow>[] => {
    const rename = async (row: MissionRow, typed: string) => {
      const before = store.doc.peek();
      const after = put(before.world, ["missions", row.index, "title"], typed);
      const outcome = await actions.edit(worldOps(before, before.world, after), {
        label: `Set the title of mission ${row.title}`,
        quiet: true,
      });
      return outcome.ok ? null : sentence(outcome.reply.message);
    };
    return [
      { key: "title", title: "Mission", width: 220, text: ({ title }) => title, edit: rename },
      {
        key: "count",
        title: "Steps",
        width: 70,
        isNumber: true,
        text: ({ steps }) => String(steps.length),
        value: ({ steps }) => steps.length,
      },
      { key: "complete", title: "Done with flag", width: 140, mono: true, text: ({ complete }) => complete },
      {
        key: "words",
        title: "Words",
        width: 72,
        isNumber: true,
        text: ({ words }) => String(words),
        value: ({ words }) => words,
      },
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
