/**
 * Keep the keyboard in the widget. When the element that has the focus is removed, disabled or hidden, browsers give the
 * focus to the page, and the next key would be a command of the notebook. It goes to the nearest place instead.
 *
 * A browser that moves the focus blurs one element, runs everything that listens to that, and focuses the other one
 * last; it gives up when the focus is moved meanwhile. So nothing is decided while a move is under way, only in a task
 * after it.
 */
import type { Disposal } from "./disposal";
import { takesText } from "./keys";
import type { LastUsed } from "./last-used";

export interface FocusOptions {
  readonly root: HTMLElement;
  readonly shadow: ShadowRoot;
  /** Where the keyboard goes when there is no place near what is gone. */
  readonly home: () => HTMLElement | null;
  /** A selector of the parts of the widget in which a place near what is gone is looked for. */
  readonly regions: string;
  /** Learns that the focus was moved by nobody's choice. */
  readonly lastUsed?: LastUsed;
  readonly disposal: Disposal;
}

/** Where an element stands, from itself up to the root: its parent, and which of the parent's children it is in. */
type AncestorPath = readonly { readonly parent: Element; readonly index: number }[];

const CONTROLS = "button, input, textarea, select, summary, a[href], [tabindex]:not([tabindex='-1'])";

export function keepFocus({ root, shadow, home, regions, lastUsed, disposal }: FocusOptions): void {
  // A press between the controls keeps the keyboard here, too.
  root.tabIndex = -1;
  let focused: Element | null = null;
  let trail: AncestorPath = [];
  let isMoving = false;
  let isPressedOutside = false;

  /** Decide what became of the focus. */
  const settle = () => {
    isMoving = false;
    const active = shadow.activeElement;
    if (focused === null || !root.isConnected || (active !== null && !active.matches(":disabled"))) return;
    const previous = focused;
    focused = null;
    if (isUsable(previous) || isPressedOutside || isFocusOutside(shadow)) return;
    // Whoever was typing goes on typing for a moment: nothing there may take it, neither as text nor as a press.
    const place = takesText(previous) ? null : controlNear(trail, regions);
    const move = () => {
      if (place) place.focus();
      else if (!focusAround(trail, regions, shadow)) home()?.focus({ preventScroll: true });
    };
    if (lastUsed) lastUsed.fallBack(move);
    else move();
  };

  disposal.listen(root, "focusin", (event: FocusEvent) => {
    focused = event.target as Element;
    trail = ancestorPath(focused, root);
    isMoving = isPressedOutside = false;
  });
  disposal.listen(root, "focusout", (event: FocusEvent) => {
    const next = event.relatedTarget;
    isMoving = next instanceof Element && root.contains(next);
    if (next instanceof Element && !isMoving) focused = null;
    else setTimeout(settle, 0);
  });
  disposal.listen(
    root.ownerDocument,
    "pointerdown",
    (event: PointerEvent) => {
      isPressedOutside = !event.composedPath().includes(root);
    },
    { capture: true },
  );
  disposal.listen(root, "keydown", () => {
    isPressedOutside = false;
  });
  // What is removed by itself, with no move under way, is decided before the next key can reach the page.
  const observer = new MutationObserver(() => {
    if (isMoving) return;
    settle();
    if (focused?.isConnected) trail = ancestorPath(focused, root);
  });
  observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
  disposal.add(() => observer.disconnect());
}

function ancestorPath(element: Element, root: Element): AncestorPath {
  const trail: { parent: Element; index: number }[] = [];
  for (let at = element; at !== root && at.parentElement; at = at.parentElement) {
    trail.push({ parent: at.parentElement, index: [...at.parentElement.children].indexOf(at) });
  }
  return trail;
}

/** Return the control that took the place of what is gone, else the next one, else the one before, in the same region. */
function controlNear(trail: AncestorPath, regions: string): HTMLElement | null {
  for (const { parent, index } of trail) {
    if (!parent.isConnected) continue;
    // An element that takes the focus itself stands for all of what is in it.
    if (parent.closest(regions) === null || parent.hasAttribute("tabindex")) return null;
    const here = parent.children[index];
    const controls = [...parent.querySelectorAll<HTMLElement>(CONTROLS)].filter(isUsable);
    const next = controls.find((control) => here && isAtOrAfter(control, here));
    const control = next ?? controls.findLast((control) => !here || !isAtOrAfter(control, here));
    if (control) return control;
  }
  return null;
}

/** Focus the smallest part of the region that is left of where something stood; say whether there is one. */
function focusAround(trail: AncestorPath, regions: string, shadow: ShadowRoot): boolean {
  for (const { parent } of trail) {
    if (!parent.isConnected || parent.closest(regions) === null || !(parent instanceof HTMLElement)) continue;
    if (!parent.hasAttribute("tabindex")) {
      parent.tabIndex = -1;
      parent.addEventListener("blur", () => parent.removeAttribute("tabindex"), { once: true });
    }
    parent.focus();
    if (shadow.activeElement === parent) return true;
  }
  return false;
}

function isAtOrAfter(control: Element, here: Element): boolean {
  return here.contains(control) || (here.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

function isUsable(element: Element): boolean {
  return element.isConnected && !element.matches(":disabled") && (element.checkVisibility?.() ?? true);
}

/** Say whether something outside of the widget has the focus, other than what the widget lies in. */
function isFocusOutside({ host, ownerDocument }: ShadowRoot): boolean {
  let active = ownerDocument.activeElement;
  // A player in the editor lies in the editor's own shadow.
  while (active !== host && active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  if (active === null) return false;
  for (let at: Element | null = host; at; at = parentAcrossShadow(at)) if (at === active) return false;
  return true;
}

function parentAcrossShadow(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}
