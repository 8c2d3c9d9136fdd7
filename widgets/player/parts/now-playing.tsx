/** The event that is playing: its progress, what it waits for, and ways to finish it. */
import type { JSX } from "preact";
import type { PlayerView, PlayingInfo } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import { withKeys } from "../keys";
import type { Store } from "../store";
import { offerLabel, remainingText, stageText, untilLanding } from "../text";

interface Props {
  store: Store;
  view: PlayerView;
  playing: PlayingInfo;
}

export function NowPlaying({ store, view, playing }: Props): JSX.Element {
  const label = offerLabel(playing.label, playing.event);
  const left = untilLanding(playing, view.clock);
  const shows = playing.seesPicture ? playing.shows : null;
  return (
    <section class="wk-now" aria-label={`Playing: ${label}`}>
      <header>
        <Icon name={store.running.value ? "play" : "pause"} />
        <h3>{label}</h3>
        <span class="wk-now-left">{`${playing.needs > 0 ? "at most " : ""}${remainingText(left)}`}</span>
      </header>
      <Stages playing={playing} clock={view.clock} />
      <p class="wk-now-stage">
        {stageText(playing)}
        {playing.needs > 0 ? <HitCount hits={playing.hits} needs={playing.needs} /> : null}
      </p>
      <p class="wk-prose wk-now-prose">{view.promptNow}</p>
      <div class="wk-row">
        {shows ? (
          <Button
            label="Mark as seen: what it waits for"
            icon="check"
            kind="primary"
            onPress={() => void store.act({ action: "observe", sample: { ...view.seen, ...shows } })}
          >
            Mark as seen
          </Button>
        ) : null}
        <Button
          tooltip={withKeys("Jump to the landing", view, "L")}
          icon="forward"
          kind="outline"
          onPress={() => void store.act({ action: "finish" })}
        >
          Jump to the landing
        </Button>
        <Button
          label="Cancel what is playing"
          tooltip="As if you had not chosen it"
          kind="quiet"
          onPress={() => void store.act({ action: "cancel" })}
        >
          Cancel
        </Button>
        {store.running.value ? null : <span class="wk-hint">Time is paused. Press Space to resume.</span>}
      </div>
    </section>
  );
}

/** One bar a stage, as wide as it is long, filled as far as it has come. */
function Stages({ playing, clock }: { playing: PlayingInfo; clock: number }): JSX.Element {
  const total = playing.stages.reduce((sum, stage) => sum + stage.ms, 0);
  const left = untilLanding(playing, clock);
  return (
    <div
      class="wk-stages"
      role="progressbar"
      aria-label="Time until it lands"
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={Math.max(0, total - left)}
      aria-valuetext={`${remainingText(left)} left at most`}
    >
      {playing.stages.map((stage, at) => {
        const progress =
          at < playing.index ? 1 : at > playing.index ? 0 : (clock - playing.since) / Math.max(1, stage.ms);
        const open = stage.what === "evidence" || stage.what === "settle";
        return (
          <span key={at} class="wk-stage" data-open={open || undefined} style={{ flexGrow: Math.max(1, stage.ms) }}>
            <span style={{ width: `${Math.min(1, Math.max(0, progress)) * 100}%` }} />
          </span>
        );
      })}
    </div>
  );
}

export function HitCount({ hits, needs }: { hits: number; needs: number }): JSX.Element {
  const dots = Math.min(needs, 8);
  return (
    <span class="wk-hits">
      {Array.from({ length: dots }, (_, at) => (
        <span key={at} data-hit={at < hits || undefined} aria-hidden="true" />
      ))}
      <span>{`seen ${hits} of ${needs}`}</span>
    </span>
  );
}
