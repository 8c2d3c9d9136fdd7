/** Every key, and what each mark means. */
import type { JSX } from "preact";
import { KeyList } from "../../shared/ui/key-list";
import { MARKS } from "../data";
import { BINDINGS } from "../keymap";
import { MARK_MEANINGS } from "../mark-display";
import { MarkWord } from "./mark";

export function Help(): JSX.Element {
  return (
    <div class="wc-help">
      <h3>Keys</h3>
      <KeyList bindings={BINDINGS} />
      <h3>Marks</h3>
      <dl>
        {MARKS.map((mark) => (
          <div key={mark}>
            <dt>
              <MarkWord mark={mark} />
            </dt>
            <dd>{MARK_MEANINGS[mark]}</dd>
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
