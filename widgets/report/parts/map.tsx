/** The map of the report: which states are reached, where runs get stuck, and the run to what is selected. */
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { endingTone } from "../../shared/ending";
import { Button } from "../../shared/ui/button";
import type { CardInfo, Chart, LineInfo, Report, StateMark, Target } from "../data";
import { stretchesOf } from "../geometry";
import type { Store } from "../store";
import { findingOf } from "../text";
import { Badge } from "./badge";
import { Legend } from "./legend";

export function WorldMap({ store, report }: { store: Store; report: Report }): JSX.Element {
  const { x, y, w, h } = store.view.value;
  const drag = useDrag(store);
  // the same element is not drawn again, however the map is moved
  const background = useMemo(() => <Background report={report} />, [report]);
  const choose = (event: MouseEvent) => {
    const card = event.target instanceof Element ? event.target.closest<SVGGElement>("[data-state]") : null;
    const id = card?.dataset.state;
    if (id === undefined || drag.moved()) return;
    const entry = findingOf(report, id);
    if (entry) store.choose({ kind: "finding", index: entry.index });
    else if (report.endings.some((end) => end.state === id && end.reached)) store.choose({ kind: "ending", id });
  };
  return (
    <section class="wr-map" aria-label="Map">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the lists beside the map do the same by keyboard */}
      <svg
        viewBox={`${x} ${y} ${w} ${h}`}
        class={w > FAR_VIEW_WIDTH ? "wkm-far" : undefined}
        role="img"
        aria-label={`Map of ${report.title}: ${report.figures.map((one) => one.join(" ")).join(", ")}`}
        onClick={choose}
        {...drag.handlers}
      >
        {background}
        <RunLayer store={store} report={report} target={store.selection.value} />
      </svg>
      <div class="wr-zoom" role="toolbar" aria-label="Map view">
        <Button label="Zoom in" icon="plus" small onPress={() => store.zoom(0.7)} />
        <Button label="Zoom out" icon="minus" small onPress={() => store.zoom(1 / 0.7)} />
        <Button label="Fit the whole map" icon="fit" small onPress={store.fit} />
      </div>
      <Legend report={report} />
    </section>
  );
}

/** A wider view has bolder frames, which else would be too thin to be seen. */
const FAR_VIEW_WIDTH = 7000;

