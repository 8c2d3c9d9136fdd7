/** The least a kernel does for a view: keep a list of states, one revision a change, one reply a message. */
import type { JsonObject } from "../shared/json";
import type { Op, Seed } from "../shared/protocol";
import type { FakeModel, Sent } from "./fake-model";

export function seedOf(ids: readonly string[], events: readonly JsonObject[] = [], more: Partial<Seed> = {}): Seed {
  return {
    protocol: 1,
    world: {
      ...(ids[0] === undefined ? {} : { entrance: { state: ids[0] } }),
      scene: { states: Object.fromEntries(ids.map((id) => [id, { base: id }])), events: [...events] },
    },
    order: [...ids],
    layout: Object.fromEntries(ids.map((id, at) => [id, [at * 448, 0]])),
    rev: "0",
    diagnostics: [],
    undo: null,
    redo: null,
    rules: {},
    ...more,
  };
}

/** What is lost on the way: a request, its reply, or all that the kernel says of it. */
export type Loss = "request" | "reply" | "everything";

/** Answer `add_state`, `update_state` and everything else as nothing; replies come after the change. */
export class FakeKernel {
  /** What becomes of the messages that come next; those after them arrive. */
  readonly losses: (Loss | null)[] = [];
  /** How many of the hellos that come next are refused, as by a kernel that was interrupted. */
  refusedHellos = 0;
  #loss: Loss | null = null;
  readonly #accepted = new Map<string, object>();
  readonly seen: Sent[] = [];
  readonly states: [string, JsonObject][];
  rev = 0;
  readonly #model: FakeModel;
  readonly #events: readonly JsonObject[];
  /** What the seed has besides states and events. */
  readonly #more: Partial<Seed>;

  constructor(model: FakeModel, ids: readonly string[], events: readonly JsonObject[] = [], more: Partial<Seed> = {}) {
    this.#model = model;
    this.#events = events;
    this.#more = more;
    this.states = ids.map((id) => [id, { base: id }]);
    model.kernel = (message) => this.#receive(message);
  }

  seed(): Seed {
    const ids = this.states.map(([id]) => id);
    const seed = seedOf(ids, this.#events, { rev: String(this.rev), ...this.#more });
    (seed.world.scene as { states: JsonObject }).states = Object.fromEntries(this.states);
    return seed;
  }

  /** A change made from Python. */
  change(op: Op, cause: string | null = null): void {
    const from = String(this.rev);
    this.rev += 1;
    const at = this.states.findIndex(([id]) => id === op.id);
    let splice: [number, number, [string, JsonObject][]];
    if (op.op === "add_state") {
      splice = [this.states.length, 0, [[String(op.id), { base: "" }]]];
    } else {
      const body = { ...this.states[at]?.[1], ...(op.patch as JsonObject) };
      splice = [at, 1, [[String(op.id), body]]];
    }
    this.states.splice(splice[0], splice[1], ...splice[2]);
    this.#tell({
      type: "changed",
      from,
      rev: String(this.rev),
      patch: { states: [splice], events: [], world: { set: {}, remove: [] } },
      layout: op.op === "add_state" ? { [String(op.id)]: [this.states.length * 448, 0] } : {},
      diagnostics: [],
      undo: op.op,
      redo: null,
      cause,
    });
  }

  #receive(message: Sent): void {
    this.#loss = this.losses.shift() ?? null;
    if (this.#loss !== "request") this.#answer(message);
    this.#loss = null;
  }

  #answer(message: Sent): void {
    this.seen.push(message);
    const to = { id: message.id, view: message.view };
    const before = message.again ? this.#accepted.get(message.id) : undefined;
    if (before) this.#reply(before);
    else if (message.type === "hello" && this.refusedHellos > 0) {
      this.refusedHellos -= 1;
      this.#reply({ type: "rejected", ...to, code: "internal", message: "the kernel was interrupted; try again" });
    } else if (message.type === "hello") this.#reply({ type: "seed", ...to, seed: this.seed() });
    else if (message.type === "edit" && message.base !== String(this.rev)) {
      const text = `the world is at revision ${this.rev}`;
      this.#reply({ type: "rejected", ...to, rev: String(this.rev), code: "conflict", message: text });
    } else {
      if (message.type === "edit") for (const op of message.ops as Op[]) this.change(op, message.id);
      const reply = { type: "accepted", ...to, rev: String(this.rev), notes: [] };
      this.#accepted.set(message.id, reply);
      this.#reply(reply);
    }
  }

  #reply(message: object): void {
    if (this.#loss === null) this.#model.tell(message);
  }

  #tell(message: object): void {
    if (this.#loss !== "everything") this.#model.tell(message);
  }
}
