// Bundle each widget to one ESM and one CSS, and the embedding to its scripts, and print their bytes.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { overBudget } from "./budget.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/worldkit/widgets/static");
const widgets = {
  editor: "editor/index.ts",
  player: "play/index.ts",
  compare: "compare/index.ts",
  generate: "generation/index.ts",
};
/** The bytes of each script, whichever bundling made it. */
const scripts = new Map();
const watch = process.argv.includes("--watch");

const report = {
  name: "report",
  setup(build) {
    build.onEnd(({ metafile, errors }) => {
      if (errors.length) return;
      for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
        const name = file.split("/static/")[1] ?? file;
        console.log(`${String(bytes).padStart(8)}  ${name}`);
        if (!name.endsWith(".js")) continue;
        scripts.set(name, bytes);
      }
    });
  },
};

const common = {
  absWorkingDir: here,
  outdir: out,
  bundle: true,
  format: "esm",
  target: ["chrome110", "firefox115", "safari16.4"],
  // Children as arguments of a call take less room than as a property; the types are checked as of the other way.
  jsx: "transform",
  jsxFactory: "$element",
  jsxFragment: "$fragment",
  tsconfigRaw: {},
  minify: !watch,
  charset: "utf8",
  sourcemap: watch ? "inline" : false,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  plugins: [report],
};
const entries = (paths) => Object.entries(paths).map(([name, path]) => ({ in: path, out: name }));

mkdirSync(out, { recursive: true });
const contexts = await Promise.all([
  esbuild.context({ ...common, entryPoints: entries(widgets), inject: [join(here, "elements.mjs")] }),
  // the page loads the player that is served beside it
  esbuild.context({
    ...common,
    entryPoints: entries({
      embed: "embed/index.ts",
      "embed-page": "embed/page/index.ts",
      "embed-cell": "embed/cell.ts",
    }),
    external: ["./player.js"],
  }),
  esbuild.context({ ...common, entryPoints: entries({ "embed.global": "embed/global.ts" }), format: "iife" }),
]);
for (const context of contexts) {
  if (watch) await context.watch();
  else {
    await context.rebuild();
    await context.dispose();
  }
}
const faults = overBudget(scripts);
if (faults.length > 0 && !watch) throw new Error(faults.join("\n"));
