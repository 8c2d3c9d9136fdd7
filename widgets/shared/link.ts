/**
 * Requests to the kernel, each with exactly one reply.
 *
 * Custom messages are used because they all arrive, in order; trait updates are merged while one is under way.
 * A request that is not answered in time is not lost. The link is then `busy` where the application says that the
 * kernel runs a cell, else `silent`; it keeps waiting, and becomes `live` again when anything arrives.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { WidgetModel } from "./model";
import type { CompareRequest, EditorRequest, Envelope, ReportRequest } from "./protocol";

/** What any widget may ask; a report asks what a player does, too. */
export type KernelRequest = EditorRequest | ReportRequest | CompareRequest;

export type LinkState = "waiting" | "live" | "busy" | "silent";

/** Largest message sent, in UTF-16 units of its JSON; the notebook server closes the socket above 10 MiB. */
export const MAX_MESSAGE = 4_000_000;

export interface LinkOptions {
  /** Milliseconds without a reply after which the link calls itself busy or silent, and looks again. */
  patience?: number;
  setTimer?: (run: () => void, ms: number) => unknown;
  clearTimer?: (timer: unknown) => void;
}

/** Hears a message, with the bytes that came beside it. */
type Listener = (message: Envelope, buffers: readonly DataView[]) => void;

interface Pending {
  resolve: (reply: Envelope) => void;
  timer: unknown;
}

/** The reply that stands in for one the kernel could not be asked for. */
export function refusal(code: string, message: string): Envelope & { code: string; message: string } {
  return { type: "rejected", code, message };
}

export class Link {
  readonly view: string;
  readonly #state: Signal<LinkState> = signal("waiting");
  readonly #model: WidgetModel;
  readonly #pending = new Map<string, Pending>();
  readonly #listeners = new Set<Listener>();
  readonly #options: Required<LinkOptions>;
  #count = 0;
  readonly #unsent: object[] = [];

  constructor(model: WidgetModel, options: LinkOptions = {}) {
    this.#model = model;
    this.#options = {
      patience: options.patience ?? 5000,
      setTimer: options.setTimer ?? ((run, ms) => setTimeout(run, ms)),
      clearTimer: options.clearTimer ?? ((timer) => clearTimeout(timer as number)),
    };
    this.view = unique();
    model.on("msg:custom", this.#receive);
    model.on("comm_live_update", this.#doubt);
  }

  /** Whether the kernel answers. */
  get state(): ReadonlySignal<LinkState> {
    return this.#state;
  }

  /**
   * Send a request; resolves with its reply, with a `rejected` one made here when it cannot be sent. One that is to
   * be kept waits instead, and goes out as soon as anything is heard of the kernel again.
   */
  request<R extends Envelope>(body: KernelRequest, keep = false): Promise<R> {
    this.#count += 1;
    const id = `${this.view}.${this.#count}`;
    const message = { ...body, id, view: this.view };
    if (JSON.stringify(message).length > MAX_MESSAGE) {
      const text = `This edit is larger than ${MAX_MESSAGE / 1e6} MB, more than a notebook carries; do it from Python.`;
      return Promise.resolve(refusal("oversize", text) as Envelope as R);
    }
    return new Promise((resolve) => {
      this.#pending.set(id, { resolve: resolve as (reply: Envelope) => void, timer: this.#startTimer(id) });
      try {
        this.#model.send(message);
      } catch (error) {
        if (keep) this.#unsent.push(message);
        else this.#settle(id, refusal("disconnected", `The message could not be sent: ${String(error)}`));
        this.#silent();
      }
    });
  }

  /** Hear every message that is not a reply. Returns the way to stop. */
  listen(handler: Listener): () => void {
    this.#listeners.add(handler);
    return () => this.#listeners.delete(handler);
  }

  /** Stop listening; requests under way are answered with a refusal so that nobody waits for ever. */
  dispose(): void {
    this.#model.off("msg:custom", this.#receive);
    this.#model.off("comm_live_update", this.#doubt);
    this.#unsent.length = 0;
    for (const id of [...this.#pending.keys()]) this.#settle(id, refusal("closed", "This view was closed."));
    this.#listeners.clear();
  }

  #receive = (content: unknown, buffers: readonly DataView[] = []): void => {
    const message = envelope(content);
    if (!message) return;
    this.#state.value = "live";
    for (const one of this.#unsent.splice(0)) this.#model.send(one);
    if (message.id === undefined || message.view === undefined) {
      for (const listener of this.#listeners) listener(message, buffers);
    } else if (message.view === this.view && typeof message.id === "string") this.#settle(message.id, message);
  };

  #startTimer(id: string): unknown {
    return this.#options.setTimer(() => {
      this.#silent();
      const request = this.#pending.get(id);
      // a kernel that runs a cell may be gone before it answers
      if (request && this.#state.value === "busy") request.timer = this.#startTimer(id);
    }, this.#options.patience);
  }

  #settle(id: string, reply: Envelope): void {
    const request = this.#pending.get(id);
    if (!request) return;
    this.#pending.delete(id);
    this.#options.clearTimer(request.timer);
    request.resolve(reply);
  }

  /** The host says that the connection came or went: only an answer shows which. */
  #doubt = (): void => {
    this.#silent();
    void this.request({ type: "hello" });
  };

  #silent(): void {
    const { status, connectionStatus = "connected" } = this.#model.widget_manager?.kernel ?? {};
    this.#state.value = status === "busy" && connectionStatus === "connected" ? "busy" : "silent";
  }
}

/** Narrow an unknown message to one that has a type. */
function envelope(content: unknown): Envelope | null {
  if (typeof content !== "object" || content === null) return null;
  const { type } = content as { type?: unknown };
  return typeof type === "string" ? (content as Envelope) : null;
}

function unique(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return btoa(String.fromCharCode(...bytes));
}
