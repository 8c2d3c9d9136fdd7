// Bundle each widget to one ESM and one CSS under src/worldkit/notebook/static, and print their bytes.
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/worldkit/notebook/static");
const BUDGET = 300_000;
const widgets = ["editor", "player"].filter((name) => existsSync(join(here, name, "index.ts")));
const watch = process.argv.includes("--watch");

const report = {
  name: "report",
  setup(build) {
    build.onEnd(({ metafile, errors }) => {
      if (errors.length) return;
      let over = false;
      for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
        over ||= file.endsWith(".js") && bytes > BUDGET;
        console.log(`${String(bytes).padStart(8)}  ${file.split("/static/")[1] ?? file}`);
      }
      if (over) throw new Error(`an ESM is over its budget of ${BUDGET} bytes`);
    });
  },
};

mkdirSync(out, { recursive: true });
const context = await esbuild.context({
  absWorkingDir: here,
  entryPoints: widgets.map((name) => ({ in: `${name}/index.ts`, out: name })),
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
