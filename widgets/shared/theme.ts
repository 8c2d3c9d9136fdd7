/** Which theme the host shows: JupyterLab says so on `body`, other hosts by `prefers-color-scheme`. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Disposal } from "./disposal";

export type Theme = "light" | "dark";

export interface ThemeState {
  /** The theme to show. */
  readonly theme: ReadonlySignal<Theme>;
  /** Whether the host's own CSS variables belong to that theme, and so may be used. */
  readonly native: ReadonlySignal<boolean>;
}

/** Return the theme that a body's attributes and classes declare, or null when they say nothing. */
export function declaredTheme(body: Pick<HTMLElement, "getAttribute" | "classList">): Theme | null {
  const jupyter = body.getAttribute("data-jp-theme-light");
  if (jupyter !== null) return jupyter === "false" ? "dark" : "light";
  const vscode = body.getAttribute("data-vscode-theme-kind");
  if (vscode !== null) return vscode.includes("light") ? "light" : "dark";
  if (body.classList.contains("dark") || body.classList.contains("dark-theme")) return "dark";
  if (body.classList.contains("light") || body.classList.contains("light-theme")) return "light";
  return null;
}

/** Follow the host's theme, overridden by `wanted` when that is "light" or "dark". */
export function followTheme(body: HTMLElement, preference: ReadonlySignal<string>, disposal: Disposal): ThemeState {
  const media = matchMedia("(prefers-color-scheme: dark)");
  const pageTheme: Signal<Theme | null> = signal(declaredTheme(body));
  const preferred: Signal<Theme> = signal(media.matches ? "dark" : "light");

  const observer = new MutationObserver(() => {
    pageTheme.value = declaredTheme(body);
  });
  observer.observe(body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind", "class"],
  });
  disposal.add(() => observer.disconnect());
  disposal.listen(media, "change", () => {
    preferred.value = media.matches ? "dark" : "light";
  });

  const host = computed<Theme>(() => pageTheme.value ?? preferred.value);
  const theme = computed<Theme>(() =>
    preference.value === "light" || preference.value === "dark" ? preference.value : host.value,
  );
  return { theme, native: computed(() => theme.value === host.value) };
}
