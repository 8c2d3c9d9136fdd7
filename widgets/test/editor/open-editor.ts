/** An editor of states beside a kernel that is played, which answers what is delivered. */
import { onTestFinished } from "vitest";
import { openActions } from "../../editor/actions";
import type { Camera } from "../../editor/camera";
import { openStore } from "../../editor/store";
import { Disposal } from "../../shared/disposal";
import type { JsonObject } from "../../shared/json";
import { Link } from "../../shared/link";
import type { Changed, Seed } from "../../shared/protocol";
import { Notices } from "../../shared/ui/toasts";
import { FakeKernel, seedOf } from "../fake-kernel";
import { FakeModel } from "../fake-model";

const still = {
  reveal() {},
  centre() {},
  revealEdge() {},
  centreEdge() {},
  revealAll() {},
  revealLast() {},
  fitTo() {},
} as unknown as Camera;

/** Let what was asked for begin. */
export const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

export async function openEditor(ids: string[], events: JsonObject[] = [], more: Partial<Seed> = {}) {
  const model = new FakeModel({ seed: seedOf(ids, events, more), selection: null, read_only: false });
  const kernel = new FakeKernel(model, ids, events, more);
  const disposal = new Disposal();
  onTestFinished(() => disposal.dispose());
  const store = openStore(model, new Link(model), new Notices(), disposal);
  const actions = openActions(store, still);
  store.reconnect();
  model.deliver();
  await turn();
  /** Deliver what is asked, and what follows from that. */
  const settle = async () => {
    for (let round = 0; round < 12; round += 1) {
      model.deliver();
      await turn();
    }
  };
  /** Somebody else changes the world: tell of it, as the kernel does. */
  const tellOf = (patch: Partial<Changed["patch"]>, more: Partial<Changed> = {}) => {
    const from = String(kernel.rev);
    kernel.rev += 1;
    const whole = { states: [], events: [], world: { set: {}, remove: [] }, ...patch };
    const lists = { layout: {}, diagnostics: [], undo: null, redo: null, cause: null };
    model.tell({ type: "changed", from, rev: String(kernel.rev), patch: whole, ...lists, ...more });
  };
  return { model, kernel, store, actions, disposal, settle, tellOf };
}
