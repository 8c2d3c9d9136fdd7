/** Short notices over the view, and the live region that reads them out. */
import { type Signal, signal } from "@preact/signals";
import type { JSX } from "preact";
import { sentence } from "../format";
import type { Envelope, Rejected } from "../protocol";
import { Button } from "./button";
import { Icon } from "./icon";

export type Tone = "info" | "warning" | "error";

interface ToastAction {
  readonly label: string;
  readonly run: () => void;
  /** Says whether it still can be done; it is offered for so long. */
  readonly isOffered?: () => boolean;
  /** The notice stays until it is dismissed: it holds what is nowhere else. */
  readonly stays?: boolean;
}

export interface Toast {
  readonly key: number;
  readonly tone: Tone;
  readonly text: string;
  readonly action?: ToastAction | undefined;
  /** What it is about; the next notice about the same takes its place. */
  readonly about?: string | undefined;
}

const LIFETIME_MS: Record<Tone, number> = { info: 5000, warning: 9000, error: 15000 };
/** So many notices that go by themselves are shown at once. */
const MAX_PASSING_TOASTS = 3;
/** A notice that is pointed at, or that has the focus, is looked at again after so many milliseconds. */
const RECHECK_MS = 2000;

/** The notices of one view. */
export class Notices {
  readonly list: Signal<readonly Toast[]> = signal([]);
  /** What the live region says without showing a toast. */
  readonly spoken: Signal<string> = signal("");
  /** The element that shows them: none of them goes by itself while the pointer or the focus is in it. */
  area: Element | null = null;
  #next = 0;
  #isClosed = false;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Show a notice, unless it is there already; of those that go by themselves, the three latest stay. */
  show(text: string, tone: Tone = "info", action?: Toast["action"], about?: string): void {
    if (about) this.settle(about);
    if (this.#isClosed || (!action && this.list.value.some((toast) => toast.text === text))) return;
    this.#next += 1;
    const key = this.#next;
    this.list.value = [...this.list.value, { key, tone, text, action, about }];
    if (action?.stays) return;
    const passing = this.list.value.filter((toast) => !toast.action?.stays);
    for (const toast of passing.slice(0, -MAX_PASSING_TOASTS)) this.dismiss(toast.key);
    this.#dismissAfter(LIFETIME_MS[action && tone === "info" ? "warning" : tone], key);
  }

  #dismissAfter(milliseconds: number, key: number): void {
    const end = () =>
      this.area?.matches(":hover, :focus-within") ? this.#dismissAfter(RECHECK_MS, key) : this.dismiss(key);
    this.#timers.set(key, setTimeout(end, milliseconds));
  }

  /**
   * Show why a request is refused, in place of what earlier requests of its kind were refused for; returns whether it
   * was answered. A refusal is no longer true once the same is done.
   */
  answered<R extends Envelope>(
    reply: R | Rejected,
    about: string,
    tone: Tone = "error",
  ): reply is Exclude<R, Rejected> {
    this.settle(about);
    if (reply.type !== "rejected") return true;
    const { code, message } = reply as Envelope & { code: string; message: string };
    // a banner says that there is no connection
    if (code !== "disconnected") this.show(sentence(message), tone, undefined, about);
    return false;
  }

  /** Take away the notice about something that is over. */
  settle(about: string): void {
    for (const toast of this.list.value) if (toast.about === about) this.dismiss(toast.key);
  }

  /** Say something to screen readers only. */
  say(text: string): void {
    this.spoken.value = text;
  }

  dismiss(key: number): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.list.value = this.list.value.filter((toast) => toast.key !== key);
  }

  /** Take all notices away; in a view that is closed nobody reads another. */
  dispose(): void {
    this.#isClosed = true;
    this.list.value = [];
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}

export function Toasts({ notices }: { notices: Notices }): JSX.Element {
  return (
    <div
      class="wk-toasts"
      ref={(element) => {
        notices.area = element;
      }}
    >
      <div class="wk-visually-hidden" role="status" aria-live="polite">
        {notices.spoken.value}
      </div>
      <div role="log" aria-live="polite" aria-label="Notices" style={{ display: "contents" }}>
        {notices.list.value.map((toast) => (
          <div class="wk-toast" key={toast.key}>
            <Icon name={toast.tone} class={`wk-${toast.tone}`} />
            <p>{toast.text}</p>
            {toast.action && (toast.action.isOffered?.() ?? true) ? (
              <Button
                label={toast.action.label}
                small
                kind="outline"
                onPress={() => {
                  notices.dismiss(toast.key);
                  toast.action?.run();
                }}
              >
                {toast.action.label}
              </Button>
            ) : null}
            <Button label="Dismiss" icon="close" small kind="quiet" onPress={() => notices.dismiss(toast.key)} />
          </div>
        ))}
      </div>
    </div>
  );
}
