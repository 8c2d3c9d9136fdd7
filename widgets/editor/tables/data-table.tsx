/** A table with its filter, its order, and what can be done to the rows that are chosen. */
import type { ComponentChildren, JSX } from "preact";
import { useContext, useMemo, useState } from "preact/hooks";
import { count } from "../../shared/format";
import { RefusedText } from "../../shared/ui/field";
import { type Column, Grid } from "./grid";
import { filterRows, type Order, sortRows } from "./rows";

interface DataTableProps<Row> {
  readonly label: string;
  readonly noun: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly readOnly: boolean;
  readonly onOpen: (row: Row) => void;
  /** What can be done to the rows that are chosen. */
  readonly bulk: (chosen: readonly Row[], clear: () => void) => ComponentChildren;
  /** What stands beside the filter. */
  readonly children?: ComponentChildren;
}

export function DataTable<Row extends { readonly key: string }>(props: DataTableProps<Row>): JSX.Element {
  const { rows, columns, noun } = props;
  const giveBack = useContext(RefusedText);
  const [filter, setFilter] = useState("");
  const [order, setOrder] = useState<Order | null>(null);
  const [chosenKeys, setChosenKeys] = useState<ReadonlySet<string>>(new Set());
  const matching = useMemo(
    () => filterRows(rows, filter, (row) => columns.map((column) => column.text(row))),
    [rows, filter, columns],
  );
  const visible = useMemo(() => {
    const column = columns.find(({ key }) => key === order?.column);
    return column && order ? sortRows(matching, column.value ?? column.text, order.down) : matching;
  }, [matching, order, columns]);
  const chosenRows = visible.filter(({ key }) => chosenKeys.has(key));
  const countText =
    filter.trim() === "" ? count(rows.length, noun) : `${matching.length} of ${count(rows.length, noun)}`;
  return (
    <>
      <div class="we-table-bar">
        <input
          class="wk-input we-table-filter"
          type="search"
          aria-label={`Show only ${noun}s with`}
          placeholder="Filter"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && filter !== "") {
              event.stopPropagation();
              setFilter("");
            }
          }}
        />
        <span class="wk-hint" role="status">
          {countText}
        </span>
        {props.children}
      </div>
      {chosenRows.length > 0 ? (
        <div class="we-table-bulk" role="group" aria-label={`${count(chosenRows.length, noun)} selected`}>
          <strong>{`${count(chosenRows.length, noun)} selected`}</strong>
          {props.bulk(chosenRows, () => setChosenKeys(new Set()))}
        </div>
      ) : null}
      <Grid
        label={props.label}
        noun={noun}
        rows={visible}
        columns={columns}
        order={order}
        readOnly={props.readOnly}
        chosen={chosenKeys}
        onChoose={setChosenKeys}
        onOrder={setOrder}
        onOpen={props.onOpen}
        onRefused={giveBack}
      />
    </>
  );
}
