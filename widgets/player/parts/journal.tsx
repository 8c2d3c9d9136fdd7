/** Beside the page: missions, flags held, and the trail with its way back. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { MissionInfo, ObjectiveInfo, PlayerView } from "../../shared/protocol";
import { Icon, type IconName } from "../../shared/ui/icon";
import type { Store } from "../store";
import { clockText, heading } from "../words";

export function Journal({ store, view }: { store: Store; view: PlayerView }): JSX.Element {
  return (
    <section class="wk-journal" aria-label="Journal">
      <div class="wk-held">
        {view.missions.length > 0 ? (
          <section>
            <h3>Missions</h3>
            {view.missions.map((mission) => (
              <Mission key={mission.id} mission={mission} />
            ))}
          </section>
        ) : null}
        <section>
          <h3>{`Flags${view.flags.length > 0 ? ` (${view.flags.length})` : ""}`}</h3>
          {view.flags.length === 0 ? (
            <p class="wk-hint">Nothing held yet.</p>
          ) : (
            <ul class="wk-chips">
              {view.flags.map((flag) => (
                <li class="wk-chip" key={flag} title={flag}>
                  <Icon name="flag" />
                  <span>{flag}</span>
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
      <Trail store={store} view={view} />
    </section>
  );
}

const STATUS: Record<ObjectiveInfo["status"], [icon: IconName, word: string]> = {
  done: ["check", "done"],
  active: ["arrow", "now"],
  pending: ["minus", "later"],
};

function Mission({ mission }: { mission: MissionInfo }): JSX.Element {
  return (
    <div class="wk-mission">
      <p class="wk-mission-title">
        <span>{mission.title}</span>
        {mission.complete ? <span class="wk-chip wk-chip-win">complete</span> : null}
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

function Trail({ store, view }: { store: Store; view: PlayerView }): JSX.Element {
  const way = useRef<HTMLElement>(null);
  const last = view.trail.length - 1;
  const open = store.panel.value === "journal";
  useLayoutEffect(() => {
    if (last > 0) way.current?.scrollTo({ top: way.current.scrollHeight });
  }, [last, open]);
  return (
    <section class="wk-way" ref={way}>
      <h3>Trail</h3>
      <ol class="wk-trail">
        {view.trail.map((step, at) => (
          <li key={at}>
            <button
              type="button"
              aria-current={at === last ? "step" : undefined}
              title={at === last ? "You are here" : `Go back here (${step.state})`}
              onClick={() => void store.act({ action: "jump", to: at })}
            >
              <span class="wk-trail-event">{step.event ? heading(step.event.replace(/^sequence:/, "")) : "Start"}</span>
              <span class="wk-trail-state">{heading(step.state)}</span>
              <span class="wk-trail-at">{clockText(step.at)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
