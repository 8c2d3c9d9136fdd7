/**
 * Requests to the kernel, each with exactly one reply.
 *
 * Custom messages are used because they all arrive, in order; trait updates are merged while one is under way.
 * A request that is not answered in time is not lost. The link is then `busy` where the application says that the
 * kernel runs a cell, else `silent`; it keeps waiting, and becomes `live` again when anything arrives.
 *
 * A reply can be lost: the kernel was interrupted, or the connection was gone and nobody knew. Replies come in the order
 * of their requests, so the reply to a `hello` proves that those of older requests are lost, and they are refused as
 * that. A silent link, and one whose `hello` was refused, says `hello` by itself, less and less often, so that nobody
 * waits for ever for a kernel that answers everybody else. Where no kernel was ever heard of and nothing but a `hello`
 * waits, as in a saved notebook that is only read, it gives up after a while.
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
  readonly resolve: (reply: Envelope) => void;
  readonly isHello: boolean;
  /** Its place in the order of what was sent; Infinity while it could not be sent. */
  sent: number;
  /** None when it was given up. */
  timer: unknown;
  /** Milliseconds until it is looked at again. */
  patience: number;
}

/** Most milliseconds until a request is looked at again. */
const MAX_PATIENCE_MS = 60_000;

const LOST = "lost";

/** Say whether a reply stands in for one that was lost: what was asked may have been done, or not. */
export function isLost(reply: Envelope): boolean {
  return reply.type === "rejected" && (reply as { code?: unknown }).code === LOST;
}

/** The reply that stands in for one the kernel could not be asked for. */
export function refusal(code: string, message: string): Envelope & { code: string; message: string } {
  return { type: "rejected", code, message };
}

export class Link {
  readonly view: string;
  readonly #state: Signal<LinkState> = signal("waiting");
  readonly #asking = signal(false);
  readonly #model: WidgetModel;
  readonly #pending = new Map<string, Pending>();
  readonly #listeners = new Set<Listener>();
  readonly #options: Required<LinkOptions>;
  readonly #unsent: { readonly id: string }[] = [];
  /** The requests whose replies were lost. */
  readonly #lost = new Set<string>();
  /** The wait to say `hello` again after one that was refused; null when there is none. */
  #helloTimer: unknown = null;
  #helloCount = 0;
  #count = 0;
  #sent = 0;
  #hasHeard = false;
  #isClosed = false;

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

  /** Whether somebody asked how everything is, and may still be answered soon. */
  get asking(): ReadonlySignal<boolean> {
    return this.#asking;
  }

  /**
   * Send a request; resolves with its reply, with a `rejected` one made here when it cannot be sent or its reply is lost.
   *
   * One with a name of its own waits instead of being refused where it cannot be sent, and goes out as soon as anything
   * is heard of the kernel again. When its reply is lost, it may be requested again under its name: the kernel answers what
   * it did already, and does not do it twice.
   */
  request<R extends Envelope>(body: KernelRequest, name?: string): Promise<R> {
    return this.#request(body, this.#options.patience, name);
  }

