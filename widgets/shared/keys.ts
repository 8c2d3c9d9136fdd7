/** Keyboard helpers: whether an event is typing, and the name of a key press. */

const TEXT_INPUTS = new Set(["text", "search", "number", "url", "email", "password", "tel", "date", "time"]);

/** Say whether the event comes from something that takes text, so that letters are not commands. */
export function isTyping(event: Event): boolean {
  const target = event.composedPath()[0];
  return target instanceof Element && takesText(target);
}

/** Say whether letters pressed in an element are text, or choose from its list. */
export function takesText(element: Element): boolean {
  if (element instanceof HTMLInputElement) return TEXT_INPUTS.has(element.type);
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return true;
  return element instanceof HTMLElement && element.isContentEditable;
}

/** Name a key press: "mod+shift+z", "a", "?", "arrowleft". `mod` is Ctrl, or Command on a Mac. */
export function chord(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const key = event.key.toLowerCase();
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  // Shift is part of the character for printable keys ("?"), and a modifier for the rest and for shortcuts.
  if (event.shiftKey && (key.length > 1 || parts.length > 0)) parts.push("shift");
  parts.push(key === " " ? "space" : key);
  return parts.join("+");
}

/** A key as the help lists it. */
export interface KeyHelp {
  readonly chords: readonly string[];
  /** How the keys are written in the help; none for one that another entry speaks for. */
  readonly keys: readonly string[];
  readonly does: string;
}

/** Return bindings by each of their chords. */
export function indexByChord<Binding extends KeyHelp>(bindings: readonly Binding[]): ReadonlyMap<string, Binding> {
  return new Map(bindings.flatMap((binding) => binding.chords.map((one) => [one, binding] as const)));
}

/**
 * Keep every key event inside the widget: the host's shortcuts must not see what the widget's elements got.
 *
 * The attribute is what JupyterLab looks for (on the shadow host it covers everything inside); stopping the event at
 * the host, after the widget's own handlers, is for hosts that do not know the attribute.
 */
export function isolateKeys(host: HTMLElement, listen: (type: string, handler: (event: Event) => void) => void): void {
  host.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const type of ["keydown", "keypress", "keyup"]) listen(type, (event) => event.stopPropagation());
}
