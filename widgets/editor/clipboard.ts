/**
 * The clipboard keys. A browser gives a page the clipboard without asking only in the event that its own key makes,
 * and sends that event where text is selected; so for the length of one key press the focus goes to a hidden field.
 */
import type { Disposal } from "../shared/disposal";
import type { Actions } from "./actions";

type Clip = "copy" | "cut" | "paste";

export interface Clipboard {
  /** Let the key that is being pressed do what it does, here. */
  take(clip: Clip): void;
}

export function openClipboard(root: HTMLElement, actions: Actions, disposal: Disposal): Clipboard {
  const shadow = root.getRootNode() as ShadowRoot;
  const field = document.createElement("textarea");
  field.className = "wk-visually-hidden";
  field.tabIndex = -1;
  field.dataset.borrowsFocus = "";
  field.setAttribute("aria-label", "Clipboard");
  field.setAttribute("aria-hidden", "true");
  root.append(field);
  disposal.add(() => field.remove());
  let back: HTMLElement | null = null;

  const restore = () => {
    back?.focus({ preventScroll: true });
    back = null;
    field.value = "";
  };
  const write = (event: ClipboardEvent, cut: boolean) => {
    const text = actions.copied();
    event.preventDefault();
    restore();
    if (text === null) return;
    event.clipboardData?.setData("text/plain", text);
    if (cut) void actions.cut();
  };
  disposal.listen(field, "copy", (event: ClipboardEvent) => write(event, false));
  disposal.listen(field, "cut", (event: ClipboardEvent) => write(event, true));
  disposal.listen(field, "paste", (event: ClipboardEvent) => {
    const clipboardText = event.clipboardData?.getData("text/plain") ?? "";
    event.preventDefault();
    restore();
    void actions.paste(clipboardText);
  });

  return {
    take: (clip) => {
      const active = shadow.activeElement;
      if (!(active instanceof HTMLElement) || active === field) return;
      back = active;
      // Nothing is copied from a field without a selection.
      field.value = clip === "paste" ? "" : " ";
      field.focus({ preventScroll: true });
      field.select();
      // Where the host keeps the key for itself no event comes; the focus goes back all the same.
      setTimeout(() => back && restore(), 0);
    },
  };
}
