/**
 * Keep the keyboard in the widget. When the element that has the focus is taken away or disabled, browsers give the
 * focus to the page, and the next key would be a command of the notebook; it goes to the map instead.
 */
import type { Disposal } from "../shared/disposal";

export function keepFocus(
  root: HTMLElement,
  shadow: ShadowRoot,
  home: () => HTMLElement | null,
  disposal: Disposal,
): void {
  let inside = false;
  disposal.listen(root, "focusin", () => {
    inside = true;
  });
  disposal.listen(root, "focusout", (event: FocusEvent) => {
    const left = event.target as Element;
    const next = event.relatedTarget;
    if (next instanceof Element && root.contains(next)) return;
    // What is being removed is still there while it loses the focus; only a real leaving counts.
    queueMicrotask(() => {
      if (left.isConnected && !left.matches(":disabled")) inside = false;
    });
  });
  const observer = new MutationObserver(() => {
    const active = shadow.activeElement;
    if (inside && (active === null || active.matches(":disabled"))) home()?.focus({ preventScroll: true });
  });
  observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
  disposal.add(() => observer.disconnect());
}
