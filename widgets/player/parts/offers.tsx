/** The offered events: large buttons, each with its key; locked ones say why. */
import type { JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { OfferInfo, PlayerView } from "../../shared/protocol";
import { Icon, type IconName } from "../../shared/ui/icon";
import { keyCap } from "../keys";
import type { Store } from "../store";
import { offerLabel, waysOn } from "../text";

const KINDS: ReadonlyMap<string, [icon: IconName, word: string]> = new Map([
  ["transition", ["arrow", "move"]],
  ["override", ["override", "act here"]],
  ["terminal", ["terminal", "console"]],
  ["sequence", ["film", "sequence"]],
]);

interface Props {
  store: Store;
  view: PlayerView;
}

export function Offers({ store, view, blocked }: Props & { blocked: boolean }): JSX.Element {
  const list = useRef<HTMLElement>(null);
  const below = useCountBelow(list, view);
  if (view.offers.length === 0) {
    return <p class="wk-nothing">{`There is nothing to choose here. ${waysOn(view)}`.trimEnd()}</p>;
  }
  return (
    // where no choice can be focused, keys scroll the list itself
    <section ref={list} class="wk-offers" aria-label="What you can do" tabIndex={blocked ? 0 : undefined}>
      {view.offers.map((offer, at) => (
        <Choice
          key={`${offer.kind} ${offer.name}`}
          {...{ store, offer, blocked }}
          cap={keyCap(offer, at, view.offers)}
        />
      ))}
      {below > 0 ? (
        // for a pointer only: the focus scrolls the list by itself
        <button
          type="button"
          class="wk-more-offers"
          tabIndex={-1}
          aria-hidden="true"
          onClick={() => scrollOn(list.current)}
        >
          <span>{`${below} more below`}</span>
        </button>
      ) : null}
    </section>
  );
}

function scrollOn(list: HTMLElement | null): void {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  list?.scrollBy({ top: list.clientHeight / 2, behavior: isStill ? "auto" : "smooth" });
}

/** Return how many choices cannot be seen whole, as they stand below the lower edge of their list. */
function useCountBelow(list: { readonly current: HTMLElement | null }, view: PlayerView): number {
  const [below, setBelow] = useState(0);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return setBelow(0);
    const count = (): void => {
      const end = element.getBoundingClientRect().bottom + 1;
      const choices = [...element.querySelectorAll(".wk-offer")];
      setBelow(choices.filter((choice) => choice.getBoundingClientRect().bottom > end).length);
    };
    count();
    const observer = new ResizeObserver(count);
    observer.observe(element);
    // a font that loads late, or a reason that is told, makes a choice taller, and the list no larger
    for (const choice of element.querySelectorAll(".wk-offer")) observer.observe(choice);
    element.addEventListener("scroll", count, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", count);
    };
  }, [view]);
  return below;
}

interface ChoiceProps {
  store: Store;
  offer: OfferInfo;
  blocked: boolean;
  cap: string;
}

export function Choice({ store, offer, blocked, cap }: ChoiceProps): JSX.Element {
  const id = useId();
  const [icon, word] = KINDS.get(offer.kind) ?? ["arrow", offer.kind];
  const locked = !offer.available;
  return (
    <button
      type="button"
      class="wk-offer"
      dir="auto"
      data-kind={offer.kind}
      disabled={blocked}
      // A locked offer stays reachable, so that its reason can be read.
      aria-disabled={locked || undefined}
      aria-describedby={`${id}-more`}
      aria-keyshortcuts={cap || undefined}
      title={locked && offer.hint ? `${offer.name}: ${offer.hint}` : offer.name}
      onClick={() => store.fire(offer)}
    >
      {cap ? (
        <span class="wk-cap" dir="ltr" aria-hidden="true">
          {cap}
        </span>
      ) : null}
      <span class="wk-offer-words">
        <span class="wk-offer-label">{offerLabel(offer.label, offer.name)}</span>
        {locked ? <span class="wk-offer-hint">{offer.hint ?? "Something is missing."}</span> : null}
      </span>
      <Icon name={locked ? "lock" : icon} />
      <span id={`${id}-more`} class="wk-visually-hidden">
        {locked ? `locked: ${offer.hint ?? "something is missing"}` : word}
      </span>
    </button>
  );
}
