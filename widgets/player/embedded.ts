/** The player as a part of another widget. */
import type { ReadonlySignal } from "@preact/signals";
import { h } from "preact";
import type { Disposal } from "../shared/disposal";
import type { Host } from "../shared/host";
import type { Link } from "../shared/link";
import type { Notices } from "../shared/ui/toasts";
import { App } from "./app";
import { openStore } from "./store";

export function openEmbedded(link: Link, notices: Notices, view: ReadonlySignal<unknown>, disposal: Disposal) {
  const store = openStore(link, notices, view, disposal);
  return {
    online: store.online,
    asking: store.asking,
    reconnect: store.reconnect,
    element: (host: Host) => h(App, { store, host }),
  };
}
