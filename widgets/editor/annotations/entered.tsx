/** What the map is reduced to: the region that was entered, the tags that stand out, and the way back. */
import type { JSX } from "preact";
import { Button } from "../../shared/ui/button";
import type { Actions } from "../actions";
import type { Store } from "../store";
import { Spot } from "./parts";

export function Entered({ store, actions }: { store: Store; actions: Actions }): JSX.Element | null {
  const { annotations, entered, litTags } = store.onMap;
  const region = annotations.value.regions.get(entered.value ?? "");
  const tags = [...litTags.value].filter((name) => annotations.value.tags.has(name));
  if (!region && tags.length === 0) return null;
  return (
    <div class="wn-entered">
      {region ? <Spot colour={region.color} /> : null}
      <span>{[region?.name ?? "", tags.join(", ")].filter(Boolean).join(" · ")}</span>
      <Button
        label="Show the whole map again"
        tooltip="Show the whole map again (Esc)"
        icon="close"
        small
        kind="quiet"
        onPress={() => {
          actions.enterRegion(null);
          litTags.value = new Set();
        }}
      />
    </div>
  );
}
