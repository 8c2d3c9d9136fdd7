/** The journal: missions, and the trail of steps, each of which can be returned to. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { MissionInfo, ObjectiveInfo, PlayerView, TrailEntry } from "../../shared/protocol";
import { thumbnailUrl } from "../../shared/state-pictures";
import { Icon, type IconName } from "../../shared/ui/icon";
import type { Store } from "../store";
import { clockText, clockUses, heading, trailLabel } from "../text";

export function Journal({ store, view }: { store: Store; view: PlayerView }): JSX.Element {
  return (
    <>
      {view.missions.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
        <section class="wk-part wk-missions" aria-label="Missions" tabIndex={0}>
          <h3>Missions</h3>
          {view.missions
            .toSorted((a, b) => Number(a.complete) - Number(b.complete))
            .map((mission) => (
              <Mission key={mission.id} mission={mission} />
            ))}
        </section>
      ) : null}
      <Trail store={store} view={view} />
    </>
  );
}

const STATUS: Record<ObjectiveInfo["status"], [icon: IconName, word: string]> = {
  done: ["check", "done"],
  active: ["arrow", "now"],
  pending: ["minus", "later"],
};

function Mission({ mission }: { mission: MissionInfo }): JSX.Element {
  const completeCount = mission.objectives.filter((objective) => objective.status === "done").length;
  return (
    <div class="wk-mission">
      <p class="wk-mission-title">
        <span>{mission.title}</span>
        {mission.complete ? (
          <span class="wk-chip wk-chip-win">complete</span>
        ) : (
          <span class="wk-hint">{`${completeCount} of ${mission.objectives.length}`}</span>
        )}
      </p>
      <ol>
        {mission.objectives.map((objective) => {
          const [icon, word] = STATUS[objective.status] ?? STATUS.pending;
          return (
            <li key={objective.id} data-status={objective.status}>
              <Icon name={icon} />
              <span>
                {objective.text}
                <span class="wk-visually-hidden">{` (${word})`}</span>
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

const CAUSES: { readonly [by: string]: readonly [IconName, string] } = {
  timer: ["clock", "by a timer"],
  waypoint: ["flag", "by a waypoint"],
  zone: ["eye", "by a trigger zone"],
  author: ["pencil", "by hand"],
  handler: ["code", "by a handler"],
};

function Trail({ store, view }: { store: Store; view: PlayerView }): JSX.Element {
  const trail = useRef<HTMLElement>(null);
  const last = view.trail.length - 1;
  const isTimed = clockUses(view).clock;
  useLayoutEffect(() => {
    if (last > 0) trail.current?.scrollTo({ top: trail.current.scrollHeight });
  }, [last]);
  return (
    <section class="wk-part wk-steps" ref={trail}>
      <h3>Trail</h3>
      {view.trailFrom > 0 ? <p class="wk-hint">{`The first ${view.trailFrom} points are left out.`}</p> : null}
      <ol class="wk-trail">
        {view.trail.map((point, at) => (
          <li key={view.trailFrom + at}>
            <button
              type="button"
              aria-current={at === last ? "step" : undefined}
              title={at === last ? "You are here" : `Go back here (${point.state})`}
              onClick={() => void store.act({ action: "jump", to: view.trailFrom + at })}
            >
              <Thumbnail store={store} state={point.state} />
              <span class="wk-trail-event">
                {trailLabel(point)}
                <Cause point={point} />
              </span>
              <span class="wk-trail-state">{heading(point.state)}</span>
              {isTimed ? <span class="wk-trail-at">{clockText(point.at)}</span> : null}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** How the place looked; the words beside it say which it is. */
function Thumbnail({ store, state }: { store: Store; state: string }): JSX.Element | null {
  if (store.pictureHidden.value) return null;
  const picture = store.thumbnails.of(state);
  const url = picture ? thumbnailUrl(picture) : "";
  return url ? <img class="wk-trail-picture" src={url} alt="" draggable={false} /> : <span class="wk-trail-picture" />;
}

function Cause({ point }: { point: TrailEntry }): JSX.Element | null {
  const entry = point.by !== undefined && Object.hasOwn(CAUSES, point.by) ? CAUSES[point.by] : undefined;
  if (!entry) return null;
  const [icon, words] = entry;
  return (
    <span class="wk-trail-by" title={words}>
      <Icon name={icon} />
      <span class="wk-visually-hidden">{words}</span>
    </span>
  );
}
