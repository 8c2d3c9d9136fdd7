/** The changes that the form of an event makes. Each is of the event that has its name when the turn comes, or of none. */
import { eventsByName, namesakeOf, numberNow } from "../data/namesakes";
import * as ops from "../data/ops";
import { changeForm, DELETED_MESSAGE, type Form } from "../forms/form";
import { nameRejection, writtenEventOps } from "../writing/names";
import type { FormProps } from "./parts";

interface EventChanges {
  readonly change: Form["change"];
  /** Give it another name; resolves with null, or with why not. */
  rename(typed: string): Promise<string | null>;
}

/**
 * Return what changes an event.
 *
 * Args:
 *   name: Its name, as the form shows it.
 *   index: Where it stands among the events, as two may have one name.
 */
export function eventChanges(
  { store, actions }: Pick<FormProps, "store" | "actions">,
  name: string,
  index: number,
): EventChanges {
  const namesake = namesakeOf(eventsByName(store.doc.peek()), name, index);
  const place = () => numberNow(eventsByName(store.doc.peek()), store.currentName("event", name), namesake);
  return {
    change: changeForm(
      actions,
      () => store.doc.peek().events[place()] ?? null,
      (_, after) => ({ ops: writtenEventOps(store.doc.peek(), store.autoNames, place(), after) }),
    ),
    rename: (typed) =>
      actions.change(() => {
        if (place() < 0) return DELETED_MESSAGE;
        const newName = typed.trim();
        const rejection = nameRejection(newName);
        if (rejection !== null) return rejection;
        store.autoNames.events.delete(newName);
        return { ops: ops.renameEvent(store.doc.peek(), place(), newName), quiet: true };
      }),
  };
}
