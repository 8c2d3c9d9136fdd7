/** The editor's parts, put together. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { count } from "../../shared/format";
import { Banner } from "../../shared/ui/banner";
import { Button } from "../../shared/ui/button";
import { Toasts } from "../../shared/ui/toasts";
import { Minimap } from "./minimap";
import { Panel } from "./panel";
import { Search } from "./search";
import { Stage, type StageProps } from "./stage";
import { Toolbar } from "./toolbar";

const NARROW = 760;

export function App(props: StageProps): JSX.Element {
  const { store, actions, camera } = props;
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (root.current && root.current.clientWidth > 0 && root.current.clientWidth < NARROW)
      store.panelOpen.value = false;
  }, [store]);

  // The selected card stays in sight when the side panel opens beside it or over it.
  const open = store.panelOpen.value;
  useEffect(() => {
    const panel = open ? root.current?.querySelector<HTMLElement>(".we-panel") : null;
    const over = panel && getComputedStyle(panel).position === "absolute";
    store.covered.value = over ? panel.offsetWidth : 0;
    if (open && store.selectedNode.peek() >= 0) requestAnimationFrame(() => camera.reveal(store.selectedNode.peek()));
  }, [open, store, camera]);

  return (
    <div class="we-app" ref={root}>
      <Toolbar {...props} />
      <State {...props} />
      <div class="we-body">
        <div class="we-map">
          <Stage {...props} />
          <Empty {...props} />
          <div class="we-zoom" role="group" aria-label="Zoom">
            <Button label="Zoom in" icon="plus" small onPress={() => camera.zoomBy(1.25)} tooltip="Zoom in (+)" />
            <Button label="Zoom out" icon="minus" small onPress={() => camera.zoomBy(0.8)} tooltip="Zoom out (-)" />
            <Button label="Fit the whole world" icon="fit" small onPress={camera.fit} tooltip="Fit (F)" />
          </div>
          <Minimap {...props} />
          <Connecting {...props} />
          <OpenDetails {...props} />
          <Search store={store} actions={actions} />
          <Toasts notices={store.notices} />
        </div>
        <Panel {...props} />
      </div>
    </div>
  );
}

/** What holds for the whole view: no kernel, or read-only. */
function State({ store }: StageProps): JSX.Element | null {
  const link = store.link.state.value;
  if (link === "silent") {
    const n = store.pending.value;
    const kept = n > 0 ? ` ${count(n, "change")} will be sent when it answers.` : "";
    return (
      <Banner icon="offline" text={`No kernel: the map can be read, not changed. It may be busy, or gone.${kept}`}>
        <Button label="Try again: ask the kernel" small kind="outline" onPress={store.reconnect}>
          Try again
        </Button>
      </Banner>
    );
  }
  return store.locked.value ? (
    <Banner icon="lock" text="Read-only: this view shows the world and changes nothing." />
  ) : null;
}

function Empty({ store, actions }: StageProps): JSX.Element | null {
  if (store.graph.value.nodes.length > 0) return null;
  return (
    <div class="we-empty">
      <div class="we-empty-card">
        <h2>An empty world</h2>
        <p>A world is scenes and the ways between them. Say what the camera sees first; the rest grows from there.</p>
        <Button
          label="Add the first scene"
          icon="plus"
          kind="primary"
          disabled={!store.editable.value}
          onPress={() => void actions.addState()}
        >
          Add the first scene
        </Button>
      </div>
    </div>
  );
}

function Connecting({ store }: StageProps): JSX.Element | null {
  const connecting = store.connecting.value;
  if (!connecting || connecting.at) return null;
  const { nodes } = store.graph.value;
  const target = connecting.target === null ? null : nodes[connecting.target]?.id;
  return (
    <div class="we-hintline">
      {target === null || target === undefined
        ? `From ${nodes[connecting.source]?.id ?? ""}: pick a target with the arrow keys or a click. Esc stops.`
        : `${nodes[connecting.source]?.id ?? ""} → ${target}. Enter connects, Esc stops.`}
    </div>
  );
}

/** In a narrow view the panel is closed at first: a way to it beside the map. */
function OpenDetails({ store }: StageProps): JSX.Element | null {
  const what = store.selected.value;
  if (!what || store.panelOpen.value) return null;
  return (
    <div class="we-open">
      <Button
        label={`Edit ${what.id}`}
        icon="panel"
        kind="outline"
        onPress={() => {
          store.panel.value = "details";
          store.panelOpen.value = true;
        }}
      >
        {`Edit ${what.id}`}
      </Button>
    </div>
  );
}
