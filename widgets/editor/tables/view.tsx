/** The tables, over the map: scenes, events, flags, missions, find and replace, and the script. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../shared/ui/button";
import type { FormProps } from "../inspector/parts";
import { focusMap } from "../view/combobox";
import { EventTable } from "./event-table";
import { FlagTable } from "./flag-table";
import { MissionTable } from "./mission-table";
import { worldWords } from "./prose";
import { ReplacePanel } from "./replace-panel";
import { ScriptPanel } from "./script-panel";
import type { TableTab } from "./state";
import { StateTable } from "./state-table";

const TABS: readonly (readonly [tab: TableTab, words: string])[] = [
  ["states", "Scenes"],
  ["events", "Events"],
  ["flags", "Flags"],
  ["missions", "Missions"],
  ["replace", "Find and replace"],
  ["script", "Script"],
];

export function TablesView(props: FormProps): JSX.Element | null {
  const { store } = props;
  const tabs = useRef<HTMLDivElement>(null);
  const open = store.tables.tab.value;
  const isOpen = open !== null;
  useEffect(() => {
    // In a narrow view the side panel lies where the tables are to be read.
    if (isOpen && store.coveredWidth.peek() > 0 && !store.play.player.peek()) store.panelOpen.value = false;
  }, [isOpen, store]);
  if (!isOpen) return null;
  const show = (tab: TableTab) => {
    store.tables.tab.value = tab;
    store.tables.lastTab.value = tab;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = (TABS.findIndex(([tab]) => tab === open) + step + TABS.length) % TABS.length;
    show(TABS[at]?.[0] ?? "states");
    tabs.current?.querySelectorAll<HTMLElement>("[role=tab]")[at]?.focus();
  };
  return (
    <section class="we-tables" aria-label="Tables">
      <div class="we-tables-head">
        <div class="we-tabs" role="tablist" aria-label="Tables" ref={tabs} onKeyDown={onKeyDown}>
          {TABS.map(([tab, words]) => (
            <button
              key={tab}
              type="button"
              role="tab"
              aria-selected={tab === open}
              tabIndex={tab === open ? 0 : -1}
              aria-label={words}
              onClick={() => show(tab)}
            >
              {words.replace(/ .*/, "")}
              <span class="we-at-480">{words.replace(/^\S+/, "")}</span>
            </button>
          ))}
        </div>
        <Words {...props} />
        <Button
          label="Close the tables"
          tooltip="Back to the map (T)"
          icon="close"
          small
          kind="quiet"
          onPress={(event) => {
            focusMap(event.currentTarget as Element);
            store.tables.tab.value = null;
          }}
        />
      </div>
      <div class="we-tables-body" role="tabpanel" aria-label={TABS.find(([tab]) => tab === open)?.[1] ?? ""}>
        {open === "states" ? <StateTable {...props} /> : null}
        {open === "events" ? <EventTable {...props} /> : null}
        {open === "flags" ? <FlagTable {...props} /> : null}
        {open === "missions" ? <MissionTable {...props} /> : null}
        {open === "replace" ? <ReplacePanel {...props} /> : null}
        {open === "script" ? <ScriptPanel {...props} /> : null}
      </div>
    </section>
  );
}

/** How many words the world has, and for whom. */
function Words({ store }: FormProps): JSX.Element {
  const words = worldWords(store.doc.value);
  const n = (reader: "player" | "picture") => (words.get(reader) ?? 0).toLocaleString("en");
  const all = [...words.values()].reduce((sum, one) => sum + one, 0);
  return (
    <span
      class="wk-hint we-tables-words"
      title={`${n("player")} words that players read, ${n("picture")} for the pictures`}
    >
      {`${all.toLocaleString("en")} words, ${n("player")} for players`}
    </span>
  );
}

/** On the map, while a flag's arcs are drawn: which, and the way to put them away. */
export function FlagOnMap({ store, actions }: FormProps): JSX.Element | null {
  const flag = store.tables.flagOnMap.value;
  const arcs = store.tables.arcs.value;
  if (flag === null || arcs === null || store.tables.tab.value !== null) return null;
  return (
    <div class="we-flag-on-map" role="status">
      <span>
        <strong class="wk-mono">{flag}</strong>
        {` ● granted in ${arcs.givers.length}, ○ required in ${arcs.users.length}`}
      </span>
      <Button label="Back to the table of flags" small kind="outline" onPress={() => actions.showTable("flags")}>
        Table
      </Button>
      <Button
        label={`Hide the arcs of ${flag}`}
        icon="close"
        small
        kind="quiet"
        onPress={(event) => {
          focusMap(event.currentTarget as Element);
          store.tables.flagOnMap.value = null;
        }}
      />
    </div>
  );
}
