/** The toolbar above the map. */
import type { JSX } from "preact";
import { countOf, problemCounts } from "../../shared/findings";
import { count } from "../../shared/format";
import { text } from "../../shared/json";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { FormProps } from "../inspector/parts";
import { OverlayControls } from "../overlay/controls";
import { explorationNote } from "../overlay/data";
import { addingPoint } from "../quick-add";
import { StoreChip } from "../store-sync/status";
import { Menu } from "./menu";

const PICTURES = [
  { kind: "png", theme: "light", hint: "For a page or a message" },
  { kind: "png", theme: "dark", hint: "The same on a dark background" },
  { kind: "svg", theme: "light", hint: "Sharp at any size, for print" },
  { kind: "svg", theme: "dark", hint: "The same on a dark background" },
] as const;

export function Toolbar({ store, actions, camera }: FormProps): JSX.Element {
  const doc = store.doc.value;
  const editable = store.editable.value;
  const exploration = store.overlay.exploration.value;
  const findings = [...doc.diagnostics, ...(exploration?.findings ?? [])];
  const note = explorationNote(exploration);
  const panel = store.shownPanel.value;
  const brokenCount = store.properties.broken.value;
  const counts = problemCounts(findings);
  const isClean = counts === "";
  const problems = counts || "No problems";
  return (
    <div class="wm-bar we-toolbar" role="toolbar" aria-label="World editor">
      <div class="we-title" title={text(doc.world.name)}>
        <strong>{text(doc.world.name) || text(doc.world.id) || "Untitled world"}</strong>
        {store.storeSync.binding.value?.place ? null : <Pending n={store.pending.value} />}
        <span class="wk-muted we-wide">
          {count(doc.states.length, "state")}, {count(doc.events.length, "event")}
        </span>
      </div>
      <StoreChip store={store} actions={actions} camera={camera} />
      <Button
        label="Add"
        icon="plus"
        disabled={!editable}
        tooltip="Add a state, an event, an ending (A)"
        onPress={() => actions.openQuickAdd(addingPoint(store))}
        wordsClass="we-wide"
      >
        Add
      </Button>
      <span class="we-rule" />
      <Button
        label={doc.undo === null ? "Undo" : `Undo: ${doc.undo}`}
        tooltip={doc.undo === null ? "Nothing to undo" : `Undo: ${doc.undo} (Ctrl+Z)`}
        icon="undo"
        disabled={!editable || doc.undo === null}
        onPress={actions.undo}
      />
      <Button
        label={doc.redo === null ? "Redo" : `Redo: ${doc.redo}`}
        tooltip={doc.redo === null ? "Nothing to redo" : `Redo: ${doc.redo} (Ctrl+Shift+Z)`}
        icon="redo"
        disabled={!editable || doc.redo === null}
        onPress={actions.redo}
      />
      <span class="we-rule" />
      <Button
        label="Search"
        tooltip="Search (/)"
        icon="search"
        onPress={() => {
          store.searchOpen.value = true;
        }}
        wordsClass="we-at-1500"
      >
        Search
      </Button>
      <Button
        label="Tables"
        tooltip="Tables of scenes, events and flags; find and replace (T)"
        icon="table"
        pressed={store.tables.tab.value !== null}
        onPress={() => actions.showTable()}
        wordsClass="we-at-1240"
      >
        Tables
      </Button>
      <Menu
        label="Lay out"
        tooltip="Lay out: the rest, everything, or what is selected"
        icon="tidy"
        words="Lay out"
        disabled={!editable}
        items={[
          {
            words: "Lay out the rest",
            hint: "Cards that you placed stay where they are",
            run: () => actions.tidy(),
          },
          { words: "Lay out everything", hint: "You can undo it", run: () => actions.tidy(true) },
          {
            words: "Lay out the selection",
            hint: "In columns, by the events among them",
            disabled: store.selectedItems.value.nodes.size < 2,
            run: actions.tidySelection,
          },
        ]}
      />
      <Button
        label="Copy as Python"
        tooltip="Copy the edits made here as Python"
        icon="code"
        onPress={() => void actions.copyCode()}
        wordsClass="we-at-1500"
      >
        Python
      </Button>
      <Menu
        label="Save a picture"
        tooltip="Save the whole map as a picture"
        icon="camera"
        words="Picture"
        items={PICTURES.map(({ kind, theme, hint }) => ({
          words: `${kind.toUpperCase()}, ${theme}`,
          hint,
          run: () => void actions.savePicture(kind, theme),
        }))}
      />
      <Button
        label="Regions and notes"
        tooltip="Regions, notes, tags and views (O)"
        icon="note"
        expanded={panel === "map"}
        onPress={() => actions.show("map")}
        wordsClass="we-at-1240"
      >
        Notes
      </Button>
      <OverlayControls store={store} />
      <span class="we-rule" />
      <Button
        tooltip={`${problems}; ${note} (P)`}
        expanded={panel === "problems"}
        onPress={() => actions.show("problems")}
      >
        <span class="we-counts">
          {isClean ? <Icon name="check" class={exploration ? "we-good" : "wk-muted"} /> : null}
          <span class="wk-visually-hidden">{isClean ? problems : "Problems:"}</span>
          <Count n={countOf(findings, "error")} kind="error" />
          <Count n={countOf(findings, "warning")} kind="warning" />
          <span class="wk-muted we-explored">{note}</span>
        </span>
      </Button>
      <Button
        label={brokenCount === 0 ? "Properties" : `Properties: ${brokenCount} broken`}
        tooltip={brokenCount === 0 ? "Properties: what must hold in every run (V)" : `${brokenCount} broken (V)`}
        icon="shield"
        wordsClass={brokenCount === 0 ? "we-at-1500" : "wp-count"}
        expanded={panel === "properties"}
        onPress={() => actions.show("properties")}
      >
        {brokenCount === 0 ? "Properties" : brokenCount.toLocaleString("en")}
      </Button>
      <Button
        label="Keys and help"
        tooltip="Keys (?)"
        icon="help"
        expanded={panel === "help"}
        onPress={() => actions.show("help")}
      />
      <Button
        label={store.panelOpen.value ? "Hide the side panel" : "Show the side panel"}
        icon="panel"
        pressed={store.panelOpen.value}
        onPress={() => {
          store.panelOpen.value = !store.panelOpen.peek();
        }}
      />
    </div>
  );
}

function Count({ n, kind }: { n: number; kind: "error" | "warning" }): JSX.Element | null {
  if (n === 0) return null;
  return (
    <span class={`wk-${kind}`}>
      <Icon name={kind} />
      {n.toLocaleString("en")}
      <span class="wk-visually-hidden"> {n === 1 ? kind : `${kind}s`}</span>
    </span>
  );
}

/** Shown while changes wait for the kernel. */
function Pending({ n }: { n: number }): JSX.Element | null {
  if (n === 0) return null;
  return (
    <span class="we-pending" role="status">
      <span class="we-pending-dot" />
      <span class="we-wide">Working</span>
    </span>
  );
}
