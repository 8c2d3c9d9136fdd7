/** Rule errors block play until the player insists. */
import type { JSX } from "preact";
import { countOf } from "../../shared/findings";
import { count } from "../../shared/format";
import type { PlayerView } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";

export function Blocked({ store, view }: { store: Store; view: PlayerView }): JSX.Element {
  return (
    <section class="wk-blocked" aria-label="Why this world cannot be played">
      <h2>
        <Icon name="error" class="wk-error" />
        {`${count(countOf(view.blocked), "rule error")} to fix before play`}
      </h2>
      <div class="wk-row">
        <Button icon="start" kind="outline" onPress={() => void store.act({ action: "play_anyway" })}>
          Play anyway
        </Button>
        <span class="wk-hint">Parts of it may not work as intended.</span>
      </div>
      <ul>
        {view.blocked.map((finding, at) => (
          <li key={at}>
            <code>{finding.path}</code>
            <span>{finding.message}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
