/** What can be done to the states or events that are chosen in a table: change, delete, see them on the map. */
import type { JSX } from "preact";
import { count } from "../../shared/format";
import { text } from "../../shared/json";
import { Button } from "../../shared/ui/button";
import { eventsByName, namesakeOf, numberNow } from "../data/namesakes";
import { removeAll } from "../data/ops";
import { flagUses } from "../forms/flag-usage";
import type { FormProps } from "../inspector/parts";
import { type BulkEdit, bulkOps } from "./bulk";
import { BulkBar } from "./bulk-bar";

interface BulkProps extends FormProps {
  readonly kind: "state" | "event";
  readonly noun: string;
  readonly edits: readonly BulkEdit[];
  readonly indices: readonly number[];
  readonly clear: () => void;
  readonly onShow: () => void;
}

const ALREADY_DONE_MESSAGE = "All of them have that already.";

export function GraphBulk({ store, actions, kind, noun, edits, indices, clear, onShow }: BulkProps): JSX.Element {
  const disabled = !store.editable.value;
  const many = count(indices.length, noun);
  // Rows are found again when the turn comes: what is edited before may rename or delete some.
  const docBefore = store.doc.value;
  const { states, events } = docBefore;
  const names = indices.map((index) => (kind === "state" ? states[index]?.id : text(events[index]?.name)) ?? "");
  const indicesNow = () => {
    const doc = store.doc.peek();
    const byId = kind === "state" ? new Map(doc.states.map(({ id }, at) => [id, at])) : null;
    return names.flatMap((name, at) => {
      const now = store.currentName(kind, name);
      const index = byId
        ? (byId.get(now) ?? -1)
        : numberNow(eventsByName(doc), now, namesakeOf(eventsByName(docBefore), name, indices[at] ?? -1));
      return index < 0 ? [] : index;
    });
  };
  const currentIds = () => indicesNow().map((at) => store.doc.peek().states[at]?.id ?? "");
  const namesFor = (takes: BulkEdit["takes"]): readonly string[] => {
    const { tags, regions } = store.onMap.annotations.value;
    if (takes === "flag") return [...flagUses(store.doc.value).keys()];
    if (takes === "tag") return [...tags.keys()];
    return takes === "region" ? [...regions.values()].map(({ name }) => name) : [];
  };
  const apply = async (edit: BulkEdit, typed: string) => {
    if ("onMap" in edit) {
      return actions.annotate((now) => edit.onMap(now, currentIds(), typed), `${edit.words}: ${many}`);
    }
    const rejection = await actions.change(() => {
      const ops = bulkOps(store.doc.peek(), kind, indicesNow(), edit, typed);
      if (ops.length === 0) return ALREADY_DONE_MESSAGE;
      return { ops, label: `${edit.words}: ${many}`, message: `Changed ${count(ops.length, noun)}.` };
    });
    if (rejection === ALREADY_DONE_MESSAGE) store.notices.show(ALREADY_DONE_MESSAGE);
    return rejection === null || rejection === ALREADY_DONE_MESSAGE;
  };
  const remove = () =>
    actions.inTurn(async () => {
      const ops = removeAll(
        store.doc.peek(),
        kind === "state" ? currentIds() : [],
        kind === "event" ? indicesNow() : [],
      );
      const outcome = await actions.edit(ops, { label: `Delete ${many}`, message: `Deleted ${many}.` });
      if (outcome.ok) clear();
    });
  return (
    <>
      <BulkBar edits={edits} namesFor={namesFor} disabled={disabled} onApply={apply} />
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
