/** Making something and opening its form, in the order in which it was asked for. */

import type { Selected } from "../store";
import type { Context, Make } from "./context";
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
}

export function openMaking({ store, edit, inTurn, untilOpen, mayEdit }: Context, { select }: SelectionActions): Making {
  const enter: Making["enter"] = (what, field) => {
    select(what, what.kind === "state" ? "reveal" : "stay");
    store.panelOpen.value = true;
    store.fieldToFocus.value = field;
  };
  return {
    enter,
    make: async (what, field, batch, options = {}) => {
      const outcome = await edit(batch, options);
      if (outcome.ok) enter(what, field);
    },
    inOrder: async (run) => {
      if (mayEdit()) await untilOpen(() => inTurn(run));
    },
  };
}
