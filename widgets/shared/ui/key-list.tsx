/** The keys of a widget, as its help lists them. */
import type { JSX } from "preact";
import type { KeyHelp } from "../keys";

/** List what has words; variants of a key have none. */
export function KeyList({ bindings }: { bindings: readonly KeyHelp[] }): JSX.Element {
  return (
    <dl class="wk-keys">
      {bindings
        .filter((binding) => binding.does !== "")
        .map((binding) => (
          <div key={binding.chords[0]}>
            <dt>
              {binding.keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{binding.does}</dd>
          </div>
        ))}
    </dl>
  );
}
