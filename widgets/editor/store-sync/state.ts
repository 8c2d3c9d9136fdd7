/** The state of saving in one view: where the world is stored, whether it is saved, and the requests about it. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Disposal } from "../../shared/disposal";
import { count, sentence } from "../../shared/format";
import { trait } from "../../shared/host";
import type { Link } from "../../shared/link";
import type { WidgetModel } from "../../shared/model";
import type { Accepted, DecideNotTaken, EditorRequest, Rejected } from "../../shared/protocol";
import type { Notices } from "../../shared/ui/toasts";
import {
  type Binding,
  type Choice,
  type ClashDecision,
  type LastRun,
  readBinding,
  readLastRun,
  readStart,
  type Start,
} from "./data";

export interface StoreSync {
  /** Null when the kernel did not say where the world lives. */
  readonly binding: ReadonlySignal<Binding | null>;
  /** What was edited when the cell was last run. */
  readonly lastRun: ReadonlySignal<LastRun | null>;
  /** What a world can be begun with, where there is none yet. */
  readonly start: ReadonlySignal<Start | null>;
  /** The kernel is asking the store, or writing a file. */
  readonly busy: Signal<boolean>;
  /** What was decided about each thing that both changed, by its path; mine where nothing was. */
  readonly picks: Signal<ReadonlyMap<string, ClashDecision>>;
  pick(path: string, decision: ClashDecision): void;
  save(): Promise<boolean>;
  reload(): Promise<boolean>;
  reconcile(choice: Choice): Promise<boolean>;
  /** Leave what the server did not take as it is there, or make those edits again. */
  decideNotTaken(choice: DecideNotTaken["choice"]): Promise<boolean>;
  /** Give the world a file; resolves with why not, `exists` when something is there, or null when it is done. */
  saveAs(path: string, overwrite: boolean): Promise<string | null>;
  /** Start a world; resolves with why not, or null when it is done. */
  begin(source: "new" | "sample" | "file", name: string): Promise<string | null>;
  takeOver(): Promise<void>;
  discard(): Promise<void>;
}

/** What `saveAs` resolves with when there is a file of that name. */
export const EXISTS = "exists";

/** Milliseconds before an unsaved edit is sent again of one's own accord; doubled each time, up to the last. */
const RETRY_PAUSES_MS = [4_000, 64_000] as const;

