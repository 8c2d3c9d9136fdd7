/** How the world stands in its store: a chip in the toolbar, and a line across the view when it is not saved. */
import type { JSX } from "preact";
import { count } from "../../shared/format";
import { Banner } from "../../shared/ui/banner";
import { Button } from "../../shared/ui/button";
import { Icon, type IconName } from "../../shared/ui/icon";
import type { FormProps } from "../inspector/parts";
import { spoken } from "./state";

const SHOWN: { readonly [status: string]: readonly [icon: IconName, word: string, tone: string] } = {
  saved: ["check", "Saved", "we-good"],
  unsaved: ["warning", "Not saved", "wk-warning"],
  conflict: ["warning", "Conflict", "wk-warning"],
};

export function StoreChip({ store, actions }: FormProps): JSX.Element | null {
  const binding = store.keeping.binding.value;
  if (!binding) return null;
  const [icon, word, tone] = SHOWN[binding.status] ?? ["info", binding.status, ""];
  return (
    <Button
      label={spoken(binding)}
      tooltip={spoken(binding)}
      small
      class="we-kept"
      expanded={store.panelOpen.value && store.panel.value === "store"}
      onPress={() => actions.show("store")}
    >
      <span class={tone}>
        <Icon name={icon} />
      </span>
      <span class="we-wide">{word}</span>
    </Button>
  );
}

export function StoreBanner({ store, actions }: FormProps): JSX.Element | null {
  const { binding, busy, save } = store.keeping;
  const kept = binding.value;
  if (!kept || kept.status === "saved") return null;
  const edits = count(kept.count, "edit");
  if (kept.conflict) {
    const n = kept.conflict.elsewhere.length + kept.conflict.more;
    const said = `Somebody else changed ${count(n, "thing")} in ${kept.place}. Your ${edits} ${kept.count === 1 ? "is" : "are"} kept here, not saved.`;
    return (
      <Banner icon="warning" text={said}>
        <Button
          label="Decide what becomes of both"
          small
          kind="primary"
          expanded={store.panelOpen.value && store.panel.value === "store"}
          onPress={() => {
            store.panel.value = "store";
            store.panelOpen.value = true;
          }}
        >
          Decide
        </Button>
      </Banner>
    );
  }
  return (
    <Banner
      icon="offline"
      text={`Not saved: ${kept.trouble || `${kept.place} was not asked again yet`}. ${edits} kept here.`}
    >
      <div class="wk-asks">
        <Button
          label="Copy as Python: the edits made here"
          small
          kind="outline"
          onPress={() => void actions.copyCode()}
        >
          Copy as Python
        </Button>
        <Button label="Try again to save" small kind="outline" disabled={busy.value} onPress={() => void save()}>
          Try again
        </Button>
      </div>
    </Banner>
  );
}
