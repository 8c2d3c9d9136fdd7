/** What one view of the player knows, and what it asks of the kernel. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Disposal } from "../shared/disposal";
import type { Link } from "../shared/link";
import type { Accepted, OfferInfo, PlayerRequest, PlayerView, Rejected } from "../shared/protocol";
import type { Notices } from "../shared/ui/toasts";
import { readView } from "./view";
import { announcement } from "./words";

export type Panel = "journal" | "help";

export interface Store {
  readonly view: ReadonlySignal<PlayerView | null>;
  /** Whether the kernel answers; null until it was asked. */
  readonly online: ReadonlySignal<boolean>;
  /** Whether a step is under way, so that a second press does not fire in the place the first one leads to. */
  readonly busy: ReadonlySignal<boolean>;
  readonly panel: Signal<Panel | null>;
  readonly notices: Notices;
  act(request: Omit<PlayerRequest, "type">): Promise<boolean>;
  fire(offer: OfferInfo): void;
  reconnect(): void;
}

export function openStore(link: Link, notices: Notices, trait: ReadonlySignal<unknown>, disposal: Disposal): Store {
  const view = computed(() => readView(trait.value));
  const flying = signal(0);
  const panel = signal<Panel | null>(null);

  let before: PlayerView | null = null;
  disposal.add(
    effect(() => {
      const after = view.value;
      if (after && before) {
        const text = announcement(before, after);
        // A live region reads only what differs from what it held: the same words twice need a mark.
        notices.say(text !== "" && text === notices.spoken.peek() ? `${text}\u00a0` : text);
      }
      before = after;
    }),
  );

  const act = async (request: Omit<PlayerRequest, "type">): Promise<boolean> => {
    flying.value += 1;
    const reply = await link.request<Accepted | Rejected>({ type: "act", ...request } as PlayerRequest);
    flying.value -= 1;
    if (reply.type === "rejected" && !ELSEWHERE.has(reply.code)) notices.show(sentence(reply.message), "warning");
    return reply.type === "accepted";
  };

  const fire = (offer: OfferInfo): void => {
    if (!offer.available) notices.show(offer.hint ? `Locked: ${offer.hint}` : "Locked.", "info");
    else if (flying.peek() === 0) void act({ action: "fire", event: offer.name });
  };

  const reconnect = (): void => {
    void link.request({ type: "hello" });
  };

  return {
    view,
    online: computed(() => link.state.value !== "silent"),
    busy: computed(() => flying.value > 0),
    panel,
    notices,
    act,
    fire,
    reconnect,
  };
}

/** Refusals that a notice need not repeat: a banner says the first, and nobody is there to read the second. */
const ELSEWHERE = new Set(["disconnected", "closed"]);

function sentence(text: string): string {
  const first = text.charAt(0).toLocaleUpperCase("en") + text.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}
