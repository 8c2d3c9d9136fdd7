/** The end of a run. */
import type { JSX } from "preact";
import { count } from "../../shared/format";
import type { EndingInfo, PlayerView } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";
import { clockText } from "../words";

interface Props {
  store: Store;
  view: PlayerView;
  ending: EndingInfo;
}

export function Ending({ store, view, ending }: Props): JSX.Element {
  const won = ending.kind === "win";
  const steps = view.trail.length - 1;
  return (
    <section class="wk-ending" data-kind={ending.kind} aria-label={won ? "You win" : "You lose"}>
      <p class="wk-outcome">
        <Icon name={won ? "win" : "lose"} />
        {won ? "Win" : "Lose"}
        <span class="wk-hint">{`${count(steps, "step")}, ${clockText(view.clock)}`}</span>
      </p>
      <h3 class="wk-ending-title">{ending.title}</h3>
      {ending.subtitle ? <p class="wk-ending-subtitle">{ending.subtitle}</p> : null}
      <div class="wk-row">
        <Button label="Play again" icon="restart" kind="primary" onPress={() => void store.act({ action: "restart" })}>
          Play again
        </Button>
        <Button
          label="Undo the last step"
          icon="undo"
          kind="outline"
          disabled={!view.canUndo}
          onPress={() => void store.act({ action: "undo" })}
        >
          Undo the last step
        </Button>
      </div>
    </section>
  );
}
