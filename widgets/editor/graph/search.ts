/** Search over ids, names, prose and flags. */

import type { Doc } from "../../map/document";
import { ownProse } from "../../map/own-prose";
import { text, texts } from "../../shared/json";
import type { Selection } from "../../shared/protocol";

export interface SearchHit extends Selection {
  readonly index: number;
  /** The words around the hit, when it is in the prose. */
  readonly context: string;
  readonly score: number;
}

const STATE_PROSE = ["base", "narration"] as const;
const EVENT_PROSE = ["base", "detail", "narration", "lockedHint"] as const;

/** Return what matches every word of a query, names before prose, at most `limit`. */
export function search(doc: Doc, query: string, limit = 30): SearchHit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const flagQuery = FLAG_QUERY.exec(query.trim().toLowerCase());
  if (flagQuery) return byFlag(doc, flagQuery[1] === "grants" ? "grants" : "requires", flagQuery[2] ?? "", limit);
  const phrase = looseName(words.join(" "));
  const hits: SearchHit[] = [];
  const look = (kind: Selection["kind"], id: string, index: number, prose: string) => {
    const name = id.toLowerCase();
    const loose = looseName(name);
    const rest = prose.toLowerCase();
    // A name that is typed in full comes before one that has a word of it.
    let score = loose === phrase ? 9 * words.length : 0;
    for (const word of words) {
      if (name === word) score += 8;
      else if (name.startsWith(word) || loose.startsWith(word)) score += 5;
      else if (name.includes(word) || loose.includes(word)) score += 3;
      else if (rest.includes(word)) score += 1;
      else return;
    }
    const context = excerpt(prose, words.find((word) => rest.includes(word)) ?? "");
    hits.push({ kind, id, index, context, score });
  };
  for (const [index, { id, body }] of doc.states.entries()) {
    // what stands in every base would be found everywhere
    const own = { ...body, base: ownProse(doc.world, text(body.base)) };
    look("state", id, index, joinFields(own, STATE_PROSE));
  }
  for (const [index, event] of doc.events.entries()) {
    look(
      "event",
      text(event.name),
      index,
      [joinFields(event, EVENT_PROSE), flagWords(event)].filter(Boolean).join(" · "),
    );
  }
  return hits.sort((a, b) => b.score - a.score).slice(0, limit);
}

function looseName(name: string): string {
  return name.toLowerCase().replace(/[_-]+/g, " ");
}

const FLAG_QUERY = /^(grants|needs|requires)\s+(.+)$/;

/** Return the events that grant or need a flag: "grants oil", "needs key". */
function byFlag(doc: Doc, field: "grants" | "requires", flagName: string, limit: number): SearchHit[] {
  const results: SearchHit[] = [];
  for (const [index, event] of doc.events.entries()) {
    const hits = texts(event[field]).filter((flag) => looseName(flag).includes(looseName(flagName)));
    if (hits.length === 0) continue;
    const score = hits.some((flag) => looseName(flag) === looseName(flagName)) ? 2 : 1;
    results.push({ kind: "event", id: text(event.name), index, context: flagWords(event), score });
  }
  return results.sort((a, b) => b.score - a.score).slice(0, limit);
}

/** Return what an event has to do with flags, in words. */
function flagWords(event: { readonly [key: string]: unknown }): string {
  const phrase = (word: string, flags: readonly string[]) => (flags.length > 0 ? `${word} ${flags.join(", ")}` : "");
  return [phrase("needs", texts(event.requires)), phrase("grants", texts(event.grants))].filter(Boolean).join(" · ");
}

function joinFields(body: { [key: string]: unknown }, fields: readonly string[]): string {
  return fields
    .map((field) => text(body[field]))
    .filter(Boolean)
    .join(" ");
}

/** How far before a hit its excerpt begins at most: the hit itself must be in what there is room for. */
const MAX_LEAD_CHARACTERS = 12;

function excerpt(prose: string, word: string): string {
  const at = prose.toLowerCase().indexOf(word);
  const lead = prose.slice(Math.max(0, at - MAX_LEAD_CHARACTERS), Math.max(0, at));
  // At the beginning of a word.
  const skipped = at > MAX_LEAD_CHARACTERS ? lead.search(/\s\S/u) + 1 : 0;
  const from = Math.max(0, at - MAX_LEAD_CHARACTERS) + skipped;
  const cut = prose.slice(from, from + 90).trim();
  return `${from > 0 ? "…" : ""}${cut}${from + 90 < prose.length ? "…" : ""}`;
}
