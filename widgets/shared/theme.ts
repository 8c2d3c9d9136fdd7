/** Which theme the host shows: JupyterLab says so on `body`, other hosts by `prefers-color-scheme`. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { declaredTheme, observeDeclaredTheme, type Theme } from "./declared-theme";
import type { Disposal } from "./disposal";

export type { Theme };

export interface ThemeState {
  /** The theme to show. */
  readonly theme: ReadonlySignal<Theme>;
  /** Whether the host's own CSS variables belong to that theme, and so may be used. */
  readonly native: ReadonlySignal<boolean>;
}

/** Follow the host's theme, overridden by `wanted` when that is "light" or "dark". */
export function followTheme(body: HTMLElement, preference: ReadonlySignal<string>, disposal: Disposal): ThemeState {
  const media = matchMedia("(prefers-color-scheme: dark)");
  const pageTheme: Signal<Theme | null> = signal(declaredTheme(body));
  const preferred: Signal<Theme> = signal(media.matches ? "dark" : "light");

  disposal.add(
    observeDeclaredTheme(body, () => {
      pageTheme.value = declaredTheme(body);
    }),
  );
  disposal.listen(media, "change", () => {
    preferred.value = media.matches ? "dark" : "light";
  });

  const host = computed<Theme>(() => pageTheme.value ?? preferred.value);
  const theme = computed<Theme>(() =>
    preference.value === "light" || preference.value === "dark" ? preference.value : host.value,
  );
  return { theme, native: computed(() => theme.value === host.value) };
}
