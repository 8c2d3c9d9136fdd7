/** The player inside the report, at the moment that a finding is about. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Host } from "../../shared/host";
import { Button } from "../../shared/ui/button";
import type { Report, Target } from "../data";
import type { Store } from "../store";

interface StageProps {
  store: Store;
  host: Host;
  report: Report;
  target: Target;
}

export function Stage({ store, host, report, target }: StageProps): JSX.Element {
  // the player listens on its own element, so that its keys end where it ends
  const [mount, setMount] = useState<HTMLElement | null>(null);
  const back = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    back.current?.querySelector("button")?.focus();
  }, []);
  const leaveOnEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    store.leave();
  };
  return (
    <section class="wr-report wr-playing" aria-label="Playing a finding" onKeyDown={leaveOnEscape}>
      <div class="wr-stage-bar" ref={back}>
        <Button icon="undo" kind="outline" small onPress={store.leave}>
          Back to the report
        </Button>
        <p>{subject(report, target)}</p>
      </div>
      <div class="wr-stage" ref={setMount}>
        {mount ? store.player.element({ ...host, mount }) : null}
      </div>
    </section>
  );
}

function subject(report: Report, target: Target): string {
  if (target.kind === "run") return `Covering run ${target.index + 1}`;
  if (target.kind === "ending") return report.endings.find((end) => end.state === target.id)?.title ?? "";
  const entries = report.groups.flatMap((group) => group.entries);
  return entries.find((entry) => entry.index === target.index)?.message ?? "";
}