/** Drag to move the map; a drag is no click. */
function useDrag(store: Store) {
  const press = useRef<{ x: number; y: number; far: number } | null>(null);
  const far = useRef(0);
  return {
    moved: () => far.current > 4,
    handlers: {
      onPointerDown(event: PointerEvent) {
        if (event.button !== 0) return;
        press.current = { x: event.clientX, y: event.clientY, far: 0 };
        far.current = 0;
      },
      onPointerMove(event: PointerEvent) {
        // A press that left the map before it was a drag has ended elsewhere.
        if (event.buttons === 0) press.current = null;
        const from = press.current;
        const svg = event.currentTarget as SVGSVGElement;
        if (!from) return;
        const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
        far.current += Math.abs(dx) + Math.abs(dy);
        if (far.current > 4 && !svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
        press.current = { x: event.clientX, y: event.clientY, far: far.current };
        const scale = svg.getScreenCTM()?.a ?? 1;
        store.pan(-dx / scale, -dy / scale);
      },
      onPointerUp() {
        press.current = null;
      },
      onPointerCancel() {
        press.current = null;
      },
    },
  };
}

/** What never changes. */
function Background({ report }: { report: Report }): JSX.Element {
  const { chart } = report;
  const dead = new Set(report.dead);
  const markOfState = new Map(chart.cards.map(([id], at) => [id, report.marks[at] ?? "unseen"]));
  const ends = new Map(report.ends.map((end) => [end[0], end]));
  const [stuckIds, idle] = [new Set(report.stuck), new Set(report.idle)];
  return (
    <g>
      <defs>
        <pattern id="wr-hatch" width="18" height="18" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="wkm-bare" width="18" height="18" />
          <path class="wkm-hatch" d="M0 0V18" />
        </pattern>
      </defs>
      {(["plain", "lost", "dead"] as const).map((kind) =>
        chart.web?.[kind] ? (
          <g key={kind} class={`wkm-line wkm-web wkm-${kind}`}>
            <path d={chart.web[kind]} />
          </g>
        ) : null,
      )}
      {chart.lines.map((line, at) => (
        <Line key={at} line={line} dead={dead.has(line[0])} lost={markOfState.get(line[1]) !== "reached"} />
      ))}
      {chart.cards.map((card) => (
        <Card
          key={card[0]}
          card={card}
          size={chart.card}
          mark={markOfState.get(card[0]) ?? "unseen"}
          start={card[0] === report.start}
          end={ends.get(card[0])}
          harm={stuckIds.has(card[0]) ? "stuck" : idle.has(card[0]) ? "idle" : null}
        />
      ))}
    </g>
  );
}

function Line({ line, dead, lost: isLost }: { line: LineInfo; dead: boolean; lost: boolean }): JSX.Element {
  const [event, , , d, head, x, y] = line;
  return (
    <g class={`wkm-line${dead ? " wkm-dead" : ""}${isLost ? " wkm-lost" : ""}`}>
      <title>{dead ? `${event}: can never happen` : event}</title>
      <path d={d} />
      <path class="wkm-head" d={head} />
      {dead && !isLost ? <path class="wkm-no" d={`M${x - 16} ${y - 16}l32 32M${x + 16} ${y - 16}l-32 32`} /> : null}
    </g>
  );
}

interface CardProps {
  card: CardInfo;
  size: Chart["card"];
  mark: StateMark;
  start: boolean;
  end: Report["ends"][number] | undefined;
  harm: "stuck" | "idle" | null;
}

const MARK_WORDS = { reached: "", unreached: "no run gets here", unseen: "not seen; not decided" };
const HARM_WORDS = { stuck: "a run can be stuck here for good", idle: "nothing may be left to do here" };

function Card({ card: [id, x, y, lines, size], size: [wide, high], mark, start, end, harm }: CardProps): JSX.Element {
  const words = [id, start ? "the entrance" : "", end ? `an ending (${end[1]}): ${end[2]}` : "", MARK_WORDS[mark]];
  if (harm) words.push(HARM_WORDS[harm]);
  const names = ["wkm-card", `wkm-${mark}`];
  if (start) names.push("wkm-start");
  const tone = end ? endingTone(end[1]) : null;
  if (tone) names.push(`wkm-${tone}`);
  if (harm) names.push("wkm-stuck");
  const top = high / 2 + size / 3 - ((lines.length - 1) / 2) * size * 1.1;
  return (
    <g class={names.join(" ")} transform={`translate(${x} ${y})`} data-state={id}>
      <title>{words.filter(Boolean).join(". ")}</title>
      <rect
        class="wkm-face"
        width={wide}
        height={high}
        rx="14"
        fill={mark === "unreached" ? "url(#wr-hatch)" : undefined}
      />
      <text class="wkm-name" style={{ fontSize: `${size}px` }}>
        {lines.map((line, at) => (
          <tspan key={at} x={wide / 2} y={top + at * size * 1.1}>
            {line}
          </tspan>
        ))}
      </text>
      {start ? <Badge icon="start" tone="start" at={0} /> : null}
      {tone ? <Badge icon={tone} tone={tone} at={0} /> : null}
      {harm ? <Badge icon={harm === "stuck" ? "lock" : "minus"} tone="stuck" at={wide} /> : null}
    </g>
  );
}

/** The way to what is chosen, over the ground. */
function RunLayer({
  store,
  report,
  target,
}: {
  store: Store;
  report: Report;
  target: Target | null;
}): JSX.Element | null {
  const run = target && store.run(target);
  const { chart } = report;
  const stretches = useMemo(() => (run ? stretchesOf(chart, run) : []), [chart, run]);
  if (!target) return null;
  const entry =
    target.kind === "finding"
      ? report.groups.flatMap((group) => group.entries).find((one) => one.index === target.index)
      : undefined;
  const ringStates = new Set(entry?.states ?? (target.kind === "ending" ? [target.id] : []));
  return (
    <g class="wr-over" pointer-events="none">
      {chart.cards.map(([id, x, y]) =>
        ringStates.has(id) ? (
          <rect
            key={id}
            class="wkm-ring"
            x={x - 12}
            y={y - 12}
            width={chart.card[0] + 24}
            height={chart.card[1] + 24}
            rx="22"
          />
        ) : null,
      )}
      {stretches.map(({ at, d, head, crossing }) => (
        <g key={at}>
          {d ? <path class={`wkm-way${crossing ? " wkm-cross" : ""}`} d={d} /> : null}
          {head ? <path class={`wkm-tip${crossing ? " wkm-cross" : ""}`} d={head} /> : null}
        </g>
      ))}
      {stretches.map(({ at, spot, crossing }) =>
        spot ? (
          <g key={at} class={`wkm-step${crossing ? " wkm-cross" : ""}`}>
            <circle cx={spot[0]} cy={spot[1]} r="28" />
            <text x={spot[0]} y={spot[1] + 12}>
              {at + 1}
            </text>
          </g>
        ) : null,
      )}
    </g>
  );
}
