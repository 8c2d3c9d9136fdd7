/** The state of one comparison view, and its requests to the kernel. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { openRasters, type Raster } from "../map/rasters";
import type { Hit, Scene } from "../map/scene";
import { type Detail, detailAt, type Size, type Viewport } from "../map/viewport";
import { copyText } from "../shared/clipboard";
import type { Disposal } from "../shared/disposal";
import { sentence } from "../shared/format";
import { isObject, text } from "../shared/json";
import type { Link } from "../shared/link";
import type { Accepted, ChangePicturesReply, FieldsReply, PlayReply, Rejected, StatePicture } from "../shared/protocol";
import { thumbnailUrl } from "../shared/state-pictures";
import type { FieldDiff } from "../shared/ui/diff-text";
import type { Notices } from "../shared/ui/toasts";
import { nextStep, visibleChanges } from "./change-navigation";
import { pickedWords } from "./conflict-words";
import {
  type Change,
  type Comparison,
  conflictAt,
  type ItemMark,
  type Pick,
  readComparison,
  SAME_STATUS,
  type Side,
  type Status,
  type Step,
} from "./data";
import { changeSentence, conflictSentence } from "./mark-display";

export type Play =
  | { readonly state: "unasked" | "asked" }
  | { readonly state: "told"; readonly sentences: readonly string[] }
  | { readonly state: "failed"; readonly reason: string };

export interface Store {
  readonly comparison: ReadonlySignal<Comparison | null>;
  readonly scene: ReadonlySignal<Scene | null>;
  readonly link: Link;
  readonly notices: Notices;
  readonly view: Signal<Viewport>;
  readonly size: Signal<Size>;
  readonly detail: ReadonlySignal<Detail>;
  readonly hover: Signal<Hit | null>;
  /** Which world is shown: both, or one of them, to flick between. */
  readonly side: Signal<Side>;
  readonly hidden: Signal<ReadonlySet<ItemMark>>;
  /** The numbers of the changes that are listed. */
  readonly listedChanges: ReadonlySignal<readonly number[]>;
  /** What is stepped through: the conflicts, then the changes that are listed. */
  readonly steps: ReadonlySignal<readonly Step[]>;
  readonly current: ReadonlySignal<Step | null>;
  readonly panelOpen: Signal<boolean>;
  readonly helpOpen: Signal<boolean>;
  /** How many changes of a group are listed. */
  readonly most: Signal<number>;
  readonly play: ReadonlySignal<Play>;
  nodeStatus(node: number): Status;
  eventStatus(index: number): Status;
  /** The fields of a change; null while they are fetched. */
  fields(change: number): readonly FieldDiff[] | null;
  /** How a state that differs looks in both worlds; null until it is there. Asking for it orders it. */
  pictures(change: number): ChangePicturesReply | null;
  /** How a state on the map looks where it differs: in the world that is shown, or before and after where that differs. */
  looks(node: number): readonly Look[];
  /** The same as pixels for the canvas, those that are there yet. */
  rasters(node: number): readonly Raster[];
  /** Counts up when there are more pictures. */
  readonly pictureVersion: ReadonlySignal<number>;
  choose(change: number | null): void;
  step(by: 1 | -1): void;
  /** Decide a conflict for a side. */
  pick(conflict: number, side: Pick): Promise<void>;
  /** Decide a conflict for a text of one's own; resolves with null when it was taken, else with the reason. */
  write(conflict: number, text: string): Promise<string | null>;
  /** Say that a text was not saved, and why, with the way to keep it: its field is gone. */
  giveBack(text: string, reason: string): void;
  toggle(mark: ItemMark): void;
  flick(): void;
  askPlay(): void;
  /** The revision that the second world is proposed by; null where none is. */
  readonly proposal: ReadonlySignal<Proposal | null>;
  accept(): Promise<void>;
}

/** The picture of a state; another object is another picture. */
export interface Look {
  readonly url: string;
  readonly words: string;
}

export interface Proposal {
  readonly instruction: string;
  readonly reply: string;
  readonly isAccepted: boolean;
}

/** So many changes of a group are listed at first. */
export const INITIAL_CHANGE_COUNT = 100;

const SIDES: readonly Side[] = ["both", "before", "after"];

