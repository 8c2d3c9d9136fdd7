/** The visual difference of two worlds: anywidget calls `render` once for every view of the model. */
import { effect } from "@preact/signals";
import { h, render as mount } from "preact";
import { keepFocus } from "../shared/focus";
import { openHost, trait } from "../shared/host";
import { Link } from "../shared/link";
import type { RenderProps } from "../shared/model";
import { Notices } from "../shared/ui/toasts";
import { openCamera } from "./camera";
import "./compare.css";
import { handleKey } from "./keymap";
import { openStore } from "./store";
import { App } from "./view/app";

function render({ model, el }: RenderProps): () => void {
  const host = openHost(el, model);
  const { disposal } = host;
  const link = new Link(model);
  const notices = new Notices();
  const comparison = trait<unknown>(model, "comparison", null, disposal);
  const proposal = trait<unknown>(model, "proposal", null, disposal);
  const store = openStore(link, notices, comparison, disposal, proposal);
  const camera = openCamera(store, disposal);
  const go = (change: number) => {
    store.choose(change);
    camera.show(change);
  };
  const step = (by: 1 | -1) => {
    store.step(by);
    const at = store.current.peek();
    if (at !== null) camera.show(at);
  };
  // The list grows for a conflict, and the map shrinks; where the list is closed, details cover a part of the map.
  // What is chosen stays in sight.
  disposal.add(
    effect(() => {
      void store.size.value;
      const isListOpen = store.panelOpen.value;
      const at = store.current.peek();
      if (at !== null && (at < 0 || !isListOpen)) camera.show(at);
    }),
  );
  mount(h(App, { host, store, camera, go }), host.mount);
  disposal.listen(host.mount, "keydown", (event: KeyboardEvent) => handleKey(event, { store, camera, go: step }));
  const home = () => host.mount.querySelector<HTMLElement>(".wc-stage");
  keepFocus({ root: host.mount, shadow: host.shadow, home, regions: ".wc-bar, .wc-panel", disposal });
  disposal.add(() => {
    mount(null, host.mount);
    link.dispose();
    notices.dispose();
  });
  return () => disposal.dispose();
}

export default { render };
