/** The report of an exploration: what is wrong, where, and a player to see it happen. */
import { h, render } from "preact";
import { openHost, trait } from "../shared/host";
import { Link } from "../shared/link";
import type { RenderProps } from "../shared/model";
import { Notices } from "../shared/ui/toasts";
import { App } from "./app";
import type { OpenPlayer } from "./embedded-player";
import { openStore } from "./store";

/** Render a report whose findings are played by the player that `openPlayer` opens. */
export function renderReport({ model, el }: RenderProps, openPlayer: OpenPlayer): () => void {
  const host = openHost(el, model);
  const link = new Link(model);
  const notices = new Notices();
  const seed = trait<unknown>(model, "report", null, host.disposal);
  const view = trait<unknown>(model, "view", null, host.disposal);
  const store = openStore(link, notices, seed, openPlayer(link, notices, view, host.disposal), host.disposal);
  host.disposal.add(() => link.dispose());
  host.disposal.add(() => notices.dispose());
  render(h(App, { store, host }), host.mount);
  host.disposal.add(() => render(null, host.mount));
  return () => host.disposal.dispose();
}
