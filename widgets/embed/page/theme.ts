/** The colours that the embedding page wishes for. */

/** Apply a theme as `createEmbed` passes it on; what is unknown or no colour is ignored. */
export function applyTheme(text: string | null): "auto" | "light" | "dark" {
  const theme = parsed(text);
  const color = theme.colorPrimary;
  if (typeof color === "string" && CSS.supports("color", color)) {
    const sheet = new CSSStyleSheet();
    // rules of the document win over those of the player's own style sheet for its host
    sheet.replaceSync(`#player > * { --wk-accent: ${color}; --wk-on-accent: ${textOn(color)}; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  return applyColorScheme(theme.colorScheme);
}

/** Show light or dark colours, else those that the browser prefers. */
export function applyColorScheme(scheme: unknown): "auto" | "light" | "dark" {
  const isKnown = scheme === "light" || scheme === "dark";
  document.documentElement.style.colorScheme = isKnown ? scheme : "";
  return isKnown ? scheme : "auto";
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Return black or white, whichever can be read better on a colour (WCAG 2, relative luminance). */
function textOn(color: string): string {
  const probe = document.createElement("i");
  probe.style.color = color;
  document.body.append(probe);
  const channels = (getComputedStyle(probe).color.match(/[0-9.]+/g) ?? []).slice(0, 3).map(Number);
  probe.remove();
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}
