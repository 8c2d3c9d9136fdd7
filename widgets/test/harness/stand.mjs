// The built editor in headless Chromium, imported through a blob URL as anywidget does, with the real session behind it.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "../../..");
const python = process.env.PYTHON ?? join(root, ".venv/bin/python");

export const axe = readFileSync(join(root, "widgets/node_modules/axe-core/axe.min.js"), "utf8");
export const sample = (name) => join(root, `src/worldkit/data/samples/${name}.world.json`);

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
}

/** One process for all stands, which are open one after the other: starting Python takes longer than most of them. */
let shared = null;

function started() {
  const child = spawn(python, [join(here, "kernel.py")], { cwd: root });
  child.stderr.pipe(process.stderr);
  child.unref();
  process.on("exit", () => child.kill());
  const kernel = { child, heard: () => {} };
  createInterface({ input: child.stdout }).on("line", (line) => kernel.heard(JSON.parse(line)));
  return kernel;
}

/** Begin the session of a world; what it says goes to `heard`. */
async function kernel(world, readOnly, heard) {
  shared ??= started();
  const { child } = shared;
  const send = (message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const seed = await new Promise((resolve) => {
    shared.heard = (message) => message.opened && resolve(message.opened);
    send({ open: world, readOnly });
  });
  shared.heard = heard;
  return { seed, send };
}

/** One page for all stands, empty between two of them: a new one takes a second of processor time. */
let sharedPage = null;

async function openPage(browser) {
  const page = await browser.newPage();
  const shared = { page, problems: [], receive: () => {} };
  page.on("pageerror", (error) => shared.problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && shared.problems.push(message.text()));
  page.on("request", (request) => {
    if (!/^(blob|data|about):/.test(request.url())) shared.problems.push(`asked for ${request.url()}`);
  });
  await page.exposeFunction("toKernel", (message) => shared.receive(message));
  return shared;
}

/**
 * Open an editor on a page.
 * @param {{world: string, width?: number, height?: number, theme?: string, mute?: boolean, readOnly?: boolean, host?: string}} options
 */
export async function open(browser, options) {
  const { world, width = 1000, height = 560, theme = "light", mute = false, readOnly = false } = options;
  sharedPage ??= await openPage(browser);
  const { page } = sharedPage;
  const problems = [];
  sharedPage.problems = problems;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize({ width: width + 16, height: height + 16 });
  await page.mouse.move(0, 0);
  const sent = [];
  const asked = new Set();
  const session = await kernel(world, readOnly, async (message) => {
    await page.evaluate((one) => globalThis.fromKernel(one), message).catch(() => {});
    asked.delete(message.id);
  });
  sharedPage.receive = (message) => {
    sent.push(message);
    if (mute) return;
    asked.add(message.id);
    session.send(message);
  };
  const ground = theme === "dark" ? "#111" : "#fff";
  await page.setContent(`<body style="margin:8px;background:${ground}"><div id="w"></div></body>`);
  const read = (name) => readFileSync(join(root, "src/worldkit/widgets/static", name), "utf8");
  await page.evaluate(
    ({ esm, css, seed, theme, height, readOnly }) => {
      const traits = { seed, _css: css, height, theme, read_only: readOnly, selection: null };
      const handlers = new Map();
      const fire = (name, ...args) => {
        for (const handler of handlers.get(name) ?? []) handler(...args);
      };
      const model = {
        get: (key) => traits[key],
        set: (key, value) => {
          traits[key] = value;
          fire(`change:${key}`);
        },
        save_changes() {},
        send: (content) => globalThis.toKernel(content),
        on: (name, handler) => handlers.set(name, [...(handlers.get(name) ?? []), handler]),
        off: (name, handler) =>
          handlers.set(
            name,
            (handlers.get(name) ?? []).filter((one) => one !== handler),
          ),
      };
      globalThis.model = model;
      globalThis.fromKernel = (message) => fire("msg:custom", message, []);
      globalThis.handlers = handlers;
      const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
      // not awaited: Chromium sometimes collects the promise of a call that waits for an import
      import(url).then(({ default: widget }) => {
        const render = () => {
          globalThis.dispose = widget.render({ model, el: document.getElementById("w") });
        };
        globalThis.reopen = () => {
          globalThis.dispose();
          render();
        };
        render();
      });
    },
    { esm: read("editor.js"), css: read("editor.css"), seed: session.seed, theme, height, readOnly },
  );
  await page.waitForFunction(() => globalThis.dispose);
  /** Wait until the kernel has answered everything and nothing on the page moves any more. */
  const rest = async () => {
    const end = Date.now() + 60_000;
    let waited = true;
    while (waited && Date.now() < end) {
      await still(page);
      waited = asked.size > 0;
      while (asked.size > 0 && Date.now() < end) await page.evaluate(() => new Promise(requestAnimationFrame));
    }
  };
  await rest();
  return {
    page,
    sent,
    problems,
    session,
    rest,
    async close() {
      Object.assign(sharedPage, { problems: [], receive: () => {} });
      await page.goto("about:blank");
    },
  };
}

/** Wait until the elements of the widget stand where they stood two frames before. */
export const still = (page) =>
  page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const root = document.querySelector(".worldkit").shadowRoot;
    const seen = () =>
      [...root.querySelectorAll("*")]
        .map((e) => e.getBoundingClientRect())
        .map(({ x, y, width }) => `${x | 0},${y | 0},${width | 0}`)
        .join(" ");
    let before = "";
    for (let same = 0, at = 0; same < 1 && at < 60; at += 1) {
      await frame();
      await frame();
      const now = seen();
      same = now === before ? same + 1 : 0;
      before = now;
    }
  });

/** What the kernel holds, asked by a message of our own. */
export const ask = (stand) =>
  stand.page.evaluate(
    () =>
      new Promise((resolve) => {
        const id = `probe ${Math.random()}`;
        const heard = (message) => {
          if (message.id !== id) return;
          globalThis.model.off("msg:custom", heard);
          resolve(message.seed);
        };
        globalThis.model.on("msg:custom", heard);
        globalThis.toKernel({ type: "hello", id, view: "probe" });
      }),
  );
