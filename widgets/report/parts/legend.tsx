/** What the marks on the map mean; only those that are on it. */
import type { JSX } from "preact";
import { endingTone } from "../../shared/ending";
import type { Report } from "../data";
import { Badge } from "./badge";

export function Legend({ report }: { report: Report }): JSX.Element {
  const kinds = new Set(report.marks);
  const dead = new Set(report.dead);
  const idle = report.idle.some((id) => !report.stuck.includes(id));
  const face = (fill?: string) => <rect class="wkm-face" x="2" y="2" width="80" height="48" rx="8" fill={fill} />;
  const samples: [word: string, names: string, shape: JSX.Element, shown: boolean][] = [
    ["reached", "wkm-reached", face(), kinds.has("reached")],
    ["no run gets here", "wkm-unreached", face("url(#wr-hatch)"), kinds.has("unreached")],
    ["not seen yet", "wkm-unseen", face(), kinds.has("unseen")],
    ["a run can be stuck here", "wkm-stuck", face(), report.stuck.length > 0],
    ["nothing may be left to do", "wkm-stuck", face(), idle],
    [
      "can never happen",
      "wkm-line wkm-dead",
      <>
        <path d="M0 26H84" />
        <path class="wkm-no" d="M32 16l20 20M52 16l-20 20" />
      </>,
      report.chart.web.dead !== "" || report.chart.lines.some(([event]) => dead.has(event)),
    ],
  ];
  const ends = new Set(report.ends.map(([, kind]) => endingTone(kind)));
  for (const [word, icon, present] of [
    ["entrance", "start", report.start !== null],
    ["win", "win", ends.has("win")],
    ["lose", "lose", ends.has("lose")],
    ["another ending", "other", ends.has("other")],
  ] as const) {
    samples.push([word, "wr-sample", <Badge key={icon} icon={icon} tone={icon} at={0} />, present]);
  }
  return (
    <p class="wr-legend">
      {samples.map(([word, names, shape, present]) =>
        present ? (
          <span key={word}>
            <svg viewBox="0 0 84 52" aria-hidden="true" focusable="false">
              <g class={names}>{shape}</g>
            </svg>
            {word}
          </span>
        ) : null,
      )}
    </p>
  );
}
