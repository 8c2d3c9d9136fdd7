/** Renaming a state, from its form and from the table. */
import { DELETED_MESSAGE } from "../forms/form";
import { renameStateOps } from "../writing/names";
import type { FormProps } from "./parts";

/** Give a state another id, and the ways there that are named after it another name; resolves as `change` does. */
export function renameState(
  { store, actions }: Pick<FormProps, "store" | "actions">,
  id: string,
  typed: string,
): Promise<string | null> {
  return actions.change(() => {
    if (store.nodeNow(id) < 0) return DELETED_MESSAGE;
    const currentId = store.currentName("state", id);
    const name = typed.trim();
    if (name === currentId) return null;
    store.autoNames.states.delete(name);
    return { ops: renameStateOps(store.doc.peek(), store.autoNames, currentId, name), quiet: true };
  });
}
