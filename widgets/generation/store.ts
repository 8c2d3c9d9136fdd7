/** Generation in one view: how far it is, and what a person has typed of the next one. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Disposal } from "../shared/disposal";
import { sentence } from "../shared/format";
import { trait } from "../shared/host";
import type { Link } from "../shared/link";
import type { WidgetModel } from "../shared/model";
import type { DecideGeneration, Generate, GenerationState, GeneratorRequest, Rejected } from "../shared/protocol";
import { readGeneration } from "./data";

export type Source = "premise" | "chapter";

/** What a person has typed; it stays while a generation runs, so that it can be changed and tried again. */
export interface Draft {
  readonly premise: string;
  readonly chapter: string;
  /** The id of an offered model; empty for the first, `other` for the one that is named. */
  readonly model: string;
  readonly otherModel: string;
  readonly states: string;
  readonly seed: string;
  readonly planner: "auto" | "model" | "seed";
  readonly features: readonly Feature[];
}

/** What a world can have beside places and moves. */
export type Feature = NonNullable<Generate["features"]>[number];

const EMPTY_DRAFT: Draft = {
  premise: "",
  chapter: "",
  model: "",
  otherModel: "",
  states: "6",
  seed: "1",
  planner: "auto",
  features: [],
};

export interface Generation {
  readonly state: ReadonlySignal<GenerationState | null>;
  readonly draft: Signal<Draft>;
  /** Whether the kernel was asked something, and has not answered yet. */
  readonly asking: ReadonlySignal<boolean>;
  change(part: Partial<Draft>): void;
  /** Begin; resolves with why not, or null. */
  begin(source: Source, model: string): Promise<string | null>;
  decide(choice: DecideGeneration["choice"], world?: number): Promise<string | null>;
  /** Interrupt the cell that generates, where one does and the application lets us; says whether that was done. */
  interrupt(): boolean;
}

export function openGeneration(model: WidgetModel, link: Link, disposal: Disposal): Generation {
  const raw = trait<unknown>(model, "generation", null, disposal);
  const isInCell = trait<boolean>(model, "in_cell", false, disposal);
  const draft = signal(EMPTY_DRAFT);
  const asking = signal(false);
  const send = async (request: GeneratorRequest): Promise<string | null> => {
    asking.value = true;
    const reply = await link.request<Rejected>(request);
    asking.value = false;
    return reply.type === "rejected" ? sentence(reply.message) : null;
  };
  return {
    state: computed(() => readGeneration(raw.value)),
    draft,
    asking,
    change: (part) => {
      draft.value = { ...draft.peek(), ...part };
    },
    begin: (source, model) => {
      const { premise, chapter, states, seed, planner, features } = draft.peek();
      const text = source === "premise" ? premise : chapter;
      const size = { states: Number(states), seed: Number(seed) };
      return send({ type: "generate", source, text, model, ...size, planner, features: [...features] });
    },
    interrupt: () => {
      const kernel = isInCell.peek() ? model.widget_manager?.kernel : undefined;
      if (!kernel?.interrupt) return false;
      kernel.interrupt().catch(() => undefined);
      return true;
    },
    decide: (choice, world) => send({ type: "generation", choice, world: world ?? null }),
  };
}
