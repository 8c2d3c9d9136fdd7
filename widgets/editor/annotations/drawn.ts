/** Regions, notes and tags as the map draws them: by numbers of nodes. */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { Graph } from "../../map/graph";
import type { MapColor, Note } from "../../shared/protocol";
import type { OnMap } from "./state";

/** A region as it is drawn. */
export interface DrawnRegion {
  readonly id: string;
  readonly name: string;
  readonly colour: MapColor;
  readonly nodes: readonly number[];
  /** The number of the node that stands for it while it is collapsed; -1 while it is not. */
  readonly box: number;
}

export interface DrawnMap {
  readonly regions: readonly DrawnRegion[];
  /** The nodes that are inside a collapsed region, and are not drawn. */
  readonly hidden: ReadonlyMap<number, number>;
  /** The nodes that do not stand out; null while all are plain. */
  readonly dimmed: ReadonlySet<number> | null;
  /** The colours of the tags of each node that has any. */
  readonly notes: readonly Note[];
  readonly tags: ReadonlyMap<number, readonly MapColor[]>;
}

export function openDrawnMap(onMap: OnMap, graph: ReadonlySignal<Graph>): ReadonlySignal<DrawnMap> {
  const byId = computed(() => graph.value.byId);
  const states = computed(() => graph.value.nodes);
  const boxes = computed(() => onMap.projection.value.boxes);
  const hidden = computed(() => onMap.projection.value.hidden);
  const regionEntries = computed(() => onMap.annotations.value.regions);
  const regions = computed(() => {
    const boxOf = new Map([...boxes.value].map(([node, region]) => [region, node]));
    return [...regionEntries.value].map(([id, region]): DrawnRegion => {
      const nodes = region.states.flatMap((state) => byId.value.get(state) ?? []);
      return { id, name: region.name, colour: region.color, nodes, box: boxOf.get(id) ?? -1 };
    });
  });
  const dimmed = computed(() => {
    const focus = onMap.focus.value;
    if (!focus) return null;
    const lit = new Set([...focus].map((id) => byId.value.get(id) ?? -1));
    for (const [node, box] of hidden.value) if (lit.has(node)) lit.add(box);
    return new Set([...states.value.keys()].filter((node) => !lit.has(node)));
  });
  const tags = computed(() => {
    const { tagged, tags: kinds } = onMap.annotations.value;
    const colours = new Map<number, readonly MapColor[]>();
    for (const [state, names] of tagged) {
      const node = byId.value.get(state);
      if (node !== undefined)
        colours.set(
          node,
          names.map((name) => kinds.get(name)?.color ?? "grey"),
        );
    }
    return colours;
  });
  const noteEntries = computed(() => onMap.annotations.value.notes);
  const notes = computed(() => [...noteEntries.value.values()]);
  return computed(() => ({
    notes: notes.value,
    regions: regions.value,
    hidden: hidden.value,
    dimmed: dimmed.value,
    tags: tags.value,
  }));
}
