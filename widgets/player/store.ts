/** The state of one player view, and its requests to the kernel. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Disposal } from "../shared/disposal";
import { isLost, type Link } from "../shared/link";
import type {
  AboutReply,
  AboutWorld,
  Accepted,
  NowMessage,
  OfferInfo,
  PlayerAct,
  PlayerView,
  Rejected,
  ScriptKind,
  ScriptReply,
} from "../shared/protocol";
import { openPictures, type StatePictures } from "../shared/state-pictures";
import type { Notices } from "../shared/ui/toasts";
import { type Clips, openClips } from "./clips";
import { ClockDriver } from "./clock-driver";
import { type LivePicture, openLivePicture } from "./live-picture";
import { announcement } from "./text";
import { applyNow, readView } from "./view";

export type Panel = "journal" | "flags" | "tester" | "run";

type WithoutType<A> = A extends unknown ? Omit<A, "type"> : never;

/** What a player does, as a view says it. */
type Action = WithoutType<PlayerAct>;

export interface Store {
  readonly view: ReadonlySignal<PlayerView | null>;
  /** Whether the kernel answers; null until it was asked. */
  readonly online: ReadonlySignal<boolean>;
  /** Whether a step is under way, so that a second press does not fire in the place the first one leads to. */
  readonly busy: ReadonlySignal<boolean>;
  /** Whether this view drives the clock. */
  readonly running: ReadonlySignal<boolean>;
  readonly speed: Signal<number>;
  /** Whether forward is held. */
  readonly forward: Signal<boolean>;
  readonly panel: Signal<Panel>;
  readonly help: Signal<boolean>;
  /** Pictures of states, large. */
  readonly pictures: StatePictures;
  /** The same, small. */
  readonly thumbnails: StatePictures;
  readonly pictureHidden: Signal<boolean>;
  /** What is typed as an action and was not sent; null where that is what was sent last. */
  readonly actionDraft: Signal<string | null>;
  /** What is known of the whole world; null until it was asked for. */
  readonly about: ReadonlySignal<AboutWorld | null>;
  readonly notices: Notices;
  /** What a painter draws. */
  readonly live: LivePicture;
  readonly clips: Clips;
  act(request: Action): Promise<boolean>;
  fire(offer: OfferInfo): void;
  /** Let the clock run, or stand. */
  toggle(): void;
  /** A frame was drawn at a time on the wall; `seen` says whether anybody can see it. */
  frame(wall: number, seen: boolean): void;
  askAbout(): void;
  script(kind: ScriptKind): Promise<ScriptReply | null>;
  /** Whether the kernel was asked how everything is, and may still answer. */
  readonly asking: ReadonlySignal<boolean>;
  reconnect(): void;
}

export function openStore(link: Link, notices: Notices, trait: ReadonlySignal<unknown>, disposal: Disposal): Store {
  const fullView = computed(() => readView(trait.value));
  const latestNow = signal<NowMessage | null>(null);
  const view = computed(() => applyNow(fullView.value, latestNow.value));
  const inFlight = signal(0);
  const speed = signal(1);
  const forward = signal(false);
  const about = signal<AboutWorld | null>(null);
  const running = computed(() => fullView.value?.driver === link.view);
  const pulse = new ClockDriver();
  let askedAt: number | null = null;

  disposal.add(
    link.listen((message) => {
      if (message.type === "now") latestNow.value = message as NowMessage;
    }),
  );
  let before: PlayerView | null = null;
  disposal.add(
    effect(() => {
      const after = fullView.value;
      if (after && before) {
        const text = announcement(before, after);
        // A live region reads only what differs from what it held: the same words twice need a mark.
        notices.say(text !== "" && text === notices.spoken.peek() ? `${text}\u00a0` : text);
      }
      before = after;
    }),
  );

  const tell = (reply: Accepted | Rejected): boolean => notices.answered(reply, "act", "warning");

  let unansweredKey: string | null = null;
  const act = async (request: Action): Promise<boolean> => {
    const key = REPEATABLE_ACTIONS.has(request.action) ? null : JSON.stringify(request);
    if (key !== null) {
      if (key === unansweredKey) return false;
      unansweredKey = key;
    }
    inFlight.value += 1;
    const reply = await link.request<Accepted | Rejected>({ type: "act", ...request });
    inFlight.value -= 1;
    if (key === unansweredKey) unansweredKey = null;
    return tell(reply);
  };

  const fire = (offer: OfferInfo): void => {
    if (offer.available) {
      void act({ action: "fire", event: offer.name });
      return;
    }
    notices.show(offer.hint ? `Locked: ${offer.hint}` : "Locked.", "info", undefined, "act");
    // Handlers hear of it; the kernel's refusal says no more than the hint.
    void link.request({ type: "act", action: "fire", event: offer.name });
  };

  const askAbout = (): void => {
    const version = fullView.peek()?.worldVersion ?? 0;
    if (askedAt === version) return;
    askedAt = version;
    void link.request<AboutReply | Rejected>({ type: "about" }).then((reply) => {
      if (reply.type === "about") about.value = (reply as AboutReply).about;
      else askedAt = null;
    });
  };
  disposal.add(
    effect(() => {
      // another world is asked about again, if one was asked about at all
      if ((fullView.value?.worldVersion ?? 0) !== askedAt && askedAt !== null) askAbout();
    }),
  );

  const pictures = openPictures(link, "full", 12);
  const thumbnails = openPictures(link, "thumbnail", 400);
  disposal.add(pictures.dispose);
  disposal.add(thumbnails.dispose);
  let drawnVersion = fullView.peek()?.worldVersion ?? 0;
  disposal.add(
    effect(() => {
      // another world is drawn anew, though its states may have the same ids
      const version = fullView.value?.worldVersion ?? 0;
      if (version === drawnVersion) return;
      drawnVersion = version;
      pictures.clear();
      thumbnails.clear();
    }),
  );

  // a view that goes away lets go of the clock, so that another does not wait for it
  disposal.add(() => {
    if (running.peek()) void link.request({ type: "act", action: "pause" });
  });

  return {
    view,
    live: openLivePicture(link, forward, disposal),
    clips: openClips(link, disposal),
    online: computed(() => link.state.value !== "silent"),
    busy: computed(() => inFlight.value > 0),
    running,
    speed,
    forward,
    panel: signal<Panel>("journal"),
    help: signal(false),
    pictures,
    thumbnails,
    pictureHidden: signal(false),
    actionDraft: signal<string | null>(null),
    about,
    notices,
    act,
    fire,
    toggle: () => void act({ action: running.peek() ? "pause" : "run" }),
    frame(wall, seen) {
      if (!running.peek() || !seen) {
        pulse.pause();
        return;
      }
      const ms = pulse.advance(wall, speed.peek());
      if (ms === 0) return;
      const tick = { type: "act", action: "tick", ms, forward: forward.peek() } as const;
      void link.request<Accepted | Rejected>(tick).then((reply) => {
        pulse.onReply();
        if (reply.type === "rejected" && !isLost(reply)) tell(reply);
      });
    },
    askAbout,
    async script(kind) {
      const reply = await link.request<ScriptReply | Rejected>({ type: "script", kind });
      if (reply.type === "script") return reply as ScriptReply;
      tell(reply as Rejected);
      return null;
    },
    asking: link.asking,
    reconnect: () => link.hello(),
  };
}

/** What is done as often as it is pressed; a second press of anything else, before the first is answered, means the same. */
const REPEATABLE_ACTIONS: ReadonlySet<string> = new Set(["wait", "undo"]);
