/** The form that orders a world: from a premise, or from a chapter that it is to follow. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { ModelOffer } from "../shared/protocol";
import { Check } from "../shared/ui/choice";
import { Problem } from "../shared/ui/problem";
import { CHAPTER, chapterHint } from "./data";
import type { Draft, Feature, Generation, Source } from "./store";

const OTHER_MODEL = "other";

export interface OrderFormProps {
  generation: Generation;
  source: Source;
  models: readonly ModelOffer[];
  off: boolean;
}

export function OrderForm({ generation, source, models, off }: OrderFormProps): JSX.Element {
  const isAsking = generation.asking.value;
  const id = useId();
  const [rejection, setRejection] = useState("");
  const draft = generation.draft.value;
  const modelName = draft.model || (models[0]?.id ?? OTHER_MODEL);
  const offer = models.find((one) => one.id === modelName);
  const model = modelName === OTHER_MODEL ? draft.otherModel.trim() : modelName;
  const isUsable = source === "premise" || isChapter(draft.chapter);
  // the hosted service makes worlds from premises only
  const choices = source === "premise" ? models : models.filter((one) => one.id !== "hosted");
  const submit = async () => {
    setRejection("");
    setRejection((await generation.begin(source, model)) ?? "");
  };
  return (
    <form
      class="wg-order"
      aria-label={source === "premise" ? "From a premise" : "From a chapter"}
      onSubmit={(event) => {
        event.preventDefault();
        if (!off && !isAsking && isUsable && model) void submit();
      }}
    >
      <TextArea {...{ id, source, draft, generation, off }} />
      <div class="wg-options">
        <div class="wg-wide">
          <label class="wk-label" for={`${id}-model`}>
            Writer
          </label>
          <select
            id={`${id}-model`}
            class="wk-input"
            value={modelName}
            disabled={off}
            aria-describedby={`${id}-about`}
            onChange={(event) => generation.change({ model: event.currentTarget.value })}
          >
            {choices.map((one) => (
              <option key={one.id} value={one.id}>
                {one.label}
              </option>
            ))}
            <option value={OTHER_MODEL}>Another model…</option>
          </select>
        </div>
        {source === "premise" ? (
          <NumberField {...{ generation, off }} part="states" label="Scenes" min={5} max={200} />
        ) : null}
        <NumberField {...{ generation, off }} part="seed" label="Seed" min={0} max={2 ** 31 - 1} />
      </div>
      <p id={`${id}-about`} class="wk-hint">
        {offer ? `${offer.about} ` : ""}Another seed gives another world.
      </p>
      {source === "premise" ? (
        <Features generation={generation} off={off} isLeftOut={SIMPLE_WRITERS.has(modelName)} />
      ) : null}
      {modelName === OTHER_MODEL ? <OtherModel {...{ id, draft, generation, off, source }} /> : null}
      <div class="wg-foot">
        <div aria-live="polite">
          <Problem text={rejection} />
        </div>
        <button type="submit" class="wk-button wk-primary" disabled={off || !isUsable || model === ""}>
          {isAsking ? "Starting…" : "Generate"}
        </button>
      </div>
    </form>
  );
}

function isChapter(text: string): boolean {
  const { length } = text.trim();
  return length >= CHAPTER.least && length <= CHAPTER.most;
}

interface PartProps {
  id: string;
  draft: Draft;
  generation: Generation;
  off: boolean;
  source: Source;
}

function TextArea({ id, source, draft, generation, off }: PartProps): JSX.Element {
  const isPremise = source === "premise";
  return (
    <div>
      <label class="wk-label" for={id}>
        {isPremise ? "What is it about?" : "The chapter"}
      </label>
      <textarea
        id={id}
        class="wk-input"
        rows={isPremise ? 3 : 6}
        value={isPremise ? draft.premise : draft.chapter}
        placeholder={isPremise ? "A lighthouse keeper must relight the lamp before the storm" : "Paste the text here"}
        disabled={off}
        aria-describedby={`${id}-hint`}
        onInput={(event) => generation.change({ [source]: event.currentTarget.value })}
      />
      <p id={`${id}-hint`} class="wk-hint">
        {isPremise
          ? "One sentence is enough: who, where, and what has to be done. Left empty, the seed decides."
          : chapterHint(draft.chapter.trim().length)}
      </p>
    </div>
  );
}

const FEATURES: readonly (readonly [feature: Feature, words: string])[] = [
  ["missions", "A mission for each way to win"],
  ["timers", "Danger when time runs out"],
  ["hidden", "Something that happens by itself"],
  ["variants", "Two places in a second version"],
  ["evidence", "What has to be seen on arrival"],
];

/** The offers that plan in code, and so leave out what only a capable model plans. */
const SIMPLE_WRITERS: ReadonlySet<string> = new Set(["tiny", "templates"]);

