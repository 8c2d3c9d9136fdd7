/** The editor widget: anywidget calls `render` once for every view of the model. */
import { effect } from "@preact/signals";
import { h, render as mount } from "preact";
import { keepFocus } from "../shared/focus";
import { followFullScreen } from "../shared/full-screen";
import { openHost } from "../shared/host";
import { takesText } from "../shared/keys";
import { type Place, trackLastUsed } from "../shared/last-used";
import { Link } from "../shared/link";
import type { RenderProps } from "../shared/model";
import { Notices } from "../shared/ui/toasts";
import { openActions } from "./actions";
import { openCamera } from "./camera";
import { openClipboard } from "./clipboard";
import "./editor.css";
import { handleKey } from "./keymap";
import { followPlayer } from "./overlay/follow";
import { openLeadIn } from "./problems/lead-in";
import { openStore } from "./store";
import { App } from "./view/app";

/** Where the keyboard stays when the control that had it is gone; from elsewhere it goes to the map. */
const REGIONS = ".we-toolbar, .we-panel-body, .we-panel-head, .we-tables";

function placeOf(element: Element): Place | null {
  if (element.matches("[data-borrows-focus]")) return null;
  if (takesText(element)) return "text";
  return element.closest(".we-stage, .we-minimap") ? "map" : "control";
}

function render({ model, el }: RenderProps): () => void {
  const host = openHost(el, model);
  const { disposal } = host;
  const notices = new Notices();
  const link = new Link(model);
  const store = openStore(model, link, notices, disposal);
  const camera = openCamera(store, disposal);
  const actions = openActions(store, camera);
  mount(h(App, { host, store, camera, actions, manager: model.widget_manager }), host.mount);
  const clipboard = openClipboard(host.mount, actions, disposal);
  const lastUsed = trackLastUsed(host.mount, placeOf, disposal);
  const context = { store, actions, camera, clipboard, lastUsed };
  disposal.listen(host.mount, "keydown", (event: KeyboardEvent) => handleKey(event, context));
  const home = () => host.mount.querySelector<HTMLElement>(".we-stage");
  keepFocus({ root: host.mount, shadow: host.shadow, home, regions: REGIONS, lastUsed, disposal });
  disposal.add(() => {
    // a field that goes away sends what is typed in it
    mount(null, host.mount);
    store.closeLink();
    notices.dispose();
  });
  // A selection made from Python is brought into sight.
  disposal.add(
    effect(() => {
      const [node, event] = [store.selectedNode.value, store.selectedEvent.value];
      if (store.selected.peek()?.key !== undefined || store.size.peek().w <= 0) return;
      if (node >= 0) camera.reveal(node);
      if (event >= 0) camera.revealEvent(event);
    }),
  );
  const showRefusal = () =>
    notices.show(
      "This page does not let a cell fill the screen. In JupyterLab, open the cell's menu: Create New View for Cell Output.",
    );
  followFullScreen(host.element, store.fullScreen, showRefusal, disposal);
  followPlayer(store, camera, disposal);
  openLeadIn(host.mount, store, actions, disposal);
  store.reconnect();
  return () => disposal.dispose();
}

export default { render };
