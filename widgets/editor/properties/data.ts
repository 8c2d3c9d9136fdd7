/** The properties as the kernel sends them in the `property_list` trait, validated. */
import { isObject, object, text, texts } from "../../shared/json";
import type { PropertyList, PropertyOutcome, PropertyRow, PropertyRun, PropertyStep } from "../../shared/protocol";
import type { Playing } from "../overlay/data";

export type { PropertyList, PropertyRow, PropertyRun };

const OUTCOMES: readonly string[] = ["holds", "vacuous", "broken", "undecided", "waiting", "invalid"];

export function readProperties(value: unknown): PropertyList {
  const list = object(value);
  return {
    rows: items(list.rows)
      .filter(isObject)
      .map((row) => ({
        name: text(row.name),
        text: text(row.text),
        outcome: isOutcome(row.outcome) ? row.outcome : "waiting",
        note: text(row.note),
        run: isObject(row.run) ? readRun(row.run) : null,
      })),
    checking: list.checking === true,
    place: text(list.place),
    trouble: text(list.trouble),
    readable: list.readable !== false,
    tags: texts(list.tags),
  };
}

function readRun(run: ReturnType<typeof object>): PropertyRun {
  return {
    start: text(run.start),
    steps: items(run.steps).map((step): PropertyStep => {
      const [event, origin, state, through] = items(step);
      return [text(event), text(origin), text(state), texts(through)];
    }),
    more: typeof run.more === "number" ? run.more : 0,
  };
}

/** Return where the player of a run would be after so many of its steps, as the map shows it. */
export function positionAt(run: PropertyRun, at: number): Playing {
  const steps = run.steps.slice(0, at);
  const states = [run.start, ...steps.flatMap(([, , state, through]) => [...through, state])];
  const edges = steps.map(([event, origin]): [string, string] => [event, origin]);
  return {
    state: states[states.length - 1] ?? run.start,
    over: false,
    steps: steps.length,
    states: [...new Set(states)],
    edges,
    last: edges[edges.length - 1] ?? null,
  };
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isOutcome(value: unknown): value is PropertyOutcome {
  return typeof value === "string" && OUTCOMES.includes(value);
}
