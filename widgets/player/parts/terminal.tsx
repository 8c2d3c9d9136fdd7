/** A console in the world: its log, and a line to type in. It answers from its records only. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { count } from "../../shared/format";
import type { TerminalInfo } from "../../shared/protocol";
import { Button } from "../../shared/ui/button";
import { Icon } from "../../shared/ui/icon";
import { scrollContainer } from "../scroll-container";
import type { Store } from "../store";
import { heading } from "../text";

export function Terminal({ store, terminal }: { store: Store; terminal: TerminalInfo }): JSX.Element {
  const [input, setInput] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const container = useRef<HTMLElement>(null);
  const lines = terminal.log.length;
  useLayoutEffect(() => field.current?.focus({ preventScroll: true }), []);
  useLayoutEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
    // Only the page is scrolled: scrollIntoView would move the notebook too.
    const page = container.current ? scrollContainer(container.current) : null;
    const over = container.current && page ? bottom(container.current) + MARGIN_PX - bottom(page) : 0;
    if (over > 0) page?.scrollBy({ top: over });
  }, [lines, terminal.pending]);

  const ask = async (event: Event): Promise<void> => {
    event.preventDefault();
    const text = input.trim();
    if (text === "" || terminal.pending || store.busy.peek()) return;
    setInput("");
    // what was typed meanwhile stays
    if (!(await store.act({ action: "ask", text }))) setInput((now) => (now === "" ? text : now));
  };

  return (
    <section ref={container} class="wk-console" aria-label={`Console: ${heading(terminal.name)}`}>
      <header>
        <Icon name="terminal" />
        <h3>{heading(terminal.name)}</h3>
        <span class="wk-console-facts">{terminal.facts === 0 ? "no records" : count(terminal.facts, "record")}</span>
        <Button
          label="Close the console"
          tooltip="Close (Escape)"
          icon="close"
          small
          kind="quiet"
          onPress={() => void store.act({ action: "close_terminal" })}
        />
      </header>
      <details class="wk-persona">
        <summary>Who is speaking</summary>
        <p>{terminal.persona}</p>
      </details>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <div class="wk-console-log" role="log" aria-label="What was said" ref={log} tabIndex={0}>
        {terminal.greeting ? <p class="wk-said-console">{terminal.greeting}</p> : null}
        {terminal.log.map((line, at) => (
          <p key={at} class={line.who === "you" ? "wk-said-you" : "wk-said-console"}>
            {line.who === "you" ? <span class="wk-visually-hidden">You: </span> : null}
            {line.text}
          </p>
        ))}
        {terminal.pending ? (
          <>
            <p class="wk-said-you">
              <span class="wk-visually-hidden">You: </span>
              {terminal.pending}
            </p>
            <p class="wk-said-console wk-muted">…</p>
          </>
        ) : null}
      </div>
      <form onSubmit={(event) => void ask(event)}>
        <input
          ref={field}
          class="wk-input wk-mono"
          type="text"
          value={input}
          maxLength={2000}
          autocomplete="off"
          spellcheck={false}
          aria-label="Say something to the console"
          placeholder="Ask, or type help"
          onInput={(event) => setInput(event.currentTarget.value)}
        />
        <button type="submit" class="wk-button wk-outline" disabled={input.trim() === "" || terminal.pending !== ""}>
          Send
        </button>
      </form>
    </section>
  );
}

const MARGIN_PX = 16;

function bottom(element: Element): number {
  return element.getBoundingClientRect().bottom;
}
