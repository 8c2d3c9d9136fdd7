// Pictures of the editor in both themes and three widths: node look.mjs [out] [shot ...]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { here, launch, open, root } from "./stand.mjs";

const [out = join(here, "out"), ...wanted] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const sample = (name) => join(root, `src/worldkit/data/samples/${name}.world.json`);
const empty = join(out, "empty.world.json");
writeFileSync(empty, JSON.stringify({ schemaVersion: "1.0", name: "A new world", scene: { states: {}, events: [] } }));

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
  await page.waitForTimeout(450);
};
const focusMap = (page) =>
  page.evaluate(() => document.querySelector(".worldkit").shadowRoot.querySelector(".we-stage").focus());

const SHOTS = {
  open: { world: sample("lighthouse"), do: async () => {} },
  bench: { world: sample("bench"), do: async () => {} },
  state: {
    world: sample("lighthouse"),
    do: async (page) => {
      await focusMap(page);
      await press(page, "ArrowRight", "ArrowRight", "Enter");
    },
  },
  event: {
    world: sample("bench"),
    do: async (page) => {
      await focusMap(page);
      await press(page, "/");
      await page.keyboard.type("mitten");
      await press(page, "Enter");
    },
  },
  search: {
    world: sample("lighthouse"),
    do: async (page) => {
      await focusMap(page);
      await press(page, "/");
      await page.keyboard.type("lamp");
      await page.waitForTimeout(200);
    },
  },
  help: { world: sample("lighthouse"), do: (page) => focusMap(page).then(() => press(page, "?")) },
  empty: { world: empty, do: async () => {} },
  mute: { world: sample("lighthouse"), mute: true, do: async (page) => page.waitForTimeout(5200) },
};

const browser = await launch();
let bad = 0;
for (const [name, shot] of Object.entries(SHOTS).filter(([name]) => wanted.length === 0 || wanted.includes(name))) {
  for (const theme of ["light", "dark"]) {
    for (const width of [640, 1000, 1500]) {
      const stand = await open(browser, { ...shot, theme, width });
      try {
        await shot.do(stand.page);
      } catch (error) {
        stand.problems.push(String(error));
      }
      await stand.page.screenshot({ path: join(out, `${name}-${theme}-${width}.png`) });
      for (const problem of stand.problems) console.log(`${name} ${theme} ${width}: ${problem}`);
      bad += stand.problems.length;
      await stand.close();
    }
  }
}
await browser.close();
console.log(bad ? `${bad} problems` : "no errors, no requests");
process.exit(bad ? 1 : 0);
