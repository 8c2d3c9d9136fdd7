/** The tester's panel: hidden events, the prompt, its variants, and what is seen in the picture. */
import type { ComponentChildren, JSX } from "preact";
import { count } from "../../shared/format";
import type { PlayerView } from "../../shared/protocol";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";
import { clockText, clockUses } from "../text";
import { TimeTools } from "./clock";
import { Choice } from "./offers";
import { Picture } from "./picture";
import { Prompt } from "./prompt";

interface Props {
  store: Store;
  view: PlayerView;
}

export function Tester({ store, view }: Props): JSX.Element {
  const { waiting, walking } = clockUses(view);
  return (
    <>
      <Fold title={`Hidden (${view.hidden.length})`} open={view.hidden.length > 0}>
        <Hidden store={store} view={view} />
      </Fold>
      <Fold title="Prompt" note={`${[...view.promptNow].length.toLocaleString("en")} characters`} open>
        <Prompt store={store} view={view} />
      </Fold>
      <Fold title="Picture" note={whoLooks(view)}>
        <Picture store={store} view={view} />
      </Fold>
      {waiting && walking ? null : (
        <Fold title="Time" note={clockText(view.clock)}>
          <TimeTools store={store} view={view} />
        </Fold>
      )}
    </>
  );
}

function whoLooks(view: PlayerView): string {
  if (view.painter?.status === "open") return "measured on frames";
  return view.seen ? "set by hand" : "no picture";
}

/** Events without a button, for whoever tests the world. */
function Hidden({ store, view }: Props): JSX.Element {
  if (view.hidden.length === 0) return <p class="wk-hint">No hidden event can happen here now.</p>;
  return (
    <>
      <p class="wk-hint">
        {`${count(view.hidden.length, "hidden event")}: fired by time, the picture, a waypoint or code.`}
      </p>
      <div class="wk-offers wk-compact">
        {view.hidden.map((offer) => (
          <Choice
            key={`${offer.kind} ${offer.name}`}
            store={store}
            offer={offer}
            blocked={view.blocked.length > 0}
            cap={offer.hotkey ?? ""}
          />
        ))}
      </div>
    </>
  );
}

interface FoldProps {
  title: string;
  note?: string;
  open?: boolean;
  children: ComponentChildren;
}

function Fold({ title, note, open, children }: FoldProps): JSX.Element {
  return (
    <details class="wk-fold" open={open ?? false}>
      <summary>
        <Icon name="chevron" class="wk-turn" />
        <span class="wk-fold-title">{title}</span>
        {note ? <span class="wk-hint">{note}</span> : null}
      </summary>
      <div class="wk-fold-body">{children}</div>
    </details>
  );
}
