/**
 * A model that carries messages as ipywidgets does: traits have one update under way and what is set meanwhile is
 * merged, custom messages all arrive and in order, and nothing is delivered while the kernel is busy.
 */
import type { WidgetModel } from "../shared/model";

type Handler = (...args: never[]) => void;

export interface Sent {
  readonly type: string;
  readonly id: string;
  readonly view: string;
  readonly [key: string]: unknown;
}

export class FakeModel implements WidgetModel {
  /** Trait updates as the kernel saw them. */
  readonly updates: { [name: string]: unknown }[] = [];
  /** What the kernel does with a message. */
  kernel: (message: Sent) => void = () => {};
  readonly #traits = new Map<string, unknown>();
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #wire: (() => void)[] = [];
  #changed: { [name: string]: unknown } = {};
  #buffered: { [name: string]: unknown } | null = null;
  #underWay = false;
  #busy = false;

  constructor(traits: { [name: string]: unknown } = {}) {
    for (const [name, value] of Object.entries(traits)) this.#traits.set(name, value);
  }

  get(name: string): unknown {
    return this.#traits.get(name);
  }

  set(name: string, value: unknown): void {
    if (this.#traits.get(name) === value) return;
    this.#traits.set(name, value);
    this.#changed[name] = value;
    this.#fire(`change:${name}`);
  }

  save_changes(): void {
    const changed = this.#changed;
    this.#changed = {};
    if (Object.keys(changed).length === 0) return;
    if (this.#underWay) this.#buffered = { ...this.#buffered, ...changed };
    else this.#sync(changed);
  }

  send(content: unknown): void {
    const copy = JSON.parse(JSON.stringify(content)) as Sent;
    this.#wire.push(() => this.kernel(copy));
  }

  on(name: string, handler: Handler): void {
    const set = this.#handlers.get(name) ?? new Set();
    this.#handlers.set(name, set.add(handler));
  }

  off(name: string, handler: Handler): void {
    this.#handlers.get(name)?.delete(handler);
  }

  // ---- the other side --------------------------------------------------------------------------

  /** While busy, nothing that is sent arrives. */
  set busy(busy: boolean) {
    this.#busy = busy;
  }

  /** Deliver everything that is on the wire, and what that brings forth. */
  deliver(): void {
    while (!this.#busy) {
      const next = this.#wire.shift();
      if (!next) return;
      next();
    }
  }

  /** Say something from the kernel. */
  tell(message: unknown): void {
    this.#fire("msg:custom", JSON.parse(JSON.stringify(message)), []);
  }

  /** The host says that the connection came or went. */
  reconnected(): void {
    this.#fire("comm_live_update");
  }

  /** Set a trait from the kernel. */
  put(name: string, value: unknown): void {
    this.#traits.set(name, value);
    this.#fire(`change:${name}`);
  }

  get listeners(): number {
    return [...this.#handlers.values()].reduce((sum, set) => sum + set.size, 0);
  }

  #sync(changed: { [name: string]: unknown }): void {
    this.#underWay = true;
    this.#wire.push(() => {
      this.updates.push(changed);
      this.#underWay = false;
      const waiting = this.#buffered;
      this.#buffered = null;
      if (waiting) this.#sync(waiting);
    });
  }

  #fire(name: string, ...args: unknown[]): void {
    for (const handler of [...(this.#handlers.get(name) ?? [])]) (handler as (...all: unknown[]) => void)(...args);
  }
}
