/** The SDK as a script: mounts every element with `data-alakazam-slug`, and tells of what happens as DOM events of it. */
import { createEmbed, type Embed, type EmbedOptions } from "./sdk";

const PREFIXES = ["alakazam", "worldkit"];
const embeds = new Map<Element, Embed>();

/** Mount the elements that ask for it and are not mounted yet. */
function mount(root: ParentNode = document): void {
  for (const prefix of PREFIXES) {
    for (const element of root.querySelectorAll(`[data-${prefix}-slug]`)) {
      if (embeds.has(element)) continue;
      const data = (name: string) => element.getAttribute(`data-${prefix}-${name}`) || undefined;
      const tell = (name: string) => (detail: unknown) =>
        void element.dispatchEvent(new CustomEvent(`${prefix}:${name}`, { detail, bubbles: true }));
      const color = data("color-primary");
      const options: EmbedOptions = {
        container: element,
        slug: data("slug"),
        token: data("token"),
        host: data("host"),
        theme: color ? { colorPrimary: color } : undefined,
        onReady: tell("ready"),
        onChoice: tell("choice"),
        onStateEntered: tell("state"),
        onEnding: tell("ending"),
        onSessionEnded: tell("ended"),
        onQueue: tell("queue"),
        onError: tell("error"),
      };
      const url = data("token-url");
      if (url) options.getToken = () => fetch(url, { method: "POST" }).then(read);
      embeds.set(element, createEmbed(options));
    }
  }
}

async function read(answer: Response): Promise<string> {
  if (!answer.ok) throw new Error(`no new token: ${answer.status}`);
  const text = await answer.text();
  return text.startsWith("{") ? JSON.parse(text).token : text.trim();
}

Object.assign(window, { AlakazamEmbed: { createEmbed, mount } });
if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => mount());
else mount();
