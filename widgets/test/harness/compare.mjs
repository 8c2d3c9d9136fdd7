// Use the built comparison in headless Chromium, over real ones from the kernel: node compare.mjs [only]
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { here, launch, root, still } from "./stand.mjs";

const python = process.env.PYTHON ?? join(root, ".venv/bin/python");
const script = join(here, "comparisons.py");
const read = (name) => readFileSync(join(root, "src/worldkit/widgets/static", name), "utf8");
const axe = readFileSync(join(root, "widgets/node_modules/axe-core/axe.min.js"), "utf8");
const browser = await launch();
const problems = [];

// One page for all scenes, empty between two of them: a new one takes a second of processor time.
const page = await browser.newPage({ reducedMotion: "reduce" });
let shownScene = "";
let receive = () => {};
page.on("pageerror", (error) => problems.push(`${shownScene}: ${error}`));
page.on("console", (message) => message.type() === "error" && problems.push(`${shownScene}: ${message.text()}`));
page.on("dialog", (dialog) => problems.push(`${shownScene}: a script ran: ${dialog.message()}`));
page.on("request", (request) => {
  if (!/^(blob|data|about):/.test(request.url())) problems.push(`${shownScene}: asked for ${request.url()}`);
});
await page.exposeFunction("toKernel", (message) => receive(message));

// One process for all scenes, which are open one after the other: starting Python takes longer than most of them.
const child = spawn(python, [script], { cwd: root });
child.stderr.pipe(process.stderr);
let heard = () => {};
createInterface({ input: child.stdout }).on("line", (line) => heard(JSON.parse(line)));

async function open(scene, { width = 1000, height = 560, theme = "light", mute = false } = {}) {
  const { opened: comparison } = await new Promise((resolve) => {
    heard = resolve;
    child.stdin.write(`${JSON.stringify({ open: scene })}\n`);
  });
  shownScene = scene;
  await page.setViewportSize({ width: width + 16, height: height + 16 });
  await page.mouse.move(0, 0);
  const sent = [];
  receive = (message) => {
    if (message.type !== "change_pictures") sent.push(message); // cards ask for their pictures when they like
    if (!mute) child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  const ground = theme === "dark" ? "#111" : "#fff";
  await page.setContent(
    `<!doctype html><html lang="en"><title>x</title><body style="margin:8px;background:${ground}"><main><h1 style="position:absolute;opacity:0">x</h1><div id="w"></div></main>`,
  );
  await page.evaluate(
    ({ esm, css, comparison, height, theme }) => {
      const traits = { comparison: JSON.parse(comparison), _css: css, height, theme };
      const handlers = new Map();
      const model = {
        get: (key) => traits[key],
        set() {},
        save_changes() {},
        send: (content) => globalThis.toKernel(content),
        on: (name, handler) => handlers.set(name, [...(handlers.get(name) ?? []), handler]),
        off: (name, handler) =>
          handlers.set(
            name,
            (handlers.get(name) ?? []).filter((one) => one !== handler),
          ),
      };
      globalThis.fromKernel = (message) => {
        if (message.comparison) {
          traits.comparison = message.comparison;
          for (const handler of handlers.get("change:comparison") ?? []) handler();
          return;
        }
        for (const handler of handlers.get("msg:custom") ?? []) handler(message, []);
      };
      globalThis.left = () => [...handlers.values()].flat().length;
      const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
      // not awaited: Chromium sometimes collects the promise of a call that waits for an import
      import(url).then(({ default: widget }) => {
        globalThis.dispose = widget.render({ model, el: document.getElementById("w") });
      });
    },
    { esm: read("compare.js"), css: read("compare.css"), comparison: JSON.stringify(comparison), height, theme },
  );
  await page.waitForFunction(() => globalThis.dispose);
  heard = (message) => void page.evaluate((one) => globalThis.fromKernel(one), message).catch(() => {});
  await still(page);
  return {
    page,
    sent,
    comparison,
    async close() {
      receive = () => {};
      await page.goto("about:blank");
    },
  };
}

const focusMap = (page) => page.locator(".wc-stage").focus();
const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
  await still(page);
};
const current = (page) => page.locator(".wc-row-head[aria-expanded=true]");

// ---- use -----------------------------------------------------------------------------------------

