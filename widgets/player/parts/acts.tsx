/** The acts of a campaign as a map, with the act being played and the ways that were taken; and the last hand-over. */
import type { JSX } from "preact";
import { count } from "../../shared/format";
import type { ActInfo, CampaignInfo, HandOver as HandOverInfo } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import type { Store } from "../store";
import { actStatus } from "../text";

const MARGIN = 48;

export function Acts({ store, campaign }: { store: Store; campaign: CampaignInfo }): JSX.Element {
  const { acts, deadEnds } = campaign;
  const facts = [
    `${campaign.number} of ${count(acts.length, "act")} reached`,
    ...(deadEnds > 0 ? [count(deadEnds, "dead end")] : []),
  ];
  return (
    <section class="wk-part wk-acts">
      <h3>Acts</h3>
      <ActMap campaign={campaign} />
      <ol>
        {acts.map((act) => (
          <li key={act.id} data-status={act.status} aria-current={act.status === "here" ? "location" : undefined}>
            <Icon name={act.status === "here" ? "arrive" : act.status === "played" ? "check" : "minus"} />
            <span>
              {act.title}
              <span class="wk-hint">{` ${actStatus(act)}`}</span>
            </span>
          </li>
        ))}
      </ol>
      <p class="wk-hint">{facts.join("  ·  ")}</p>
      <Button icon="restart" kind="outline" small onPress={() => void store.act({ action: "restart" })}>
        Restart this act
      </Button>
    </section>
  );
}

function ActMap({ campaign }: { campaign: CampaignInfo }): JSX.Element | null {
  const [left, top, right, bottom] = campaign.box;
  if (campaign.acts.length === 0) return null;
  const box = [left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN];
  return (
    <svg class="wk-act-map" viewBox={box.join(" ")} aria-hidden="true" focusable="false">
      {campaign.edges.map((edge, at) => (
        <g key={at} class="wk-act-edge" data-kind={edge.kind} data-taken={edge.taken}>
          {edge.label ? <title>{edge.label}</title> : null}
          <path d={edge.d} />
          <path class="wk-act-head" d={edge.head} />
        </g>
      ))}
      {campaign.acts.map((act) => (
        <ActCard key={act.id} act={act} card={campaign.card} />
      ))}
    </svg>
  );
}

function ActCard({ act, card: [width, height] }: { act: ActInfo; card: readonly [number, number] }): JSX.Element {
  const line = act.size * 1.2;
  const first = height / 2 - ((act.lines.length - 1) * line) / 2 + act.size * 0.35;
  return (
    <g class="wk-act-card" data-status={act.status} transform={`translate(${act.x} ${act.y})`}>
      {act.summary ? <title>{act.summary}</title> : null}
      <rect width={width} height={height} rx="20" />
      <text font-size={act.size} text-anchor="middle">
        {act.lines.map((text, at) => (
          <tspan key={at} x={width / 2} y={first + at * line}>
            {text}
          </tspan>
        ))}
      </text>
      {act.status === "here" ? <circle class="wk-act-here" cx="0" cy="0" r="34" /> : null}
    </g>
  );
}

/** What led here: the next act with what is carried into it, or a dead end. */
export function HandOver({ handOver }: { handOver: HandOverInfo }): JSX.Element {
  const isAct = handOver.kind === "act";
  return (
    <section class="wk-hand-over" data-kind={handOver.kind} aria-label={isAct ? "The next act" : "A dead end"}>
      <p class="wk-hand-over-kind">
        <Icon name={isAct ? "arrow" : "undo"} />
        {isAct ? "The next act" : "A dead end"}
      </p>
      <p class="wk-hand-over-title">{isAct ? handOver.title : handOver.text}</p>
      {isAct && handOver.text ? <p>{handOver.text}</p> : null}
      {isAct ? null : <p>{`${handOver.title} starts again.`}</p>}
      <p class="wk-hint">
        {handOver.flags.length > 0 ? `You have: ${handOver.flags.join(", ")}` : "You have nothing."}
      </p>
    </section>
  );
}
