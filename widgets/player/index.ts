/** The player: a view of a session that runs in the kernel. */
import { h, render } from "preact";
import { openHost, trait } from "../shared/host";
import { Link } from "../shared/link";
import type { RenderProps } from "../shared/model";
import { Notices } from "../shared/ui/toasts";
import { App } from "./app";
import { openStore } from "./store";

export function renderPlayer({ model, el }: RenderProps): () => void {
  const host = openHost(el, model);
  const link = new Link(model);
  const notices = new Notices();
  // undone after the store's: closing, it still has something to say
  host.disposal.add(() => link.dispose());
  host.disposal.add(() => notices.dispose());
  const view = trait<unknown>(model, "view", null, host.disposal);
  const store = openStore(link, notices, view, host.disposal);
  render(h(App, { store, host }), host.mount);
  host.disposal.add(() => render(null, host.mount));
  return () => host.disposal.dispose();
}
