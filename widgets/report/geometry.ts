/** Which part of the map to show, and the path of a run on it; pure. */
import type { Rect } from "../map/geometry/curve";
import type { Box, CardInfo, Chart, Hop, Run } from "./data";

export interface Stretch {
  /** Its step, from 0. */
  at: number;
  d: string;
  head: string;
  crossing: boolean;
  /** Where its number stands; null when the map is too small for numbers. */
  spot: [x: number, y: number] | null;
}

const MARGIN = 56;
const MIN_VIEW_WIDTH = 1500;
const MAX_WHOLE_VIEW_WIDTH = 2600;
const MIN_NUMBER_DISTANCE = 60;
const MAX_COMPARED_SPOTS = 100;
const MAX_ZOOM = 12;

/** Return the view of the whole map. */
export function viewOfAll([left, top, right, bottom]: Box): Rect {
  const margin = MARGIN * Math.max(1, (right - left) / 4000);
  return { x: left - margin, y: top - margin, w: right - left + 2 * margin, h: bottom - top + 2 * margin };
}

/** Return a view of some states and what is around them; null when none of them is on the map. */
export function viewOfStates(chart: Chart, states: Iterable<string>): Rect | null {
  const ids = new Set(states);
  const cards = chart.cards.filter(([id]) => ids.has(id));
  if (cards.length === 0) return null;
  const [wide, high] = chart.card;
  const left = Math.min(...cards.map(([, x]) => x)) - MARGIN;
  const top = Math.min(...cards.map(([, , y]) => y)) - MARGIN;
  const right = Math.max(...cards.map(([, x]) => x + wide)) + MARGIN;
  const bottom = Math.max(...cards.map(([, , y]) => y + high)) + MARGIN;
  const w = Math.max(right - left, MIN_VIEW_WIDTH);
  const h = Math.max(bottom - top, MIN_VIEW_WIDTH / 2);
  return { x: (left + right - w) / 2, y: (top + bottom - h) / 2, w, h };
}

/** Return where to look for a run and the states it is about: all of the way if it is not far, else its end. */
export function viewOfRun(chart: Chart, run: Run | null, states: readonly string[]): Rect | null {
  const hops = run?.hops ?? [];
  const last = hops.at(-1);
  const about = states.length > 0 ? states.slice(0, 8) : last ? [last.origin, last.state] : [];
  const turn = run?.crossing == null ? undefined : hops[run.crossing];
  const near = turn ? [...about, turn.origin, turn.state] : about;
  const all = viewOfStates(chart, [...near, ...hops.map((hop) => hop.origin)]);
  return all && all.w < MAX_WHOLE_VIEW_WIDTH ? all : viewOfStates(chart, near);
}

/** How much larger than what is looked at the whole map may be, and still be shown in its place. */
const MAX_WHOLE_MAP_RATIO = 1.5;

/** Return a view; the whole map where that is little larger, so that no state is cut, or where there is no view. */
export function orAll(view: Rect | null, all: Rect): Rect {
  return view && (all.w > view.w * MAX_WHOLE_MAP_RATIO || all.h > view.h * MAX_WHOLE_MAP_RATIO) ? view : all;
}

/** Return a view brought nearer (factor below 1) or farther, around its middle, within reason. */
export function zoomView(view: Rect, factor: number, all: Rect): Rect {
  const w = Math.min(Math.max(view.w * factor, all.w / MAX_ZOOM / 2, 300), all.w * 1.5);
  const h = (view.h * w) / view.w;
  return { x: view.x + (view.w - w) / 2, y: view.y + (view.h - h) / 2, w, h };
}

/** Return how a run lies on the map, step by step. */
export function stretchesOf(chart: Chart, run: Run): Stretch[] {
  const cards = new Map(chart.cards.map((card) => [card[0], card]));
  const lines = new Map(chart.lines.map((line) => [JSON.stringify(line.slice(0, 3)), line]));
  const spots: [x: number, y: number][] = [];
  const stretches: Stretch[] = [];
  run.hops.forEach((hop, at) => {
    const line = lines.get(JSON.stringify([hop.event, hop.origin, hop.state]));
    const path = line
      ? { d: line[3], head: line[4], spot: [line[5], line[6]] as const }
      : straightPath(chart, cards, hop);
    if (!path) return;
    const spot = chart.detail === "full" ? freeSpot(path.spot, spots) : null;
    stretches.push({ at, d: path.d, head: path.head, crossing: at === run.crossing, spot });
  });
  return stretches;
}

/** Return a place for a number, at a spot or to its right, that hides none of those taken; and take it. */
function freeSpot([left, y]: readonly [number, number], spots: [x: number, y: number][]): [x: number, y: number] {
  let x = left;
  const near = spots.slice(-MAX_COMPARED_SPOTS);
  while (
    near.some(
      ([other, below]) => Math.abs(x - other) < MIN_NUMBER_DISTANCE && Math.abs(y - below) < MIN_NUMBER_DISTANCE,
    )
  )
    x += MIN_NUMBER_DISTANCE;
  spots.push([x, y]);
  return [x, y];
}

interface Path {
  d: string;
  head: string;
  spot: readonly [number, number];
}

function straightPath(chart: Chart, cards: ReadonlyMap<string, CardInfo>, hop: Hop): Path | null {
  const [wide, high] = chart.card;
  const stops = [hop.origin, ...hop.through, hop.state].flatMap((id) => {
    const card = cards.get(id);
    return card ? [card] : [];
  });
  const [first] = stops;
  if (!first) return null;
  if (hop.origin === hop.state && hop.through.length === 0)
    return { d: "", head: "", spot: [first[1] + 40, first[2] + high] };
  const points = stops.map(([, x, y]) => [x + wide / 2, y + high / 2] as const);
  const [a = [0, 0], b = a] = points;
  return {
    d: `M${points.map(([x, y]) => `${x} ${y}`).join("L")}`,
    head: "",
    spot: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
  };
}
