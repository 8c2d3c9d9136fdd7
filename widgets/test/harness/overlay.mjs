// Pictures of what is drawn over the editor's map, both themes, three widths: node overlay.mjs [out] [scene ...]
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { here, launch, root } from "./stand.mjs";

const [out = join(here, "out"), ...wanted] = process.argv.slice(2);
const python = process.env.PYTHON ?? join(root, ".venv/bin/python");
const built = process.env.STATIC ?? join(root, "src/worldkit/notebook/static");
const views = JSON.parse(
  execFileSync(python, [join(here, "overlay_views.py")], { cwd: root, encoding: "utf8", maxBuffer: 1 << 27 }),
);
const [esm, css] = ["editor.js", "editor.css"].map((name) => readFileSync(join(built, name), "utf8"));
mkdirSync(out, { recursive: true });

const SHOTS = {
  explored: async () => {},
  problems: (page) => page.getByRole("button", { name: /^(No problems|Problems)/ }).click(),
  stale: async () => {},
  crowd: async () => {},
  beside: async () => {},
  near: async (page) => {
    for (let n = 0; n < 4; n += 1) await page.getByRole("button", { name: "Zoom in" }).click();
  },
  runs: async () => {},
  menu: (page) => page.getByRole("button", { name: "Overlays" }).click(),
  both: async () => {},
  large: (page) => page.getByRole("button", { name: "Fit the whole world" }).click(),
  clean: async () => {},
};
const SCENE = { problems: "explored", near: "beside", menu: "both" };

const browser = await launch();
const problems = [];
for (const [name, act] of Object.entries(SHOTS).filter(([name]) => wanted.length === 0 || wanted.includes(name))) {
  for (const theme of ["light", "dark"]) {
    for (const width of [640, 1000, 1500]) {
      const page = await browser.newPage({ viewport: { width: width + 16, height: 576 } });
      page.on("pageerror", (error) => problems.push(`${name}: ${error}`));
      page.on("console", (message) => message.type() === "error" && problems.push(`${name}: ${message.text()}`));
      page.on("request", (request) => {
        if (!/^(blob|data|about):/.test(request.url())) problems.push(`${name}: asked for ${request.url()}`);
      });
      const ground = theme === "dark" ? "#111" : "#fff";
      await page.setContent(`<!doctype html><body style="margin:8px;background:${ground}"><div id="w"></div>`);
      await page.evaluate(
        async ({ esm, css, view, theme }) => {
          const traits = { ...view, _css: css, height: 560, theme, read_only: false, selection: null };
          const heard = new Map();
          const send = ({ id, view: who, type }) => {
            const reply = type === "hello" ? { type: "seed", seed: traits.seed } : { type: "accepted" };
            setTimeout(() => {
              for (const one of heard.get("msg:custom") ?? []) one({ ...reply, id, view: who });
            });
          };
          const on = (name, handler) => heard.set(name, [...(heard.get(name) ?? []), handler]);
          const set = (name, value) => {
            traits[name] = value;
          };
          const model = { get: (key) => traits[key], on, off() {}, send, set, save_changes() {} };
          const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
          const { default: widget } = await import(url);
          widget.render({ model, el: document.getElementById("w") });
        },
        { esm, css, view: views[SCENE[name] ?? name], theme },
      );
      await page.waitForTimeout(500);
      try {
        await act(page);
      } catch (error) {
        problems.push(`${name} ${theme} ${width}: ${error}`);
      }
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(out, `overlay-${name}-${theme}-${width}.png`) });
      await page.close();
    }
  }
}
await browser.close();
console.log(problems.length ? problems.join("\n") : "no errors, no requests");
process.exit(problems.length ? 1 : 0);
