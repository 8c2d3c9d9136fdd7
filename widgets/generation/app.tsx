/** The form of a generation, and how far it is. */
import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Link } from "../shared/link";
import { AskAgain } from "../shared/ui/ask-again";
import { Banner } from "../shared/ui/banner";
import { Button } from "../shared/ui/button";
import { readModels } from "./data";
import { OrderForm } from "./form";
import { ProgressCard } from "./progress";
import type { Generation, Source } from "./store";

const SOURCES: readonly (readonly [Source, string])[] = [
  ["premise", "From a premise"],
  ["chapter", "From a chapter"],
];

export interface AppProps {
  generation: Generation;
  link: Link;
  models: ReadonlySignal<unknown>;
  hasForm: ReadonlySignal<boolean>;
}

export function App({ generation, link, models, hasForm }: AppProps): JSX.Element {
  const [source, setSource] = useState<Source>("premise");
  const state = generation.state.value;
  const banner =
    link.state.value !== "silent" ? null : (
      <Banner icon="offline" text="The kernel does not answer. Run the cell again if this stays.">
        <AskAgain asking={link.asking} ask={() => link.hello()} />
      </Banner>
    );
  if (state)
    return (
      <div class="wg-app">
        {banner}
        <ProgressCard {...{ generation, state }} off={false} use="Open in the editor" />
      </div>
    );
  return (
    <div class="wg-app">
      {banner}
      {hasForm.value ? (
        <>
          <div class="wg-sources" role="group" aria-label="Source of the world">
            {SOURCES.map(([one, name]) => (
              <Button key={one} small kind="outline" pressed={one === source} onPress={() => setSource(one)}>
                {name}
              </Button>
            ))}
          </div>
          <OrderForm {...{ generation, source }} models={readModels(models.value)} off={false} />
        </>
      ) : (
        <p class="wk-hint">Discarded.</p>
      )}
    </div>
  );
}
