// Fill in the forms of the built editor as a person does, against the real session: node inspector.mjs [only]
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, axe, launch, open, sample } from "./stand.mjs";

const folder = mkdtempSync(join(tmpdir(), "worldkit-"));
const WORLD = {
  schemaVersion: "1.0",
  name: "Gate",
  odd: { kept: [1, null] },
  entrance: { state: "a" },
  cutscenes: [{ id: "fall", video: "f.mp4", from: "a", to: "b" }],
  scene: {
    states: {
      a: {
        base: "A yard of stone.",
        variants: [
          { label: "B", base: "b" },
          { label: "C", base: "c" },
        ],
      },
      b: { base: "A hall.", ending: { kind: "win", title: "Home" } },
    },
    events: [
      { name: "take_key", kind: "override", from: ["a"], grants: ["key"], hotkey: "k" },
      { name: "open_gate", kind: "transition", from: ["a"], to: "fall", requires: ["key"], mine: "kept" },
      { name: "look", kind: "override", from: ["a"] },
    ],
  },
};

/** Wait until what the kernel holds is as it should be, then return it. */
const until = async (stand, what, holds) => {
  const end = Date.now() + 8000;
  for (;;) {
    const seed = await ask(stand);
    if (holds(seed)) return seed;
    assert.ok(Date.now() < end, `${what}; the kernel holds ${JSON.stringify(seed.world.scene.events)}`);
  }
};
const select = async (stand, kind, id) => {
  await stand.page.evaluate((what) => globalThis.model.set("selection", what), kind ? { kind, id } : null);
  const name = kind ? `${kind === "state" ? "State" : "Event"} ${id}` : "World";
  await stand.page.locator(`form[aria-label="${name}"]`).waitFor();
};
const unfold = async (stand, title) => {
  const group = stand.page.locator("details.we-group", {
    has: stand.page.locator(`summary > span:text-is("${title}")`),
  });
  if ((await group.first().getAttribute("open")) === null) await group.first().locator("> summary").click();
  return group.first();
};
const focused = (stand) =>
  stand.page.evaluate(() => {
    const active = document.querySelector(".worldkit").shadowRoot.activeElement;
    return active?.getAttribute("name") ?? active?.getAttribute("aria-label") ?? active?.textContent ?? null;
  });
const event = (seed, name) => seed.world.scene.events.find((one) => one.name === name);
const edits = (stand) => stand.sent.filter((message) => message.type === "edit");

