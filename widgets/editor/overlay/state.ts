/** The overlays of one view: those the kernel offers, the one that is shown, and the request for one. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Graph } from "../../map/graph";
import type { Disposal } from "../../shared/disposal";
import { trait } from "../../shared/host";
import type { Link } from "../../shared/link";
import type { WidgetModel } from "../../shared/model";
import type { Accepted, Rejected } from "../../shared/protocol";
import type { Notices } from "../../shared/ui/toasts";
import { type Layer, type Playing, readLayers, readPlaying } from "./data";
import { marksOf, type OverlayMarks } from "./marks";

/** A run that is gone through step by step. */
export interface Walk {
  readonly title: string;
  /** How many steps it has. */
  readonly of: number;
  readonly position: Playing;
}

export interface Overlays {
  readonly layers: ReadonlySignal<readonly Layer[]>;
  /** The key of the overlay that this view shows; null for none. */
  readonly visibleKey: Signal<string | null>;
  readonly layer: ReadonlySignal<Layer | null>;
  /** What exploring every possible run found; null while nobody asked. */
  readonly exploration: ReadonlySignal<Layer | null>;
  readonly playing: ReadonlySignal<Playing | null>;
  /** Whether this view shows the player beside the editor. */
  readonly follow: Signal<boolean>;
  /** The run that this view goes through; it is shown instead of the player. */
  readonly walk: Signal<Walk | null>;
  readonly marks: ReadonlySignal<OverlayMarks>;
  /** The kernel is playing the world through. */
  readonly busy: Signal<boolean>;
  readonly menu: Signal<boolean>;
  /** Only the name of what the legend explains is shown. */
  readonly folded: Signal<boolean>;
  /** The legend, while it is shown. */
  readonly legend: { current: HTMLElement | null };
  /** Have the kernel play the world through; resolves with whether it did. */
  explore(): Promise<boolean>;
}

export function openOverlays(
  model: WidgetModel,
  link: Link,
  notices: Notices,
  graph: ReadonlySignal<Graph>,
  disposal: Disposal,
): Overlays {
  const raw = trait<unknown>(model, "overlays", [], disposal);
  const run = trait<unknown>(model, "playing", null, disposal);
  const layers = computed(() => readLayers(raw.value));
  const playing = computed(() => readPlaying(run.value));
  const visibleKey = signal<string | null>(null);
  const follow = signal(true);
  const layer = computed(() => layers.value.find(({ key }) => key === visibleKey.value) ?? null);
  const walk = signal<Walk | null>(null);
  const marks = computed(() =>
    marksOf(graph.value, layer.value, walk.value?.position ?? (follow.value ? playing.value : null)),
  );
  const busy = signal(false);

  // The newest is shown when it comes; what is merely made again or out of date changes nothing about that.
  let newest = 0;
  disposal.add(
    effect(() => {
      for (const { key, serial } of layers.value) {
        if (serial > newest) {
          newest = serial;
          visibleKey.value = key;
        }
      }
    }),
  );

  const explore = async (): Promise<boolean> => {
    if (busy.peek()) return false;
    busy.value = true;
    const reply = await link.request<Accepted | Rejected>({ type: "explore" });
    busy.value = false;
    if (!notices.answered(reply, "explore")) return false;
    notices.say(layer.peek()?.summary ?? "");
    return true;
  };

  return {
    layers,
    visibleKey,
    layer,
    exploration: computed(() => layers.value.find(({ kind }) => kind === "explored") ?? null),
    playing,
    follow,
    walk,
    marks,
    busy,
    menu: signal(false),
    folded: signal(false),
    legend: { current: null },
    explore,
  };
}
