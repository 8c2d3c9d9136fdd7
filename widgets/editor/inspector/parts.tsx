/** The properties that the forms of states, events and the world share, and how they commit. */
import { sentence } from "../../shared/format";
import type { Op } from "../../shared/protocol";
import type { Commit } from "../../shared/ui/draft-sender";
import type { Actions } from "../actions";
import type { Camera } from "../camera";
import type { Store } from "../store";

export interface FormProps {
  readonly store: Store;
  readonly actions: Actions;
  readonly camera: Camera;
}

/** Make a field's commit: send the batch that `ops` makes of what was typed, say what was refused. */
export function commit(actions: Actions, ops: (value: string) => Op[]): Commit {
  return async (value) => {
    const outcome = await actions.edit(ops(value), { quiet: true });
    return outcome.ok ? null : sentence(outcome.reply.message);
  };
}
