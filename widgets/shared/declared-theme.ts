/** The theme that a page says it has. */

export type Theme = "light" | "dark";

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
