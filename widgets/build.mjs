// Bundle each widget to one ESM and one CSS under src/worldkit/widgets/static, and print their bytes.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/worldkit/widgets/static");
const BUDGET = 300_000;
const WHOLE = 480_000;
const widgets = { editor: "editor", player: "play", compare: "compare" };
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
        over ||= bytes > BUDGET;
        whole += bytes;
      }
      if ((over || whole > WHOLE) && !watch) throw new Error(`an ESM, or all of them together, is over its budget`);
    });
  },
};

mkdirSync(out, { recursive: true });
const context = await esbuild.context({
  absWorkingDir: here,
  entryPoints: Object.entries(widgets).map(([name, folder]) => ({ in: `${folder}/index.ts`, out: name })),
  outdir: out,
  bundle: true,
  format: "esm",
  target: ["chrome110", "firefox115", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: !watch,
  sourcemap: watch ? "inline" : false,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  plugins: [report],
});
if (watch) await context.watch();
else {
  await context.rebuild();
  await context.dispose();
}
