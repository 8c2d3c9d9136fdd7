/** The panel of properties: what must be so in every run, what became of each, and suggestions. */
import type { JSX } from "preact";
import { count } from "../../shared/format";
import type { PropertySuggestion } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Actions } from "../actions";
import type { Store } from "../store";
import { editProperties } from "./edits";
import { PropertyField } from "./field";
import { Row } from "./row";

export function PropertiesPanel({ store, actions }: { store: Store; actions: Actions }): JSX.Element {
  const { properties, editable } = store;
  const { rows, checking, place, trouble, readable } = properties.list.value;
  const { newText } = properties;
  return (
    <div class="we-form wp-panel">
      <p class="wk-hint">
        What must hold in every possible run. Each is proven, or a shortest run shows how it breaks.
      </p>
      {trouble === "" ? null : (
        <p class="wp-trouble" role="alert">
          <Icon name="warning" />
          <span>{trouble}</span>
        </p>
      )}
      {rows.length > 0 ? (
        <>
          <p class="wp-summary" role="status">
            {checking ? <span class="we-pending-dot" /> : null}
            {summary(store)}
          </p>
          <ul class="we-findings" aria-label="Properties">
            {properties.keys.value.map((id, at) => {
              const row = rows[at];
              return row ? <Row key={id} id={id} store={store} actions={actions} row={row} /> : null;
            })}
          </ul>
        </>
      ) : null}
      {(editable.value || newText.value !== null) && readable ? (
        <>
          <PropertyField
            store={store}
            label={rows.length > 0 ? "New property" : "First property"}
            value=""
            draft={newText}
            placeholder='"lamp" before "cellar"'
            onCommit={(text) => editProperties(store, [{ name: null, text }], true)}
          />
          {editable.value ? <Suggestions store={store} /> : null}
        </>
      ) : null}
      <p class="wk-hint">
        {place === ""
          ? "They are in this notebook only. Save the world to a file to keep them beside it."
          : `Kept in ${place}, where worldkit check and pytest find them.`}
      </p>
    </div>
  );
}

function summary(store: Store): string {
  const { rows, checking } = store.properties.list.value;
  if (checking) return "Checking…";
  const brokenCount = store.properties.broken.value;
  const passCount = rows.filter(({ outcome }) => outcome === "holds" || outcome === "vacuous").length;
  const all = count(rows.length, "property", "properties");
  if (passCount === rows.length) return rows.length === 1 ? "It is proven." : `All ${all} are proven.`;
  return `${passCount} of ${all} proven${brokenCount > 0 ? `, ${brokenCount} broken` : ""}.`;
}

function Suggestions({ store }: { store: Store }): JSX.Element {
  const { suggestions, busy, list } = store.properties;
  const present = new Set(list.value.rows.map(({ text }) => text));
  const open = suggestions.value?.filter(({ text }) => !present.has(text)) ?? null;
  const accept = (some: readonly PropertySuggestion[]) =>
    editProperties(
      store,
      some.map(({ name, text }) => ({ name: null, text, rename: name })),
    );
  return (
    <section class="wp-suggestions" aria-label="Suggestions">
      <div class="wp-buttons">
        <Button
          label="Suggest some properties that hold today"
          icon="search"
          small
          kind="outline"
          disabled={busy.value || !store.online.value}
          onPress={() => void store.properties.suggest()}
        >
          {busy.value ? "Looking…" : "Suggest some"}
        </Button>
        {open && open.length > 1 ? (
          <Button label="Add all suggestions" small kind="outline" onPress={() => void accept(open)}>
            Add all
          </Button>
        ) : null}
      </div>
      {open === null ? null : open.length === 0 ? (
        <p class="wk-hint" role="status">
          Nothing more to suggest.
        </p>
      ) : (
        <>
          <p class="wk-hint" role="status">
            {`${count(open.length, "property", "properties")} hold today. Add the ones you intend.`}
          </p>
          <ul class="wp-offers">
            {open.map((one) => (
              <li key={one.name}>
                <span>
                  <strong>{one.name}</strong>
                  <code>{one.text}</code>
                </span>
                <Button label={`Add ${one.name}`} icon="plus" small kind="quiet" onPress={() => void accept([one])} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
