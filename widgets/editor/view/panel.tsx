/** The side panel: the form of what is selected, the problems, the keys. */
import type { JSX } from "preact";
import { Button } from "../../shared/ui/button";
import { MapPanel } from "../annotations/panel";
import { EventForm } from "../inspector/event";
import type { FormProps } from "../inspector/parts";
import { StateForm } from "../inspector/state";
import { WorldForm } from "../inspector/world";
import { PropertiesPanel } from "../properties/panel";
import type { Store, Panel as Which } from "../store";
import { StorePanel } from "../store-sync/panel";
import { focusMap } from "./combobox";
import { Help } from "./help";
import { Problems } from "./problems";
import { SelectionForm } from "./selection";

const TITLES: Record<Which, string> = {
  details: "Details",
  problems: "Problems",
  properties: "Properties",
  help: "Keys",
  code: "To copy",
  store: "Saving",
  map: "Regions and notes",
};

export function Panel(props: FormProps): JSX.Element | null {
  const { store } = props;
  const which = store.shownPanel.value;
  if (!which) return null;
  return (
    <aside class="wm-panel we-panel" aria-label={TITLES[which]}>
      <div class="wm-panel-head we-panel-head">
        {which === "details" ? (
          <h2>{heading(props)}</h2>
        ) : (
          <>
            <h2>{which === "store" ? store.storeSync.binding.value?.place || TITLES[which] : TITLES[which]}</h2>
            <Button
              label={`Close ${TITLES[which].toLowerCase()}`}
              icon="close"
              small
              kind="quiet"
              onPress={() => {
                store.panel.value = "details";
              }}
            />
          </>
        )}
        {which === "details" ? (
          <Button
            label="Hide the side panel"
            icon="close"
            small
            kind="quiet"
            class="we-narrow-only"
            onPress={(event) => {
              focusMap(event.currentTarget as Element);
              store.panelOpen.value = false;
            }}
          />
        ) : null}
      </div>
      <div class="we-panel-body" role="region" aria-label={TITLES[which]} tabIndex={which === "help" ? 0 : -1}>
        {which === "details" ? <Details {...props} /> : null}
        {which === "problems" ? <Problems {...props} /> : null}
        {which === "properties" ? <PropertiesPanel {...props} /> : null}
        {which === "help" ? <Help /> : null}
        {which === "code" ? <Code {...props} /> : null}
        {which === "map" ? <MapPanel {...props} /> : null}
        {which === "store" ? <StorePanel {...props} /> : null}
      </div>
    </aside>
  );
}

function heading({ store }: FormProps): string {
  if (hasSeveralSelected(store)) return "Selection";
  if (store.selectedNode.value >= 0) return "State";
  return store.selectedEvent.value >= 0 ? "Event" : "World";
}

function hasSeveralSelected(store: Store): boolean {
  const { nodes, events } = store.selectedItems.value;
  return nodes.size + events.size > 1;
}

function Details(props: FormProps): JSX.Element {
  const { store } = props;
  const what = store.selected.value;
  const key = what?.key ?? what?.id ?? "";
  if (hasSeveralSelected(store)) return <SelectionForm {...props} />;
  if (store.selectedNode.value >= 0) return <StateForm key={key} {...props} node={store.selectedNode.value} />;
  if (store.selectedEvent.value >= 0) return <EventForm key={key} {...props} index={store.selectedEvent.value} />;
  return <WorldForm {...props} />;
}

/** What was to be copied, where the clipboard is closed to us. */
function Code({ store }: FormProps): JSX.Element {
  return (
    <div class="we-form">
      <p class="wk-hint">This page may not write to the clipboard. Copy it from here.</p>
      <textarea
        class="wk-input wk-mono"
        readOnly
        rows={16}
        aria-label="Text to copy"
        value={store.code.value}
        onFocus={(event) => event.currentTarget.select()}
      />
    </div>
  );
}
