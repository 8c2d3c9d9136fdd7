/** The button that asks a kernel which does not answer, and what became of that. */
import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "./button";

export interface AskAgainProps {
  /** Whether the kernel was asked just now, and may still answer. */
  readonly asking: ReadonlySignal<boolean>;
  ask(): void;
}

export function AskAgain({ asking, ask }: AskAgainProps): JSX.Element {
  const [askedAt, setAskedAt] = useState("");
  const isAsking = asking.value;
  return (
    <div class="wk-button-row">
      {askedAt && !isAsking ? <span class="wk-muted">No answer at {askedAt}.</span> : null}
      <Button
        label={isAsking ? "Asking the kernel" : "Try again: ask the kernel"}
        small
        kind="outline"
        onPress={() => {
          // a button that is disabled loses the focus
          if (isAsking) return;
          setAskedAt(new Date().toLocaleTimeString());
          ask();
        }}
      >
        {isAsking ? "Asking…" : "Try again"}
      </Button>
    </div>
  );
}
