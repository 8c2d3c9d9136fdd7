/** The list of regions: go to one, enter it, collapse it, and what else can be done with it. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { count } from "../../shared/format";
import type { Region } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { TextField } from "../../shared/ui/field";
import type { FormProps } from "../inspector/parts";
import { ColourField, Spot } from "./parts";

export function Regions(props: FormProps): JSX.Element {
  const { store, actions } = props;
  const { regions } = store.onMap.annotations.value;
  const { size } = store.selectedItems.value.nodes;
  const newRegion = size > 0 ? `New region of ${count(size, "state")}` : "New region";
  return (
    <section class="wn-section" aria-label="Regions">
      <h3>Regions</h3>
      {regions.size === 0 ? (
        <p class="wk-hint">A region is a chapter or a place: some states with a name and a colour on the map.</p>
      ) : null}
      <ul class="wn-list">
        {[...regions].map(([id, region]) => (
          <RegionRow key={id} {...props} id={id} region={region} />
        ))}
      </ul>
      <Button
        label={newRegion}
        icon="plus"
        small
        kind="outline"
        tooltip="Group the selection in a region (G)"
        disabled={!store.editable.value}
        onPress={() => void actions.groupSelection()}
      >
        {newRegion}
      </Button>
    </section>
  );
}

function RegionRow({ store, actions, id, region }: FormProps & { id: string; region: Region }): JSX.Element {
  const { onMap } = store;
  const editable = store.editable.value;
  const isOpen = onMap.openRegion.value === id;
  const isEntered = onMap.entered.value === id;
  const isCollapsed = region.collapsed && !onMap.opened.value.has(id);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    row.current?.scrollIntoView({ block: "nearest" });
    const name = row.current?.querySelector<HTMLInputElement>("input.wk-input");
    name?.focus({ preventScroll: true });
    name?.select();
  }, [isOpen]);
  return (
    <li ref={row} class={isOpen ? "wn-open" : ""}>
      <div class="wn-row">
        <button
          type="button"
          class="we-link"
          aria-expanded={isOpen}
          onClick={() => {
            onMap.openRegion.value = isOpen ? null : id;
          }}
        >
          <Spot colour={region.color} />
          <span class="we-link-name">{region.name}</span>
          <small>{count(region.states.length, "state")}</small>
        </button>
        <Button
          label={isEntered ? `Leave ${region.name}` : `Enter ${region.name}`}
          tooltip={isEntered ? "Leave: show the whole map" : "Enter: show this region and dim the rest"}
          icon="eye"
          small
          kind="quiet"
          pressed={isEntered}
          onPress={() => actions.enterRegion(isEntered ? null : id)}
        />
        <Button
          label={isCollapsed ? `Open ${region.name}` : `Collapse ${region.name}`}
          tooltip={isCollapsed ? "Open: show its states" : "Collapse: show it as one box"}
          icon="layers"
          small
          kind="quiet"
          pressed={isCollapsed}
          disabled={!editable && !isCollapsed}
          onPress={() => actions.toggleRegion(id)}
        />
      </div>
      {isOpen ? (
        <div class="wn-details">
          <TextField
            label="Name"
            value={region.name}
            readOnly={!editable}
            onCommit={async (name) => {
              if (name.trim() === "") return "A region needs a name.";
              const renamed = await actions.changeRegion(id, { name }, "Rename a region");
              return renamed ? null : "The name was not saved.";
            }}
          />
          <ColourField
            of={region.name}
            colour={region.color}
            disabled={!editable}
            onPick={(color) => void actions.changeRegion(id, { color }, `Colour ${region.name}`)}
          />
          <div class="wk-button-row">
            <Button
              label={`Select the states of ${region.name}`}
              small
              kind="outline"
              onPress={() => actions.selectRegion(id)}
            >
              Select
            </Button>
            <Button
              label={`Copy ${region.name} to the clipboard`}
              small
              kind="outline"
              onPress={() => {
                actions.selectRegion(id);
                void actions.copy();
              }}
            >
              Copy
            </Button>
            <Button
              label={`Duplicate ${region.name}`}
              small
              kind="outline"
              disabled={!editable}
              onPress={() => {
                actions.selectRegion(id);
                void actions.duplicate();
              }}
            >
              Duplicate
            </Button>
            <Button
              label={`Remove the region ${region.name}; its states stay`}
              tooltip="Its states stay"
              small
              kind="outline"
              disabled={!editable}
              onPress={() => void actions.annotate({ regions: { [id]: null } }, `Remove region ${region.name}`)}
            >
              Remove
            </Button>
          </div>
        </div>
      ) : null}
    </li>
  );
}
