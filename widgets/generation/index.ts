/** The form of a generation in a cell: anywidget calls `render` once for every view of the model. */
import { h, render as mount } from "preact";
import { keepFocus } from "../shared/focus";
import { openHost, trait } from "../shared/host";
import { Link } from "../shared/link";
import type { RenderProps } from "../shared/model";
import { App } from "./app";
import "./generate.css";
import { openGeneration } from "./store";

function render({ model, el }: RenderProps): () => void {
  const host = openHost(el, model);
  const { disposal } = host;
  const link = new Link(model);
  const generation = openGeneration(model, link, disposal);
  const models = trait<unknown>(model, "models", [], disposal);
  const hasForm = trait<boolean>(model, "form", true, disposal);
  host.mount.classList.add("wg-root");
  mount(h(App, { generation, link, models, hasForm }), host.mount);
  const home = () => host.mount.querySelector<HTMLElement>("textarea, button");
  keepFocus({ root: host.mount, shadow: host.shadow, home, regions: ".wg-app", disposal });
  disposal.add(() => {
    mount(null, host.mount);
    link.dispose();
  });
  return () => disposal.dispose();
}

export default { render };
