/** The bar on top: which world, and what can be done at any time. */
import type { JSX } from "preact";
import type { PlayerView } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import type { Store } from "../store";

export function Bar({ store, view }: { store: Store; view: PlayerView }): JSX.Element {
  const { panel } = store;
  const toggle = (name: "journal" | "help") => {
    panel.value = panel.value === name ? null : name;
  };
  return (
    <div class="wk-bar">
      <p class="wk-world" title={view.title}>
        {view.title}
      </p>
      <Button
        label="Undo the last step"
        tooltip="Undo (Ctrl+Z)"
        icon="undo"
        disabled={!view.canUndo}
        onPress={() => void store.act({ action: "undo" })}
      >
        <span class="wk-words">Undo</span>
      </Button>
      <Button
        label="Restart from the beginning"
        tooltip="Restart (R)"
        icon="restart"
        onPress={() => void store.act({ action: "restart" })}
      >
        <span class="wk-words">Restart</span>
      </Button>
      <span class="wk-journal-toggle">
        <Button
          label="Journal: missions, flags and trail"
          icon="panel"
          expanded={panel.value === "journal"}
          onPress={() => toggle("journal")}
        >
          <span class="wk-words">Journal</span>
        </Button>
      </span>
      <Button
        label="Keys and help"
        tooltip="Help (?)"
        icon="help"
        expanded={panel.value === "help"}
        onPress={() => toggle("help")}
      />
    </div>
  );
}
