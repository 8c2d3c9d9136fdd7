/** What the tables of one view show: which is open, and the flag whose arcs are on the map. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Graph } from "../../map/graph";
import type { Link } from "../../shared/link";
import type { HeldReply, Rejected } from "../../shared/protocol";
import type { Notices } from "../../shared/ui/toasts";
import { type FlagArcs, flagArcs } from "./flag-arcs";

export type TableTab = "states" | "events" | "flags" | "missions" | "replace" | "script";

export interface Tables {
  /** The table that lies over the map; null when the map is seen. */
  readonly tab: Signal<TableTab | null>;
  /** The table that was open last. */
  readonly lastTab: Signal<TableTab>;
  readonly flagOnMap: Signal<string | null>;
  readonly arcs: ReadonlySignal<FlagArcs | null>;
  /** Where flags are held on arrival, as of some revision. */
  readonly arrivals: Signal<HeldReply | null>;
  readonly isAsking: Signal<boolean>;
  askForArrivals(): Promise<void>;
}

export function openTables(link: Link, notices: Notices, graph: ReadonlySignal<Graph>): Tables {
  const flagOnMap = signal<string | null>(null);
  const arrivals = signal<HeldReply | null>(null);
  const isAsking = signal(false);
  return {
    tab: signal<TableTab | null>(null),
    lastTab: signal<TableTab>("states"),
    flagOnMap,
    arcs: computed(() => (flagOnMap.value === null ? null : flagArcs(graph.value, flagOnMap.value))),
    arrivals,
    isAsking,
    askForArrivals: async () => {
      if (isAsking.peek()) return;
      isAsking.value = true;
      const reply = await link.request<HeldReply | Rejected>({ type: "held" });
      isAsking.value = false;
      if (notices.answered(reply, "held", "warning")) arrivals.value = reply;
    },
  };
}
