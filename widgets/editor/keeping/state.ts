/** What one view does about the store its world is kept in: how it stands there, and what may be asked. */
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Disposal } from "../../shared/disposal";
import { count, sentence } from "../../shared/format";
import { trait } from "../../shared/host";
import type { Link } from "../../shared/link";
import type { WidgetModel } from "../../shared/model";
import type { Accepted, EditorRequest, Rejected } from "../../shared/protocol";
import type { Notices } from "../../shared/ui/toasts";
import { type Binding, type Choice, readBinding, type Side } from "./data";

export interface Keeping {
  /** Null for a world that lives in no store. */
  readonly binding: ReadonlySignal<Binding | null>;
  /** The kernel is asking the store. */
  readonly busy: Signal<boolean>;
  /** The side picked for each thing that both changed, by its path; mine where nothing was picked. */
  readonly picks: Signal<ReadonlyMap<string, Side>>;
  pick(path: string, side: Side): void;
  save(): Promise<boolean>;
  reload(): Promise<boolean>;
  reconcile(choice: Choice): Promise<boolean>;
}

/** Milliseconds before an unsaved edit is sent again of one's own accord; doubled each time, up to the last. */
const PAUSES = [4_000, 64_000] as const;

export function openKeeping(
  model: WidgetModel,
  link: Link,
  notices: Notices,
  online: ReadonlySignal<boolean>,
  disposal: Disposal,
): Keeping {
  const raw = trait<unknown>(model, "binding", null, disposal);
  const binding = signal<Binding | null>(null);
  const busy = signal(false);
  const picks = signal<ReadonlyMap<string, Side>>(new Map());

  disposal.add(
    effect(() => {
      const next = readBinding(raw.value);
      const before = binding.peek();
      binding.value = next;
      const paths = new Set(next?.conflict?.clashes.map(({ path }) => path));
      picks.value = new Map([...picks.peek()].filter(([path]) => paths.has(path)));
      if (before && next && next.status !== before.status) notices.say(spoken(next));
    }),
  );

  const ask = async (request: EditorRequest, quiet = false): Promise<boolean> => {
    if (busy.peek()) return false;
    busy.value = true;
    const reply = await link.request<Accepted | Rejected>(request);
    busy.value = false;
    // What kept an edit from being saved stands in the banner already.
    const told = quiet || (reply as Rejected).code === "unsaved";
    if (reply.type === "rejected" && !told) notices.show(sentence((reply as Rejected).message), "error");
    return reply.type !== "rejected";
  };

  let pause: number = PAUSES[0];
  disposal.add(
    effect(() => {
      const waits = binding.value?.status === "unsaved" && online.value && !busy.value;
      if (binding.value?.status === "saved") pause = PAUSES[0];
      if (!waits) return undefined;
      const timer = setTimeout(() => {
        pause = Math.min(2 * pause, PAUSES[1]);
        void ask({ type: "save" }, true);
      }, pause);
      return () => clearTimeout(timer);
    }),
  );

  return {
    binding,
    busy,
    picks,
    pick: (path, side) => {
      picks.value = new Map(picks.peek()).set(path, side);
    },
    save: () => ask({ type: "save" }),
    reload: async () => {
      const before = binding.peek()?.rev;
      const done = await ask({ type: "reload" });
      const now = binding.peek();
      if (done && now)
        notices.show(now.rev === before ? "Nothing was changed elsewhere." : `Now at revision ${now.rev}.`);
      return done;
    },
    reconcile: async (choice) => {
      const met = binding.peek()?.conflict;
      const done = await ask({ type: "reconcile", choice, picks: Object.fromEntries(picks.peek()) });
      if (done && met) notices.show(outcome(choice, met.rev));
      return done;
    },
  };
}

function outcome(choice: Choice, rev: string): string {
  if (choice === "rebase") return `Your edits are on top of revision ${rev}, and saved.`;
  if (choice === "theirs") return `Took over revision ${rev}. Redo puts your edits on top.`;
  return `Your world is saved over revision ${rev}. Undo brings theirs back.`;
}

/** Return how a world stands in its store as a sentence, for a screen reader. */
export function spoken({ status, place, rev, count: n, conflict }: Binding): string {
  if (status === "saved") return `Saved in ${place}, revision ${rev}.`;
  if (status === "unsaved") return `Not saved: ${count(n, "edit")} kept here.`;
  return `Conflict with revision ${conflict?.rev ?? ""}: ${count(n, "edit")} kept here, not saved.`;
}
