/** The whole editor. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ZoomButtons } from "../../map/zoom";
import { count, readableName } from "../../shared/format";
import type { WidgetModel } from "../../shared/model";
import { AskAgain } from "../../shared/ui/ask-again";
import { Banner } from "../../shared/ui/banner";
import { Button } from "../../shared/ui/button";
import { RefusedText } from "../../shared/ui/field";
import { Toasts } from "../../shared/ui/toasts";
import { Entered } from "../annotations/entered";
import { OverlayLegend } from "../overlay/legend";
import { RunPlayer } from "../playing/view";
import { StartForm } from "../store-sync/start";
import { GenerationBanner, LastRunBanner, NotTakenBanner, StoreBanner } from "../store-sync/status";
import { FlagOnMap, TablesView } from "../tables/view";
import { FirstHint } from "./hint";
import { Legend } from "./legend";
import { Minimap } from "./minimap";
import { Panel } from "./panel";
import { QuickAdd } from "./quick-add";
import { Search } from "./search";
import { Stage, type StageProps } from "./stage";
import { Toolbar } from "./toolbar";

const NARROW_WIDTH_PX = 760;
/** From this width on, the map has room for the player beside the side panel. */
const ROOMY_WIDTH_PX = 1100;
/** Milliseconds in which a kernel that runs no cell answers the first time. */
const ANSWER_TIMEOUT_MS = 1000;

interface AppProps extends StageProps {
  /** The application's own side of the widget, where it has one. */
  readonly manager: WidgetModel["widget_manager"];
}

/** What is shown beside the map, or over it. */
interface Beside {
  readonly open?: boolean;
  readonly isPlaying?: boolean;
}

/** Say what was opened since before: to open one while the other is there is no reason to move the map to that one. */
export function justOpened(now: Beside, before: Beside): "player" | "panel" | null {
  if (now.isPlaying && !before.isPlaying) return "player";
  return now.open && !before.open ? "panel" : null;
}

export function App(props: AppProps): JSX.Element {
  const { store, actions, camera } = props;
  const root = useRef<HTMLDivElement>(null);

  // Where the side panel would lie over the map, it is open for what is selected or written, and not before anything is.
  const mapWidth = store.size.value.w;
  const before = useRef<readonly [wasNarrow: boolean | null, isPutAway: boolean]>([null, false]);
  useEffect(() => {
    const width = root.current?.clientWidth ?? 0;
    const isNarrow = width > 0 && width < NARROW_WIDTH_PX;
    const blank = store.storeSync.start.peek() && store.graph.peek().nodes.length === 0;
    const { nodes, events } = store.selectedItems.peek();
    if (width === 0 && !blank) return; // in a cell out of sight: it is narrow or wide once it is seen
    const [wasNarrow, wasPutAway] = before.current;
    let isPutAway = wasPutAway;
    const isUsed =
      store.panel.peek() !== "details" ||
      nodes.size + events.size ||
      root.current?.querySelector(".we-panel:focus-within");
    if (wasNarrow === null ? isNarrow || blank : isNarrow && !wasNarrow && !isUsed) {
      isPutAway = isNarrow && store.panelOpen.peek();
      store.panelOpen.value = false;
    } else if (!isNarrow && isPutAway) {
      isPutAway = false;
      store.panelOpen.value = true;
    }
    before.current = [isNarrow, isPutAway];
  }, [store, mapWidth]);

  const isPlaying = store.play.player.value !== null;
  useEffect(() => {
    const width = root.current?.clientWidth ?? 0;
    if (!isPlaying || width <= NARROW_WIDTH_PX || width >= ROOMY_WIDTH_PX || !store.panelOpen.peek()) return;
    store.panelOpen.value = false;
    return () => {
      store.panelOpen.value = true;
    };
  }, [store, isPlaying]);

  // The selected card stays in sight when the side panel opens beside it or over it, and the player's when it opens.
  const open = store.panelOpen.value;
  const shown = useRef<Beside>({});
  useEffect(() => {
    const panel = open ? root.current?.querySelector<HTMLElement>(".we-panel") : null;
    const over = panel && getComputedStyle(panel).position === "absolute";
    const player = isPlaying ? root.current?.querySelector<HTMLElement>(".wp-player") : null;
    store.coveredWidth.value = Math.max(over ? panel.offsetWidth : 0, player?.offsetWidth ?? 0);
    const here = store.overlay.playing.peek()?.state ?? "";
    const what = justOpened({ open, isPlaying }, shown.current);
    shown.current = { open, isPlaying };
    const node = what === "player" ? (store.graph.peek().byId.get(here) ?? -1) : what ? store.selectedNode.peek() : -1;
    if (node >= 0) requestAnimationFrame(() => camera.reveal(node));
  }, [open, isPlaying, mapWidth, store, camera]);

  return (
    <div class="we-app" ref={root}>
      <Toolbar {...props} />
      <State {...props} />
      <StoreBanner {...props} />
      <NotTakenBanner {...props} />
      <LastRunBanner {...props} />
      <GenerationBanner {...props} />
      <RefusedText.Provider value={actions.giveBack}>
        <div class="we-body">
          <div class="wm-map we-map">
            <Stage {...props} />
            <Empty {...props} />
            <div class="wm-zoom we-zoom" role="group" aria-label="View">
              <ZoomButtons camera={camera} whole="world" />
              <span class="we-zoom-rule" />
              <Button
                label="Frame tool: drag to select"
                icon="frame"
                small
                tooltip="Drag a frame to select (B, or hold Shift)"
                pressed={store.tool.value === "box"}
                onPress={() => {
                  store.tool.value = store.tool.peek() === "box" ? "hand" : "box";
                }}
              />
              <Button
                label="Full screen"
                icon="expand"
                small
                tooltip={store.fullScreen.value ? "Leave the full screen (Esc)" : "Full screen (Alt+Enter)"}
                pressed={store.fullScreen.value}
                onPress={() => {
                  store.fullScreen.value = !store.fullScreen.peek();
                }}
              />
              <Button
                label="Pictures"
                icon="picture"
                small
                tooltip="Pictures on the map: storyboards drawn from the prose, without a model (I)"
                pressed={store.pictures.areOn.value}
                onPress={store.pictures.toggle}
              />
              <Button
                label="Legend"
                icon="legend"
                small
                tooltip="What the marks mean (L)"
                expanded={store.legendOpen.value}
                onPress={() => {
                  store.legendOpen.value = !store.legendOpen.peek();
                }}
              />
            </div>
            <Legend store={store} />
            <Entered store={store} actions={actions} />
            <FirstHint store={store} />
            <OverlayLegend store={store} />
            <Minimap {...props} />
            <FlagOnMap {...props} />
            <Connecting {...props} />
            <OpenDetails {...props} />
            <TablesView {...props} />
            <Search store={store} actions={actions} />
            <QuickAdd store={store} actions={actions} />
            <RunPlayer store={store} manager={props.manager} />
            <Toasts notices={store.notices} />
          </div>
          <Panel {...props} />
        </div>
      </RefusedText.Provider>
    </div>
  );
}

