/** Which events grant a flag, and which require it. */

import type { Doc } from "../../map/document";
import { isObject, type JsonObject, object, text, texts } from "../../shared/json";

/** Something that names a flag: an event by its index, or another part of the world in words. */
export type Use = { readonly event: number; readonly name: string } | { readonly words: string };

export interface FlagUses {
  readonly grants: readonly Use[];
  readonly asks: readonly Use[];
}

export const NO_USES: FlagUses = { grants: [], asks: [] };

/** Return every flag of the world with its uses, in the order they are met. */
export function flagUses(doc: Pick<Doc, "events" | "world">): ReadonlyMap<string, FlagUses> {
  const uses = new Map<string, { grants: Use[]; asks: Use[] }>();
  const note = (side: "grants" | "asks", flags: readonly string[], use: Use) => {
    for (const flag of flags) {
      const flagUse = uses.get(flag) ?? { grants: [], asks: [] };
      flagUse[side].push(use);
      uses.set(flag, flagUse);
    }
  };
  doc.events.forEach((event, index) => {
    const use = { event: index, name: text(event.name) };
    // Opening a console lands nowhere, so what it lists is never granted.
    const console = event.kind === "terminal" && isObject(event.terminal);
    if (!console) note("grants", texts(event.grants), use);
    note("asks", texts(event.requires), use);
    for (const fact of objects(object(event.terminal).facts)) note("asks", texts(fact.requires), use);
  });
  for (const cut of objects(doc.world.cutscenes))
    note("asks", texts(cut.requires), { words: `cutscene ${text(cut.id)}` });
  for (const mission of objects(doc.world.missions)) {
    note("asks", texts(mission.complete), { words: `mission ${text(mission.title)}` });
  }
  note("asks", texts(object(doc.world.outro).flag), { words: "the outro" });
  return uses;
}

export function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.map(object) : [];
}
