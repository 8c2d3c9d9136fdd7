/** A generation that runs, was stopped, failed, or waits for one of its worlds to be picked. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { count, sentence } from "../shared/format";
import type { GenerationState } from "../shared/protocol";
import { Button } from "../shared/ui/button";
import { Icon } from "../shared/ui/icon";
import { Problem } from "../shared/ui/problem";
import { clockText, progressText } from "./data";
import type { Generation } from "./store";

/** Milliseconds after which a kernel that does not answer is taken to be busy with the cell. */
const ANSWER_TIMEOUT_MS = 1_000;

export interface ProgressCardProps {
  generation: Generation;
  state: GenerationState;
  off: boolean;
  /** What taking a world is called here. */
  use: string;
}

export function ProgressCard(props: ProgressCardProps): JSX.Element {
  const { status } = props.state;
  const card = useRef<HTMLDivElement>(null);
  // The button that was pressed goes away with what it did: the first of the new ones takes its place.
  useLayoutEffect(() => {
    const root = card.current?.getRootNode();
    if (root instanceof ShadowRoot && root.activeElement === null) card.current?.querySelector("button")?.focus();
  }, [status]);
  const Card = CARDS[status];
  const isAsking = props.generation.asking.value;
  return (
    <div ref={card}>
      <Card {...props} />
      {isAsking ? (
        <p class="wk-hint" role="status">
          Asking the kernel…
        </p>
      ) : null}
    </div>
  );
}

function Running({ generation, state, off }: ProgressCardProps): JSX.Element {
  const seconds = useSeconds();
  const [isBusy, setBusy] = useState(false);
  const isKnown = state.total > 1 && state.what !== "planning";
  const patience = useRef<ReturnType<typeof setTimeout>>(undefined);
  // a cell that runs after this generation is not interrupted
  useEffect(() => () => clearTimeout(patience.current), []);
  const stop = () => {
    clearTimeout(patience.current);
    patience.current = setTimeout(() => setBusy(!generation.interrupt()), ANSWER_TIMEOUT_MS);
    void generation.decide("stop").then(() => clearTimeout(patience.current));
  };
  return (
    <section class="wg-progress" aria-label="Generation">
      <p class="wg-line">
        <strong>{progressText(state)}</strong>
        <span class="wk-muted" aria-hidden="true">
          {clockText(seconds)}
        </span>
        <Button kind="outline" small disabled={off} onPress={stop}>
          Stop
        </Button>
      </p>
      <progress
        aria-label="Progress of the generation"
        {...(isKnown ? { value: state.done, max: state.total } : { max: 1 })}
      />
      {isBusy ? (
        <p class="wk-hint wk-warning" role="status">
          The kernel is busy with the cell. The notebook’s own stop button (■) interrupts it; what was written is kept.
        </p>
      ) : null}
      <p class="wg-text">
        {state.text ? (
          <>
            <strong>{state.place}</strong> {state.text}
          </>
        ) : (
          <span class="wk-muted">{state.title}</span>
        )}
      </p>
      <Picture state={state} />
    </section>
  );
}

function Picture({ state }: { state: GenerationState }): JSX.Element | null {
  return state.picture.startsWith("data:image/svg+xml;base64,") ? (
    <img class="wg-picture" src={state.picture} alt="Map so far" />
  ) : null;
}

function useSeconds(): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const began = Date.now();
    const timer = setInterval(() => setSeconds((Date.now() - began) / 1000), 1000);
    return () => clearInterval(timer);
  }, []);
  return seconds;
}

/** Decide something, and say why it could not be done. */
function useDecision(generation: Generation): [string, Generation["decide"]] {
  const [rejection, setRejection] = useState("");
  return [
    rejection,
    async (choice, world) => {
      const why = await generation.decide(choice, world);
      setRejection(why ?? "");
      return why;
    },
  ];
}

