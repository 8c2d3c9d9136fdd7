/** Making something and opening its form, in the order in which it was asked for. */

import type { Selected } from "../store";
import { type Context, type Make, nodeLater } from "./context";
import type { SelectionActions } from "./selection";

export interface Making {
  readonly make: Make;
  /** Select something and open its form at a field. */
  enter(what: Selected, field: string): void;
  /**
   * Run what opens a form, after what was asked for before it: leaving a field sends its text, which may rename what the
   * press is about. Until the form is there, what is typed is no command.
   */
  inOrder(run: () => Promise<void>): Promise<void>;
  /** The same for what begins at a node, which is found again then; nothing is done once it is gone. */
  inOrderAt(node: number, run: (node: number) => Promise<void>): Promise<void>;
}

export function openMaking(context: Context, { select }: SelectionActions): Making {
  const { store, edit, inTurn, untilOpen, mayEdit } = context;
  const inOrder: Making["inOrder"] = async (run) => {
    if (mayEdit()) await untilOpen(() => inTurn(run));
  };
  const enter: Making["enter"] = (what, field) => {
    select(what, what.kind === "state" ? "reveal" : "stay");
    store.panelOpen.value = true;
    store.fieldToFocus.value = field;
  };
  return {
    enter,
    make: async (what, field, batch, options = {}) => {
      const selectedBefore = store.selected.peek()?.key;
      const outcome = await edit(batch, options);
      // Who went on with something else meanwhile stays there.
      if (outcome.ok && store.selected.peek()?.key === selectedBefore) enter(what, field);
    },
    inOrder,
    inOrderAt: (node, run) => {
      const at = nodeLater(store, node);
      return inOrder(async () => {
        if (at() >= 0) await run(at());
      });
    },
  };
}
