/** Every colour with a meaning can be read in both themes, and stays apart from its opposite for colour-blind eyes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MARKS } from "../../compare/data";
import { MARK_WORDS, OUTLINES } from "../../compare/mark-display";
import { iconPath } from "../../shared/ui/icon";

type Rgb = readonly [number, number, number];
type Theme = "light" | "dark";
const sheets = ["shared/tokens.css", "shared/diff-text.css", "compare/css/frame.css"].map((path) =>
  readFileSync(join(import.meta.dirname, "../..", path), "utf8").replace(/:host\(\[data-native\][\s\S]*?\n\}/g, ""),
);

/** The hexadecimal tokens of a theme; the dark ones stand in the blocks that say so. */
function tokens(theme: Theme): Map<string, Rgb> {
  const colours = new Map<string, Rgb>();
  for (const css of sheets) {
    for (const [block, of] of [
      [css.replace(/:host\(\[data-theme="dark"\]\)[\s\S]*?\n\}/g, ""), "light"],
      [[...css.matchAll(/:host\(\[data-theme="dark"\]\)[\s\S]*?\n\}/g)].join("\n"), "dark"],
    ] as const)
      if (of === theme)
        for (const [, name = "", hex = ""] of block.matchAll(/--(w[a-z]-[a-z0-9-]+): (#[0-9a-f]{6});/g))
          colours.set(name, [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb);
  }
  return colours;
}

const linear = (rgb: Rgb): Rgb =>
  rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as unknown as Rgb;
const luminance = (rgb: Rgb): number => {
  const [r, g, b] = linear(rgb);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

function contrast(a: Rgb, b: Rgb): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Machado, Oliveira and Fernandes 2009: what the eye without one kind of cone makes of linear RGB. */
const EYES: { readonly [eye: string]: readonly (readonly [number, number, number])[] } = {
  every: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** A colour as an eye sees it, in CIE L*a*b*. */
function lab(rgb: Rgb, eye: string): Rgb {
  const own = linear(rgb);
  const [r = 0, g = 0, b = 0] = (EYES[eye] ?? []).map((row) =>
    row.reduce((sum, by, at) => sum + by * (own[at] ?? 0), 0),
  );
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const apart = (a: Rgb, b: Rgb, eye: string): number =>
  Math.hypot(...lab(a, eye).map((one, at) => one - (lab(b, eye)[at] ?? 0)));

const WORD_COLOURS = ["text", "muted", "accent", "error", "warning", "win", "lose"].map((name) => `wk-${name}`);
const MARK_COLOURS = ["wk-added", "wk-removed", "wc-touched"];

test.each(["light", "dark"] as const)("words in the colours of the %s theme have a contrast of 4.5 to 1", (theme) => {
  const all = tokens(theme);
  for (const name of [...WORD_COLOURS, ...MARK_COLOURS])
    for (const ground of ["wk-surface", "wk-surface-2", "wk-surface-3"]) {
      const ratio = contrast(all.get(name) as Rgb, all.get(ground) as Rgb);
      expect(ratio, `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  expect(contrast(all.get("wk-on-accent") as Rgb, all.get("wk-accent") as Rgb)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(all.get("wk-line-strong") as Rgb, all.get("wk-surface") as Rgb)).toBeGreaterThanOrEqual(3);
});

const OPPOSITES = [
  ["wk-win", "wk-lose"],
  ["wk-error", "wk-accent"],
  ["wk-added", "wk-removed"],
  ["wk-removed", "wc-touched"],
  ["wk-added", "wc-touched"],
] as const;

test.each(["light", "dark"] as const)("opposites of the %s theme are told apart by every kind of eye", (theme) => {
  const all = tokens(theme);
  for (const [one, other] of OPPOSITES)
    for (const eye of Object.keys(EYES))
      expect(apart(all.get(one) as Rgb, all.get(other) as Rgb, eye), `${one}, ${other}: ${eye}`).toBeGreaterThan(12);
});

test("and nothing is told by colour alone: every mark has a word and a shape of its own", () => {
  expect(new Set(MARKS.map((mark) => OUTLINES[mark])).size).toBe(MARKS.length);
  expect(new Set(MARKS.map((mark) => MARK_WORDS[mark])).size).toBe(MARKS.length);
  const shapes = (["start", "win", "lose", "error", "warning", "lock", "hidden", "clock"] as const).map((name) =>
    iconPath(name),
  );
  expect(new Set(shapes).size).toBe(shapes.length);
});
