// Pictures of the editor in both themes and three widths: node look.mjs [out] [shot ...]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { here, launch, open, sample } from "./stand.mjs";

const [out = join(here, "out"), ...wanted] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const empty = join(out, "empty.world.json");
writeFileSync(empty, JSON.stringify({ schemaVersion: "1.0", name: "A new world", scene: { states: {}, events: [] } }));

// Everything that can go wrong in one world: loops, parallels, ways to nowhere, clashes, long and strange names.
const messy = join(out, "messy.world.json");
const go = (name, from, to, more = {}) => ({ name, kind: "transition", from: [from], to, ...more });
writeFileSync(
  messy,
  JSON.stringify({
    schemaVersion: "1.0",
    name: "A world with <b>problems</b>, and a name that goes on for rather longer than anybody would like it to",
    entrance: { state: "hall" },
    cutscenes: [{ id: "the_fall", video: "fall.mp4", from: "roof", to: "yard" }],
    scene: {
      states: {
        hall: {
          base: "A tall hall without a single window, panelled in oak; no one has lit the fire.",
          ambient: ["x"],
        },
        roof: { base: "Slates, and the whole town below in the rain." },
        yard: { base: "" },
        "an id with spaces, and dots.and.more, that does not end": { base: `Un mot très long: ${"x".repeat(200)}` },
        won: { base: "Morning.", ending: { kind: "win", title: "Home before dark" } },
        lost: { base: "Night.", ending: { kind: "lose", title: "Too late" } },
      },
      events: [
        go("climb_the_stair", "hall", "roof"),
        go("climb_the_ladder", "hall", "roof", { requires: ["ladder"], lockedHint: "You need the ladder." }),
        go("ring_the_bell", "hall", "roof", { hidden: true, autoAfterMs: 4000 }),
        go("go_down_again", "roof", "hall", { oneShot: true }),
        go("jump", "roof", "the_fall"),
        go("pace_about", "yard", "yard"),
        go("pace_about_more", "yard", "yard"),
        go("into_the_fog", "yard", "nowhere_at_all"),
        go("round_the_back", "yard", "hall"),
        go("wait_for_the_night_to_end_somehow", "yard", "lost", { autoAfterMs: 60000 }),
        go("walk_home", "yard", "won", { requires: ["a flag nobody grants"] }),
        go("pace_about", "hall", "yard", { hotkey: "w" }),
        go("on", "an id with spaces, and dots.and.more, that does not end", "won"),
        {
          name: "shoot_the_guard",
          kind: "override",
          from: ["hall", "yard"],
          base: "He is gunned down.",
          grants: ["gun"],
        },
        { name: "take_the_ladder", kind: "override", from: ["hall"], grants: ["ladder"] },
        {
          name: "old_radio",
          kind: "terminal",
          from: ["hall"],
          requires: ["gun"],
          terminal: { persona: "A tired voice." },
        },
      ],
    },
  }),
);

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
      await page.keyboard.type("hold_out");
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
  messy: { world: messy, do: async () => {} },
  problems: {
    world: messy,
    do: (page) =>
      focusMap(page)
        .then(() => press(page, "p"))
        .then(() => page.getByText("What is this?").first().click()),
  },
  wrong: {
    world: messy,
    do: async (page) => {
      await focusMap(page);
      await press(page, "/");
      await page.keyboard.type("walk_home");
      await press(page, "Enter", "Enter");
    },
  },
  archive: { world: sample("archive"), do: (page) => focusMap(page).then(() => press(page, "f")) },
  dots: {
    world: sample("archive"),
    do: (page) => focusMap(page).then(() => press(page, "f", "-", "-", "-", "-", "-")),
  },
  connect: {
    world: sample("bench"),
    do: (page) => focusMap(page).then(() => press(page, "ArrowRight", "ArrowRight", "c", "ArrowLeft")),
  },
  deleted: {
    world: sample("bench"),
    do: (page) => focusMap(page).then(() => press(page, "ArrowRight", "ArrowRight", "Delete")),
  },
  readonly: {
    world: sample("lighthouse"),
    readOnly: true,
    do: (page) => focusMap(page).then(() => press(page, "ArrowRight")),
  },
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