const JOURNEYS = {
  "keys step through every change and round, each open in the list and in sight on the map": {
    scene: "small",
    width: 1500,
    async run({ page, comparison }) {
      await focusMap(page);
      const seen = new Set();
      for (let at = 0; at < comparison.changes.length; at += 1) {
        await press(page, at % 2 ? "ArrowRight" : "n");
        seen.add(await current(page).getAttribute("data-change"));
        const { nodes } = comparison.changes[at];
        if (comparison.changes[at].kind === "state") {
          const card = await page.locator(`[data-node="${nodes[0]}"]`).boundingBox();
          const map = await page.locator(".wc-stage").boundingBox();
          assert.ok(card && card.x >= map.x && card.x + card.width <= map.x + map.width, "the card is in sight");
        }
      }
      assert.equal(seen.size, comparison.changes.length);
      const last = await current(page).getAttribute("data-change");
      await press(page, "n");
      assert.equal(await current(page).getAttribute("data-change"), "0");
      await press(page, "p");
      assert.equal(await current(page).getAttribute("data-change"), last);
      await press(page, "Escape");
      assert.equal(await current(page).count(), 0);
    },
  },
  "prose is compared word by word, in the list and on the card": {
    scene: "prose",
    width: 1500,
    async run({ page }) {
      await focusMap(page);
      await press(page, "n");
      const field = page.locator(".wc-field", { hasText: "what the camera sees" });
      assert.ok((await field.locator("ins").count()) > 0);
      assert.match(await field.locator("ins").last().textContent(), /Rain has come and gone/);
      assert.equal(await page.locator(".wc-card-title del").textContent(), "lane");
      const line = await field
        .locator("del")
        .first()
        .evaluate((one) => getComputedStyle(one).textDecorationLine);
      assert.equal(line, "line-through");
    },
  },
  "a card and a label are clicked, the ground lets go": {
    scene: "small",
    width: 1500,
    async run({ page, comparison }) {
      await focusMap(page);
      const added = comparison.changes.findIndex((one) => one.id === "cellar");
      await page.locator(`[data-change="${added}"]`).click();
      await still(page);
      await page.keyboard.press("Escape");
      const node = comparison.changes[added].nodes[0];
      await page.locator(`[data-node="${node}"] .wc-prose`).click();
      assert.equal(await current(page).getAttribute("data-change"), String(added));
      const map = await page.locator(".wc-stage").boundingBox();
      await page.mouse.click(map.x + 4, map.y + 4);
      assert.equal(await current(page).count(), 0);
    },
  },
  "flicking shows one world, the other, both": {
    scene: "prose",
    width: 1000,
    async run({ page }) {
      await focusMap(page);
      await press(page, "n", "b");
      assert.equal(await page.locator('[data-node="0"] .wc-card-title').textContent(), "lane: renamed, changed");
      assert.equal(await page.locator(".wc-card ins").count(), 0);
      await press(page, "b");
      assert.equal(await page.locator('[data-node="0"] .wc-card-title').textContent(), "sunken road: renamed, changed");
      await press(page, "b");
      assert.ok((await page.locator(".wc-card ins").count()) > 0);
    },
  },
  "a kind that is filtered away leaves the list and the map": {
    scene: "small",
    width: 1500,
    async run({ page, comparison }) {
      await page.locator(".wc-toggle", { hasText: "Removed" }).click();
      const left = comparison.changes.filter((one) => one.marks.some((mark) => mark !== "removed")).length;
      assert.equal(await page.locator("[data-change]").count(), left);
      await focusMap(page);
      for (let at = 0; at < left; at += 1) {
        await press(page, "n");
        assert.doesNotMatch(await current(page).textContent(), /^Removed/);
      }
    },
  },
  "what it does to play is asked for, and told in sentences": {
    scene: "small",
    width: 1500,
    async run({ page, sent }) {
      assert.deepEqual(sent, []);
      await page.getByRole("button", { name: "Effect on play" }).click();
      await page.locator(".wc-sentences > li").first().waitFor();
      assert.deepEqual(
        sent.map((message) => message.type),
        ["play"],
      );
      const inside = await page.evaluate(() => document.querySelector(".worldkit").shadowRoot.activeElement !== null);
      assert.ok(inside, "the focus stays when the button goes");
    },
  },
  "no key reaches the page, whatever has the focus": {
    scene: "small",
    width: 1000,
    async run({ page }) {
      await page.evaluate(() => {
        globalThis.leaked = [];
        document.addEventListener("keydown", (event) => globalThis.leaked.push(event.key));
      });
      const many = ["a", "x", "m", "d", "d", "Delete", "n", "ArrowDown", "z", "Escape"];
      await focusMap(page);
      await press(page, ...many);
      await page.getByRole("button", { name: "Fit the whole map" }).focus();
      await press(page, ...many);
      await page.locator(".wc-row-head").first().focus();
      await press(page, ...many);
      assert.deepEqual(await page.evaluate(() => globalThis.leaked), []);
    },
  },
  "the keyboard stays inside when what had the focus goes away": {
    scene: "small",
    width: 1000,
    async run({ page }) {
      const inside = () => page.evaluate(() => document.querySelector(".worldkit").shadowRoot.activeElement !== null);
      await page.locator(".wc-row-head").first().focus();
      await page.getByRole("button", { name: "Keys and marks" }).click();
      assert.ok(await inside());
      await page.getByRole("button", { name: "Back to the list" }).click();
      await still(page);
      assert.ok(await inside());
      await press(page, "n", "-", "-", "-", "-", "-", "-", "-");
      assert.ok(await inside());
    },
  },
  "a side is picked by key and by pointer, and the map follows": {
    scene: "merging",
    width: 1500,
    async run({ page, comparison, sent }) {
      const n = comparison.conflicts.length;
      assert.ok(n >= 2);
      await focusMap(page);
      await press(page, "n", "2");
      const first = page.locator('[data-conflict="0"]');
      await first.filter({ hasText: /^Decided conflict: .*theirs$/ }).waitFor();
      assert.equal(await first.getAttribute("aria-expanded"), "true");
      await page.getByRole("button", { name: "Pick ours" }).click();
      await first.filter({ hasText: /ours$/ }).waitFor();
      assert.deepEqual(
        sent.map((message) => [message.type, message.conflict, message.side]),
        [
          ["resolve", 0, "theirs"],
          ["resolve", 0, "ours"],
        ],
      );
      const heads = await page.locator(".wc-group h3").first().textContent();
      assert.match(heads, new RegExp(`${n - 1} of ${n} open`));
    },
  },
  "markup in every text is only ever text": {
    scene: "hostile",
    width: 1500,
    async run({ page, comparison }) {
      await focusMap(page);
      for (const _ of comparison.changes) await press(page, "n");
      const count = await page.evaluate(() => {
        const root = document.querySelector(".worldkit").shadowRoot;
        const strangers = [...root.querySelectorAll("img")].filter((image) => !/^(blob|data):/.test(image.src));
        return root.querySelectorAll("script,iframe").length + strangers.length;
      });
      assert.equal(count, 0);
    },
  },
  "without a kernel everything that is there can be read": {
    scene: "small",
    width: 1000,
    mute: true,
    async run({ page }) {
      await focusMap(page);
      await press(page, "n");
      assert.ok((await current(page).count()) === 1 && (await page.locator(".wc-field").count()) > 0);
    },
  },
  "closing a view leaves no listener behind": {
    scene: "small",
    async run({ page }) {
      assert.ok((await page.evaluate(() => globalThis.left())) > 0);
      await page.evaluate(() => globalThis.dispose());
      assert.equal(await page.evaluate(() => globalThis.left()), 0);
    },
  },
};

