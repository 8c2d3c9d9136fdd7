/** The shortest way to each ending, and the runs that cover everything. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { endingTone } from "../../shared/ending";
import { Icon } from "../../shared/ui/icon";
import { key, type Report, type Run, type Target } from "../data";
import type { Store } from "../store";
import { missingRunText, stateName, stepCount } from "../text";
import { Look } from "./look";
import { Play } from "./play";
import { Steps } from "./steps";

export function Endings({ store, report }: { store: Store; report: Report }): JSX.Element {
  return (
    <>
      {report.endings.length > 0 ? (
        <section>
          <h3>Shortest ways to the endings</h3>
          <ul class="wr-list">
            {report.endings.map((end) => (
              <EndingRun
                key={end.state}
                store={store}
                target={{ kind: "ending", id: end.state }}
                can={end.reached === true}
                bad={end.reached === false}
                missing={missingRunText(end)}
              >
                <Look store={store} state={end.state} />
                <span class={`wr-outcome wr-${endingTone(end.kind)}`}>{end.kind}</span>
                <span class="wr-said">
                  {end.title} <span class="wr-to">{stateName(end.state)}</span>
                </span>
              </EndingRun>
            ))}
          </ul>
          {report.endings_more > 0 ? (
            <p class="wr-after">
              {`and ${report.endings_more.toLocaleString("en")} more: `}
              <code>r.routes</code>
            </p>
          ) : null}
        </section>
      ) : null}
      {report.exact ? <CoveringRuns store={store} /> : null}
    </>
  );
}

interface WayProps {
  store: Store;
  target: Target;
  can: boolean;
  bad: boolean;
  missing: string;
  children: JSX.Element[] | JSX.Element;
}

function EndingRun({ store, target, can, bad, missing: words, children }: WayProps): JSX.Element {
  const open = can && store.selection.value !== null && key(store.selection.value) === key(target);
  const run: Run | null = store.run(target);
  if (!can) {
    return (
      <li class="wr-row">
        {children}
        <span class={`wr-count${bad ? " wr-is-error" : ""}`}>{words}</span>
      </li>
    );
  }
  return (
    <li data-chosen={open}>
      <button type="button" class="wr-row" aria-expanded={open} onClick={() => store.choose(open ? null : target)}>
        {children}
        <span class="wr-count">{run ? stepCount(run) : words}</span>
        <Icon name="chevron" class="wr-fold" />
      </button>
      {open ? (
        <div class="wr-body">
          {run && run.length > 0 ? <Steps run={run} /> : null}
          <Play store={store} target={target} run={run} />
        </div>
      ) : null}
    </li>
  );
}

function CoveringRuns({ store }: { store: Store }): JSX.Element {
  const [open, setOpen] = useState(false);
  const cover = store.cover.value;
  const toggle = () => {
    if (!open) store.askCover();
    setOpen(!open);
  };
  return (
    <section>
      <h3>
        <button type="button" class="wr-toggle" aria-expanded={open} onClick={toggle}>
          <Icon name="chevron" class="wr-fold" />
          <span>Runs that cover everything</span>
        </button>
      </h3>
      {open ? <p class="wr-after">{cover ? cover.sentence : "Asking the kernel for them."}</p> : null}
      {open && cover ? (
        <ul class="wr-list">
          {cover.runs.map((run, index) => (
            <EndingRun key={index} store={store} target={{ kind: "run", index }} can bad={false} missing="">
              <span class="wr-said">
                {`Run ${index + 1}`}
                <span class="wr-to">
                  {run.more > 0 ? "" : ` ends in ${stateName(run.hops.at(-1)?.state ?? run.start)}`}
                </span>
              </span>
            </EndingRun>
          ))}
        </ul>
      ) : null}
      {open && cover && cover.more > 0 ? (
        <p class="wr-after">
          {`and ${cover.more.toLocaleString("en")} more: `}
          <code>r.cover()</code>
        </p>
      ) : null}
    </section>
  );
}
