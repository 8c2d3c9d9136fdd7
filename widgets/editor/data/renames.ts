/** The renames that were made here, so that what still has the old name in mind finds its state, event or flag. */
import { text } from "../../shared/json";
import type { Op } from "../../shared/protocol";

export type NamedKind = "state" | "event" | "flag";

interface Renames {
  add(ops: readonly Op[]): void;
  /** Run something, and forget what is added meanwhile. */
  forgetting(run: () => void): void;
  /** Return the name that a thing has now; the name itself where it is in use, or nothing is known of it. */
  follow(kind: NamedKind, name: string, isUsed: (name: string) => boolean): string;
}

export function openRenames(): Renames {
  let names = { state: new Map<string, string>(), event: new Map<string, string>(), flag: new Map<string, string>() };
  return {
    add: (ops) => {
      for (const { op, from, to } of ops) {
        if (op === "rename_state") names.state.set(text(from), text(to));
        if (op === "rename_event") names.event.set(text(from), text(to));
        if (op === "rename_flag") names.flag.set(text(from), text(to));
      }
    },
    forgetting: (run) => {
      const { state, event, flag } = names;
      names = { state: new Map(state), event: new Map(event), flag: new Map(flag) };
      try {
        run();
      } finally {
        names = { state, event, flag };
      }
    },
    follow: (kind, name, isUsed) => {
      const visited = new Set<string>();
      let current = name;
      while (!isUsed(current)) {
        const next = names[kind].get(current);
        if (next === undefined || visited.has(next)) return name;
        visited.add(next);
        current = next;
      }
      return current;
    },
  };
}