interface FeaturesProps extends Pick<PartProps, "generation" | "off"> {
  readonly isLeftOut: boolean;
}

/** What the world is to have beside places and moves. */
function Features({ generation, off, isLeftOut }: FeaturesProps): JSX.Element {
  const { features } = generation.draft.value;
  const toggle = (feature: Feature, isOn: boolean) => {
    const otherFeatures = features.filter((one) => one !== feature);
    generation.change({ features: isOn ? [...otherFeatures, feature] : otherFeatures });
  };
  return (
    <details class="wg-features">
      <summary>
        More to include
        <span class="wk-muted">{features.length > 0 ? `: ${features.length} chosen` : ""}</span>
      </summary>
      <fieldset disabled={off || isLeftOut}>
        <legend class="wk-visually-hidden">More to include</legend>
        {FEATURES.map(([feature, words]) => (
          <Check
            key={feature}
            label={words}
            checked={features.includes(feature)}
            disabled={off || isLeftOut}
            onChange={(isOn) => toggle(feature, isOn)}
          />
        ))}
        <p class="wk-hint">
          {isLeftOut
            ? "The writer that is chosen cannot do these. Choose a capable model: “Another model…” names one."
            : "Only where a capable model plans the world."}
        </p>
      </fieldset>
    </details>
  );
}

function OtherModel({ id, draft, generation, off, source }: PartProps): JSX.Element {
  return (
    <>
      <div>
        <label class="wk-label" for={`${id}-other`}>
          The model’s name
        </label>
        <input
          id={`${id}-other`}
          class="wk-input wk-mono"
          value={draft.otherModel}
          placeholder="chat:http://localhost:8000/v1#qwen3"
          spellcheck={false}
          autocomplete="off"
          disabled={off}
          aria-describedby={`${id}-other-hint`}
          onInput={(event) => generation.change({ otherModel: event.currentTarget.value })}
        />
        <p id={`${id}-other-hint`} class="wk-hint">
          As in wk.generate(model=…). A key is read from the kernel’s environment, WORLDKIT_CHAT_KEY, and never typed
          here.
        </p>
      </div>
      {source === "premise" ? (
        <div>
          <label class="wk-label" for={`${id}-planner`}>
            Planner
          </label>
          <select
            id={`${id}-planner`}
            class="wk-input"
            value={draft.planner}
            disabled={off}
            onChange={(event) => generation.change({ planner: event.currentTarget.value as Draft["planner"] })}
          >
            <option value="auto">The model, if it is a capable one</option>
            <option value="model">The model</option>
            <option value="seed">worldkit, from the seed</option>
          </select>
        </div>
      ) : null}
    </>
  );
}

interface NumberFieldProps {
  generation: Generation;
  off: boolean;
  part: "states" | "seed";
  label: string;
  min: number;
  max: number;
}

function NumberField({ generation, off, part, label, min, max }: NumberFieldProps): JSX.Element {
  const id = useId();
  return (
    <div>
      <label class="wk-label" for={id}>
        {label}
      </label>
      <input
        id={id}
        class="wk-input"
        type="number"
        required
        {...{ min, max }}
        step={1}
        value={generation.draft.value[part]}
        disabled={off}
        onInput={(event) => generation.change({ [part]: event.currentTarget.value })}
      />
    </div>
  );
}
