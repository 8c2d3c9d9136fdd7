/** The element a view lives in: one shadow root with the widget's styles, the host's theme and its own keys. */
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { Disposal } from "./disposal";
import { isolateKeys } from "./keys";
import type { WidgetModel } from "./model";
import { followTheme, type ThemeState } from "./theme";

export interface Host extends ThemeState {
  /** The shadow host: takes attributes, isolates keys, has the height. */
  readonly element: HTMLElement;
  readonly shadow: ShadowRoot;
  /** An empty element in the shadow root to render into. */
  readonly mount: HTMLElement;
  readonly disposal: Disposal;
}

/** Follow a trait as a signal. */
export function trait<T>(model: WidgetModel, name: string, fallback: T, disposal: Disposal): ReadonlySignal<T> {
  const current = () => (model.get(name) as T | undefined | null) ?? fallback;
  const value: Signal<T> = signal(current());
  const update = () => {
    value.value = current();
  };
  model.on(`change:${name}`, update);
  disposal.add(() => model.off(`change:${name}`, update));
  return value;
}

/** Make the shadow root of one view inside `el`. Dispose of `disposal` to take everything away again. */
export function openHost(el: HTMLElement, model: WidgetModel): Host {
  const disposal = new Disposal();
  const element = document.createElement("div");
  element.className = "worldkit";
  const shadow = element.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  const mount = document.createElement("div");
  mount.className = "wk-root";
  shadow.append(style, mount);

  const css = trait(model, "_css", "", disposal);
  const height = trait(model, "height", 480, disposal);
  const { theme, native } = followTheme(document.body, trait(model, "theme", "auto", disposal), disposal);
  disposal.add(
    effect(() => {
      style.textContent = css.value;
    }),
  );
  disposal.add(
    effect(() => {
      element.style.setProperty("--wk-height", `${Math.max(0, Number(height.value) || 0)}px`);
      element.dataset.theme = theme.value;
      element.toggleAttribute("data-native", native.value);
    }),
  );
  isolateKeys(element, (type, handler, options) => disposal.listen(element, type, handler, options));
  el.append(element);
  disposal.add(() => element.remove());
  return { element, shadow, mount, disposal, theme, native };
}
