/** Another widget leads into this editor: to a thing of the world, or to what can be done about it. */
import type { Disposal } from "../../shared/disposal";
import type { Envelope, Show } from "../../shared/protocol";
import type { Actions } from "../actions";
import type { Store } from "../store";

/** Show what a report asks for: select it, open its form or the problems at it, and bring the editor into sight. */
export function openLeadIn(root: HTMLElement, store: Store, actions: Actions, disposal: Disposal): void {
  disposal.add(
    store.link.listen((message) => {
      if (!isShow(message)) return;
      const { item, panel } = message;
      actions.jump({ lint: "", severity: "info", path: "", message: "", item });
      store.openPanel(panel);
      if (panel === "problems") store.problemToShow.value = item;
      root.scrollIntoView?.({ block: "nearest" });
      // the keyboard goes along, but not to the map, where keys delete
      requestAnimationFrame(() => {
        const body = root.querySelector<HTMLElement>(".we-panel-body");
        const { activeElement } = root.getRootNode() as ShadowRoot;
        if (!activeElement?.closest(".we-panel-body")) body?.focus({ preventScroll: true });
      });
    }),
  );
}

function isShow(message: Envelope): message is Show {
  return message.type === "show";
}
