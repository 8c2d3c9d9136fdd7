import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";

const widgets = join(import.meta.dirname, "../..");
const sheets = ["editor/editor.css", "play/play.css", "compare/compare.css", "generation/generate.css"].filter(
  (path) => {
    const [folder = "", file = ""] = path.split("/");
    return readdirSync(join(widgets, folder)).includes(file);
  },
);

/** The selectors of a list, whose commas inside parentheses belong to one of them. */
function alternatives(list: string): string[] {
  const selectors = [""];
  let depth = 0;
  for (const letter of list) {
    depth += letter === "(" ? 1 : letter === ")" ? -1 : 0;
    if (letter === "," && depth === 0) selectors.push("");
    else selectors[selectors.length - 1] += letter;
  }
  return selectors;
}

test.each(sheets)("every rule of %s is about our own shadow root, so that the page is never styled", async (path) => {
  const bundle = await build({
    entryPoints: [join(widgets, path)],
    bundle: true,
    write: false,
    target: ["chrome110", "firefox115", "safari16.4"],
  });
  const css = (bundle.outputFiles[0]?.text ?? "")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/@keyframes[^{]*\{(?:[^{}]*\{[^}]*\})*[^}]*\}/g, "");
  const selectors = [...css.matchAll(/([^{}]+)\{/g)].map((match) => (match[1] ?? "").trim());
  const rules = selectors.filter((selector) => !selector.startsWith("@"));
  expect(rules.length).toBeGreaterThan(50);
  const foreign = rules.flatMap(alternatives).filter((one) => !one.trim().startsWith(":host"));
  expect(foreign).toEqual([]);
});

/** Which folders the sheets of a folder may import from; the linter says the same of its modules. */
const ALLOWED_IMPORTS: { readonly [folder: string]: readonly string[] } = {
  shared: [],
  map: ["shared"],
  generation: ["shared"],
  editor: ["shared", "map", "generation"],
  compare: ["shared", "map"],
  report: ["shared", "map"],
  player: ["shared", "map"],
  play: ["shared", "map", "player", "report"],
};

test.each(Object.entries(ALLOWED_IMPORTS))("the sheets of %s import from no other widget", (folder, allowed) => {
  const names = readdirSync(join(widgets, folder), { recursive: true, encoding: "utf8" });
  const imported = names
    .filter((name) => name.endsWith(".css"))
    .flatMap((name) => {
      const file = join(widgets, folder, name);
      return [...readFileSync(file, "utf8").matchAll(/@import "([^"]+)"/g)].map(([, path = ""]) =>
        relative(widgets, resolve(dirname(file), path)),
      );
    });
  const folders = new Set(imported.map((path) => path.split(sep)[0] ?? ""));
  expect([...folders].filter((one) => one !== folder && !allowed.includes(one))).toEqual([]);
});

test.each(Object.keys(ALLOWED_IMPORTS))(
  "the sheets of %s show controls in the order in which Tab goes through them",
  (folder) => {
    const names = readdirSync(join(widgets, folder), { recursive: true, encoding: "utf8" });
    const sheets = names.filter((name) => name.endsWith(".css"));
    expect(sheets.length).toBeGreaterThan(0);
    expect(sheets.filter((name) => /[\s;{]order:/.test(readFileSync(join(widgets, folder, name), "utf8")))).toEqual([]);
  },
);

test("a class of the editor has its own rule in one sheet only, so that two things of one name are found", () => {
  const folder = join(widgets, "editor");
  const sheetsOf = new Map<string, Set<string>>();
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".css")))
    for (const [, name = ""] of readFileSync(join(folder, file), "utf8").matchAll(/^ {2}(\.w[a-z]-[\w-]+) \{/gm))
      sheetsOf.set(name, (sheetsOf.get(name) ?? new Set()).add(file));
  expect(sheetsOf.size).toBeGreaterThan(200);
  const shared = [...sheetsOf].filter(([name, files]) => files.size > 1 && name !== ".wk-root");
  expect(shared.map(([name]) => name)).toEqual([]);
});
