/**
 * A table of many rows, of which only those in sight are drawn. The keyboard is in the table as a whole and moves from
 * cell to cell (the grid pattern of ARIA); a cell is edited in its place.
 */
import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { count } from "../../shared/format";
import { chord } from "../../shared/keys";
import { CellEditor } from "./cell-editor";
import { useCellEdits } from "./cell-edits";
import type { Order } from "./rows";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** Its share of the width, and what it would like to have in pixels. */
  readonly width: number;
  readonly text: (row: Row) => string;
  /** What it is sorted by; its text, when there is none. */
  readonly value?: (row: Row) => string | number;
  readonly isNumber?: boolean;
  /** Changes it; resolves with null, or with why not. Without it the cell is read only. */
  readonly edit?: (row: Row, typed: string) => Promise<string | null>;
  /** What the field begins with, where that is not the text. */
  readonly draft?: (row: Row) => string;
  /** The only values there are. */
  readonly choices?: readonly (readonly [value: string, words: string])[];
  readonly suggestions?: () => readonly string[];
  readonly mono?: boolean;
}

interface GridProps<Row> {
  readonly label: string;
  readonly noun: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly order: Order | null;
  readonly readOnly: boolean;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (keys: ReadonlySet<string>) => void;
  readonly onOrder: (order: Order | null) => void;
  /** A row is looked at: its form opens beside the table. */
  readonly onOpen: (row: Row) => void;
  /** What was typed was refused, and its row is not there any more. */
  readonly onRefused: (typed: string, problem: string) => void;
}

const ROW_HEIGHT_PX = 32;
const OVERSCAN = 6;
const PAGE_ROWS = 10;
const CHECKBOX_WIDTH_PX = 36;
/** How much of its width a column keeps where there is little room. */
const MIN_WIDTH_SHARE = 0.7;
/** Columns whose texts are no wider than this show them whole. */
const SHORT_COLUMN_PX = 96;
const SAMPLE_SIZE = 500;

/** Return the pixels that a heading takes with the mark of its order, as far as it is short. */
function titleWidth<Row>({ title }: Column<Row>): number {
  return Math.min(SHORT_COLUMN_PX, title.length * 7 + 28);
}

/** Return the pixels that the longest text of a column takes, of rows spread over all of them. */
function textWidth<Row>({ text, mono }: Column<Row>, rows: readonly Row[]): number {
  const step = Math.max(1, Math.floor(rows.length / SAMPLE_SIZE));
  let longest = 0;
  for (let at = 0; at < rows.length; at += step) longest = Math.max(longest, text(rows[at] as Row).length);
  return Math.ceil(longest * (mono ? 7.3 : 6.5)) + 18;
}

