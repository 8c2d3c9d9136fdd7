/** The embed page in a notebook cell: the kernel gives the tokens, and hears what happens. */
import type { EmbedCellMessage } from "../shared/protocol";
import { createEmbed } from "./sdk";

interface Model {
  get(name: string): unknown;
  send(message: object): void;
  on(event: string, handler: (message: EmbedCellMessage) => void): void;
  off(event: string, handler: (message: EmbedCellMessage) => void): void;
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const waiting = new Map<number, { done: (token: string) => void; fail: (error: Error) => void }>();
  let asked = 0;
  const getToken = () =>
    new Promise<string>((done, fail) => {
      asked += 1;
      waiting.set(asked, { done, fail });
      model.send({ type: "token", id: asked, origin: location.origin });
    });
  const tell = (type: string) => (payload: unknown) => model.send({ type, payload });
  const place = document.createElement("div");
  place.style.height = `${Number(model.get("height")) || 560}px`;
  el.append(place);
  const embed = createEmbed({
    container: place,
    host: String(model.get("host")),
    slug: String(model.get("slug")) || undefined,
    theme: model.get("theme") as Record<string, unknown>,
    getToken,
    onReady: tell("ready"),
    onChoice: tell("choice"),
    onStateEntered: tell("state"),
    onEnding: tell("ending"),
    onSessionEnded: tell("ended"),
    onQueue: tell("queue"),
    onError: (error) => {
      if (!place.firstChild) place.textContent = error.message; // there is no frame to say it
      tell("error")(error);
    },
  });
  const hear = (message: EmbedCellMessage) => {
    if (message.type === "destroy") {
      embed.destroy();
      return;
    }
    const request = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === "token") request?.done(message.token);
    else request?.fail(new Error(message.message));
  };
  model.on("msg:custom", hear);
  return () => {
    model.off("msg:custom", hear);
    embed.destroy();
  };
}

export default { render };
