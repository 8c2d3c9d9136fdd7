/** A widget that fills the screen, where the page lets it. */
import { effect, type Signal } from "@preact/signals";
import type { Disposal } from "./disposal";

/** Let an element fill the screen while a signal is true. `onRefused` is called where the page does not allow that. */
export function followFullScreen(
  element: HTMLElement,
  filled: Signal<boolean>,
  onRefused: () => void,
  disposal: Disposal,
): void {
  const isFilled = () => document.fullscreenElement === element;
  const refuse = () => {
    filled.value = false;
    onRefused();
  };
  disposal.add(
    effect(() => {
      if (filled.value === isFilled()) return;
      if (!filled.value) void document.exitFullscreen();
      else if (document.fullscreenEnabled) element.requestFullscreen().catch(refuse);
      else queueMicrotask(refuse);
    }),
  );
  disposal.listen(document, "fullscreenchange", () => {
    filled.value = isFilled();
  });
}
