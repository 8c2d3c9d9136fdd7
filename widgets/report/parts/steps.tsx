/** A run as a numbered list, folded in the middle when long, with the point of no return marked. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Hop, Run } from "../data";
import { destination, pointOfNoReturn, stateName } from "../text";

const MAX_SHOWN_STEPS = 9;
const HEAD = 3;

export function Steps({ run, before = null }: { run: Run; before?: string[] | null }): JSX.Element {
  const [open, setOpen] = useState(false);
  const tail =
    run.crossing === null
      ? MAX_SHOWN_STEPS - HEAD - 1
      : Math.max(MAX_SHOWN_STEPS - HEAD - 1, run.hops.length - run.crossing + 1);
  const hidden = open || run.hops.length <= MAX_SHOWN_STEPS ? 0 : Math.max(0, run.hops.length - HEAD - tail);
  const row = (hop: Hop, at: number) => <Step key={at} run={run} hop={hop} at={at} before={before} />;
  return (
    <div class="wr-way">
      <p class="wk-label">{`Steps from ${stateName(run.start)}`}</p>
      <ol class="wr-steps">
        {hidden > 1 ? (
          <>
            {run.hops.slice(0, HEAD).map(row)}
            <li class="wr-rest">
              <button type="button" class="wr-link" onClick={() => setOpen(true)}>{`${hidden} more steps`}</button>
            </li>
            {run.hops.slice(HEAD + hidden).map((hop, at) => row(hop, at + HEAD + hidden))}
          </>
        ) : (
          run.hops.map(row)
        )}
        {run.more > 0 ? <li class="wr-rest">{`and ${run.more.toLocaleString("en")} more steps`}</li> : null}
      </ol>
    </div>
  );
}

function Step({ run, hop, at, before }: { run: Run; hop: Hop; at: number; before: string[] | null }): JSX.Element {
  const crossing = at === run.crossing;
  return (
    <>
      {crossing ? <li class="wr-point">{pointOfNoReturn(run, before)}</li> : null}
      <li class={crossing ? "wr-cross" : undefined}>
        <span class="wr-n">{at + 1}</span>
        <span>
          <span class="wr-do">{hop.label}</span> <span class="wr-to">{destination(hop)}</span>
        </span>
      </li>
    </>
  );
}
