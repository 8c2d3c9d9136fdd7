/** The whole comparison. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ZoomButtons } from "../../map/zoom";
import { Banner } from "../../shared/ui/banner";
import { Button } from "../../shared/ui/button";
import { RefusedText } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import { Toasts } from "../../shared/ui/toasts";
import type { Side } from "../data";
import { summarySentence } from "../mark-display";
import type { Store } from "../store";
import { ConflictPreview, Conflicts } from "./conflicts";
import { Help } from "./help";
import { ChangePreview, countOf, List, PlaySection } from "./list";
import { Minimap } from "./minimap";
import { ProposalLine } from "./proposal";
import { Stage, type ViewProps } from "./stage";

const NARROW_WIDTH_PX = 760;

export function App(props: ViewProps): JSX.Element {
  const { store } = props;
  const root = useRef<HTMLDivElement>(null);
  const comparison = store.comparison.value;
  useEffect(() => {
    const wide = root.current?.clientWidth ?? 0;
    if (wide > 0 && wide < NARROW_WIDTH_PX) store.panelOpen.value = false;
  }, [store]);
  if (!comparison) {
    return (
      <div class="wc-app">
        <p class="wc-empty">There is nothing to compare here. Run the cell again.</p>
      </div>
    );
  }
  return (
    <div class="wc-app" ref={root}>
      <Bar {...props} />
      <ProposalLine store={store} />
      {store.link.state.value === "silent" ? (
        <Banner icon="offline" text="No kernel: the comparison can be read; what is not here yet cannot be fetched." />
      ) : null}
      <RefusedText.Provider value={store.giveBack}>
        <div class="wc-main">
          <div class="wm-map wc-map">
            <Stage {...props} />
            <div class="wm-zoom wc-zoom" role="group" aria-label="Zoom">
              <ZoomButtons camera={props.camera} whole="map" />
            </div>
            <Minimap {...props} />
            {comparison.graph.nodes.length === 0 ? <p class="wc-empty">Neither world has states.</p> : null}
            <ChangePreview store={store} />
            <ConflictPreview store={store} />
            <Toasts notices={store.notices} />
          </div>
          {store.panelOpen.value ? <Panel {...props} /> : null}
        </div>
      </RefusedText.Provider>
    </div>
  );
}

function Bar({ store, go }: ViewProps): JSX.Element {
  const [before, after] = store.comparison.value?.names ?? ["", ""];
  const none = store.steps.value.length === 0;
  const step = (by: 1 | -1) => {
    store.step(by);
    const at = store.current.peek();
    if (at !== null) go(at);
  };
  return (
    <div class="wm-bar wc-bar" role="toolbar" aria-label="Comparison">
      <p class="wc-title" title={`${before} → ${after}`}>
        <strong>{before}</strong>
        {before === after ? null : (
          <>
            <Icon name="arrow" />
            <strong>{after}</strong>
          </>
        )}
      </p>
      <Sides store={store} />
      <span class="wc-rule" />
      <Button
        label="Previous difference"
        icon="chevron"
        class="wc-prev"
        disabled={none}
        onPress={() => step(-1)}
        tooltip="Previous difference (P)"
      />
      <span class="wc-count" aria-hidden="true">
        {countOf(store)}
      </span>
      <Button
        label="Next difference"
        icon="chevron"
        class="wc-next"
        disabled={none}
        onPress={() => step(1)}
        tooltip="Next difference (N)"
      />
      <span class="wc-rule" />
      <Button
        label="Keys and marks"
        tooltip="Keys and marks (?)"
        icon="help"
        expanded={store.helpOpen.value && store.panelOpen.value}
        onPress={() => {
          store.helpOpen.value = !(store.helpOpen.peek() && store.panelOpen.peek());
          if (store.helpOpen.peek()) store.panelOpen.value = true;
        }}
      />
      <Button
        label={store.panelOpen.value ? "Hide the list" : "Show the list"}
        icon="panel"
        pressed={store.panelOpen.value}
        onPress={() => {
          store.panelOpen.value = !store.panelOpen.peek();
        }}
      />
    </div>
  );
}

const SIDES: readonly [side: Side, word: string][] = [
  ["before", "Before"],
  ["both", "Both"],
  ["after", "After"],
];

/** Which world the map shows. */
function Sides({ store }: { store: Store }): JSX.Element {
  return (
    <div class="wc-sides" role="group" aria-label="Show the world">
      {SIDES.map(([side, word]) => (
        <button
          key={side}
          type="button"
          aria-pressed={store.side.value === side}
          title={`${side === "both" ? "Both worlds" : `Only the world ${side}`} (B)`}
          onClick={() => {
            store.side.value = side;
          }}
        >
          {word}
        </button>
      ))}
    </div>
  );
}

function Panel(props: ViewProps): JSX.Element {
  const { store } = props;
  const changes = store.comparison.value?.changes ?? [];
  const help = store.helpOpen.value;
  const current = store.current.value;
  const deciding = current !== null && current < 0 && !help;
  return (
    <aside
      class={`wm-panel wc-panel${deciding ? " wc-deciding" : ""}`}
      aria-label={help ? "Keys and marks" : "Differences"}
    >
      <div class="wm-panel-head wc-panel-head">
        <h2>{help ? "Keys and marks" : summarySentence(changes, store.comparison.value?.conflicts ?? null)}</h2>
        <Button
          label={help ? "Back to the list" : "Hide the list"}
          icon="close"
          small
          kind="quiet"
          onPress={() => {
            if (help) store.helpOpen.value = false;
            else store.panelOpen.value = false;
          }}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
      <div class="wc-scroll" tabIndex={0} role="region" aria-label={help ? "Keys and marks" : "List of differences"}>
        {help ? (
          <Help />
        ) : changes.length === 0 && !store.comparison.value?.conflicts?.length ? (
          <div class="wc-none">
            <Icon name="check" />
            <p>
              <strong>The two worlds are equal.</strong>
            </p>
            <p>Same states, same events, same fields, in the same order.</p>
          </div>
        ) : (
          <>
            <Conflicts store={store} go={props.go} />
            <List store={store} go={props.go} />
            <PlaySection store={store} />
          </>
        )}
      </div>
    </aside>
  );
}
