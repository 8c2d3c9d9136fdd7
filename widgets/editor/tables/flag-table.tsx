/** The table of flags: where each is given, needed and held; renaming, merging and deleting across the world. */
import type { JSX } from "preact";
import { useId, useMemo, useState } from "preact/hooks";
import { count } from "../../shared/format";
import { Button } from "../../shared/ui/button";
import { Suggestions } from "../../shared/ui/field";
import { eventSelection } from "../actions";
import { renameFlag } from "../data/ops";
import type { Use } from "../forms/flag-usage";
import type { FormProps } from "../inspector/parts";
import { focusMap } from "../view/combobox";
import { cellSender } from "./columns";
import { DataTable } from "./data-table";
import type { Column } from "./grid";
import { type FlagRow, flagRows, useName } from "./rows";

export function FlagTable(props: FormProps): JSX.Element {
  const { store, actions } = props;
  const doc = store.doc.value;
  const arrivals = store.tables.arrivals.value;
  const [flag, setFlag] = useState<string | null>(null);
  const isCurrent = arrivals?.rev === doc.rev;
  const askWords = isCurrent ? "Up to date" : arrivals ? "Update where they are held" : "Find where they are held";
  const rows = useMemo(() => flagRows(doc, arrivals), [doc.events, doc.world, arrivals]);
  const columns = useMemo((): Column<FlagRow>[] => {
    const send = cellSender(props);
    const places = (row: FlagRow) => (row.always?.length ?? -1) + (row.sometimes?.length ?? 0);
    return [
      {
        key: "name",
        title: "Flag",
        width: 170,
        mono: true,
        text: ({ name }) => name,
        edit: (row, typed) => {
          const name = typed.trim();
          if (rowsNow(props).some((one) => one.name === name))
            return Promise.resolve(`There is a flag “${name}” already: select both rows to merge them.`);
          return send(() => renameFlag(store.currentName("flag", row.name), name));
        },
      },
      {
        key: "given",
        title: "Granted by",
        width: 200,
        text: ({ givenBy }) => (givenBy.length === 0 ? "nothing" : givenBy.map(useName).join(", ")),
        value: ({ givenBy }) => givenBy.length,
      },
      {
        key: "needed",
        title: "Required by",
        width: 200,
        text: ({ neededBy }) => (neededBy.length === 0 ? "nothing" : neededBy.map(useName).join(", ")),
        value: ({ neededBy }) => neededBy.length,
      },
      {
        key: "held",
        title: "Held on arrival",
        width: 220,
        text: (row) => heldWords(row),
        value: places,
      },
    ];
  }, [store, actions]);
  const lookedAt = rows.find(({ name }) => name === flag) ?? null;
  return (
    <>
      <DataTable
        label="Flags"
        noun="flag"
        rows={rows}
        columns={columns}
        readOnly={!store.editable.value}
        onOpen={(row) => {
          setFlag(row.name);
          const use = [...row.givenBy, ...row.neededBy].find((one) => "event" in one);
          if (use && "event" in use) actions.select(eventSelection(store, use.event));
        }}
        bulk={(chosen, clear) => <FlagBulk {...props} chosen={chosen} clear={clear} />}
      >
        <Button
          label={askWords}
          small
          kind="outline"
          disabled={isCurrent || store.tables.isAsking.value || !store.online.value}
          onPress={() => void store.tables.askForArrivals()}
        >
          {askWords}
        </Button>
        {lookedAt === null ? null : (
          <Button
            icon="eye"
            small
            kind="outline"
            onPress={(event) => {
              focusMap(event.currentTarget as Element);
              store.tables.flagOnMap.value = lookedAt.name;
              store.tables.tab.value = null;
            }}
          >
            {`Show ${lookedAt.name} on the map`}
          </Button>
        )}
      </DataTable>
      {lookedAt ? <FlagDetails {...props} row={lookedAt} /> : null}
    </>
  );
}

