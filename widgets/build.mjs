// Bundle each widget to one ESM and one CSS, and the embedding to its scripts, and print their bytes.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/worldkit/widgets/static");
// the editor: tables, find and replace and the script are 38 kB of it, regions and notes 30; a widget is one module, so
// nothing of it can come later
const BUDGET = 435_000;
// the form of a generation is a bundle of its own, 42 kB: it is shown in cells without an editor
const WHOLE = 735_000;
const SDK_BUDGET = 4_000;
const widgets = {
  editor: "editor/index.ts",
  player: "play/index.ts",
  compare: "compare/index.ts",
  generate: "generation/index.ts",
};
const sdk = ["embed.js", "embed.global.js"];
const watch = process.argv.includes("--watch");

const report = {
  name: "report",
  setup(build) {
    build.onEnd(({ metafile, errors }) => {
      if (errors.length) return;
      let over = false;
      let whole = 0;
      for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
        const name = file.split("/static/")[1] ?? file;
        console.log(`${String(bytes).padStart(8)}  ${name}`);
        if (!name.endsWith(".js")) continue;
        over ||= bytes > (sdk.includes(name) ? SDK_BUDGET : BUDGET);
        whole += bytes;
      }
      if ((over || whole > WHOLE) && !watch) throw new Error(`an ESM, or all of them together, is over its budget`);
    });
  },
};

const common = {
  absWorkingDir: here,
  outdir: out,
  bundle: true,
  format: "esm",
  target: ["chrome110", "firefox115", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
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
  esbuild.context({ ...common, entryPoints: entries(widgets) }),
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
