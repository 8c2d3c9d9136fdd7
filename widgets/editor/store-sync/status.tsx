/** The saving status: a chip in the toolbar, and banners for decisions. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isTaken } from "../../generation/data";
import { count, sentence } from "../../shared/format";
import { Banner } from "../../shared/ui/banner";
import { Button } from "../../shared/ui/button";
import { Icon, type IconName } from "../../shared/ui/icon";
import type { FormProps } from "../inspector/parts";
import type { Store } from "../store";
import { CopyEdits } from "./panel";
import { notTakenSentence, statusSentence } from "./state";

const STATUS_DISPLAYS: { readonly [status: string]: readonly [icon: IconName, word: string, tone: string] } = {
  saved: ["check", "Saved", "we-good"],
  unsaved: ["offline", "Not saved", "wk-warning"],
  conflict: ["warning", "Conflict", "wk-warning"],
  nowhere: ["offline", "Not saved", "wk-warning"],
};

/** Milliseconds that a save may take before it is shown; most take less, and what flickers says nothing. */
const SHORT_SAVE_MS = 250;

export function StoreChip({ store, actions }: FormProps): JSX.Element | null {
  const binding = store.storeSync.binding.value;
  const saving = useSaving(store) && binding?.status !== "nowhere";
  if (!binding) return null;
  const [icon, word, tone] = STATUS_DISPLAYS[binding.status] ?? ["info", binding.status, ""];
  const sentence = saving ? `Saving in ${binding.place}` : statusSentence(binding);
  return (
    <Button
      label={binding.status === "nowhere" ? `${sentence} Save as…` : sentence}
      tooltip={sentence}
      small
      class="we-kept"
      expanded={store.shownPanel.value === "store"}
      onPress={() => actions.show("store")}
    >
      <span class={saving ? "" : tone}>{saving ? <span class="we-pending-dot" /> : <Icon name={icon} />}</span>
      <span class="we-kept-word">{saving ? "Saving" : word}</span>
    </Button>
  );
}

function useSaving(store: Store): boolean {
  const busy = store.pending.value > 0 || store.storeSync.busy.value;
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = busy ? setTimeout(() => setLong(true), SHORT_SAVE_MS) : undefined;
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [busy]);
  return busy && long;
}

/** Return what opens the panel of saving, and goes there. */
function openSaving(store: Store): (event: MouseEvent) => void {
  return ({ currentTarget }) => {
    const root = (currentTarget as Element).closest(".wk-root");
    store.openPanel("store");
    requestAnimationFrame(() => root?.querySelector<HTMLElement>(".we-panel-body")?.focus());
  };
}

export function StoreBanner({ store, actions }: FormProps): JSX.Element | null {
  const { binding, busy, save } = store.storeSync;
  const current = binding.value;
  if (!current || current.status === "saved" || current.status === "nowhere") return null;
  const edits = count(current.count, "edit");
  if (current.conflict) {
    const n = current.conflict.elsewhere.length + current.conflict.more;
    const text = `Someone else changed ${count(n, "thing")} in ${current.place}. Your ${edits} ${current.count === 1 ? "is" : "are"} kept here, not saved.`;
    return (
      <Banner icon="warning" text={text}>
        <Button
          label="Decide between both versions"
          small
          kind="primary"
          expanded={store.shownPanel.value === "store"}
          onPress={openSaving(store)}
        >
          Decide
        </Button>
      </Banner>
    );
  }
  return (
    <Banner
      icon="offline"
      text={`Not saved: ${current.trouble || `${current.place} has not been tried again yet`}. ${edits} kept here.`}
    >
      <div class="wk-button-row">
        {current.kind === "file" ? (
          <Button label="Save as another file" small kind="outline" onPress={openSaving(store)}>
            Save as…
          </Button>
        ) : (
          <CopyEdits actions={actions} />
        )}
        <Button label="Try again to save" small kind="outline" disabled={busy.value} onPress={() => void save()}>
          Try again
        </Button>
      </div>
    </Banner>
  );
}

/** Edits that a hosted server did not take: they are marked on the items, and decided here. */
export function NotTakenBanner({ store }: FormProps): JSX.Element | null {
  const { binding, busy, decideNotTaken } = store.storeSync;
  const current = binding.value;
  if (!current || current.not_taken.length === 0) return null;
  const off = busy.value || !store.editable.value;
  return (
    <Banner icon="warning" text={notTakenSentence(current)}>
      <div class="wk-button-row">
        <Button
          label="Keep theirs: leave what the server has, and clear the marks"
          small
          kind="primary"
          disabled={off}
          onPress={() => void decideNotTaken("keep")}
        >
          Keep theirs
        </Button>
        <Button
          label="Try these again: send the edits once more"
          small
          kind="outline"
          disabled={off}
          onPress={() => void decideNotTaken("retry")}
        >
          Try these again
        </Button>
        <Button
          label="Show the rejected edits"
          small
          kind="outline"
          expanded={store.shownPanel.value === "store"}
          onPress={openSaving(store)}
        >
          Show
        </Button>
      </div>
    </Banner>
  );
}

/** What of the premise stands in the world that was generated here, and what does not. */
export function GenerationBanner({ store }: FormProps): JSX.Element | null {
  const { state, decide } = store.generation;
  const current = state.value;
  if (!current?.report || !isTaken(current) || store.graph.value.nodes.length === 0) return null;
  return (
    <Banner icon="info" text={sentence(current.report)}>
      <Button
        label="Close the report of the generation"
        icon="close"
        small
        kind="quiet"
        onPress={() => void decide("discard")}
      />
    </Banner>
  );
}

/** What was edited when the cell was last run, to be taken over or not. */
export function LastRunBanner({ store }: FormProps): JSX.Element | null {
  const { lastRun, busy, takeOver, discard } = store.storeSync;
  const past = lastRun.value;
  if (!past) return null;
  const off = busy.value || !store.editable.value;
  const savedWhere = past.place ? `, saved in ${past.place}` : "";
  const text = `${count(past.count, "edit")} from the last run of this cell${savedWhere}: restore ${past.count === 1 ? "it" : "them"}?`;
  return (
    <Banner icon="restart" text={text}>
      <div class="wk-button-row">
        <Button small kind="primary" disabled={off} onPress={() => void takeOver()}>
          Restore
        </Button>
        <Button label="Show the edits of the last run" small kind="outline" onPress={openSaving(store)}>
          Show
        </Button>
        <Button
          label="Discard the edits of the last run"
          small
          kind="outline"
          disabled={off}
          onPress={() => void discard()}
        >
          Discard
        </Button>
      </div>
    </Banner>
  );
}