function Stopped({ generation, state, off }: ProgressCardProps): JSX.Element {
  const [rejection, decide] = useDecision(generation);
  return (
    <section class="wg-progress wg-stopped" aria-label="Generation" role="status">
      <p class="wg-line">
        <Icon name="pause" class="wk-warning" />
        <strong>{progressText(state)}</strong>
      </p>
      <p>
        {state.total > 1 && state.done > 0
          ? `What was written is kept.${state.usable ? " The rest would be ready-made sentences, which you can edit." : ""}`
          : "Nothing is lost: you can continue from here."}
      </p>
      {state.worlds.length > 1 ? (
        <Worlds {...{ state, off, decide }} />
      ) : (
        <div class="wk-button-row">
          <Button label="Continue the generation" kind="primary" disabled={off} onPress={() => void decide("continue")}>
            Continue
          </Button>
          {state.usable ? (
            <Button kind="outline" disabled={off} onPress={() => void decide("use")}>
              Edit as is
            </Button>
          ) : null}
          <Button label="Discard what was generated" kind="quiet" disabled={off} onPress={() => void decide("discard")}>
            Discard
          </Button>
        </div>
      )}
      <Problem text={rejection} />
    </section>
  );
}

function Failed({ generation, state, off }: ProgressCardProps): JSX.Element {
  const [rejection, decide] = useDecision(generation);
  return (
    <section class="wg-progress wg-failed" aria-label="Generation" role="status">
      <p class="wg-line">
        <Icon name="error" class="wk-error" />
        <strong>Generation failed</strong>
      </p>
      <p>{state.trouble}</p>
      <div class="wk-button-row">
        <Button kind="primary" disabled={off} onPress={() => void decide("continue")}>
          Try again
        </Button>
        <Button label="Change the settings" kind="outline" disabled={off} onPress={() => void decide("discard")}>
          Change
        </Button>
      </div>
      <Problem text={rejection} />
    </section>
  );
}

function Done({ generation, state, off, use }: ProgressCardProps): JSX.Element {
  const [rejection, decide] = useDecision(generation);
  const [only] = state.worlds;
  return (
    <section class="wg-progress wg-done" aria-label="Generation" role="status">
      <p class="wg-line">
        <Icon name="check" class="wg-good" />
        <strong>{state.worlds.length > 1 ? `A story of ${state.worlds.length} acts` : (only?.title ?? "Done")}</strong>
        {only && state.worlds.length === 1 ? <span class="wk-muted">{sizeText(only)}</span> : null}
      </p>
      {state.report ? <p>{sentence(state.report)}</p> : null}
      {state.worlds.length > 1 ? (
        <Worlds {...{ state, off, decide }} />
      ) : (
        <div class="wk-button-row">
          <Button kind="primary" disabled={off} onPress={() => void decide("use")}>
            {use}
          </Button>
          <Button label="Discard what was generated" kind="quiet" disabled={off} onPress={() => void decide("discard")}>
            Discard
          </Button>
        </div>
      )}
      <Problem text={rejection} />
    </section>
  );
}

interface WorldsProps {
  state: GenerationState;
  off: boolean;
  decide: Generation["decide"];
}

/** The acts of a long text; one of them is taken here, and wk.from_text gives them all. */
function Worlds({ state, off, decide }: WorldsProps): JSX.Element {
  return (
    <>
      <p class="wk-hint">
        Each act is a world of its own. Pick one to edit here; wk.from_text(text) gives all of them with the way from
        each to the next.
      </p>
      <ul class="wg-worlds">
        {state.worlds.map((world, number) => (
          <li key={`${number} ${world.title}`}>
            <button type="button" class="wg-choice" disabled={off} onClick={() => void decide("use", number)}>
              <strong>{world.title}</strong>
              <span class="wk-muted">{sizeText(world)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function sizeText({ states, events }: { states: number; events: number }): string {
  return `${count(states, "scene")}, ${count(events, "event")}`;
}

const CARDS = { running: Running, stopped: Stopped, failed: Failed, done: Done } as const;
