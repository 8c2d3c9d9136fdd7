/** Three hints for a start, shown until they are dismissed or something is changed; once per page. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../shared/ui/button";
import type { Store } from "../store";

/** Where the page remembers it: each widget has a copy of this module, the page is one. */
const HINT_SEEN = Symbol.for("worldkit.editor.hint-seen");

type Page = { [HINT_SEEN]?: boolean };

export function FirstHint({ store }: { store: Store }): JSX.Element | null {
  const [seen] = useState(() => signal((globalThis as Page)[HINT_SEEN] === true));
  const hasEdited = store.doc.value.undo !== null || store.connection.value !== null;
  if (seen.value || hasEdited || !store.editable.value || store.graph.value.nodes.length === 0) return null;
  const dismiss = () => {
    (globalThis as Page)[HINT_SEEN] = true;
    seen.value = true;
  };
  return (
    <div class="we-first" role="note">
      <p>
        <kbd>A</kbd> adds, <kbd>?</kbd> lists every key.{" "}
        <span class="we-roomy">Drag from a card’s right edge to connect.</span>
      </p>
      <Button label="Hide this hint" icon="close" small kind="quiet" onPress={dismiss} />
    </div>
  );
}
