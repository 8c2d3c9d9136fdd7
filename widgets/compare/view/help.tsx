/** Every key, and what each mark means. */
import type { JSX } from "preact";
import { MARKS } from "../data";
import { BINDINGS } from "../keymap";
import { MEANING } from "../marks";
import { MarkWord } from "./mark";

export function Help(): JSX.Element {
  return (
    <div class="wc-help">
      <h3>Keys</h3>
      <dl>
        {BINDINGS.filter((binding) => binding.does !== "").map((binding) => (
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
      <h3>Marks</h3>
      <dl>
        {MARKS.map((mark) => (
          <div key={mark}>
            <dt>
              <MarkWord mark={mark} />
            </dt>
            <dd>{MEANING[mark]}</dd>
          </div>
        ))}
        <div>
          <dt>
            <MarkWord mark="was" />
          </dt>
          <dd>Where a changed event led before</dd>
        </div>
      </dl>
    </div>
  );
}
