/** The current scene: its name, the narration, what just happened, and the prose. */
import type { JSX } from "preact";
import type { PlayerNotice, PlayerView } from "../../shared/protocol";
import { Icon, type IconName } from "../../shared/ui/icon";
import { heading } from "../text";

const ICONS: Record<PlayerNotice["kind"], IconName> = {
  narration: "info",
  landed: "arrow",
  locked: "lock",
  error: "error",
  info: "info",
  grant: "flag",
};

export function Scene({ view }: { view: PlayerView }): JSX.Element {
  const notices = view.notices.filter((notice) => notice.kind !== "narration" || notice.text !== view.line);
  return (
    <section class="wk-scene">
      <h2 class="wk-place" dir="auto" tabIndex={-1} data-landing title={view.state.id}>
        {heading(view.state.id)}
      </h2>
      {view.line ? (
        <p class="wk-line-read" dir="auto">
          {view.line}
        </p>
      ) : null}
      {view.sceneLine ? (
        <p class="wk-scene-line" dir="auto">
          {view.sceneLine}
        </p>
      ) : null}
      {notices.length > 0 ? (
        <ul class="wk-notice">
          {notices.map((notice, at) => (
            <li key={at} class={`wk-notice-${notice.kind}`}>
              <Icon name={ICONS[notice.kind] ?? "info"} />
              <span>{notice.text}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {view.state.base ? (
        <p class="wk-prose">{view.state.base}</p>
      ) : (
        <p class="wk-prose wk-muted">This state has no prose yet.</p>
      )}
    </section>
  );
}
