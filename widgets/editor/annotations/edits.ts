/** Changes of regions and tags as patches of what is on the map. */
import { type Annotations, newId } from "../../map/annotations";
import { MAP_COLOURS } from "../../map/canvas/palette";
import type { AnnotationPatch, MapColor, Region } from "../../shared/protocol";

type Change = Pick<Annotations, "regions" | "tags" | "tagged">;

/** Return the patch that puts a tag on states, or takes it off; a tag that is new is made. Null for no name. */
export function tagPatch(
  { tags, tagged }: Change,
  states: readonly string[],
  typed: string,
  isOn: boolean,
): AnnotationPatch | null {
  const name = sameName(tags.keys(), typed);
  if (name === "") return null;
  const changes = states.map((state) => {
    const otherTags = (tagged.get(state) ?? []).filter((one) => one !== name);
    return [state, isOn ? [...otherTags, name] : otherTags];
  });
  return { ...(isOn ? newTags({ tags }, [name]) : {}), tagged: Object.fromEntries(changes) };
}

/** Return the patch that gives a state some tags and no others. */
export function tagsPatch({ tags }: Change, state: string, typed: readonly string[]): AnnotationPatch {
  const names = [...new Set(typed.map((name) => sameName(tags.keys(), name)))].filter(Boolean);
  return { ...newTags({ tags }, names), tagged: { [state]: names } };
}

/** Return the patch that puts states into the region of a name, which is made when it is new; empty for no region. */
export function regionPatch({ regions }: Change, states: readonly string[], typed: string): AnnotationPatch {
  const name = sameName(
    [...regions.values()].map((region) => region.name),
    typed,
  );
  if (name === "") return { regions: withoutStates(regions, states) };
  const [id, region] = [...regions].find(([, one]) => one.name === name) ?? [newId("region"), newRegion(regions, name)];
  return { regions: { [id]: withStates(region, states) } };
}

/** Return the patch that puts states into a region by its id; null for no region. */
export function movePatch({ regions }: Change, states: readonly string[], id: string | null): AnnotationPatch {
  const region = id === null ? undefined : regions.get(id);
  return { regions: region && id !== null ? { [id]: withStates(region, states) } : withoutStates(regions, states) };
}

function withStates(region: Region, states: readonly string[]): Region {
  return { ...region, states: [...new Set([...region.states, ...states])] };
}

/** Return a region without states, in the next colour. */
export function newRegion(regions: Change["regions"], name: string): Region {
  return { name, states: [], color: nextColour(MAP_COLOURS, regions.size), collapsed: false };
}

function withoutStates(regions: Change["regions"], states: readonly string[]): { [id: string]: Region } {
  const movedStates = new Set(states);
  const owners = [...regions].filter(([, region]) => region.states.some((state) => movedStates.has(state)));
  return Object.fromEntries(
    owners.map(([id, region]) => [id, { ...region, states: region.states.filter((state) => !movedStates.has(state)) }]),
  );
}

function newTags({ tags }: Pick<Change, "tags">, names: readonly string[]): AnnotationPatch {
  const newNames = names.filter((name) => !tags.has(name));
  const looks = newNames.map((name, at) => [name, { color: nextColour(TAG_COLOURS, tags.size + at) }]);
  return newNames.length > 0 ? { tags: Object.fromEntries(looks) } : {};
}

/** Tags begin with other colours than regions do. */
const TAG_COLOURS: readonly MapColor[] = ["teal", "purple", "orange", "blue", "red", "green", "yellow", "grey"];

function nextColour(colours: readonly MapColor[], at: number): MapColor {
  return colours[at % colours.length] ?? "grey";
}

/** Return a name in one line; the same word in other letters is the name that exists. */
function sameName(names: Iterable<string>, typed: string): string {
  const name = typed.split(/\s+/).filter(Boolean).join(" ");
  return [...names].find((one) => one.toLowerCase() === name.toLowerCase()) ?? name;
}