/** What holds for the whole view: no kernel, or read-only. */
function State({ store, actions }: StageProps): JSX.Element | null {
  const link = store.link.state.value;
  const isFirst = !store.hasAnswered.value;
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), ANSWER_TIMEOUT_MS);
    return () => clearTimeout(timer);
  }, []);
  if (link === "silent" || link === "busy" || (isFirst && isLate)) {
    const n = store.pending.value;
    const unsavedHint = n > 0 ? ` ${count(n, "change")} will be sent when it answers.` : "";
    const why =
      link === "silent"
        ? "No kernel answers: the map can be read, not changed. If it was restarted, run this cell again."
        : isFirst
          ? "The map can be read, and changed as soon as the kernel answers. It seems to be running a cell."
          : "The kernel is running a cell; you can go on.";
    return (
      <Banner icon={link === "silent" ? "offline" : "clock"} text={why + unsavedHint}>
        <div class="wk-button-row">
          {n > 0 ? (
            <Button
              label="Copy the changes that are not saved"
              small
              kind="outline"
              onPress={() => void actions.copyUnsaved()}
            >
              Copy unsaved changes
            </Button>
          ) : null}
          <AskAgain asking={store.link.asking} ask={store.reconnect} />
        </div>
      </Banner>
    );
  }
  return store.locked.value ? (
    <Banner icon="lock" text="Read-only: this view shows the world and changes nothing." />
  ) : null;
}

function Empty({ store, actions }: StageProps): JSX.Element | null {
  const start = store.storeSync.start.value;
  if (store.graph.value.nodes.length > 0) return null;
  if (start && !store.locked.value)
    return (
      <div class="we-empty">
        <StartForm store={store} start={start} />
      </div>
    );
  return (
    <div class="we-empty">
      <div class="we-empty-card">
        <h2>An empty world</h2>
        <p>A world is scenes and the events that connect them. Start with what the camera sees.</p>
        <Button icon="plus" kind="primary" disabled={!store.editable.value} onPress={() => void actions.addState()}>
          Start with a first scene
        </Button>
      </div>
    </div>
  );
}

function Connecting({ store }: StageProps): JSX.Element | null {
  const connection = store.connection.value;
  if (!connection || connection.at) return null;
  const { nodes, edges } = store.graph.value;
  const { fixed, other, moving } = connection;
  const nameOf = (node: number) => readableName(nodes[node]?.id ?? "");
  const from = nameOf(fixed);
  const target = other === null ? undefined : nameOf(other);
  const what = moving ? `Redirect ${readableName(edges[moving.edge]?.name ?? "")}` : `From ${from}`;
  return (
    <div class="we-hintline">
      {target === undefined
        ? `${what}: pick a state with the arrow keys or a click. Esc stops.`
        : `${from} → ${target}. Enter connects, Esc stops.`}
    </div>
  );
}

/** In a narrow view the panel is closed at first: a way to it beside the map. */
function OpenDetails({ store }: StageProps): JSX.Element | null {
  const what = store.selected.value;
  if (!what || store.panelOpen.value || store.connection.value) return null;
  return (
    <div class="we-open">
      <Button
        icon="panel"
        kind="outline"
        onPress={() => {
          store.openPanel("details");
        }}
      >
        {`Edit ${readableName(what.id)}`}
      </Button>
    </div>
  );
}