/** One flag in full: each event that gives or needs it leads there, and every state in which it is held is named. */
function FlagDetails({ store, actions, row }: FormProps & { row: FlagRow }): JSX.Element {
  const uses = (title: string, list: readonly Use[]) => (
    <div>
      <dt>{title}</dt>
      <dd>
        {list.length === 0 ? "nothing" : null}
        {list.map((use, at) =>
          "event" in use ? (
            <button
              key={`${use.event} ${at}`}
              type="button"
              class="we-place"
              onClick={() => actions.select(eventSelection(store, use.event))}
            >
              {use.name}
            </button>
          ) : (
            <span key={`${use.words} ${at}`}>{use.words}</span>
          ),
        )}
      </dd>
    </div>
  );
  return (
    <section class="we-flag-details" aria-label={`Flag ${row.name}`}>
      <dl>
        {uses("Granted by", row.givenBy)}
        {uses("Required by", row.neededBy)}
        {row.always && row.sometimes ? (
          <div>
            <dt>Held on arrival</dt>
            <dd>
              {row.always.length > 0 ? <span>{`always in ${row.always.join(", ")}`}</span> : null}
              {row.sometimes.length > 0 ? <span>{`sometimes in ${row.sometimes.join(", ")}`}</span> : null}
              {row.always.length + row.sometimes.length === 0 ? "nowhere" : null}
            </dd>
          </div>
        ) : null}
      </dl>
    </section>
  );
}

function rowsNow({ store }: FormProps): FlagRow[] {
  return flagRows(store.doc.peek(), null);
}

function heldWords({ always, sometimes }: FlagRow): string {
  if (always === null || sometimes === null) return "";
  const parts = [
    always.length > 0 ? `always in ${always.length}: ${listed(always)}` : "",
    sometimes.length > 0 ? `sometimes in ${sometimes.length}: ${listed(sometimes)}` : "",
  ].filter(Boolean);
  return parts.length > 0 ? parts.join("; ") : "nowhere";
}

function listed(ids: readonly string[]): string {
  return ids.length > 6 ? `${ids.slice(0, 6).join(", ")}…` : ids.join(", ");
}

/** Merge the chosen flags into one, or delete them. */
function FlagBulk({
  store,
  actions,
  chosen,
  clear,
}: FormProps & { chosen: readonly FlagRow[]; clear: () => void }): JSX.Element {
  const [into, setInto] = useState("");
  const id = useId();
  const disabled = !store.editable.value;
  const names = chosen.map(({ name }) => name);
  const target = into.trim() || (names.length > 1 ? (names[0] ?? "") : "");
  const going = names.filter((name) => name !== target);
  const change = async (flags: readonly string[], replacement: string | null, message: string) => {
    const now = (flag: string) => store.currentName("flag", flag);
    const outcome = await actions.inTurn(() =>
      store.submit({ type: "flag", flags: flags.map(now), into: replacement === null ? null : now(replacement) }),
    );
    if (!outcome.ok) return;
    store.notices.show(message);
    // what was typed meanwhile stays
    setInto((now) => (now === into ? "" : now));
    clear();
  };
  return (
    <>
      <input
        class="wk-input we-bulk-text"
        type="text"
        aria-label="Merge into"
        placeholder={names.length > 1 ? `Merge into ${names[0]}` : "Merge into"}
        value={into}
        disabled={disabled}
        autocomplete="off"
        list={`${id}-flags`}
        onInput={(event) => setInto(event.currentTarget.value)}
      />
      <Suggestions id={`${id}-flags`} typed={into} names={rowsNow({ store } as FormProps).map(({ name }) => name)} />
      <Button
        label={target === "" ? "Merge" : `Merge ${going.join(", ")} into ${target}`}
        small
        kind="outline"
        disabled={disabled || target === "" || going.length === 0}
        onPress={() => void change(going, target, `Merged ${count(going.length, "flag")} into ${target}.`)}
      >
        Merge
      </Button>
      <Button
        label={`Delete ${count(names.length, "flag")}: nothing grants or requires them any more`}
        icon="trash"
        small
        kind="outline"
        disabled={disabled}
        onPress={() => void change(names, null, `Deleted ${count(names.length, "flag")}.`)}
      >
        Delete
      </Button>
    </>
  );
}
