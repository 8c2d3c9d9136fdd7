/** The prompt that a world model is sent at this moment, and the variants of this state's. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { copyText } from "../../shared/clipboard";
import type { PlayerView } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Select } from "../../shared/ui/choice";
import { Meter } from "../../shared/ui/meter";
import type { Store } from "../store";
import { offerLabel, stageText } from "../text";

/** The longest prompt of the hosted kernel, as in worldkit.playing.prompts. */
const MAX_PROMPT_LENGTH = 1900;

export function Prompt({ store, view }: { store: Store; view: PlayerView }): JSX.Element {
  const [outcome, setOutcome] = useState("");
  const text = view.promptNow;
  return (
    <>
      {view.variants.length > 0 ? (
        <Select
          label="Prompt from"
          value={view.variant ?? ""}
          options={[
            ["", "the state's own prompt"],
            ...view.variants.map((label) => [label, `variant ${label}`] as const),
          ]}
          disabled={view.playing !== null || view.blocked.length > 0}
          onChange={(label) => void store.act({ action: "variant", label: label === "" ? null : label })}
        />
      ) : null}
      <p class="wk-hint">{`Sent now: ${source(view)}.`}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <p class="wk-prompt" role="region" aria-label="The prompt as it is sent" tabIndex={0}>
        {text}
      </p>
      <Meter label="Prompt" value={text.length} max={MAX_PROMPT_LENGTH} />
      {view.ambient ? <p class="wk-hint">{`Sent beside it: ${view.ambient}`}</p> : null}
      {view.controls.length > 0 ? <p class="wk-hint">{`Held for the player: ${view.controls.join(", ")}`}</p> : null}
      <div class="wk-row">
        <Button
          label="Copy the prompt"
          small
          kind="outline"
          onPress={async () =>
            setOutcome((await copyText(text)) ? "Copied." : "Copying is not allowed here; select the text instead.")
          }
        >
          Copy
        </Button>
        <span class="wk-hint" role="status">
          {outcome}
        </span>
      </div>
    </>
  );
}

function source(view: PlayerView): string {
  const { playing, variant } = view;
  if (playing) {
    const name = offerLabel(playing.label, playing.event);
    return playing.stage === "phase" ? `${stageText(playing).toLowerCase()} of ${name}` : name;
  }
  return variant === null ? "the prompt of this state" : `variant ${variant} of this state`;
}