export function openStoreSync(
  model: WidgetModel,
  link: Link,
  notices: Notices,
  online: ReadonlySignal<boolean>,
  disposal: Disposal,
): StoreSync {
  const raw = trait<unknown>(model, "binding", null, disposal);
  const lastRunTrait = trait<unknown>(model, "last_run", null, disposal);
  const startTrait = trait<unknown>(model, "start", null, disposal);
  const lastRun = computed(() => readLastRun(lastRunTrait.value));
  const binding = signal<Binding | null>(null);
  const busy = signal(false);
  const picks = signal<ReadonlyMap<string, ClashDecision>>(new Map());

  disposal.add(
    effect(() => {
      const next = readBinding(raw.value);
      const before = binding.peek();
      binding.value = next;
      const paths = new Set(next?.conflict?.clashes.map(({ path }) => path));
      picks.value = new Map([...picks.peek()].filter(([path]) => paths.has(path)));
      if (before && next && next.status !== before.status) notices.say(statusSentence(next));
    }),
  );

  const send = async (request: EditorRequest): Promise<Rejected | null> => {
    busy.value = true;
    const reply = await link.request<Accepted | Rejected>(request);
    busy.value = false;
    notices.settle("store");
    return reply.type === "rejected" ? (reply as Rejected) : null;
  };
  const ask = async (request: EditorRequest, quiet = false): Promise<boolean> => {
    if (busy.peek()) return false;
    const rejection = await send(request);
    // What kept an edit from being saved stands in the banner already.
    if (rejection && !quiet && rejection.code !== "unsaved") notices.answered(rejection, "store");
    return rejection === null;
  };

  let pause: number = RETRY_PAUSES_MS[0];
  disposal.add(
    effect(() => {
      const waits = binding.value?.status === "unsaved" && online.value && !busy.value;
      if (binding.value?.status === "saved") pause = RETRY_PAUSES_MS[0];
      if (!waits) return undefined;
      const timer = setTimeout(() => {
        pause = Math.min(2 * pause, RETRY_PAUSES_MS[1]);
        void ask({ type: "save" }, true);
      }, pause);
      return () => clearTimeout(timer);
    }),
  );

  return {
    binding,
    lastRun,
    start: computed(() => readStart(startTrait.value)),
    saveAs: async (path, overwrite) => {
      const rejection = await send({ type: "save_as", path, overwrite });
      if (!rejection) notices.show(`Saved in ${binding.peek()?.place}, and every edit from now on.`);
      return rejection && (rejection.code === EXISTS ? EXISTS : sentence(rejection.message));
    },
    begin: async (source, name) => {
      const rejection = await send({ type: "begin", source, name });
      return rejection && sentence(rejection.message);
    },
    takeOver: async () => {
      const edits = count(lastRun.peek()?.count ?? 0, "edit");
      if (await ask({ type: "last_run", choice: "take" }))
        notices.show(`Restored ${edits}. You can undo them one by one.`);
    },
    discard: async () => {
      const edits = count(lastRun.peek()?.count ?? 0, "edit");
      if (!(await ask({ type: "last_run", choice: "discard" }))) return;
      const back = { label: "Undo", run: () => void ask({ type: "last_run", choice: "restore" }) };
      notices.show(`Discarded ${edits} of the last run.`, "info", back);
    },
    busy,
    picks,
    pick: (path, decision) => {
      picks.value = new Map(picks.peek()).set(path, decision);
    },
    save: () => ask({ type: "save" }),
    reload: async () => {
      const before = binding.peek()?.rev;
      const reloaded = await ask({ type: "reload" });
      const now = binding.peek();
      if (reloaded && now)
        notices.show(now.rev === before ? "Nothing was changed elsewhere." : `Loaded ${revisionText(now.rev)}.`);
      return reloaded;
    },
    decideNotTaken: async (choice) => {
      const decided = await ask({ type: "not_taken", choice });
      const { not_taken: left, place } = binding.peek() ?? { not_taken: [], place: "" };
      if (decided && left.length === 0)
        notices.show(choice === "keep" ? `Kept what ${place} has.` : `${place} accepted the edits this time.`);
      return decided;
    },
    reconcile: async (choice) => {
      const conflict = binding.peek()?.conflict;
      const decided = [...picks.peek()];
      const sides = decided.flatMap(([path, { side, text }]) => (text === null ? [[path, side] as const] : []));
      const texts = decided.flatMap(([path, { side, text }]) =>
        text === null ? [] : [[path, { side, text }] as const],
      );
      const reconciled = await ask({
        type: "reconcile",
        choice,
        picks: Object.fromEntries(sides),
        written: Object.fromEntries(texts),
      });
      if (reconciled && conflict) notices.show(outcomeText(choice, conflict.rev));
      return reconciled;
    },
  };
}

function outcomeText(choice: Choice, rev: string): string {
  const there = revisionText(rev);
  if (choice === "rebase") return `Your edits are on top of ${there}, and saved.`;
  if (choice === "theirs") return `Loaded ${there}. Redo puts your edits on top.`;
  return `Your world is saved over ${there}. Undo brings theirs back.`;
}

/** Say which revision: only the number of a counter says anything to a person. */
export function revisionText(rev: string): string {
  return isCount(rev) ? `revision ${rev}` : "the changed file";
}

/** Say whether a revision is the number of a counter, and no digest. */
export function isCount(rev: string): boolean {
  return /^\d+$/.test(rev);
}

/** Return what a server did not take as a sentence. */
export function notTakenSentence({ place, not_taken: edits }: Binding): string {
  return `${place} rejected ${count(edits.length, "edit")}; the map shows its version.`;
}

/** Return how a world stands where it lives as a sentence, for a screen reader. */
export function statusSentence({ status, place, rev, count: n, conflict }: Binding): string {
  if (status === "nowhere") return "Not saved: lives in this notebook only.";
  if (status === "saved") return `Saved in ${place}${isCount(rev) ? `, revision ${rev}` : ""}.`;
  if (status === "unsaved") return `Not saved: ${count(n, "edit")} kept here.`;
  return `Conflict with ${revisionText(conflict?.rev ?? "")}: ${count(n, "edit")} kept here, not saved.`;
}
