/** The verdict first, then the few figures that matter. */
import type { JSX } from "preact";
import { Icon } from "../../shared/ui/icon";
import type { Report } from "../data";
import { MARKS } from "../text";

export function Head({ report }: { report: Report }): JSX.Element {
  const tone = report.mark === "wrong" ? report.worst : report.mark;
  return (
    <div class="wr-head">
      <span class={`wr-mark wr-${tone}`} role="img" aria-label={MARKS[report.mark]}>
        {report.mark === "good" ? <Icon name="check" /> : report.mark === "wrong" ? "!" : "?"}
      </span>
      <div class="wr-verdict-text">
        <h2>{report.verdict}</h2>
        <p class="wr-figures">
          <span>{report.title}</span>
          {report.figures.map(([value, noun]) => (
            <span key={noun}>
              <b>{value}</b> {noun}
            </span>
          ))}
        </p>
      </div>
    </div>
  );
}
