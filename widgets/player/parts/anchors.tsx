/** Anchors: outlines around what was found in the picture, and a chip for each thing that is looked for. */
import type { JSX } from "preact";
import type { AnchorInfo, FoundAnchor, OfferInfo } from "../../shared/protocol";
import { Icon } from "../../shared/ui/icon";
import { offerLabel } from "../text";

export interface AnchorsProps {
  readonly anchors: readonly AnchorInfo[];
  readonly found: readonly FoundAnchor[];
  readonly offers: readonly OfferInfo[];
  readonly fire: (offer: OfferInfo) => void;
}

/** The outlines, laid over the picture. The chips say the same for those who use no pointer. */
export function Outlines({ found, offers, fire, aspect }: AnchorsProps & { readonly aspect: number }): JSX.Element {
  return (
    <div class="wk-anchor-ground" aria-hidden="true">
      <div class="wk-anchor-boxes" style={{ "--wk-aspect": String(aspect) }}>
        {found.map((anchor) => {
          const offer = offers.find(({ name }) => name === anchor.event);
          const [left, top, right, bottom] = anchor.box;
          const place = {
            left: percent(left),
            top: percent(top),
            width: percent(right - left),
            height: percent(bottom - top),
          };
          const isUsable = offer?.available === true && canPress(anchor);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the chip of the same thing has the keys
            // biome-ignore lint/a11y/noStaticElementInteractions: and the role
            <div
              key={anchor.event}
              class={isUsable ? "wk-anchor-box wk-anchor-usable" : "wk-anchor-box"}
              style={place}
              onClick={() => isUsable && fire(offer)}
            />
          );
        })}
      </div>
    </div>
  );
}

/** One chip a thing, in the order of the offers, whether it is in sight or not: what is below does not move. */
export function AnchorChips({ anchors, found, offers, fire }: AnchorsProps): JSX.Element {
  return (
    <div class="wk-anchors" role="group" aria-label="In the picture">
      {anchors.map(({ event, thing }) => {
        const offer = offers.find(({ name }) => name === event);
        if (!offer) return null;
        const anchor = found.find((one) => one.event === event);
        const isUsable = offer.available && anchor !== undefined && canPress(anchor);
        const words = whereabouts(anchor, offer);
        return (
          <button
            key={event}
            type="button"
            class="wk-anchor"
            data-seen={anchor !== undefined}
            aria-disabled={!isUsable}
            title={`${offerLabel(offer.label, offer.name)} (${words})`}
            onClick={() => isUsable && fire(offer)}
          >
            <Icon name={offer.available ? "mission" : "lock"} />
            <span>{thing}</span>
            <span class="wk-anchor-where">{words}</span>
          </button>
        );
      })}
    </div>
  );
}

/** A thing is pressed when it is close and in the middle. */
export function canPress(anchor: FoundAnchor): boolean {
  return anchor.isClose && anchor.isCentered;
}

/** Where a thing is, and what is still to do to press it. */
export function whereabouts(anchor: FoundAnchor | undefined, offer: OfferInfo): string {
  if (!anchor) return "not in sight";
  const [left, , right] = anchor.box;
  const side = anchor.isCentered ? "" : (left + right) / 2 < 0.5 ? "left" : "right";
  const distance = anchor.isClose ? "" : "far";
  if (side || distance) return [side, distance].filter(Boolean).join(", ");
  return offer.available ? "here" : "locked";
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}
