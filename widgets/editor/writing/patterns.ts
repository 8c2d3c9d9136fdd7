/** Patterns: a few scenes and events that belong together, made of a scene as one gesture. */

import type { Doc } from "../../map/document";
import type { JsonObject } from "../../shared/json";
import type { Op } from "../../shared/protocol";
import { freeName, nameFromProse, nameFromWords } from "../data/names";
import { usedNames } from "../data/ops";
import { flagUses } from "../forms/flag-usage";
import type { AutoNames } from "./names";
import type { NewCard } from "./place";

export interface Pattern {
  /** What one types to get it. */
  readonly keyword: string;
  readonly title: string;
  /** The names that it takes when none are typed. */
  readonly names: readonly string[];
  readonly write: (write: PatternWriter, source: string, names: readonly string[]) => void;
}

/** What a pattern is made with. */
interface PatternWriter {
  /** Make a scene; returns its id. */
  scene(name: string, column: number, row: number, body?: JsonObject): string;
  /** Make an event that leads on, or with no destination one that stays. */
  event(words: string, from: string, to: string | null, fields?: JsonObject): void;
  /** Return a flag that the world does not have yet. */
  flag(name: string): string;
}

export interface PatternEdit {
  readonly label: string;
  readonly ops: readonly Op[];
  readonly cards: readonly NewCard[];
}

const DANGER_MS = 30_000;

export const PATTERNS: readonly Pattern[] = [
  {
    keyword: "lock",
    title: "Lock and key",
    names: ["key"],
    write: (write, source, [thing = "key"]) => {
      const flag = write.flag(thing);
      const room = write.scene(`where the ${thing} is`, 0, 0);
      const beyond = write.scene(`beyond the lock`, 0, 1);
      write.event(`Look for the ${thing}`, source, room);
      write.event("Go back", room, source);
      write.event(`Take the ${thing}`, room, null, { grants: [flag], oneShot: true });
      write.event("Unlock the way on", source, beyond, {
        requires: [flag],
        lockedHint: `It is locked. Find the ${thing}.`,
      });
    },
  },
  {
    keyword: "there",
    title: "There and back",
    names: ["other side"],
    write: (write, source, [place = "other side"]) => {
      const scene = write.scene(place, 0, 0);
      write.event(`Go to the ${place}`, source, scene);
      write.event("Go back", scene, source);
    },
  },
  {
    keyword: "hub",
    title: "Hub",
    names: ["first place", "second place", "third place"],
    write: (write, source, places) => {
      places.forEach((place, row) => {
        const scene = write.scene(place, 0, row);
        write.event(`Go to the ${place}`, source, scene);
        write.event("Go back", scene, source);
      });
    },
  },
  {
    keyword: "danger",
    title: "Timed danger",
    names: ["danger"],
    write: (write, source, [danger = "danger"]) => {
      const safe = write.scene(`away from the ${danger}`, 0, 0);
      const lossState = write.scene(`lost to the ${danger}`, 0, 1, {
        base: "",
        ending: { kind: "lose", title: "It ends here" },
      });
      write.event("Get away", source, safe);
      write.event(`The ${danger} strikes`, source, lossState, { hidden: true, autoAfterMs: DANGER_MS });
    },
  },
  {
    keyword: "return",
    title: "Point of no return",
    names: ["ready"],
    write: (write, source, [flagName = "ready"]) => {
      const flag = write.flag(flagName);
      const beyond = write.scene("past the point of return", 0, 0);
      write.event("Get ready", source, null, { grants: [flag], oneShot: true });
      write.event("Go on for good", source, beyond, {
        requires: [flag],
        lockedHint: "Get ready first.",
        narration: "The way back closes behind you.",
      });
    },
  },
];

/**
 * Return a pattern as one edit.
 *
 * Args:
 *   doc: The world as it is.
 *   auto: The names that follow what is written.
 *   pattern: The pattern.
 *   source: The state that it begins in.
 *   typed: Names for its things, with commas between; those that are missing are the pattern's own.
 */
export function patternEdit(doc: Doc, auto: AutoNames, pattern: Pattern, source: string, typed = ""): PatternEdit {
  const taken = usedNames(doc);
  const flags = flagUses(doc);
  const ops: Op[] = [];
  const cards: NewCard[] = [];
  const events = new Set<string>();
  const write: PatternWriter = {
    scene: (name, column, row, body = { base: "" }) => {
      const id = freeName(nameFromProse(name), (one) => taken.state(one) || cards.some((card) => card.id === one));
      cards.push({ id, column, row });
      auto.states.add(id);
      ops.push({ op: "add_state", id, state: body });
      return id;
    },
    event: (words, from, to, fields = {}) => {
      const name = freeName(nameFromWords(words), (one) => taken.event(one) || events.has(one));
      events.add(name);
      auto.events.add(name);
      const kind = to === null ? "override" : "transition";
      ops.push({
        op: "add_event",
        event: { name, kind, from: [from], ...(to === null ? {} : { to }), detail: words, ...fields },
      });
    },
    flag: (name) => freeName(nameFromWords(name), (one) => flags.has(one)),
  };
  const words = typed
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  const names = words.length > pattern.names.length ? words : pattern.names.map((name, at) => words[at] ?? name);
  pattern.write(write, source, names);
  return { label: `Add ${pattern.title.toLowerCase()} from ${source}`, ops, cards };
}
