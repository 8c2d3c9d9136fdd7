/** Every key the player knows. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { PlayerView } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import type { Store } from "../store";
import { offerLabel } from "../words";

const KEYS: readonly (readonly [key: string, what: string])[] = [
  ["1 to 9", "Take the first to ninth offer"],
  ["Ctrl+Z", "Undo the last step"],
  ["R", "Restart from the beginning"],
  ["?", "Show or hide this help"],
  ["Escape", "Close this help, the journal or a console"],
  ["Tab", "Go from control to control"],
];

export function Help({ store, view }: { store: Store; view: PlayerView }): JSX.Element {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  const own = view.offers.filter((offer) => offer.hotkey);
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
            store.panel.value = null;
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
        {KEYS.map(([key, what]) => (
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
