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

/** `KeyboardEvent.keyCode` of a key that an input method takes. */
const INPUT_METHOD_KEY_CODE = 229;

/** Say whether a key press belongs to an input method; Safari does not mark the Enter that ends a composition so. */
export function isComposing(event: Pick<KeyboardEvent, "isComposing" | "keyCode">): boolean {
  return event.isComposing || event.keyCode === INPUT_METHOD_KEY_CODE;
}

/** What names a key press; the place of the key where that is known. */
export type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey"> &
  Partial<Pick<KeyboardEvent, "code" | "getModifierState">>;

const LETTERS = /^[\p{L}\p{M}]+$/u;
const LATIN_LETTER = /\p{Script=Latin}/u;
const LETTER_PLACE = /^Key([A-Z])$/;

/** Whether the keyboard writes Latin letters, as far as the letters tell that were pressed. */
let writesLatin = true;

/**
 * Learn from a letter which script the keyboard writes. A keyboard of another script may write Latin letters with Shift
 * and Caps Lock, and one of Latin letters may write others with Option: only letters written plainly tell.
 */
function learnScript(press: Press): void {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = press;
  if (!LETTERS.test(key) || ctrlKey || metaKey || altKey || isThirdLevel(press)) return;
  if (!LATIN_LETTER.test(key)) writesLatin = false;
  else if (key.length === 1 && !shiftKey && !press.getModifierState?.("CapsLock")) writesLatin = true;
}

/**
 * Say whether a character is being written with the third level of the keyboard, which is Ctrl and Alt on Windows and
 * Option on a Mac. A key that writes no character has no third level, though Firefox says so on a Mac.
 */
function isThirdLevel(press: Pick<Press, "key" | "metaKey" | "getModifierState">): boolean {
  return [...press.key].length === 1 && !press.metaKey && (press.getModifierState?.("AltGraph") ?? false);
}

/** Say whether a command key is down; AltGr is none while it writes characters. */
export function hasCommandKey(press: Omit<Press, "shiftKey">): boolean {
  return (press.ctrlKey || press.metaKey || press.altKey) && !isThirdLevel(press);
}

/** Return the character or the name of a key, in small letters. */
export function writtenKey({ key }: Pick<Press, "key">): string {
  return key === " " ? "space" : key.toLowerCase();
}

/**
 * Return the key that is meant: where a keyboard writes letters that are not Latin, the Latin letter of the same place,
 * because shortcuts have Latin letters. Such a keyboard may have a sign in that place: `'` for W in Hebrew.
 */
function shortcutKey(press: Press): string {
  const written = writtenKey(press);
  const isForeign = LETTERS.test(written) ? !LATIN_LETTER.test(written) : !writesLatin;
  if (!isForeign || isThirdLevel(press)) return written;
  return LETTER_PLACE.exec(press.code ?? "")?.[1]?.toLowerCase() ?? written;
}

/** Name a key press: "mod+shift+z", "a", "?", "arrowleft". `mod` is Ctrl, or Command on a Mac. */
export function chord(press: Press): string {
  return chordOf(shortcutKey(press), press);
}

function chordOf(key: string, press: Press): string {
  const parts: string[] = [];
  if (hasCommandKey(press)) {
    if (press.ctrlKey || press.metaKey) parts.push("mod");
    if (press.altKey) parts.push("alt");
  }
  // Shift is part of the character for printable keys ("?"), and a modifier for the rest and for shortcuts.
  if (press.shiftKey && (key.length > 1 || parts.length > 0)) parts.push("shift");
  parts.push(key);
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
 * Return the binding of a key press, if there is one, and the name of the press. A sign that is written goes before the
 * letter that other keyboards have in its place: `/` is in the place of Q in Hebrew.
 */
export function findBinding<Binding>(
  byChord: ReadonlyMap<string, Binding>,
  press: Press,
): { readonly keys: string; readonly binding: Binding | undefined } {
  const written = chordOf(writtenKey(press), press);
  const keys = byChord.has(written) ? written : chord(press);
  return { keys, binding: byChord.get(keys) };
}

/**
 * Keep every key event inside the widget: the host's shortcuts must not see what the widget's elements got.
 *
 * The attribute is what JupyterLab looks for (on the shadow host it covers everything inside); stopping the event at
 * the host, after the widget's own handlers, is for hosts that do not know the attribute.
 *
 * What an input method takes is kept from the widget's elements, too: Escape discards its candidates, not what is typed.
 */
export function isolateKeys(
  host: HTMLElement,
  listen: (type: string, handler: (event: Event) => void, options?: AddEventListenerOptions) => void,
): void {
  host.setAttribute("data-lm-suppress-shortcuts", "true");
  const learnOrSkip = (event: Event) => {
    const press = event as KeyboardEvent;
    if (isComposing(press)) event.stopPropagation();
    else learnScript(press);
  };
  listen("keydown", learnOrSkip, { capture: true });
  for (const type of ["keydown", "keypress", "keyup"]) listen(type, (event) => event.stopPropagation());
}
