/** Every key of the player. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { PlayerView } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { hotkey, isTaken } from "../keys";
import type { Store } from "../store";
import { clockUses, offerLabel } from "../text";

export const KEYS: readonly (readonly [key: string, what: string])[] = [
  ["1 to 9", "Choose the first to ninth option"],
  ["U", "Undo the last step"],
  ["Ctrl+Z", "Undo the last step"],
  ["R", "Restart from the entrance"],
  ["Shift+R", "Restart where this run started"],
  ["?", "Show or hide this help"],
  ["Escape", "Close this help or a console"],
  ["Tab", "Move between controls"],
];
export const LIVE_KEYS: readonly (readonly [key: string, what: string])[] = [
  ["Space", "Pause or resume the clock"],
  ["W", "Walk forward while held"],
  ["L", "Jump to the landing of what plays"],
];

export function Help({ store, view }: { store: Store; view: PlayerView }): JSX.Element {
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => panel.current?.focus({ preventScroll: true }), []);
  const own = view.offers.filter((offer) => hotkey(offer) !== "");
  const ours = [...(view.mode === "real-time" ? LIVE_KEYS : []), ...KEYS];
  const { walking } = clockUses(view);
  const keys = ours.filter(([key]) => !isTaken(key, view) && (walking || key !== "W"));
  return (
    <section class="wk-help" aria-label="Keys and help" ref={panel} tabIndex={-1}>
      <header>
        <h3>Keys</h3>
        <Button
          label="Close the help"
          icon="close"
          small
          kind="quiet"
          onPress={() => {
            store.help.value = false;
          }}
        />
      </header>
      <dl>
        {own.map((offer) => (
          <div key={offer.name}>
            <dt>
              <kbd>{offer.hotkey?.toLocaleUpperCase("en")}</kbd>
            </dt>
            <dd>{offerLabel(offer.label, offer.name)}</dd>
          </div>
        ))}
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="wk-hint">
        Keys work while the focus is in the player and nothing is being typed. A world's own keys come first.
      </p>
    </section>
  );
}
