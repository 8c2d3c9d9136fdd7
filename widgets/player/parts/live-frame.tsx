/** The picture that a painter draws, how it fares, and the keys that are held in it. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { OfferInfo, PainterInfo } from "../../shared/protocol";
import { Icon } from "../../shared/ui/icon";
import type { LivePicture } from "../live-picture";
import { AnchorChips, type AnchorsProps, Outlines } from "./anchors";

interface Props {
  live: LivePicture;
  painter: PainterInfo;
  /** The name of the place shown. */
  place: string;
  /** What may be done now. */
  offers: readonly OfferInfo[];
  fire: (offer: OfferInfo) => void;
}

/** Whether the world model's picture is what is seen: once a frame came, and as long as there may be another. */
export function isDrawn(live: LivePicture, painter: PainterInfo | undefined): boolean {
  return live.hasFrame.value && (painter?.status === "open" || painter?.status === "reconnecting");
}

/** Press or let go of the control of a key; say whether it has one. */
export function steer(
  live: Pick<LivePicture, "key">,
  { type, code, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, "type" | "code" | "ctrlKey" | "metaKey" | "altKey">,
): boolean {
  const isDown = type === "keydown";
  // what is held is let go of whatever else is down
  return !(isDown && (ctrlKey || metaKey || altKey)) && live.key(code, isDown);
}

export function LiveFrame({ live, painter, place, offers, fire }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    live.open(canvas.current);
    return () => {
      live.open(null);
      live.release();
    };
  }, [live]);
  const onKey = (event: KeyboardEvent): void => {
    if (!steer(live, event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const steers = painter.followsControls === true;
  const words = status(painter);
  const isShown = isDrawn(live, painter);
  const anchors: AnchorsProps = { anchors: painter.anchors, found: live.anchors.value, offers, fire };
  return (
    <figure class="wk-live" data-status={painter.status}>
      <div class="wk-live-picture" hidden={!isShown}>
        <canvas
          ref={canvas}
          width={640}
          height={360}
          tabIndex={steers ? 0 : undefined}
          role={steers ? "application" : "img"}
          aria-label={
            steers ? `Picture of ${place}. Hold W, A, S, D and the arrow keys to move and look.` : `Picture of ${place}`
          }
          onKeyDown={onKey}
          onKeyUp={onKey}
          onBlur={live.release}
        />
        {painter.anchors.length > 0 ? <Outlines {...anchors} aspect={live.aspect.value} /> : null}
      </div>
      {isShown && painter.anchors.length > 0 ? <AnchorChips {...anchors} /> : null}
      {painter.followsPrompts === false ? (
        <p class="wk-live-warning">
          <Icon name="warning" />
          <span>This model takes no prompts: the picture ignores what happens in the story.</span>
        </p>
      ) : null}
      <figcaption class="wk-live-bar">
        <span role="status" title={words}>
          {words}
        </span>
        {live.held.value.size > 0 ? (
          <span class="wk-live-held">{[...live.held.value].map(plain).join(" + ")}</span>
        ) : null}
        {isShown ? (
          <span class="wk-live-rate" title={delayTitle(painter)}>
            {pace(live.rate.value, live.delay.value)}
          </span>
        ) : null}
        {steers && isShown ? <span class="wk-live-keys">Click the picture, then W A S D and arrows</span> : null}
      </figcaption>
    </figure>
  );
}

/** Return in words how a painter fares. */
export function status({ status, detail, note }: PainterInfo): string {
  const why = detail ? `: ${detail}` : "";
  switch (status) {
    case "open":
      return note || "Live picture";
    case "closed":
      return "The picture is off";
    case "connecting":
      return `Connecting to the world model${why}…`;
    case "reconnecting":
      return `Reconnecting${why}…`;
    case "ended":
      return `The picture ended${why}. Play continues.`;
    default:
      return `No picture${why}. Play continues.`;
  }
}

/** Return in words how many pictures come, and how late they are. */
export function pace(rate: number, delay: number | null): string {
  if (rate === 0) return "paused";
  return delay === null ? `${rate} pictures/s` : `${rate} pictures/s, ${delay} ms`;
}

function delayTitle({ latencyMs }: PainterInfo): string {
  const own = latencyMs === null ? "" : ` The model says that a prompt shows after ${Math.round(latencyMs)} ms.`;
  return `The time is that from the kernel to the screen and back.${own}`;
}

function plain(control: string): string {
  return control.replace("strafe_", "step ");
}
