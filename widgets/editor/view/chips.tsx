/** The foot of a card: the kind of its state, the events inside it, and marks for what else it has. */
import type { JSX } from "preact";
import { CARD_W } from "../../map/geometry/dimensions";
import type { LocalEvent, Node } from "../../map/graph";
import { count, readableName } from "../../shared/format";
import { object, texts } from "../../shared/json";
import { Icon, type IconName } from "../../shared/ui/icon";

const PAD = 24;
const MARK_WIDTH = 18;
const DIGITS_WIDTH = 9;
const MIN_CHIP_WIDTH = 76;

interface Mark {
  readonly icon: IconName;
  readonly n: number;
  readonly words: string;
}

/** Return the marks of what a state has besides its prose. */
function factMarks(node: Node, missions: readonly string[]): Mark[] {
  const { body } = node;
  const marks: Mark[] = [];
  const ambient = texts(body.ambient).length;
  const variants = Array.isArray(body.variants) ? body.variants.length : 0;
  const has = (value: unknown) => Object.keys(object(value)).length > 0;
  if (missions.length > 0)
    marks.push({ icon: "mission", n: missions.length, words: `Mission: ${missions.join(", ")}` });
  if (variants > 0) marks.push({ icon: "variants", n: variants, words: count(variants, "variant") });
  if (ambient > 0) marks.push({ icon: "ambient", n: ambient, words: count(ambient, "ambient motion") });
  if (has(body.camera) || has(body.movement) || has(body.autopilot)) {
    const what = ["camera", "movement", "autopilot"].filter((field) => has(body[field]));
    marks.push({ icon: "camera", n: 1, words: `Its own ${what.join(" and ")}` });
  }
  if (typeof body.arriveLabel === "string") {
    marks.push({ icon: "arrive", n: 1, words: `Arrived when “${body.arriveLabel}” is seen` });
  }
  return marks;
}

interface ChipItem {
  readonly key: string;
  readonly icon: IconName;
  readonly words: string;
  readonly tone: string;
  readonly local?: LocalEvent;
}

/** Return the chips of a card, in order of importance. */
export function chipItems(node: Node): ChipItem[] {
  const items: ChipItem[] = [];
  if (node.start) items.push({ key: "start", icon: "start", words: "Start", tone: "wk-chip-accent" });
  if (node.ending) {
    const { kind, title } = node.ending;
    const word = kind === "win" ? "Win" : "Lose";
    items.push({ key: "ending", icon: kind, words: title ? `${word}: ${title}` : word, tone: `wk-chip-${kind}` });
  }
  for (const local of node.local) {
    const icon: IconName = local.kind === "terminal" ? "terminal" : "override";
    items.push({ key: `event ${local.index}`, icon, words: readableName(local.name), tone: "", local });
  }
  return items;
}

/** Return how many chips fit one row of `room` pixels; when not all do, there is room for "+9" behind them. */
export function fittingCount(words: readonly string[], room: number): number {
  const widths = words.map((word) => Math.min(104, word.length * 6.2 + 30) + 4);
  const totalWidth = widths.reduce((sum, wide) => sum + wide, 0);
  if (totalWidth <= room) return words.length;
  let width = 34;
  let n = 0;
  for (const wide of widths) {
    // A long name may be cut short; less of it than this says nothing.
    if (width + Math.min(wide, MIN_CHIP_WIDTH) > room) break;
    width += wide;
    n += 1;
  }
  return Math.max(Math.min(1, words.length), n);
}

export interface FootProps {
  readonly node: Node;
  readonly missions: readonly string[];
  /** Whether the card is the one that the keyboard is in. */
  readonly current: boolean;
  readonly lit: ReadonlySet<number>;
  readonly onEvent: (index: number) => void;
}

export function Foot({ node, missions, current, lit, onEvent }: FootProps): JSX.Element {
  const marks = factMarks(node, missions);
  const marksWidth = marks.reduce((sum, { n }) => sum + MARK_WIDTH + (n > 1 ? DIGITS_WIDTH : 0), 0);
  const items = chipItems(node);
  const words = items.map((item) => item.words);
  const n = fittingCount(words, CARD_W - PAD - marksWidth);
  const rest = items.slice(n);
  return (
    <div class="we-card-foot">
      {items.slice(0, n).map((item) => (
        <Chip key={item.key} item={item} current={current} lit={lit} onEvent={onEvent} />
      ))}
      {rest.length > 0 ? (
        <span class="wk-chip we-more" title={rest.map((item) => item.words).join(", ")}>
          +{rest.length}
        </span>
      ) : null}
      {marks.length > 0 ? (
        <span class="we-marks">
          {marks.map((mark) => (
            <span key={mark.icon} role="img" aria-label={mark.words} title={mark.words}>
              <Icon name={mark.icon} />
              {mark.n > 1 ? mark.n : null}
            </span>
          ))}
        </span>
      ) : null}
    </div>
  );
}

interface ChipProps extends Pick<FootProps, "current" | "lit" | "onEvent"> {
  readonly item: ChipItem;
}

function Chip({ item, current, lit, onEvent }: ChipProps): JSX.Element {
  const { icon, words, tone, local } = item;
  if (!local) {
    return (
      <span class={`wk-chip ${tone}`} title={words}>
        <Icon name={icon} />
        <span>{words}</span>
      </span>
    );
  }
  const mark = local.problems.error > 0 ? "wk-error" : local.problems.warning > 0 ? "wk-warning" : "";
  return (
    <button
      type="button"
      class={`wk-chip we-local ${mark}${lit.has(local.index) ? " we-selected-chip" : ""}`}
      data-local={local.index}
      tabIndex={current ? 0 : -1}
      aria-label={`${local.kind} ${words}${local.locked ? ", locked" : ""}`}
      title={local.name}
      onClick={(event) => event.shiftKey || event.ctrlKey || event.metaKey || onEvent(local.index)}
    >
      {local.problems.error > 0 ? <Icon name="error" /> : local.problems.warning > 0 ? <Icon name="warning" /> : null}
      {local.locked ? <Icon name="lock" /> : null}
      <Icon name={icon} />
      <span>{words}</span>
    </button>
  );
}
