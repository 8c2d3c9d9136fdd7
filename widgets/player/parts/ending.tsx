/** The end of a run. */
import type { JSX } from "preact";
import { count } from "../../shared/format";
import type { PlayerView } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon, type IconName } from "../../shared/ui/icon";
import { withKeys } from "../keys";
import type { Store } from "../store";
import { clockText, clockUses, type Outcome, spokenOutcome, trailLabel } from "../text";
import { SaveRun } from "./run-panel";

const ICONS: Record<Outcome["kind"], IconName> = { win: "win", lose: "lose", other: "other", stop: "pause" };

interface Props {
  store: Store;
  view: PlayerView;
  ending: Outcome;
}

export function Ending({ store, view, ending }: Props): JSX.Element {
  const isWin = ending.kind === "win";
  const steps = view.trailFrom + view.trail.length - 1;
  const completeCount = view.missions.filter((mission) => mission.complete).length;
  const facts = [
    count(steps, "step"),
    ...(clockUses(view).clock ? [clockText(view.clock)] : []),
    ...(view.flags.length > 0 ? [`${count(view.flags.length, "flag")} held`] : []),
    ...(view.missions.length > 0 ? [`${completeCount} of ${count(view.missions.length, "mission")}`] : []),
  ];
  return (
    <>
      <section class="wk-ending" data-kind={ending.kind} aria-label={spokenOutcome(ending.kind)}>
        <EndingBackground isWin={isWin} />
        <p class="wk-outcome">
          <Icon name={ICONS[ending.kind]} />
          {ending.word}
        </p>
        <h3 class="wk-ending-title">{ending.title}</h3>
        {ending.subtitle ? <p class="wk-ending-subtitle">{ending.subtitle}</p> : null}
        <PlayedPath view={view} isWin={isWin} />
        <p class="wk-ending-facts">{facts.join("  ·  ")}</p>
        <div class="wk-row">
          <Button
            label={view.campaign ? "Play again from the first act" : "Try again from the entrance"}
            tooltip={withKeys("Try again", view, "R")}
            icon="restart"
            kind="primary"
            onPress={() => void store.act({ action: "retry" })}
          >
            {view.campaign ? "Play again" : "Try again"}
          </Button>
          <Button
            icon="undo"
            kind="outline"
            disabled={!view.canUndo}
            onPress={() => void store.act({ action: "undo" })}
          >
            Undo the last step
          </Button>
        </div>
      </section>
      {view.campaign ? null : <SaveRun store={store} compact />}
    </>
  );
}

/** Rings that rise behind a win, and sink behind a loss. */
function EndingBackground({ isWin }: { isWin: boolean }): JSX.Element {
  return (
    <svg
      class="wk-ending-sky"
      viewBox="0 0 720 320"
      preserveAspectRatio="xMidYMin slice"
      aria-hidden="true"
      focusable="false"
    >
      {[56, 104, 160, 224, 296, 376].map((radius) => (
        <circle key={radius} cx="360" cy={isWin ? 40 : -24} r={radius} />
      ))}
      {isWin ? null : <path d="M0 208h720" />}
    </svg>
  );
}

const MAX_POINTS = 48;

/** The way here: a dot for every step, the last one the ending. */
function PlayedPath({ view, isWin }: { view: PlayerView; isWin: boolean }): JSX.Element | null {
  const points = view.trail.slice(-MAX_POINTS);
  if (points.length < 2) return null;
  const gap = Math.min(24, 560 / (points.length - 1));
  const width = gap * (points.length - 1) + 24;
  return (
    <svg
      class="wk-way"
      viewBox={`0 0 ${width} 24`}
      style={{ maxWidth: `${width}px` }}
      aria-hidden="true"
      focusable="false"
    >
      <path d={`M12 12H${width - 12}`} />
      {points.map((point, at) => {
        const last = at === points.length - 1;
        const x = 12 + gap * at;
        return last ? (
          <path key={at} class="wk-way-end" d={isWin ? `M${x} 4l8 8-8 8-8-8Z` : `M${x - 6} 6h12v12h-12Z`} />
        ) : (
          <circle key={at} cx={x} cy="12" r={point.granted ? 5 : 3.5} class={point.granted ? "wk-way-grant" : ""}>
            <title>{trailLabel(point)}</title>
          </circle>
        );
      })}
    </svg>
  );
}
