// Show the built player with real views in headless Chromium and take pictures: node player.mjs [out] [scene ...]
// The bundle is imported through a blob URL, as anywidget does; any network request fails the run.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const [out = join(here, "out"), ...wanted] = process.argv.slice(2);
const python = process.env.PYTHON ?? join(root, ".venv/bin/python");
const views = JSON.parse(
  execFileSync(python, [join(here, "player_views.py")], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 }),
);
const read = (name) => readFileSync(join(root, "src/worldkit/notebook/static", name), "utf8");
const [esm, css] = [read("player.js"), read("player.css")];
mkdirSync(out, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
const problems = [];

async function show(page, name, theme) {
  page.on("pageerror", (error) => problems.push(`${name}: ${error}`));
  page.on("console", (message) => message.type() === "error" && problems.push(`${name}: ${message.text()}`));
  page.on("dialog", (dialog) => problems.push(`${name}: a script ran: ${dialog.message()}`));
  page.on("request", (request) => {
    if (!/^(blob|data|about):/.test(request.url())) problems.push(`${name}: asked for ${request.url()}`);
  });
  const ground = theme === "dark" ? "#111" : "#fff";
  await page.setContent(`<!doctype html><body style="margin:8px;background:${ground}"><div id="w"></div>`);
  await page.evaluate(
    async ({ esm, css, view, theme }) => {
      const { about, ...shown } = view;
      const traits = { view: shown, _css: css, height: 560, theme };
      const heard = {};
      // the little of a kernel that a picture needs: it says what it knows, and lets the clock be driven
      const send = ({ id, view: who, type, action }) => {
        const reply = type === "about" ? { type, about } : { type: "accepted" };
        setTimeout(() => heard["msg:custom"]?.({ ...reply, id, view: who }));
        if (action === "run") {
          traits.view = { ...shown, driver: who };
          heard["change:view"]?.();
        }
      };
      const on = (name, handler) => {
        heard[name] = handler;
      };
      const model = { get: (key) => traits[key], on, off() {}, send, set() {}, save_changes() {} };
      const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
      const { default: widget } = await import(url);
      widget.render({ model, el: document.getElementById("w") });
    },
    { esm, css, view: views[name], theme },
  );
}

const tab = (name) => (page) => page.getByRole("tab", { name }).click();
const run = (page) => page.getByRole("button", { name: "Let the clock run" }).click();

/** What is opened before an extra picture is taken: scene, widths, how. */
const OPENED = {
  help: ["middle", [1000], (page) => page.getByRole("button", { name: "Keys and help" }).click()],
  panel: ["middle", [640], (page) => page.getByRole("button", { name: /^Go to journal/ }).click()],
  flags: ["coming", [640, 1000], tab(/^Flags/)],
  hidden: ["coming", [640, 1000, 1500], tab(/^Tester/)],
  run: ["middle", [1000], tab(/^Run/)],
  picture: [
    "evidence",
    [1000],
    async (page) => {
      await tab(/^Tester/)(page);
      await page.getByText(/^Picture/).click();
      await page
        .getByText(/^Prompt/)
        .first()
        .click();
    },
  ],
  running: ["phase", [1000], run],
};

const shots = Object.keys(views).flatMap((name) =>
  [640, 1000, 1500].map((width) => [name, name, width, async () => {}]),
);
for (const [name, [scene, widths, open]] of Object.entries(OPENED))
  shots.push(...widths.map((width) => [name, scene, width, open]));
for (const [name, scene, width, open] of shots.filter(([name]) => wanted.length === 0 || wanted.includes(name))) {
  for (const theme of ["light", "dark"]) {
    const page = await browser.newPage({ viewport: { width: width + 16, height: 576 } });
    await show(page, scene, theme);
    await open(page);
    await page.waitForTimeout(450);
    await page.screenshot({ path: join(out, `player-${name}-${theme}-${width}.png`) });
    await page.close();
  }
}
await browser.close();
console.log(problems.length ? problems.join("\n") : "no errors, no requests");
process.exit(problems.length ? 1 : 0);
