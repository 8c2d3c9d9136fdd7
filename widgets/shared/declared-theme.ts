/** The theme that a page says it has. */

export type Theme = "light" | "dark";

/** Call `changed` whenever a body may declare another theme, until the function that is returned is called. */
export function observeDeclaredTheme(body: HTMLElement, changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind", "class"],
  });
  return () => observer.disconnect();
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
