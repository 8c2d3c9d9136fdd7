/** A line to type an action in, and what a language model wrote for it: to be taken, or left. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ActionInfo, ProposedAction } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import { scrollContainer } from "../scroll-container";
import type { Store } from "../store";
import { heading } from "../text";

const MARGIN_PX = 16;

interface Props {
  store: Store;
  action: ActionInfo;
}

export function TypedAction({ store, action }: Props): JSX.Element {
  const container = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (action.status === "idle" || !container.current) return;
    // Only the page is scrolled: scrollIntoView would move the notebook too.
    const page = scrollContainer(container.current);
    const over = page
      ? container.current.getBoundingClientRect().bottom + MARGIN_PX - page.getBoundingClientRect().bottom
      : 0;
    if (over > 0) page?.scrollBy({ top: over });
  }, [action.status]);
  return (
    <section ref={container} class="wk-typed" aria-label="Something else">
      {action.status === "proposed" && action.proposal ? (
        <Proposal store={store} typed={action.text} proposal={action.proposal} />
      ) : action.status === "working" ? (
        <Working store={store} action={action} />
      ) : (
        <Line store={store} action={action} />
      )}
    </section>
  );
}

function leave(store: Store): void {
  void store.act({ action: "leave_action" });
}

function Line({ store, action }: Props): JSX.Element {
  const { actionDraft } = store;
  const text = actionDraft.value ?? action.text;
  const type = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (text.trim() === "" || store.busy.peek()) return;
    // what was typed meanwhile stays
    if ((await store.act({ action: "type", text: text.trim() })) && actionDraft.peek() === text)
      actionDraft.value = null;
  };
  return (
    <>
      <form class="wk-typed-line" onSubmit={(event) => void type(event)}>
        <input
          class="wk-input"
          type="text"
          value={text}
          maxLength={200}
          autocomplete="off"
          aria-label="Do something else"
          placeholder="Or type what you do"
          onInput={(event) => {
            actionDraft.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="wk-button wk-outline" disabled={text.trim() === ""}>
          Try it
        </button>
      </form>
      {action.status === "failed" ? (
        <div class="wk-typed-error" role="alert">
          <Icon name="info" />
          <p>{action.detail}</p>
          <Button
            label="Close"
            icon="close"
            small
            kind="quiet"
            onPress={() => {
              actionDraft.value = text;
              leave(store);
            }}
          />
        </div>
      ) : null}
    </>
  );
}

function Working({ store, action }: Props): JSX.Element {
  return (
    <div class="wk-typed-work">
      <span class="wk-typed-pulse" aria-hidden="true" />
      <p role="status">
        {`Trying “${action.text}”`}
        <span class="wk-muted">{action.detail ? `${action.detail}.` : "Asking the model."}</span>
      </p>
      <Button kind="outline" onPress={() => leave(store)}>
        Cancel
      </Button>
    </div>
  );
}

function Proposal({ store, typed, proposal }: { store: Store; typed: string; proposal: ProposedAction }): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
  // whoever typed waits for this; nobody else's focus is taken
  useEffect(() => {
    const root = title.current?.getRootNode();
    const active = root instanceof ShadowRoot ? root.activeElement : document.activeElement;
    if (active?.closest(".wk-typed") || active?.matches("[data-landing]"))
      title.current?.focus({ preventScroll: true });
  }, []);
  return (
    <article class="wk-proposal" aria-label={`Proposal: ${proposal.label}`}>
      <p class="wk-proposal-kind">{`A proposal for “${typed}”`}</p>
      <h3 ref={title} tabIndex={-1}>
        {proposal.label}
      </h3>
      <p>{proposal.seen}</p>
      <dl>
        <dt>{`leads to a new place, ${heading(proposal.place)}`}</dt>
        <dd>{proposal.base}</dd>
        <dt>and from there</dt>
        <dd>
          <ul>
            {proposal.ways.map((way) => (
              <li key={way.label}>
                {way.label} <Icon name="arrow" /> <span class="wk-muted">{heading(way.to)}</span>
              </li>
            ))}
          </ul>
        </dd>
      </dl>
      <p class="wk-muted">
        {proposal.canTake
          ? "Nothing else changes. You can undo it."
          : "You have moved on since. Go back to accept it, or discard it."}
      </p>
      <div class="wk-row">
        <Button kind="primary" disabled={!proposal.canTake} onPress={() => void store.act({ action: "take_action" })}>
          Accept
        </Button>
        <Button kind="outline" onPress={() => leave(store)}>
          Discard
        </Button>
      </div>
    </article>
  );
}
