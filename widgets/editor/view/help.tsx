/** The help panel: every key, and every pointer gesture. */
import type { JSX } from "preact";
import { KeyList } from "../../shared/ui/key-list";
import { BINDINGS } from "../keymap";

const GROUPS = ["Move", "Select", "Edit", "View"] as const;

const POINTER = [
  ["Drag the background", "Move the view"],
  ["Ctrl + wheel, or pinch", "Zoom"],
  ["Wheel", "Move the view, once the map has been clicked"],
  ["Drag a card", "Move it, and all others that are selected"],
  ["Shift + click", "Add to the selection, or remove from it"],
  ["Shift + drag the background", "Select what the frame touches"],
  ["Drag from a card’s right edge", "Connect; on empty space, add a state there"],
  ["Drag an end of an event", "Redirect it; on empty space, to a new state"],
  ["Double-click the background", "Add something there"],
  ["Double-click a card or a label", "Edit it"],
] as const;

const MAP_KEYS = BINDINGS.filter(({ changes }) => changes)
  .map(({ keys }) => keys.join("+"))
  .join(", ");

export function Help(): JSX.Element {
  return (
    <div class="we-form we-help">
      {GROUPS.map((group) => (
        <section key={group}>
          <h3>{group}</h3>
          {group === "Edit" ? (
            <p class="wk-hint">{`${MAP_KEYS}: on the map only. Click it, or go there with Tab, or from a field with Esc.`}</p>
          ) : null}
          <KeyList bindings={BINDINGS.filter((binding) => binding.group === group)} />
        </section>
      ))}
      <section>
        <h3>Fields</h3>
        <dl class="wk-keys">
          <div>
            <dt>
              <kbd>Ctrl</kbd>
              <kbd>Enter</kbd>
            </dt>
            <dd>Save what is typed (so does leaving the field)</dd>
          </div>
          <div>
            <dt>
              <kbd>Esc</kbd>
            </dt>
            <dd>Restore the old value; again, return to the map</dd>
          </div>
        </dl>
      </section>
      <section>
        <h3>Pointer</h3>
        <dl>
          {POINTER.map(([what, does]) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}
