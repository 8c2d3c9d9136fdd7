/** The state of one report view, and its requests to the kernel. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Rect } from "../map/geometry/curve";
import type { Disposal } from "../shared/disposal";
import { isLost, type Link } from "../shared/link";
import type { Accepted, CoverReply, Envelope, Rejected, RouteReply } from "../shared/protocol";
import { openPictures, type StatePictures } from "../shared/state-pictures";
import type { Notices } from "../shared/ui/toasts";
import { type Coverage, type Entry, key, type Report, type Run, readReport, type Target } from "./data";
import type { EmbeddedPlayer } from "./embedded-player";
import { orAll, viewOfAll, viewOfRun, viewOfStates, zoomView } from "./geometry";

export interface Store {
  readonly report: ReadonlySignal<Report | null>;
  readonly online: ReadonlySignal<boolean>;
  /** What is opened, whose way is shown on the map. */
  readonly selection: ReadonlySignal<Target | null>;
  /** What is played now. */
  readonly playing: ReadonlySignal<Target | null>;
  readonly cover: ReadonlySignal<Coverage | null>;
  readonly view: ReadonlySignal<Rect>;
  readonly player: EmbeddedPlayer;
  /** Pictures of states, small. */
  readonly pictures: StatePictures;
  readonly notices: Notices;
  /** Return the run to a target, as far as it is known. */
  run(target: Target): Run | null;
  choose(target: Target | null): void;
  play(target: Target): Promise<void>;
  /** Lead into the editor of the world: to the thing, or to what can be done about it. */
  showInEditor(target: Target, fix: boolean): Promise<void>;
  leave(): void;
  askCover(): void;
  zoom(factor: number): void;
  pan(dx: number, dy: number): void;
  fit(): void;
}

/** So many pictures are kept: more than are ever shown at once. */
const MAX_PICTURES = 100;
const EMPTY_VIEW: Rect = { x: 0, y: 0, w: 1, h: 1 };

export function openStore(
  link: Link,
  notices: Notices,
  seed: ReadonlySignal<unknown>,
  player: EmbeddedPlayer,
  disposal: Disposal,
): Store {
  const pictures = openPictures(link, "thumbnail", MAX_PICTURES);
  disposal.add(pictures.dispose);
  const report = computed(() => readReport(seed.value));
  const selection = signal<Target | null>(firstOf(report.peek()));
  const playing = signal<Target | null>(null);
  const cover = signal<Coverage | null>(null);
  const routes = signal<ReadonlyMap<string, Run | null>>(new Map());

  /** Show why something is refused, in place of what was refused before; returns whether it was answered. */
  const tell = <R extends Envelope>(reply: R | Rejected): reply is Exclude<R, Rejected> =>
    notices.answered(reply, "report", "warning");

  const entryOf = (target: Target): Entry | undefined =>
    target.kind === "finding"
      ? report.value?.groups.flatMap((group) => group.entries).find((entry) => entry.index === target.index)
      : undefined;

  const run = (target: Target): Run | null => {
    const later = routes.value.get(key(target));
    if (later) return later;
    if (target.kind === "finding") return entryOf(target)?.run ?? null;
    if (target.kind === "run") return cover.value?.runs[target.index] ?? null;
    return report.value?.endings.find((end) => end.state === target.id)?.run ?? null;
  };

  const askRoute = async (target: Target): Promise<void> => {
    if (routes.peek().has(key(target))) return;
    routes.value = new Map(routes.peek()).set(key(target), null);
    const reply = await link.request<RouteReply | Rejected>({ type: "route", target });
    if (tell(reply)) routes.value = new Map(routes.peek()).set(key(target), reply.run as Run | null);
    // what was not answered is asked again when it is chosen again
    else if (isLost(reply)) routes.value = new Map([...routes.peek()].filter(([asked]) => asked !== key(target)));
  };

  const targetView = computed<Rect>(() => {
    const current = report.value;
    if (!current) return EMPTY_VIEW;
    const target = selection.value;
    const states = target === null ? [] : target.kind === "ending" ? [target.id] : (entryOf(target)?.states ?? []);
    const routeView = target === null ? null : viewOfRun(current.chart, run(target), states);
    return orAll(routeView, viewOfAll(current.chart.box));
  });
  // moved by hand until something else is chosen
  const manualView: Signal<{ from: Rect; view: Rect } | null> = signal(null);
  const visibleView = computed(() =>
    manualView.value?.from === targetView.value ? manualView.value.view : targetView.value,
  );
  const move = (next: Rect): void => {
    manualView.value = { from: targetView.peek(), view: next };
  };
  const all = (): Rect => (report.peek() ? viewOfAll((report.peek() as Report).chart.box) : EMPTY_VIEW);

  return {
    report,
    online: player.online,
    selection,
    playing,
    cover,
    view: visibleView,
    player,
    pictures,
    notices,
    run,
    choose(target) {
      selection.value = target;
      if (target === null || run(target) !== null) return;
      const later =
        target.kind === "finding"
          ? entryOf(target)?.later
          : target.kind === "ending" && report.peek()?.endings.find((end) => end.state === target.id)?.later;
      if (later) void askRoute(target);
    },
    async play(target) {
      selection.value = target;
      const reply = await link.request<Accepted | Rejected>({ type: "play", target });
      if (tell(reply)) playing.value = target;
    },
    async showInEditor(target, fix) {
      const reply = await link.request<Accepted | Rejected>({ type: "show", target, fix });
      tell(reply);
    },
    leave() {
      playing.value = null;
    },
    askCover() {
      if (cover.peek() !== null) return;
      void link.request<CoverReply | Rejected>({ type: "cover" }).then((reply) => {
        if (tell(reply)) cover.value = reply.cover as Coverage;
      });
    },
    zoom: (factor) => move(zoomView(visibleView.peek(), factor, all())),
    pan(dx, dy) {
      const { x, y, w, h } = visibleView.peek();
      move({ x: x + dx, y: y + dy, w, h });
    },
    fit: () => move(all()),
  };
}

/** Open a report at its worst finding. */
function firstOf(report: Report | null): Target | null {
  const entry = report?.groups[0]?.entries[0];
  return entry && entry.severity !== "info" && viewOfStates(report.chart, entry.states)
    ? { kind: "finding", index: entry.index }
    : null;
}