  #request<R extends Envelope>(body: KernelRequest, patience: number, name?: string): Promise<R> {
    this.#count += 1;
    const id = `${this.view}.${name ?? this.#count}`;
    const message = { ...body, id, view: this.view, ...(this.#lost.delete(id) ? { again: true } : {}) };
    if (JSON.stringify(message).length > MAX_MESSAGE) {
      const text = `This edit is larger than ${MAX_MESSAGE / 1e6} MB, more than a notebook carries; do it from Python.`;
      return Promise.resolve(refusal("oversize", text) as Envelope as R);
    }
    return new Promise((resolve) => {
      const pending: Pending = {
        resolve: resolve as (reply: Envelope) => void,
        isHello: body.type === "hello",
        sent: Infinity,
        timer: null,
        patience,
      };
      this.#pending.set(id, pending);
      this.#startTimer(id, pending);
      try {
        this.#send(message);
      } catch (error) {
        if (name !== undefined) this.#unsent.push(message);
        else this.#settle(id, refusal("disconnected", `The message could not be sent: ${String(error)}`));
        this.#silent();
      }
    });
  }

  /**
   * Ask how everything is; those who listen hear the reply. What was asked before and is not answered by then is refused
   * as lost, before the reply is heard. Nobody waits any more for the reply to an older `hello`.
   */
  hello(): void {
    this.#hello(this.#options.patience, true);
  }

  #hello(patience: number, isAwaited = false): void {
    for (const [id, { isHello }] of [...this.#pending]) if (isHello) this.#settle(id, refusal(LOST, ""));
    this.#stopHelloTimer();
    this.#asking.value = isAwaited;
    this.#helloCount += 1;
    const number = this.#helloCount;
    void this.#request<Envelope>({ type: "hello" }, patience).then((reply) => {
      if (isLost(reply)) return;
      if (reply.type === "rejected" && number === this.#helloCount) this.#helloLater(patience);
      this.#tellListeners(reply, []);
    });
  }

  /** Ask again after a refusal, such as that of a kernel that was interrupted. */
  #helloLater(patience: number): void {
    if (this.#isClosed || !(this.#hasHeard || patience < MAX_PATIENCE_MS)) return;
    this.#helloTimer = this.#options.setTimer(() => this.#hello(longer(patience)), patience);
  }

  #stopHelloTimer(): void {
    if (this.#helloTimer !== null) this.#options.clearTimer(this.#helloTimer);
    this.#helloTimer = null;
  }

  /** Hear every message that is not a reply. Returns the way to stop. */
  listen(handler: Listener): () => void {
    this.#listeners.add(handler);
    return () => this.#listeners.delete(handler);
  }

  /** Stop listening, for good; requests under way are answered with a refusal so that nobody waits for ever. */
  dispose(): void {
    this.#isClosed = true;
    this.#model.off("msg:custom", this.#receive);
    this.#model.off("comm_live_update", this.#doubt);
    this.#unsent.length = 0;
    this.#stopHelloTimer();
    for (const id of [...this.#pending.keys()]) this.#settle(id, refusal("closed", "This view was closed."));
    this.#listeners.clear();
  }

  #receive = (content: unknown, buffers: readonly DataView[] = []): void => {
    const message = envelope(content);
    if (!message) return;
    this.#state.value = "live";
    this.#hasHeard = true;
    for (const one of this.#unsent.splice(0)) this.#sendOrKeep(one);
    if (message.id === undefined || message.view === undefined) this.#tellListeners(message, buffers);
    else if (message.view === this.view && typeof message.id === "string") {
      const request = this.#pending.get(message.id);
      if (request?.isHello) this.#refuseLost(request.sent);
      this.#settle(message.id, message);
    }
    this.#takeUpAgain();
  };

  #tellListeners(message: Envelope, buffers: readonly DataView[]): void {
    for (const listener of this.#listeners) listener(message, buffers);
  }

  #send(message: { readonly id: string }): void {
    this.#model.send(message);
    this.#sent += 1;
    const request = this.#pending.get(message.id);
    if (request) request.sent = this.#sent;
  }

  #sendOrKeep(message: { readonly id: string }): void {
    try {
      this.#send(message);
    } catch {
      this.#unsent.push(message);
    }
  }

  /** Start to wait for a reply. A kernel that is gone may come back, so this has no end but the reply. */
  #startTimer(id: string, request: Pending): void {
    request.timer = this.#options.setTimer(() => {
      if (this.#isClosed || this.#pending.get(id) !== request) return;
      this.#silent();
      if (request.isHello) this.#asking.value = false;
      if (this.#state.value !== "silent") this.#startTimer(id, request);
      else if (request.isHello) this.#helloAgain(request);
      else {
        if (this.#isDoubtful(request)) this.hello();
        request.patience = longer(request.patience);
        this.#startTimer(id, request);
      }
    }, request.patience);
  }

  /** Ask once more how everything is, unless nobody waits for that and there may be no kernel at all. */
  #helloAgain(last: Pending): void {
    const isAwaited = this.#hasHeard || [...this.#pending.values()].some(({ isHello }) => !isHello);
    if (isAwaited || last.patience < MAX_PATIENCE_MS) this.#hello(longer(last.patience));
    else last.timer = null;
  }

  /** Wait again for a `hello` that was given up: there is a kernel. */
  #takeUpAgain(): void {
    for (const [id, request] of this.#pending) if (request.timer === null) this.#startTimer(id, request);
  }

  /** Say whether only another `hello` can tell if a reply will come: none is under way that would tell. */
  #isDoubtful(request: Pending): boolean {
    const hellos = [...this.#pending.values()].filter(({ isHello }) => isHello);
    return !hellos.some(({ sent }) => sent > request.sent || request.sent === Infinity);
  }

  #settle(id: string, reply: Envelope): void {
    const request = this.#pending.get(id);
    if (!request) return;
    this.#pending.delete(id);
    if (request.isHello) this.#asking.value = false;
    this.#options.clearTimer(request.timer);
    request.resolve(reply);
  }

  #refuseLost(before: number): void {
    const text = "No answer came: look whether it was done before you do it again.";
    for (const [id, { sent }] of [...this.#pending]) {
      if (sent >= before) continue;
      this.#lost.add(id);
      this.#settle(id, refusal(LOST, text));
    }
  }

  /** The host says that the connection came or went: only an answer shows which. */
  #doubt = (): void => {
    this.#silent();
    this.hello();
  };

  #silent(): void {
    const { status, connectionStatus = "connected" } = this.#model.widget_manager?.kernel ?? {};
    this.#state.value = status === "busy" && connectionStatus === "connected" ? "busy" : "silent";
  }
}

function longer(patience: number): number {
  return Math.min(2 * patience, MAX_PATIENCE_MS);
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