export function openStore(
  link: Link,
  notices: Notices,
  seed: ReadonlySignal<unknown>,
  disposal: Disposal,
  proposed: ReadonlySignal<unknown> = signal(null),
): Store {
  const comparison = computed(() => readComparison(seed.value));
  const current = signal<number | null>(null);
  const hidden = signal<ReadonlySet<ItemMark>>(new Set());
  const view = signal<Viewport>({ x: 0, y: 0, k: 1 });
  const later = signal<ReadonlyMap<number, readonly FieldDiff[]>>(new Map());
  const fieldRequests = new Set<number>();
  const pictures = signal<ReadonlyMap<number, ChangePicturesReply>>(new Map());
  const pictureRequests = new Set<number>();
  const rasters = openRasters(disposal);
  const known = new WeakMap<StatePicture, Look>();
  const play = signal<Play>({ state: "unasked" });
  const side = signal<Side>("both");
  const listedChanges = computed(() => visibleChanges(comparison.value?.changes ?? [], hidden.value));
  const steps = computed(() => [...(comparison.value?.conflicts ?? []).map((_, at) => ~at), ...listedChanges.value]);
  const changeAt = (at: number | null): Change | undefined =>
    at === null ? undefined : comparison.peek()?.changes[at];

  const fetchFields = async (at: number): Promise<void> => {
    if (fieldRequests.has(at)) return;
    fieldRequests.add(at);
    const requested = comparison.peek();
    const reply = await link.request<FieldsReply | Rejected>({
      type: "fields",
      change: at,
    });
    if (comparison.peek() !== requested) return; // the numbers of another comparison mean other changes
    if (notices.answered(reply, "fields", "warning")) later.value = new Map(later.peek()).set(at, reply.fields);
    else fieldRequests.delete(at);
  };

  const fetchPictures = async (at: number): Promise<void> => {
    if (pictureRequests.has(at)) return;
    pictureRequests.add(at);
    const requested = comparison.peek();
    const reply = await link.request<ChangePicturesReply | Rejected>({ type: "change_pictures", change: at });
    if (comparison.peek() !== requested) return;
    if (reply.type === "change_pictures")
      pictures.value = new Map(pictures.peek()).set(at, reply as ChangePicturesReply);
    else pictureRequests.delete(at);
  };

  const lookOf = (picture: StatePicture): Look => {
    const look = known.get(picture) ?? { url: thumbnailUrl(picture), words: picture.label };
    known.set(picture, look);
    return look;
  };

  const looks = (node: number): readonly Look[] => {
    const { mark, change } = applyFilter(comparison.value?.nodes[node], comparison.value, hidden.value);
    if (mark === "same" || changeAt(change)?.kind !== "state") return [];
    const reply = pictures.value.get(change);
    if (!reply) {
      queueMicrotask(() => void fetchPictures(change));
      return [];
    }
    const [before, after] = [reply.before, reply.after].map((picture) => (picture ? lookOf(picture) : null));
    const shown =
      side.value === "before" ? [before ?? after] : side.value === "after" ? [after ?? before] : [before, after];
    const there = shown.flatMap((look) => (look && look.url !== "" ? [look] : []));
    return there.length > 1 && there[0]?.url === there[1]?.url ? there.slice(1) : there;
  };

  const fetchMissingFields = (at: number | null): void => {
    if (at !== null && changeAt(at)?.fields === null) void fetchFields(at);
  };

  // another comparison is another list; what was chosen stays so if it is still there
  let before = comparison.peek();
  disposal.add(
    effect(() => {
      const now = comparison.value;
      if (now === before) return;
      current.value = sameStepIn(before, now, current.peek());
      before = now;
      later.value = new Map();
      fieldRequests.clear();
      pictures.value = new Map();
      pictureRequests.clear();
      play.value = { state: "unasked" };
      fetchMissingFields(current.peek());
    }),
  );

  const choose = (at: number | null): void => {
    current.value = at;
    if (at === null) return;
    const all = steps.peek();
    const place = Math.max(0, all.indexOf(at));
    const conflict = conflictAt(comparison.peek(), at);
    if (conflict) notices.say(conflictSentence(conflict, place, all.length));
    const change = changeAt(at);
    if (!change) return;
    fetchMissingFields(at);
    notices.say(changeSentence(change, place, all.length));
  };

  const giveBack: Store["giveBack"] = (text, reason) => {
    const copy = async () => {
      if (await copyText(text)) notices.show("Copied the text.");
      else giveBack(text, "This page may not write to the clipboard: select the text here.");
    };
    const action = { label: "Copy the text", run: () => void copy(), stays: true };
    notices.show(`“${text}” was not saved. ${reason}`, "error", action);
  };

  return {
    comparison,
    scene: computed(() => comparison.value?.scene ?? null),
    link,
    notices,
    view,
    size: signal<Size>({ w: 0, h: 0 }),
    detail: computed(() => detailAt(view.value)),
    hover: signal<Hit | null>(null),
    side,
    hidden,
    listedChanges,
    steps,
    current,
    panelOpen: signal(true),
    helpOpen: signal(false),
    most: signal(INITIAL_CHANGE_COUNT),
    play,
    nodeStatus: (node) => applyFilter(comparison.value?.nodes[node], comparison.value, hidden.value),
    eventStatus: (index) => applyFilter(comparison.value?.events[index], comparison.value, hidden.value),
    fields: (at) => comparison.value?.changes[at]?.fields ?? later.value.get(at) ?? null,
    pictures(at) {
      const picture = pictures.value.get(at);
      if (!picture) queueMicrotask(() => void fetchPictures(at));
      return picture ?? null;
    },
    looks,
    rasters: (node) => looks(node).flatMap((look) => rasters.of(look) ?? []),
    pictureVersion: computed(() => pictures.value.size + rasters.version.value),
    choose,
    step(by) {
      choose(nextStep(steps.peek(), current.peek(), by));
    },
    proposal: computed(() => readProposal(proposed.value)),
    async accept() {
      const reply = await link.request<Accepted | Rejected>({ type: "accept" });
      if (notices.answered(reply, "accept", "warning")) notices.say("Accepted in the editor");
    },
    async pick(conflict, side) {
      const reply = await link.request<Accepted | Rejected>({ type: "resolve", conflict, side });
      if (notices.answered(reply, "resolve", "warning")) notices.say(`Decided: ${pickedWords(side)}`);
    },
    async write(conflict, text) {
      const reply = await link.request<Accepted | Rejected>({ type: "write", conflict, text });
      if (reply.type === "rejected") return sentence(reply.message);
      notices.say(`Decided: ${pickedWords("value")}`);
      return null;
    },
    giveBack,
    toggle(mark) {
      const next = new Set(hidden.peek());
      if (!next.delete(mark)) next.add(mark);
      hidden.value = next;
    },
    flick() {
      side.value = SIDES[(SIDES.indexOf(side.peek()) + 1) % SIDES.length] ?? "both";
      notices.say(side.peek() === "both" ? "Both worlds" : `Only the world ${side.peek()}`);
    },
    askPlay() {
      if (play.peek().state === "asked" || play.peek().state === "told") return;
      play.value = { state: "asked" };
      const requested = comparison.peek();
      void link.request<PlayReply | Rejected>({ type: "play" }).then((reply) => {
        if (comparison.peek() !== requested) return;
        play.value =
          reply.type === "play"
            ? { state: "told", sentences: reply.sentences }
            : { state: "failed", reason: sentence(reply.message) };
      });
    },
  };
}

