/** The button that opens the player at a run. */
import type { JSX } from "preact";
import { Button } from "../../shared/ui/button";
import type { Run, Target } from "../data";
import type { Store } from "../store";
import { playLabel } from "../text";

export function Play({ store, target, run }: { store: Store; target: Target; run: Run | null }): JSX.Element {
  const label = playLabel(run);
  return (
    <div data-play>
      <Button icon="play" kind="primary" onPress={() => void store.play(target)}>
        {label}
      </Button>
    </div>
  );
}
