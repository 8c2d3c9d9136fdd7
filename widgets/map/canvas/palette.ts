/** The theme's colours, resolved for the canvas. */
import type { MapColor } from "../../shared/protocol";

const CSS_VARIABLES = {
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

/** The colours that a writer can give to regions, notes and tags. */
export const MAP_COLOURS: readonly MapColor[] = ["blue", "teal", "green", "yellow", "orange", "red", "purple", "grey"];

type Hues = { readonly [colour in MapColor]: string };

export type Palette = { readonly [name in keyof typeof CSS_VARIABLES]: string } & {
  readonly font: string;
  readonly hues: Hues;
  /** The same, so pale that text and cards can stand on them. */
  readonly tints: Hues;
};

/** Read the colours in force at an element of the shadow root. */
export function readPalette(probe: HTMLElement): Palette {
  const style = getComputedStyle(probe);
  const before = probe.style.color;
  const resolve = (value: string): string => {
    probe.style.color = value;
    return style.color;
  };
  const byName = Object.entries(CSS_VARIABLES).map(([name, variable]) => [name, resolve(`var(${variable})`)]);
  const hues = MAP_COLOURS.map((colour) => [colour, resolve(`var(--wk-hue-${colour})`)]);
  const mixed = (colour: string) => `color-mix(in srgb, var(--wk-hue-${colour}) 13%, var(--wk-surface-2))`;
  const tints = MAP_COLOURS.map((colour) => [colour, resolve(mixed(colour))]);
  probe.style.color = before;
  const colours = Object.fromEntries(byName) as { [name in keyof typeof CSS_VARIABLES]: string };
  const [asHues, asTints] = [Object.fromEntries(hues) as Hues, Object.fromEntries(tints) as Hues];
  return { ...colours, font: style.fontFamily || "sans-serif", hues: asHues, tints: asTints };
}
