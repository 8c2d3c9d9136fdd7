/** The prompt that a world model would be given for this picture. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { copyText } from "../../shared/clipboard";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import { Meter } from "../../shared/ui/meter";

/** The longest prompt of the hosted kernel, as in worldkit.play.prompts. */
const LIMIT = 1900;

export function Prompt({ text }: { text: string }): JSX.Element {
  const [said, setSaid] = useState("");
  const length = [...text].length;
  return (
    <details class="wk-fold" onToggle={() => setSaid("")}>
      <summary>
        <Icon name="chevron" class="wk-turn" />
        {`Prompt (${length.toLocaleString("en")} characters)`}
      </summary>
      <p class="wk-prompt">{text}</p>
      <Meter label="Prompt" value={length} max={LIMIT} />
      <div class="wk-row">
        <Button
          label="Copy the prompt"
          small
          kind="outline"
          onPress={async () =>
            setSaid((await copyText(text)) ? "Copied." : "The host does not allow it; select the text instead.")
          }
        >
          Copy
        </Button>
        <span class="wk-hint" role="status">
          {said}
        </span>
      </div>
    </details>
  );
}
