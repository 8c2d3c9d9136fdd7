/** Overlays as the kernel sends them in the `overlays` and `playing` traits, validated. */
import { count } from "../../shared/format";
import { isObject, object, text, texts } from "../../shared/json";
import type {
  Diagnostic,
  EdgeTaken,
  OverlayLegend as LegendRow,
  RunPosition as Playing,
  OverlayMark as Word,
} from "../../shared/protocol";

export type { LegendRow, Playing, Word };

export interface Mark {
  readonly word: Word;
  /** The same for a person, such as "never reached". */
  readonly text: string;
  /** How much of it, from 0 to 1. */
  readonly part: number;
}

interface StateRow extends Mark {
  readonly id: string;
}

interface EventRow extends Mark {
  readonly name: string;
  /** The state it was fired in; null for all of them. */
  readonly source: string | null;
}

export interface Layer {
  readonly key: string;
  readonly kind: string;
  readonly title: string;
  readonly summary: string;
  readonly stale: boolean;
  /** Grows with every overlay that is put up, so that a view shows the newest. */
  readonly serial: number;
  readonly states: readonly StateRow[];
  readonly events: readonly EventRow[];
  readonly legend: readonly LegendRow[];
  readonly findings: readonly Diagnostic[];
}

const WORDS: readonly string[] = ["never", "stuck", "idle", "seen", "unseen"];

export function readLayers(value: unknown): Layer[] {
  return list(value).filter(isObject).map(readLayer);
}

function readLayer(row: ReturnType<typeof object>): Layer {
  return {
    key: text(row.key),
    kind: text(row.kind),
    title: text(row.title),
    summary: text(row.said),
    stale: row.stale === true,
    serial: number(row.serial),
    states: list(row.states).flatMap((one) => {
      const [id, word, label, part] = list(one);
      return isWord(word) ? [{ id: text(id), word, text: text(label), part: number(part) }] : [];
    }),
    events: list(row.events).flatMap((one) => {
      const [name, source, word, label, part] = list(one);
      if (!isWord(word)) return [];
      const where = typeof source === "string" ? source : null;
      return [{ name: text(name), source: where, word, text: text(label), part: number(part) }];
    }),
    legend: list(row.legend)
      .map(object)
      .flatMap((one) =>
        isWord(one.mark)
          ? [
              {
                mark: one.mark,
                states: number(one.states),
                stateWords: text(one.stateWords),
                events: number(one.events),
                eventWords: text(one.eventWords),
              },
            ]
          : [],
      ),
    findings: list(row.findings).filter(isObject) as unknown as Diagnostic[],
  };
}

/** Return in words what an exploration says beside the findings of the rules. */
export function explorationNote(exploration: Layer | null): string {
  if (!exploration) return "not explored";
  const softLocks = exploration.states.filter(({ word }) => word === "stuck" || word === "idle").length;
  return `${count(softLocks, "soft-lock")}${exploration.stale ? " before the last edit" : ""}`;
}

export function readPlaying(value: unknown): Playing | null {
  if (!isObject(value) || typeof value.state !== "string") return null;
  const edges = list(value.edges).flatMap(pair);
  const [last = null] = pair(value.last);
  return {
    state: value.state,
    over: value.over === true,
    steps: number(value.steps),
    states: texts(value.states),
    edges,
    last,
  };
}

function pair(value: unknown): EdgeTaken[] {
  const [name, source] = list(value);
  return typeof name === "string" && typeof source === "string" ? [[name, source]] : [];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function isWord(value: unknown): value is Word {
  return typeof value === "string" && WORDS.includes(value);
}
