/** How much of the prompt's length a state uses, and the prompts as a world model gets them, updated while typing. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { JsonObject } from "../../shared/json";
import { Button } from "../../shared/ui/button";
import { Group } from "../forms/form-layout";
import { length, MAX_PROMPT_LENGTH } from "../forms/prompt-parts";
import { budget, statePrompt } from "../forms/prompts";

/** The bar: what each part takes, in words too. */
export function Budget({ body }: { body: JsonObject }): JSX.Element {
  const { total, shares } = budget(body);
  const over = total > MAX_PROMPT_LENGTH;
  const scale = Math.max(total, MAX_PROMPT_LENGTH);
  const visible = shares.filter((share) => share.length > 0);
  const parts = visible.map(({ part, length: n }) => `${part.toLowerCase()} ${n.toLocaleString("en")}`).join(", ");
  return (
    <div class="wk-field we-budget">
      <div
        class={`we-budget-bar${over ? " wk-over" : ""}`}
        role="meter"
        aria-label="Prompt length"
        aria-valuemin={0}
        aria-valuemax={MAX_PROMPT_LENGTH}
        aria-valuenow={total}
        aria-valuetext={`${total} of ${MAX_PROMPT_LENGTH} characters`}
        title={parts}
      >
        {visible.map(({ part, length: n }) => (
          <span key={part} class={`we-part-${part.toLowerCase()}`} style={{ width: `${(n / scale) * 100}%` }} />
        ))}
      </div>
      <p class={`wk-hint${over ? " wk-error" : ""}`}>
        {`${total.toLocaleString("en")} of ${MAX_PROMPT_LENGTH.toLocaleString("en")} characters`}
        {over ? `, ${(total - MAX_PROMPT_LENGTH).toLocaleString("en")} too many` : ""}
        {visible.length > 1 ? <span class="wk-muted">{` (${parts})`}</span> : null}
      </p>
    </div>
  );
}

/** The prompts of a state, standing still and travelling. */
export function StatePrompts({ world, body }: { world: JsonObject; body: JsonObject }): JSX.Element {
  const [isMoving, setMoving] = useState(false);
  return (
    <Group title="The prompt as it is sent" open={false}>
      <div class="wk-chips" role="group" aria-label="Which prompt">
        <Button small kind="quiet" pressed={!isMoving} onPress={() => setMoving(false)}>
          Standing
        </Button>
        <Button small kind="quiet" pressed={isMoving} onPress={() => setMoving(true)}>
          Moving
        </Button>
      </div>
      <PromptText words={statePrompt(world, body, isMoving)} />
    </Group>
  );
}

export function PromptText({ words }: { words: string }): JSX.Element {
  const n = length(words);
  return (
    <div class="we-prompt">
      {words === "" ? <p class="wk-hint">Empty: no text yet.</p> : <p class="we-reading">{words}</p>}
      <p class="wk-hint">{`${n.toLocaleString("en")} ${n === 1 ? "character" : "characters"}`}</p>
    </div>
  );
}
