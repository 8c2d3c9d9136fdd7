/** What the exploration found, in the list of problems. */
import type { JSX } from "preact";
import type { Diagnostic } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";

export interface FindingsProps {
  readonly store: Store;
  /** How findings are listed. */
  readonly list: (diagnostics: readonly Diagnostic[]) => JSX.Element;
}

export function Findings({ store, list }: FindingsProps): JSX.Element {
  const { overlay } = store;
  const layer = overlay.exploration.value;
  return (
    <section class="wo-findings" aria-label="Found by exploring">
      <div class="wo-findings-head">
        <h3>Found by exploring</h3>
        <Button
          label={layer ? "Explore again" : "Explore every possible run"}
          small
          kind="outline"
          icon={layer ? "restart" : "routes"}
          disabled={overlay.busy.value || !store.online.value}
          onPress={() => void overlay.explore()}
        >
          {overlay.busy.value ? "Exploring…" : layer ? "Again" : "Explore"}
        </Button>
      </div>
      {layer ? (
        <>
          <p class="wk-hint" role="status">
            {layer.summary}
          </p>
          {layer.stale ? (
            <p class="wo-stale">
              <Icon name="clock" />
              <span>Made before the last edit: it may be out of date.</span>
            </p>
          ) : null}
          {layer.findings.length > 0 ? (
            list(layer.findings)
          ) : (
            <p class="we-good">
              <Icon name="check" /> Nothing that the rules do not already report.
            </p>
          )}
        </>
      ) : (
        <p class="wk-hint">Looks at every possible run: what can never happen, and where a run gets stuck for good.</p>
      )}
    </section>
  );
}