async function accessible(scene, theme, width) {
  const { page, close } = await open(scene, { theme, width });
  await page.evaluate(axe);
  const check = async (where) => {
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    for (const { id, nodes } of violations)
      problems.push(
        `axe, ${scene} ${theme} ${width} ${where}: ${id}: ${nodes
          .map((node) => node.html)
          .join(" | ")
          .slice(0, 600)}`,
      );
  };
  await check("opened");
  await focusMap(page);
  await press(page, "n", "n");
  await check("at a change");
  await press(page, "?");
  await check("help");
  await close();
}

const [only = ""] = process.argv.slice(2);
for (const [name, { scene, run, ...options }] of Object.entries(JOURNEYS)) {
  if (!name.includes(only)) continue;
  const stand = await open(scene, options);
  try {
    await run(stand);
    console.log(`ok    ${name}`);
  } catch (error) {
    problems.push(`${name}: ${error.stack}`);
    console.log(`FAIL  ${name}`);
  }
  await stand.close();
}
if (only === "")
  for (const [scene, theme, width] of [
    ["small", "light", 640],
    ["hostile", "dark", 1500],
    ["merging", "light", 640],
    ["none", "dark", 1500],
  ])
    await accessible(scene, theme, width);
child.kill();
await browser.close();
console.log(problems.length ? problems.join("\n") : "no errors, no requests");
process.exit(problems.length ? 1 : 0);