const JOURNEYS = {
  "what is typed is not lost to the press that leaves the field": async (stand) => {
    await select(stand, "event", "look");
    await unfold(stand, "Phases");
    await stand.page.getByRole("button", { name: "Add a phase", exact: true }).click();
    const first = stand.page.locator('[name="phases[0].base"]');
    await first.waitFor();
    assert.equal(await stand.page.locator(".we-item-head").count(), 2, "a move has two phases or more");
    // the text that a phase begins with is selected, so that typing replaces it
    await until(stand, "the phases", (now) => event(now, "look").phases?.length === 2);
    await first.press("O");
    await first.pressSequentially("ne.");
    await stand.page.getByRole("button", { name: "Add a phase", exact: true }).click();
    await stand.page.locator('[name="phases[2].base"]').waitFor();
    const seed = await until(stand, "all", (now) => event(now, "look").phases?.length === 3);
    assert.deepEqual(event(seed, "look").phases, [
      { base: "One." },
      { base: "What happens next." },
      { base: "What happens next." },
    ]);
    assert.equal(seed.undo, "Add a phase to look");
  },
  "items are reordered and removed by keyboard, and the focus stays with them": async (stand) => {
    await select(stand, "event", "look");
    await unfold(stand, "Phases");
    const add = stand.page.getByRole("button", { name: "Add a phase", exact: true });
    await add.click();
    await stand.page.locator('[name="phases[0].base"]').fill("One.");
    await stand.page.locator(".we-item-head > button").nth(1).click();
    await stand.page.locator('[name="phases[1].base"]').fill("Two.");
    await add.click();
    await stand.page.locator('[name="phases[2].base"]').fill("Three.");
    const head = stand.page.locator(".we-item-head > button", { hasText: "Three." });
    await stand.page.getByRole("button", { name: "Add a phase", exact: true }).focus();
    await until(stand, "three", (now) => event(now, "look").phases?.[2]?.base === "Three.");
    await head.focus();
    await stand.page.keyboard.press("Alt+ArrowUp");
    const bases = (now) =>
      event(now, "look")
        .phases?.map(({ base }) => base)
        .join(" ");
    await until(stand, "moved", (now) => bases(now) === "One. Three. Two.");
    assert.match(await focused(stand), /Three/);
    await stand.page.keyboard.press("Alt+ArrowUp");
    const seed = await until(stand, "moved again", (now) => bases(now) === "Three. One. Two.");
    assert.equal(seed.undo, "Move up phase 2 of look");
    await stand.page.getByRole("button", { name: "Remove phase 3" }).press("Enter");
    await until(stand, "removed", (now) => bases(now) === "Three. One.");
    assert.match(await focused(stand), /One/);
    await stand.page.getByRole("button", { name: "Remove phase 2" }).press("Enter");
    const none = await until(stand, "none", (now) => event(now, "look").phases === undefined);
    assert.equal(none.undo, "Remove all phases of look");
  },
  "each change is one named gesture in the exact operation": async (stand) => {
    await select(stand, "event", "open_gate");
    const hint = stand.page.locator('[name="lockedHint"]');
    await hint.pressSequentially("The gate is locked.");
    assert.equal(edits(stand).length, 0, "typing sends nothing");
    await hint.press("Control+Enter");
    const seed = await until(stand, "the hint", (now) => event(now, "open_gate").lockedHint !== undefined);
    assert.equal(seed.undo, "Set the hint of open_gate");
    assert.deepEqual(edits(stand).at(-1).ops, [
      { op: "set_event_locked_hint", event: "open_gate", hint: "The gate is locked." },
    ]);
    await hint.fill("");
    await hint.press("Control+Enter");
    const after = await until(stand, "no hint", (now) => event(now, "open_gate").lockedHint === undefined);
    assert.equal(after.undo, "Clear the hint of open_gate");
    assert.equal(event(after, "open_gate").mine, "kept");
  },
  "a hotkey is taken by pressing it, and reserved keys and those of others are told": async (stand) => {
    await select(stand, "event", "look");
    await unfold(stand, "How it is triggered");
    await stand.page.evaluate(() => {
      globalThis.leaked = [];
      document.addEventListener("keydown", (pressed) => globalThis.leaked.push(pressed.key));
    });
    const cap = stand.page.locator(".we-keycap");
    await cap.click();
    await stand.page.keyboard.press("w");
    await stand.page.getByText("W moves the player").waitFor();
    await stand.page.keyboard.press("Delete");
    assert.equal(edits(stand).length, 0, "a reserved key changes nothing, and Delete is the key's own");
    await cap.click();
    await stand.page.keyboard.press("J");
    await until(stand, "the key", (now) => event(now, "look").hotkey === "j");
    const count = edits(stand).length;
    await cap.click();
    await stand.page.keyboard.press("K");
    await stand.page.getByText("K is the key of take_key, offered in the same state.").waitFor();
    assert.equal(edits(stand).length, count, "the key of another event changes nothing");
    await stand.page.locator(".we-keycap-row ~ .we-hints .we-inline-link").click();
    await stand.page.locator('form[aria-label="Event take_key"]').waitFor();
    assert.deepEqual(await stand.page.evaluate(() => globalThis.leaked), []);
  },
  "a destination is searched and picked with the keyboard, cutscenes among them": async (stand) => {
    await select(stand, "event", "open_gate");
    const to = stand.page.locator('[name="to"]');
    await to.focus();
    await stand.page.keyboard.type("b");
    await stand.page.keyboard.press("ArrowDown");
    await stand.page.keyboard.press("Enter");
    const seed = await until(stand, "the hall", (now) => event(now, "open_gate").to === "b");
    assert.equal(seed.undo, "Set the destination of open_gate");
    await to.fill("nowhere");
    await to.press("Escape");
    await to.press("Enter");
    await stand.page.getByText("There is no state or cutscene called “nowhere”.").waitFor();
    await to.fill("fal");
    await to.press("Enter");
    await until(stand, "the cutscene", (now) => event(now, "open_gate").to === "fall");
    await stand.page.getByRole("button", { name: "Edit the cutscene" }).click();
    await stand.page.locator('[name="cutscenes[0].video"]').waitFor();
    await stand.page.locator('[name="cutscenes[0].video"]:focus').waitFor();
  },
  "flags say who grants them and lead there": async (stand) => {
    await select(stand, "event", "open_gate");
    await stand.page.locator(".we-flags").getByRole("button", { name: "Go to event take_key" }).click();
    await stand.page.locator('form[aria-label="Event take_key"]').waitFor();
    await stand.page.locator('[name="requires"]').fill("lamp");
    await stand.page.locator('[name="requires"]').press("Enter");
    const seed = await until(stand, "the flag", (now) => event(now, "take_key").requires?.[0] === "lamp");
    assert.equal(seed.undo, "Add flag lamp to the requirements of take_key");
    assert.ok(await stand.page.getByText("No event grants it.").isVisible());
  },
  "the kernel's refusal stands at the field, with what was typed": async (stand) => {
    await select(stand, "state", "a");
    await stand.page.locator(".we-item-head > button", { hasText: "C" }).click();
    const label = stand.page.locator('[name="variants[1].label"]');
    await label.fill("B");
    await label.press("Enter");
    await stand.page
      .locator(".wk-field", { has: label })
      .getByText(/already a variant/)
      .waitFor();
    assert.equal(await label.inputValue(), "B");
    assert.equal(await label.getAttribute("aria-invalid"), "true");
  },
  "a field nobody knows is shown as JSON, refused when it is none, and kept": async (stand) => {
    await select(stand, null);
    const field = stand.page.locator('textarea[name="odd"]');
    assert.deepEqual(JSON.parse(await field.inputValue()), { kept: [1, null] });
    await field.fill("{");
    await field.press("Control+Enter");
    await stand.page.getByText("This is not JSON").waitFor();
    await field.fill('{"kept": [1, null, "two"]}');
    await field.press("Control+Enter");
    const seed = await until(stand, "the field", (now) => now.world.odd.kept.length === 3);
    assert.equal(seed.undo, "Set odd of the world");
  },
  "events follow a cutscene to its new id": async (stand) => {
    await select(stand, null);
    await stand.page.locator(".we-item-head > button", { hasText: "fall" }).click();
    await stand.page.locator('[name="cutscenes[0].id"]').fill("drop");
    await stand.page.locator('[name="cutscenes[0].id"]').press("Enter");
    const seed = await until(stand, "the id", (now) => now.world.cutscenes[0].id === "drop");
    assert.equal(event(seed, "open_gate").to, "drop");
  },
  "a mission written by form is compiled into the graph as one step": async (stand) => {
    await select(stand, null);
    await unfold(stand, "Missions");
    await stand.page.getByRole("button", { name: "Add a mission" }).click();
    await stand.page.locator('[name="title"]').fill("First watch");
    await stand.page.locator('[name="objectives[0].text"]').fill("Wind the clockwork");
    await stand.page.getByRole("button", { name: "Add the mission to the world" }).click();
    const seed = await until(stand, "the mission", (now) => now.world.missions?.length === 1);
    assert.equal(seed.undo, "Add mission First watch");
    assert.ok(event(seed, "Wind the clockwork"));
    assert.equal(await stand.page.locator(".we-draft").count(), 0);
  },
  "a few letters find a field, and Escape puts the form back": async (stand) => {
    await select(stand, "event", "look");
    const find = stand.page.getByLabel("Find a field");
    await find.fill("waypoint");
    assert.ok(await stand.page.getByText("Add a waypoint").isVisible());
    assert.ok(!(await stand.page.locator('[name="narration"]').isVisible()));
    await find.press("Escape");
    assert.ok(await stand.page.locator('[name="narration"]').isVisible());
    assert.ok(!(await stand.page.getByText("Add a waypoint").isVisible()));
  },
  "the prompt and its bar follow each letter": async (stand) => {
    await select(stand, "state", "a");
    await unfold(stand, "The prompt as it is sent");
    await stand.page.locator('[name="base"]').fill("Seven words are seen here and now.");
    assert.match(await stand.page.locator(".we-prompt .we-reading").first().textContent(), /^Seven words/);
    assert.equal(await stand.page.locator('[role="meter"]').first().getAttribute("aria-valuenow"), "34");
    await stand.page.locator('[name="base"]').press("Escape");
    assert.match(await stand.page.locator(".we-prompt .we-reading").first().textContent(), /^A yard/);
  },
  "axe finds nothing in any form with everything open, in either theme": async (stand) => {
    await stand.page.addScriptTag({ content: axe });
    const everything = async () => {
      for (let round = 0; round < 3; round += 1) {
        await stand.page.evaluate(() => {
          const within = document.querySelector(".worldkit").shadowRoot;
          for (const group of within.querySelectorAll("details.we-group")) group.open = true;
          for (const head of within.querySelectorAll('.we-item-head > button[aria-expanded="false"]')) head.click();
        });
        await stand.page.evaluate(() => new Promise(requestAnimationFrame));
      }
    };
    for (const theme of ["light", "dark"]) {
      await stand.page.evaluate((name) => {
        globalThis.model.set("theme", name);
        document.body.style.background = name === "dark" ? "#111" : "#fff";
      }, theme);
      for (const [kind, id] of [
        [null],
        ["state", "lantern_room"],
        ["event", "light_the_lamp"],
        ["event", "crank_the_telephone"],
        ["event", "climb_the_kelp_steps"],
        ["state", "lamp_lit"],
      ]) {
        await select(stand, kind, id);
        await everything();
        const violations = await stand.page.evaluate(async () => {
          const { violations } = await globalThis.axe.run(document.getElementById("w"), {
            rules: { region: { enabled: false } },
          });
          return violations.map(
            (one) => `${one.id}: ${one.nodes.map((node) => node.target.flat().join(" ")).join(", ")}`,
          );
        });
        assert.deepEqual(violations, [], `${kind ?? "world"} ${id ?? ""}, ${theme}`);
      }
    }
  },
};

const only = process.argv[2];
const browser = await launch();
let failed = 0;
for (const [name, journey] of Object.entries(JOURNEYS)) {
  if (only && !name.includes(only)) continue;
  const path = join(folder, "gate.world.json");
  writeFileSync(path, JSON.stringify(WORLD));
  const stand = await open(browser, {
    world: name.startsWith("axe") ? sample("lighthouse") : path,
    width: 1500,
    height: 800,
  });
  stand.page.setDefaultTimeout(8000);
  try {
    await journey(stand);
    assert.deepEqual(stand.problems, []);
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n     ${String(error.message).split("\n").slice(0, 14).join("\n     ")}`);
    await stand.page.screenshot({ path: join(folder, `${failed}.png`) });
    console.log(`     picture: ${join(folder, `${failed}.png`)}`);
  }
  await stand.close();
}
await browser.close();
process.exit(failed ? 1 : 0);
