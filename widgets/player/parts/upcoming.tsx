/** Events that fire by themselves here: timers, waypoints and trigger zones, each with its progress. */
import type { JSX } from "preact";
import type { PlayerView } from "../../shared/protocol";
import { Icon, type IconName } from "../../shared/ui/icon";
import { offerLabel, outcome, remainingText } from "../text";
import { HitCount } from "./now-playing";

export function Upcoming({ view }: { view: PlayerView }): JSX.Element | null {
  const { timers, waypoints, zones } = view;
  if (view.playing || outcome(view) || timers.length + waypoints.length + zones.length === 0) return null;
  return (
    <section class="wk-coming" aria-label="Coming up">
      {waypoints.map((waypoint) => (
        <Row
          key={`w ${waypoint.event}`}
          icon="flag"
          label={`${offerLabel(waypoint.label, waypoint.event)}${waypoint.near ? ", near" : ""}`}
          value={waypoint.leftM > 0 ? `${Math.ceil(waypoint.leftM).toLocaleString("en")} m ahead` : "reached"}
          share={1 - waypoint.leftM / Math.max(0.001, waypoint.distanceM)}
          locked={!waypoint.available}
        />
      ))}
      {timers.map((timer) => {
        const left = timer.due - view.clock;
        return (
          <Row
            key={`t ${timer.event}`}
            icon="clock"
            label={offerLabel(timer.label, timer.event)}
            value={left > 0 ? `in ${remainingText(left)}` : "due"}
            share={(view.clock - timer.since) / Math.max(1, timer.due - timer.since)}
            locked={!timer.available}
          />
        );
      })}
      {zones.map((zone) => (
        <Row
          key={`z ${zone.event}`}
          icon="eye"
          label={offerLabel(zone.label, zone.event)}
          value={<HitCount hits={zone.hits} needs={zone.needs} />}
          note={`on ${zone.waitsFor}`}
          share={zone.hits / Math.max(1, zone.needs)}
          locked={!zone.available}
        />
      ))}
    </section>
  );
}

interface RowProps {
  icon: IconName;
  label: string;
  value: string | JSX.Element;
  share: number;
  locked: boolean;
  note?: string;
}

function Row({ icon, label, value, share, locked, note }: RowProps): JSX.Element {
  return (
    <div class="wk-upcoming-row" data-locked={locked || undefined}>
      <Icon name={locked ? "lock" : icon} />
      <span class="wk-upcoming-label">
        {label}
        {note ? <span class="wk-muted">{` ${note}`}</span> : null}
        {locked ? <span class="wk-muted">{" (locked)"}</span> : null}
      </span>
      <span class="wk-upcoming-value">{value}</span>
      <span class="wk-upcoming-bar" aria-hidden="true">
        <span style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
      </span>
    </div>
  );
}
