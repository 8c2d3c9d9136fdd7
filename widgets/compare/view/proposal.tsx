/** The revision that is shown: what was asked for, what was done for it, and the way to take it. */
import type { JSX } from "preact";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";

export function ProposalLine({ store }: { store: Store }): JSX.Element | null {
  const proposal = store.proposal.value;
  if (!proposal) return null;
  return (
    <section class="wc-proposal" aria-label="Proposed revision">
      <div>
        {proposal.instruction === "" ? null : <p class="wk-muted">{`“${proposal.instruction}”`}</p>}
        <p>{proposal.reply}</p>
      </div>
      {proposal.isAccepted ? (
        <span class="wc-accepted" role="status">
          <Icon name="check" /> Accepted in the editor
        </span>
      ) : (
        <Button
          label="Accept: apply this in the editor of the world"
          kind="primary"
          onPress={() => void store.accept()}
        >
          Accept
        </Button>
      )}
    </section>
  );
}