export function Grid<Row extends { readonly key: string }>(props: GridProps<Row>): JSX.Element {
  const { rows, columns, chosen } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(400);
  const [active, setActive] = useState({ row: 0, column: 0 });
  const [editing, setEditing] = useState<{ key: string; column: number } | null>(null);
  const edits = useCellEdits();

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const activeRow = Math.max(0, Math.min(active.row, rows.length - 1));
  const first = Math.max(0, Math.min(Math.floor(top / ROW_HEIGHT_PX) - OVERSCAN, rows.length));
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW_HEIGHT_PX) + OVERSCAN);

  // The active cell stays in sight when the keyboard moves it, or when sorting takes it elsewhere.
  const reveal = (row: number) => {
    const element = box.current;
    if (!element) return;
    const from = row * ROW_HEIGHT_PX;
    const head = ROW_HEIGHT_PX;
    if (from < element.scrollTop) element.scrollTop = from;
    else if (from + ROW_HEIGHT_PX > element.scrollTop + element.clientHeight - head)
      element.scrollTop = from + ROW_HEIGHT_PX - element.clientHeight + head;
  };
  const go = (row: number, column: number) => {
    const place = {
      row: Math.max(0, Math.min(row, latestRows.current.length - 1)),
      column: Math.max(0, Math.min(column, columns.length - 1)),
    };
    setActive(place);
    reveal(place.row);
  };
  const editableAt = (column: number) => !props.readOnly && columns[column]?.edit !== undefined;
  const startEditing = (row: number, column: number) => {
    const target = rows[row];
    if (!target || !editableAt(column)) return;
    setEditing({ key: target.key, column });
  };
  const latestRows = useRef(rows);
  latestRows.current = rows;
  // What is refused is opened again, unless the keyboard is busy elsewhere by then.
  const showRefusal = (key: string, column: number, text: string, problem: string) => {
    const row = latestRows.current.findIndex((one) => one.key === key);
    const root = box.current?.getRootNode() as ShadowRoot | Document | undefined;
    if (row < 0 || !box.current) props.onRefused(text, problem);
    else if (root?.activeElement === box.current) {
      go(row, column);
      setEditing({ key, column });
    }
  };
  const stopEditing = (step: -1 | 0 | 1, isLeft: boolean) => {
    setEditing(null);
    if (isLeft) return;
    if (step !== 0) go(activeRow + step, active.column);
    box.current?.focus({ preventScroll: true });
  };
  useEffect(() => {
    if (editing && !rows.some((row) => row.key === editing.key)) setEditing(null);
  }, [rows, editing]);

  const toggle = (row: Row) => {
    const keys = new Set(chosen);
    if (!keys.delete(row.key)) keys.add(row.key);
    props.onChoose(keys);
  };
  const extendTo = (row: number) => {
    const keys = new Set(chosen);
    for (const at of [activeRow, row]) if (rows[at]) keys.add((rows[at] as Row).key);
    props.onChoose(keys);
    go(row, active.column);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== box.current) return;
    const row = rows[activeRow];
    const { column } = active;
    const acts: { readonly [keys: string]: () => void } = {
      arrowdown: () => go(activeRow + 1, column),
      arrowup: () => go(activeRow - 1, column),
      arrowright: () => go(activeRow, column + 1),
      arrowleft: () => go(activeRow, column - 1),
      pagedown: () => go(activeRow + PAGE_ROWS, column),
      pageup: () => go(activeRow - PAGE_ROWS, column),
      home: () => go(activeRow, 0),
      end: () => go(activeRow, columns.length - 1),
      "mod+home": () => go(0, column),
      "mod+end": () => go(rows.length - 1, column),
      "shift+arrowdown": () => extendTo(activeRow + 1),
      "shift+arrowup": () => extendTo(activeRow - 1),
      "mod+a": () => props.onChoose(new Set(rows.map(({ key }) => key))),
      space: () => row && toggle(row),
      f2: () => startEditing(activeRow, column),
      enter: () => {
        if (editableAt(column)) startEditing(activeRow, column);
        else if (row) props.onOpen(row);
      },
      "mod+enter": () => row && props.onOpen(row),
    };
    const act = acts[chord(event)];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  // Columns share the room there is; below their least widths the table is scrolled sideways.
  const sizes = useMemo(
    () =>
      columns.map((column, at) => {
        const { width, isNumber } = column;
        const wish = isNumber ? width : Math.min(width, Math.max(titleWidth(column), textWidth(column, rows)));
        // names, and words such as those for kinds, are not cut off
        const least = isNumber || at === 0 || wish <= SHORT_COLUMN_PX ? wish : Math.round(wish * MIN_WIDTH_SHARE);
        return { least, wish };
      }),
    [columns, rows],
  );
  const width = sizes.reduce((sum, { least }) => sum + least, CHECKBOX_WIDTH_PX);
  const tracks = sizes.map(({ least, wish }) => `minmax(${least}px, ${wish}fr)`);
  const template = `${CHECKBOX_WIDTH_PX}px ${tracks.join(" ")}`;
  const allChosen = rows.length > 0 && rows.every(({ key }) => chosen.has(key));

  return (
    <div
      ref={box}
      class="we-grid"
      role="grid"
      tabIndex={0}
      aria-label={`${props.label}: ${count(rows.length, props.noun)}`}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={rows.length > 0 && !editing ? `${id}-${activeRow}-${active.column}` : undefined}
      aria-readonly={props.readOnly}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div
        class="we-grid-body"
        role="rowgroup"
        style={{ minWidth: `${width}px`, height: `${(rows.length + 1) * ROW_HEIGHT_PX}px` }}
      >
        <div class="we-grid-head" role="row" tabIndex={-1} aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          <div role="columnheader" tabIndex={-1} aria-colindex={1} class="we-grid-check">
            <input
              type="checkbox"
              aria-label={`Select every ${props.noun}`}
              checked={allChosen}
              onChange={() => props.onChoose(allChosen ? new Set() : new Set(rows.map(({ key }) => key)))}
            />
          </div>
          {columns.map((column, at) => (
            <Header key={column.key} column={column} at={at} order={props.order} onOrder={props.onOrder} />
          ))}
        </div>
        {rows.slice(first, last).map((row, offset) => {
          const at = first + offset;
          return (
            <div
              key={row.key}
              role="row"
              tabIndex={-1}
              class="we-grid-row"
              aria-rowindex={at + 2}
              aria-selected={chosen.has(row.key)}
              style={{ gridTemplateColumns: template, top: `${(at + 1) * ROW_HEIGHT_PX}px` }}
            >
              <div role="gridcell" tabIndex={-1} aria-colindex={1} class="we-grid-check">
                <input
                  type="checkbox"
                  tabIndex={-1}
                  aria-label={`Select ${columns[0]?.text(row) ?? row.key}`}
                  checked={chosen.has(row.key)}
                  onChange={() => toggle(row)}
                />
              </div>
              {columns.map((column, columnAt) => {
                const isEditing = editing?.key === row.key && editing.column === columnAt;
                const isActive = at === activeRow && columnAt === active.column;
                const draft = edits.of(row.key, columnAt);
                const words = draft?.text ?? column.text(row);
                const isSending = draft?.problem === null;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys of its cells
                  <div
                    key={column.key}
                    id={`${id}-${at}-${columnAt}`}
                    role="gridcell"
                    tabIndex={-1}
                    aria-colindex={columnAt + 2}
                    aria-readonly={column.edit === undefined || props.readOnly}
                    class={`we-cell${isActive ? " we-cell-active" : ""}${column.isNumber ? " we-cell-number" : ""}${column.mono ? " wk-mono" : ""}${draft?.problem ? " we-cell-refused" : ""}`}
                    aria-busy={isSending}
                    aria-invalid={Boolean(draft?.problem)}
                    title={draft?.problem ? `${words}\n${draft.problem}` : words}
                    onClick={() => {
                      if (isEditing) return;
                      setActive({ row: at, column: columnAt });
                      box.current?.focus({ preventScroll: true });
                      props.onOpen(row);
                    }}
                    onDblClick={() => startEditing(at, columnAt)}
                  >
                    {isEditing ? (
                      <CellEditor
                        label={`${column.title} of ${columns[0]?.text(row) ?? row.key}`}
                        value={isSending ? words : column.draft ? column.draft(row) : column.text(row)}
                        draft={isSending ? undefined : draft?.text}
                        problem={draft?.problem ?? null}
                        {...(column.choices ? { choices: column.choices } : {})}
                        {...(column.suggestions ? { suggestions: column.suggestions() } : {})}
                        onCommit={(typed) => {
                          const send = () => column.edit?.(row, typed) ?? Promise.resolve(null);
                          edits.send(row.key, columnAt, typed, send, (problem) =>
                            showRefusal(row.key, columnAt, typed, problem),
                          );
                        }}
                        onDiscard={() => edits.discard(row.key, columnAt)}
                        onDone={stopEditing}
                      />
                    ) : (
                      <span>{words}</span>
                    )}
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
      {rows.length === 0 ? <p class="wk-hint we-grid-empty">Nothing here.</p> : null}
    </div>
  );
}

/** A heading that sorts: up, down, as it was. */
function Header<Row>(props: {
  column: Column<Row>;
  at: number;
  order: Order | null;
  onOrder: (order: Order | null) => void;
}): JSX.Element {
  const { column, order } = props;
  const isSorted = order?.column === column.key;
  const press = () => {
    if (!isSorted) props.onOrder({ column: column.key, down: column.isNumber ?? false });
    else if (order.down !== (column.isNumber ?? false)) props.onOrder(null);
    else props.onOrder({ column: column.key, down: !order.down });
  };
  return (
    <div
      role="columnheader"
      tabIndex={-1}
      aria-colindex={props.at + 2}
      aria-sort={isSorted ? (order.down ? "descending" : "ascending") : "none"}
      class={column.isNumber ? "we-cell-number" : ""}
    >
      <button type="button" title={`Sort by ${column.title.toLowerCase()}`} onClick={press}>
        <span>{column.title}</span>
        <span aria-hidden="true">{isSorted ? (order.down ? "▾" : "▴") : ""}</span>
      </button>
    </div>
  );
}
