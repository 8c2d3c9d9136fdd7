/** What one view of the editor knows of regions, notes and tags, besides what the kernel keeps. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Annotations } from "../../map/annotations";
import type { Doc } from "../../map/document";
import { eventIndex } from "../../map/graph";
import type { Disposal } from "../../shared/disposal";
import { texts } from "../../shared/json";
import type { Selection } from "../../shared/protocol";
import { type Projection, project } from "./projection";

interface Selected extends Selection {
  readonly index?: number;
}

export interface OnMap {
  /** What the kernel keeps. */
  readonly annotations: ReadonlySignal<Annotations>;
  /** The document as the map shows it: collapsed regions are single boxes. */
  readonly projection: ReadonlySignal<Projection>;
  /** The region of each state that is in one. */
  readonly regionOf: ReadonlySignal<ReadonlyMap<string, string>>;
  /** Regions that are collapsed, and open in this view. */
  readonly opened: Signal<ReadonlySet<string>>;
  /** The region that was entered: the rest of the map is dimmed. */
  readonly entered: Signal<string | null>;
  /** The tags that stand out: states without any of them are dimmed. */
  readonly litTags: Signal<ReadonlySet<string>>;
  /** The ids of the states that are not dimmed; null while all are plain. */
  readonly focus: ReadonlySignal<ReadonlySet<string> | null>;
  /** The region whose row is open in the panel, and the note whose text is. */
  readonly openRegion: Signal<string | null>;
  readonly openNote: Signal<string | null>;
}

export function openOnMap(
  doc: ReadonlySignal<Doc>,
  selected: ReadonlySignal<Selected | null>,
  others: Signal<readonly Selected[]>,
  disposal: Disposal,
): OnMap {
  const annotations = computed(() => doc.value.annotations);
  const entered = signal<string | null>(null);
  const litTags = signal<ReadonlySet<string>>(new Set());
  const regionOf = computed(() => {
    const owners = new Map<string, string>();
    for (const [id, region] of annotations.value.regions) for (const state of region.states) owners.set(state, id);
    return owners;
  });
  const opened = signal<ReadonlySet<string>>(new Set());
  /** Return the region that a thing is in, or starts in. */
  const regionAround = (what: Selected | null) => {
    const state = what?.kind === "event" ? sourceOf(doc.value, what) : what?.id;
    return regionOf.value.get(state ?? "");
  };
  let last: Projection | null = null;
  const projection = computed(() => {
    const collapsed = [...annotations.value.regions].filter(
      ([id, region]) => region.collapsed && !opened.value.has(id),
    );
    last = project(doc.value, collapsed, last);
    return last;
  });
  const focus = computed((): ReadonlySet<string> | null => {
    const { regions, tags, tagged } = annotations.value;
    const region = entered.value === null ? undefined : regions.get(entered.value);
    const within = region ? new Set(region.states) : null;
    // A tag that was deleted has no button any more that would switch it off.
    const litNames = new Set([...litTags.value].filter((name) => tags.has(name)));
    if (litNames.size === 0) return within;
    const lit = [...tagged].filter(([, names]) => names.some((name) => litNames.has(name))).map(([id]) => id);
    return new Set(within ? lit.filter((id) => within.has(id)) : lit);
  });
  // What is selected is never inside a box: this view opens the box, and leaves what the kernel keeps as it is.
  let boxesBefore = new Set(projection.peek().boxes.values());
  disposal.add(
    effect(() => {
      const region = regionAround(selected.value);
      if (region !== undefined && annotations.value.regions.get(region)?.collapsed && !opened.peek().has(region))
        opened.value = new Set([...opened.peek(), region]);
      // What else is selected goes with a region that is collapsed elsewhere: it could be deleted unnoticed.
      const boxes = new Set(projection.value.boxes.values());
      const before = boxesBefore;
      boxesBefore = boxes;
      const isSwallowed = (one: Selected) => {
        const around = regionAround(one) ?? "";
        return boxes.has(around) && !before.has(around);
      };
      if (others.peek().some(isSwallowed)) others.value = others.peek().filter((one) => !isSwallowed(one));
    }),
  );
  return {
    annotations,
    opened,
    projection,
    regionOf,
    entered,
    litTags,
    focus,
    openRegion: signal<string | null>(null),
    openNote: signal<string | null>(null),
  };
}

function sourceOf(doc: Doc, what: Selected): string | undefined {
  return texts(doc.events[eventIndex(doc, what.id, what.index)]?.from)[0];
}
