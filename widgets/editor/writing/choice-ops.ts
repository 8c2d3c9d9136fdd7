/** Choices as operations: each is an event, and a scene where none of that name exists yet. */

import type { Doc } from "../../map/document";
import { type JsonObject, object, text, texts } from "../../shared/json";
import type { Op } from "../../shared/protocol";
import { freeName, nameFromWords } from "../data/names";
import { usedNames } from "../data/ops";
import { stateOps } from "../forms/edits";
import { type Choice, readChoices } from "./choices";
import { type AutoNames, followProse } from "./names";

export interface Addition {
  readonly ops: readonly Op[];
  /** The ids of the new states. */
  readonly states: readonly string[];
  /** The names of the new events. */
  readonly events: readonly string[];
}

/** Return the id of the state that a person means; null when there is none. */
export function stateNamed(doc: Doc, name: string): string | null {
  if (name === "") return null;
  if (doc.states.some(({ id }) => id === name)) return name;
  const loose = looseName(name);
  const made = nameFromWords(name, "");
  return doc.states.find(({ id }) => looseName(id) === loose || id === made)?.id ?? null;
}

function looseName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/gu, " ")
    .trim();
}

/** Return what makes choices offered in a state. One that is offered there already, with the same words, is left out. */
export function choiceOps(doc: Doc, auto: AutoNames, source: string, choices: readonly Choice[]): Addition {
  const taken = usedNames(doc);
  const ops: Op[] = [];
  const states: string[] = [];
  const events: string[] = [];
  const targets = new Map<string, string>();
  const isOffered = (words: string, to: string) =>
    doc.events.some((one) => texts(one.from).includes(source) && one.detail === words && one.to === to);
  for (const { words, target } of choices) {
    const targetName = target || words;
    let to = stateNamed(doc, targetName) ?? targets.get(looseName(targetName)) ?? null;
    if (to !== null && isOffered(words, to)) continue;
    if (to === null) {
      const isUsed = (id: string) => taken.state(id) || states.includes(id);
      to = freeName(nameFromWords(targetName, "state"), isUsed);
      states.push(to);
      targets.set(looseName(targetName), to);
      // A scene that is named in the choice has its name by hand.
      if (target === "") auto.states.add(to);
      ops.push({ op: "add_state", id: to, state: { base: "" } });
    }
    const name = freeName(nameFromWords(words), (one) => taken.event(one) || events.includes(one));
    events.push(name);
    auto.events.add(name);
    ops.push({ op: "add_transition", name, event: { from: [source], to, detail: words } });
  }
  return { ops, states, events };
}

/** Return the transitions that operations add. */
export function newEvents(ops: readonly Op[]): JsonObject[] {
  return ops.filter(({ op }) => op === "add_transition").map((op) => ({ ...object(op.event), name: text(op.name) }));
}

/**
 * Return what an edit of a state comes to: choices written in its prose become events and scenes, and its name follows the
 * prose where nobody has set it.
 *
 * Args:
 *   doc: The world as it is.
 *   auto: The names that follow.
 *   id: The state.
 *   before: Its body.
 *   after: Its body as it was written.
 */
export function writtenStateOps(
  doc: Doc,
  auto: AutoNames,
  id: string,
  before: JsonObject,
  after: JsonObject,
): Addition {
  if (before.base === after.base) return { ops: stateOps(id, before, after), states: [], events: [] };
  const { prose, choices } = readChoices(text(after.base));
  const addition = choiceOps(doc, auto, id, choices);
  const withAdded: Doc = {
    ...doc,
    states: [...doc.states, ...addition.states.map((state) => ({ id: state, body: { base: "" } }))],
    events: [...doc.events, ...newEvents(addition.ops)],
  };
  const body = choices.length > 0 ? { ...after, base: prose } : after;
  const ops = [...stateOps(id, before, body), ...addition.ops, ...followProse(withAdded, auto, id, prose)];
  return { ...addition, ops };
}
