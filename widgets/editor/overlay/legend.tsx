/** The legend of the overlay that is shown: its name, its summary, and what its marks mean. */
import type { JSX } from "preact";
import { count } from "../../shared/format";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";
import type { LegendRow, Playing } from "./data";

export function OverlayLegend({ store }: { store: Store }): JSX.Element | null {
  const { overlay } = store;
  const layer = overlay.layer.value;
  const walk = overlay.walk.value;
  const playing = walk?.position ?? (overlay.follow.value ? overlay.playing.value : null);
  if ((!layer && !playing) || store.graph.value.nodes.length === 0) return null;
  return (
    <section class="wo-legend" ref={overlay.legend} aria-label="What is drawn over the map">
      {layer ? (
        <>
          <div class="wo-legend-head">
            <h2>
              <button
                type="button"
                class="wo-fold"
                aria-expanded={!overlay.folded.value}
                title={overlay.folded.value ? "Show what the marks mean" : "Collapse"}
                onClick={() => {
                  overlay.folded.value = !overlay.folded.peek();
                }}
              >
                <Icon name="chevron" />
                <span>{layer.title}</span>
              </button>
            </h2>
            <Button
              label={`Hide the overlay ${layer.title}`}
              icon="close"
              small
              kind="quiet"
              onPress={() => {
                overlay.visibleKey.value = null;
              }}
            />
          </div>
          {overlay.folded.value ? null : (
            <p class="wo-summary" title={layer.summary}>
              {layer.summary}
            </p>
          )}
          {layer.stale ? (
            <p class="wo-stale">
              <Icon name="clock" />
              <span>Made before the last edit.</span>
              {layer.kind === "explored" ? (
                <Button
                  label="Explore again"
                  small
                  kind="outline"
                  disabled={overlay.busy.value}
                  onPress={() => void overlay.explore()}
                >
                  Again
                </Button>
              ) : null}
            </p>
          ) : null}
          {overlay.folded.value ? null : layer.legend.length > 0 ? (
            <ul>
              {layer.legend.map((row) => (
                <Row key={row.mark} row={row} />
              ))}
            </ul>
          ) : layer.kind === "explored" ? (
            <p class="wo-good">
              <Icon name="check" /> Nothing to mark.
            </p>
          ) : null}
        </>
      ) : null}
      {playing ? (
        <p class="wo-player">
          <span class="wo-tag wo-tag-here">
            <Icon name="play" />
            Here
          </span>
          <span>{walk ? `Step ${playing.steps} of ${walk.of}: ${walk.title}` : playerText(playing)}</span>
          {playing.states.length > 1 ? (
            <span class="wo-pair">
              <span class="wo-tag wo-tag-visited">1</span>
              Visited, in order.
            </span>
          ) : null}
        </p>
      ) : null}
    </section>
  );
}

function playerText({ over, steps }: Playing): string {
  if (steps === 0) return "The player, at the start.";
  return over ? `The run is over, after ${count(steps, "step")}.` : `The player, after ${count(steps, "step")}.`;
}

function Row({ row }: { row: LegendRow }): JSX.Element {
  const parts = [
    row.states > 0 ? `${count(row.states, "state")} ${row.stateWords}` : "",
    row.events > 0 ? `${count(row.events, "event")} ${row.eventWords}` : "",
  ].filter((one) => one !== "");
  return (
    <li>
      <span class={`wo-swatch wo-swatch-${row.mark}`} aria-hidden="true" />
      <span>{parts.join(", ")}</span>
    </li>
  );
}
