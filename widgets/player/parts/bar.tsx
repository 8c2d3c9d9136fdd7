/** The bar on top: which world, and what can be done at any time. */
import type { JSX } from "preact";
import type { PlayerView } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { withKeys } from "../keys";
import type { Store } from "../store";

interface Props {
  store: Store;
  view: PlayerView;
  /** Go to the panel, where it stands below the page. */
  onPanel: () => void;
}

export function Bar({ store, view, onPanel }: Props): JSX.Element {
  const { help } = store;
  const title = view.campaign ? `${view.campaign.title}: ${view.campaign.act}` : view.title;
  return (
    <div class="wk-bar">
      <p class="wk-world" title={title}>
        {title}
      </p>
      <Button
        label="Undo the last step"
        tooltip={withKeys("Undo", view, "U", "Ctrl+Z")}
        icon="undo"
        disabled={!view.canUndo}
        onPress={() => void store.act({ action: "undo" })}
      >
        <span class="wk-words">Undo</span>
      </Button>
      <Button
        label={view.campaign ? "Restart from the first act" : "Restart from the entrance"}
        tooltip={withKeys("Restart", view, "R")}
        icon="restart"
        onPress={() => void store.act({ action: "retry" })}
      >
        <span class="wk-words">Restart</span>
      </Button>
      <span class="wk-panel-jump">
        <Button
          label={view.tools ? "Go to journal, flags and tools" : "Go to the journal"}
          icon="panel"
          onPress={onPanel}
        >
          <span class="wk-words">{view.tools ? "Panel" : "Journal"}</span>
        </Button>
      </span>
      <Button
        label="Keys and help"
        tooltip="Help (?)"
        icon="help"
        expanded={help.value}
        onPress={() => {
          help.value = !help.value;
        }}
      />
    </div>
  );
}
