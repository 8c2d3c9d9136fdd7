/** The theme's colours, resolved for the canvas. */

const NAMES = {
  surface: "--wk-surface",
  surface2: "--wk-surface-2",
  surface3: "--wk-surface-3",
  text: "--wk-text",
  muted: "--wk-muted",
  line: "--wk-line",
  strong: "--wk-line-strong",
  accent: "--wk-accent",
  error: "--wk-error",
  warning: "--wk-warning",
  win: "--wk-win",
  lose: "--wk-lose",
} as const;

export type Palette = { readonly [name in keyof typeof NAMES]: string } & { readonly font: string };

/** Read the colours in force at an element of the shadow root. */
export function readPalette(probe: HTMLElement): Palette {
  const style = getComputedStyle(probe);
  const before = probe.style.color;
  const colours: { [name: string]: string } = {};
  for (const [name, variable] of Object.entries(NAMES)) {
    probe.style.color = `var(${variable})`;
    colours[name] = style.color;
  }
  probe.style.color = before;
  return { ...(colours as Omit<Palette, "font">), font: style.fontFamily || "sans-serif" };
}