function readProposal(value: unknown): Proposal | null {
  if (!isObject(value) || typeof value.reply !== "string") return null;
  return { instruction: text(value.instruction), reply: value.reply, isAccepted: value.isAccepted === true };
}

/** Return where what was chosen stands in another comparison. */
function sameStepIn(before: Comparison | null, now: Comparison | null, at: Step | null): Step | null {
  if (at === null || !now) return null;
  const conflict = conflictAt(before, at);
  if (conflict) {
    const next = now.conflicts?.findIndex((one) => one.path === conflict.path) ?? -1;
    return next < 0 ? null : ~next;
  }
  const change = before?.changes[at];
  const next = now.changes.findIndex((one) => one.kind === change?.kind && one.id === change.id);
  return next < 0 ? null : next;
}

/** A change that is filtered away is drawn as if nothing had happened, but stays of the world it is of. */
function applyFilter(status: Status | undefined, of: Comparison | null, hidden: ReadonlySet<ItemMark>): Status {
  if (!status) return SAME_STATUS;
  if (hidden.size === 0 || status.mark === "same") return status;
  const marks = of?.changes[status.change]?.marks ?? [];
  return marks.some((mark) => !hidden.has(mark)) ? status : { ...status, mark: "same" };
}

/** Say whether a thing of some worlds is there when one is shown. */
export function existsIn(status: Status, side: Side): boolean {
  return side === "both" || status.side === "both" || status.side === side;
}
