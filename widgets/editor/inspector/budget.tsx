/** How much of the prompt's length a state uses, and the very prompt, as the kernel assembles it. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type JsonObject, object, text, texts } from "../../shared/json";
import type { PromptReply, Rejected } from "../../shared/protocol";
import { Meter } from "../../shared/ui/meter";
import type { Store } from "../store";
import { Group } from "./parts";

const WAIT_MS = 200;
export const LIMIT = 1900;

/** Return the length the budget rule counts: base, both halves of camera and movement, every ambient line. */
export function used(body: JsonObject, base: string): number {
  const halves = [object(body.camera), object(body.movement)].flatMap((pair) => [
    text(pair.static),
    text(pair.dynamic),
  ]);
  return [base, ...halves, ...texts(body.ambient)].filter((part) => part !== "").join(" ").length;
}

export function Budget(props: { store: Store; id: string; body: JsonObject; typed: string | null }): JSX.Element {
  const { store, id, body, typed } = props;
  const [prompt, setPrompt] = useState<PromptReply | null>(null);
  const rev = store.doc.value.rev;
  const online = store.online.value;

  useEffect(() => {
    if (!online) return;
    let stale = false;
    void rev;
    const timer = setTimeout(() => {
      const request: { type: string } & JsonObject = { type: "prompt", state: id };
      void store.link.request<PromptReply | Rejected>(request).then((reply) => {
        if (!stale && reply.type === "prompt") setPrompt(reply);
      });
    }, WAIT_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [store, id, rev, online]);

  return (
    <>
      <Meter
        label="Prompt"
        value={typed === null && prompt ? prompt.budget : used(body, typed ?? text(body.base))}
        max={LIMIT}
      />
      {prompt ? (
        <Group title="The prompt as it is sent" open={false}>
          <p class="wk-label">Standing, {prompt.standing.length} characters</p>
          <p class="we-reading">{prompt.standing}</p>
          <p class="wk-label">Moving, {prompt.moving.length} characters</p>
          <p class="we-reading">{prompt.moving}</p>
        </Group>
      ) : null}
    </>
  );
}
