// Use the built editor as a person does, against the real session, and check what comes of it: node journey.mjs [only]
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, launch, open, sample } from "./stand.mjs";

const folder = mkdtempSync(join(tmpdir(), "worldkit-"));
const file = (name, world) => {
  const path = join(folder, `${name}.world.json`);
  writeFileSync(path, JSON.stringify(world));
  return path;
};
const EVIL = `<img src=x onerror="alert(1)">"'\`$\u007b1}\n</script>`;
const small = (states, events, more = {}) => ({
  schemaVersion: "1.0",
  entrance: { state: Object.keys(states)[0] },
  scene: { states, events },
  ...more,
});
const CHAIN = small({ a: { base: "Alpha." }, b: { base: "Beta." }, c: { base: "Gamma." } }, [
  { name: "a_to_b", kind: "transition", from: ["a"], to: "b" },
]);

const settle = (stand) => stand.rest();
const focusMap = (stand) =>
  stand.page.evaluate(() => document.querySelector(".worldkit").shadowRoot.querySelector(".we-stage").focus());
const keys = async (stand, ...pressed) => {
  for (const key of pressed) {
    await stand.page.keyboard.press(key);
    await stand.page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await settle(stand);
};
const at = async (stand, id) => {
  const box = await stand.page
    .locator(".we-card", {
      has: stand.page.locator(".we-card-title", { hasText: new RegExp(`^${id.replaceAll("_", " ")}$`) }),
    })
    .boundingBox();
  return { x: box.x + box.width / 2, y: box.y + 50, right: box.x + box.width, middle: box.y + box.height / 2 };
};
const drag = async (stand, from, to) => {
  await stand.page.mouse.move(from.x, from.y);
  await stand.page.mouse.down();
  for (let i = 1; i <= 6; i += 1)
    await stand.page.mouse.move(from.x + ((to.x - from.x) * i) / 6, from.y + ((to.y - from.y) * i) / 6);
  await stand.page.mouse.up();
  await settle(stand);
};
const names = (seed) => seed.world.scene.events.map((event) => event.name);
const toast = (stand) => stand.page.locator(".wk-toast").allInnerTexts();

const JOURNEYS = {
  "keys make a state, name it, connect it, and undo it all": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      await focusMap(stand);
      await keys(stand, "n");
      await stand.page.keyboard.type("A tall hall.");
      await keys(stand, "Control+Enter");
      const reply = await ask(stand);
      assert.equal(reply.world.scene.states.a_tall_hall.base, "A tall hall.", "its name follows its text");
      await stand.page.locator('[name="id"]').fill("hall");
      await keys(stand, "Enter");
      assert.ok((await ask(stand)).world.scene.states.hall);
      assert.equal(await stand.page.locator('[name="id"]').inputValue(), "hall", "the form follows the rename");
      await focusMap(stand);
      await keys(stand, "c", "ArrowLeft", "Enter");
      const linked = (await ask(stand)).world.scene.events.at(-1);
      assert.deepEqual(linked.from, ["hall"]);
      await focusMap(stand);
      await keys(stand, "Control+z", "Control+z", "Control+z", "Control+z");
      assert.deepEqual((await ask(stand)).world, CHAIN);
      await keys(stand, "Control+Shift+z");
      assert.ok((await ask(stand)).world.scene.states.scene);
    },
  },
  "dragging from a card's edge connects, on empty ground it makes a state there": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      const b = await at(stand, "b");
      const c = await at(stand, "c");
      await drag(stand, { x: b.right + 4, y: b.middle }, { x: c.x, y: c.y });
      const linked = (await ask(stand)).world.scene.events.at(-1);
      assert.deepEqual([linked.name, linked.from, linked.to, linked.kind], ["go_to_c", ["b"], "c", "transition"]);
      await drag(stand, { x: b.right + 4, y: b.middle }, { x: b.right + 60, y: b.middle + 260 });
      const seed = await ask(stand);
      assert.deepEqual(names(seed).slice(-1), ["go_to_scene"]);
      const there = await at(stand, "scene");
      assert.ok(Math.abs(there.x - (b.right + 60)) < 16, "the new card stands where it was dropped");
      await focusMap(stand);
      await keys(stand, "Control+z");
      assert.ok(!(await ask(stand)).world.scene.states.scene, "card and event are one gesture");
    },
  },
  "typing at once after a search is opened or a state is made is never a command": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      await focusMap(stand);
      await stand.page.keyboard.press("/");
      await stand.page.keyboard.type("nnn");
      assert.equal(await stand.page.locator(".we-search-input").inputValue(), "nnn");
      await keys(stand, "Escape", "n", "n", "c");
      assert.deepEqual(Object.keys((await ask(stand)).world.scene.states), ["a", "b", "c", "scene"]);
    },
  },
  "dragging a card sends one move, on the grid, and undo puts it back": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      const before = (await ask(stand)).layout.b;
      const b = await at(stand, "b");
      await drag(stand, { x: b.x, y: b.y }, { x: b.x + 60, y: b.y + 90 });
      const moves = stand.sent.filter((message) => message.type === "move");
      assert.equal(moves.length, 1);
      const after = (await ask(stand)).layout.b;
      assert.deepEqual(after, moves[0].positions.b);
      assert.ok(after[0] % 8 === 0 && after[1] % 8 === 0 && after[1] > before[1]);
      await focusMap(stand);
      await keys(stand, "Control+z");
      assert.deepEqual((await ask(stand)).layout.b, before);
    },
  },
  "deleting says what went with it, without a dialog": {
    world: sample("bench"),
    width: 1500,
    async run(stand) {
      await focusMap(stand);
      await keys(stand, "ArrowRight", "ArrowRight", "Delete");
      const seed = await ask(stand);
      assert.equal(Object.keys(seed.world.scene.states).length, 2);
      assert.match((await toast(stand)).join(), /was deleted: it had no source left/);
      await keys(stand, "Control+z");
      assert.equal(Object.keys((await ask(stand)).world.scene.states).length, 3);
    },
  },
  "the keyboard stays in the editor when what had the focus goes away": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      const inside = () =>
        stand.page.evaluate(() => document.querySelector(".worldkit").shadowRoot.activeElement !== null);
      await (await stand.page.locator(".we-card-title", { hasText: /^b$/ })).click();
      await stand.page.getByRole("button", { name: "Delete state b" }).click();
      await settle(stand);
      assert.ok(await inside(), "after the form closed");
      await stand.page.getByRole("button", { name: "Undo: Delete state b" }).click();
      await settle(stand);
      assert.ok(await inside(), "after the button was disabled");
      await stand.page.getByRole("button", { name: "Hide the side panel" }).click();
      await focusMap(stand);
      await keys(stand, "ArrowRight", "-", "-", "-", "-", "-", "-");
      assert.ok(await inside(), "after the cards gave way to a drawing");
      await keys(stand, "Control+Shift+z");
      assert.ok(!(await ask(stand)).world.scene.states.b);
    },
  },
  "an end of an edge is dragged to another card, or to empty ground where a state is made": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      const [a, b, c] = [await at(stand, "a"), await at(stand, "b"), await at(stand, "c")];
      const ends = async () => (await ask(stand)).world.scene.events[0];
      const middle = { x: (a.right + b.x - (b.right - b.x)) / 2, y: a.middle };
      // Pointing at the edge shows its ends.
      await stand.page.mouse.move(middle.x, middle.y);
      const left = b.x - (b.right - b.x);
      await drag(stand, { x: left - 18, y: b.middle }, { x: c.x, y: c.y });
      assert.deepEqual([(await ends()).from, (await ends()).to], [["a"], "c"]);
      await focusMap(stand);
      await keys(stand, "Control+z");
      assert.deepEqual((await ask(stand)).world, CHAIN, "one gesture, one step back");
      await stand.page.mouse.click(middle.x, middle.y);
      await settle(stand);
      const [b2, a2] = [await at(stand, "b"), await at(stand, "a")];
      await drag(stand, { x: a2.right + 24, y: a2.middle }, { x: b2.x, y: b2.y });
      assert.deepEqual([(await ends()).from, (await ends()).to], [["b"], "b"]);
      await keys(stand, "Control+z", "Escape");
      const again = { x: (await at(stand, "b")).x - 140, y: b.middle };
      await stand.page.mouse.move(middle.x, middle.y);
      await drag(stand, { x: left - 18, y: b.middle }, { x: again.x, y: again.y + 260 });
      const reply = await ask(stand);
      assert.equal(reply.world.scene.events[0].to, "scene");
      assert.equal(reply.undo, "Redirect a_to_b to a new state");
      await focusMap(stand);
      await keys(stand, "Control+z");
      assert.deepEqual((await ask(stand)).world, CHAIN);
    },
  },
  "a frame selects, what is selected moves together and is deleted as one step": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      const before = (await ask(stand)).layout;
      const [a, b] = [await at(stand, "a"), await at(stand, "b")];
      const high = a.y - 75;
      await stand.page.keyboard.down("Shift");
      await drag(stand, { x: a.x - 150, y: high }, { x: b.x, y: b.y + 20 });
      await stand.page.keyboard.up("Shift");
      assert.equal(await stand.page.locator(".we-card.we-selected").count(), 2);
      assert.match(await stand.page.locator(".we-several-what").textContent(), /2 states/);
      await drag(stand, { x: a.x, y: a.y }, { x: a.x + 40, y: a.y + 80 });
      const moves = stand.sent.filter((message) => message.type === "move");
      assert.deepEqual([moves.length, Object.keys(moves[0].positions)], [1, ["a", "b"]]);
      const after = (await ask(stand)).layout;
      const by = (id) => [after[id][0] - before[id][0], after[id][1] - before[id][1]];
      assert.deepEqual(by("a"), by("b"));
      assert.deepEqual(after.c, before.c);
      await focusMap(stand);
      await keys(stand, "Delete");
      const gone = await ask(stand);
      assert.deepEqual(Object.keys(gone.world.scene.states), ["c"]);
      assert.match(gone.undo, /^Delete 2 states/);
      await keys(stand, "Control+z");
      assert.deepEqual((await ask(stand)).world, CHAIN);
      assert.equal((await stand.page.locator(".we-card.we-selected").count()) > 0, true);
      await keys(stand, "Escape", "Escape", "b");
      await drag(stand, { x: a.x - 150, y: high }, { x: b.x, y: b.y + 100 });
      assert.equal(await stand.page.locator(".we-card.we-selected").count(), 2, "the frame tool needs no Shift");
    },
  },
  "shift and click add to a selection and take away from it": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      const title = (id) => stand.page.locator(".we-card-title", { hasText: new RegExp(`^${id}$`) });
      await title("a").click();
      await title("b").click({ modifiers: ["Shift"] });
      await title("c").click({ modifiers: ["Control"] });
      assert.equal(await stand.page.locator(".we-card.we-selected").count(), 3);
      await title("b").click({ modifiers: ["Shift"] });
      assert.equal(await stand.page.locator(".we-card.we-selected").count(), 2);
      await stand.page.getByRole("button", { name: "Align top edges" }).click();
      await settle(stand);
      const aligned = await ask(stand);
      const { layout } = aligned;
      assert.equal(layout.a[1], layout.c[1]);
      assert.equal(aligned.undo, "Align top");
      await stand.page.getByRole("button", { name: "Leave out c" }).click();
      assert.equal(await stand.page.locator(".we-card.we-selected").count(), 1);
    },
  },
  "states are copied, cut, pasted and duplicated with the events among them, each as one step": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      await focusMap(stand);
      await keys(stand, "Control+a", "Control+c", "Control+v");
      let seed = await ask(stand);
      assert.deepEqual(Object.keys(seed.world.scene.states), ["a", "b", "c", "a_2", "b_2", "c_2"]);
      assert.deepEqual(seed.world.scene.events[1], { name: "a_to_b_2", kind: "transition", from: ["a_2"], to: "b_2" });
      assert.equal(seed.undo, "Paste 3 states");
      assert.equal(await stand.page.locator(".we-card.we-selected").count(), 3, "what was pasted is selected");
      await keys(stand, "Control+z", "f");
      assert.deepEqual((await ask(stand)).world, CHAIN);

      await (await stand.page.locator(".we-card-title", { hasText: /^a$/ })).click();
      await focusMap(stand);
      await keys(stand, "Control+x");
      assert.deepEqual(Object.keys((await ask(stand)).world.scene.states), ["b", "c"]);
      await keys(stand, "Control+v");
      assert.deepEqual(Object.keys((await ask(stand)).world.scene.states), ["b", "c", "a"]);
      await keys(stand, "Control+d");
      seed = await ask(stand);
      assert.deepEqual(Object.keys(seed.world.scene.states), ["b", "c", "a", "a_2"]);
      assert.equal(seed.undo, "Duplicate 1 state");
      const inside = await stand.page.evaluate(
        () => document.querySelector(".worldkit").shadowRoot.activeElement?.closest(".we-stage") !== null,
      );
      assert.ok(inside, "the keyboard is still in the map");
    },
  },
  "a state's own JSON can be pasted, and what is no state is refused in words": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      const put = (text) =>
        stand.page.evaluate((given) => {
          const area = document.createElement("textarea");
          document.body.append(area);
          area.value = given;
          area.select();
          document.execCommand("copy");
          area.remove();
        }, text);
      await put('{"base":"A tall hall, of oak.","later":{"kept":true}}');
      await focusMap(stand);
      await keys(stand, "Control+v");
      const { states } = (await ask(stand)).world.scene;
      assert.deepEqual(states.a_tall_hall, { base: "A tall hall, of oak.", later: { kept: true } });
      await put("just words");
      await focusMap(stand);
      await keys(stand, "Control+v");
      assert.match((await toast(stand)).join(), /holds no states/);
      assert.equal(Object.keys((await ask(stand)).world.scene.states).length, 4);
    },
  },
  "what can be made is listed where one stands, and words become a new state": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      const b = await at(stand, "b");
      await stand.page.mouse.dblclick(b.x, b.y + 260);
      await settle(stand);
      await stand.page.keyboard.type("A cellar, knee-deep in water.");
      await keys(stand, "Enter");
      let seed = await ask(stand);
      assert.equal(seed.world.scene.states.a_cellar.base, "A cellar, knee-deep in water.");
      const there = await at(stand, "a_cellar");
      assert.ok(Math.abs(there.x - b.x) < 16, "it stands where the list was opened");
      await focusMap(stand);
      await keys(stand, "a");
      await stand.page.keyboard.type("override");
      await keys(stand, "Enter");
      seed = await ask(stand);
      assert.deepEqual(seed.world.scene.events.at(-1).from, ["a_cellar"]);
      assert.equal(seed.world.scene.events.at(-1).kind, "override");
      await focusMap(stand);
      await keys(stand, "a", "Escape");
      assert.equal(await stand.page.locator(".we-quick").count(), 0);
      assert.ok(await stand.page.evaluate(() => document.querySelector(".worldkit").shadowRoot.activeElement !== null));
    },
  },
  "events are walked, led elsewhere and renamed with keys alone": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      const selection = () => stand.page.evaluate(() => globalThis.model.get("selection")?.id);
      await focusMap(stand);
      await keys(stand, "ArrowRight", "e");
      assert.equal(await selection(), "a_to_b");
      await keys(stand, "ArrowRight");
      assert.equal(await selection(), "b", "from an event, to its end");
      await keys(stand, "ArrowLeft", "e", "c");
      await stand.page.keyboard.press("ArrowRight");
      await keys(stand, "ArrowDown", "Enter");
      const led = (await ask(stand)).world.scene.events[0];
      assert.equal(led.to !== "b" || led.from[0] === "a", true);
      await focusMap(stand);
      await keys(stand, "F2");
      await stand.page.keyboard.press("Control+a");
      await stand.page.keyboard.type("walk_on");
      await keys(stand, "Enter");
      assert.deepEqual(names(await ask(stand)), ["walk_on"]);
    },
  },
  "cards are nudged with keys, many steps as one move, and laying out leaves them there": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      const before = (await ask(stand)).layout.a;
      await focusMap(stand);
      await keys(stand, "ArrowRight");
      for (const key of ["Alt+ArrowDown", "Alt+ArrowDown", "Alt+Shift+ArrowRight"])
        await stand.page.keyboard.press(key);
      const moved = () => stand.sent.filter((message) => message.type === "move");
      while (moved().length === 0) await settle(stand);
      await settle(stand);
      const moves = moved();
      assert.equal(moves.length, 1);
      const placed = [before[0] + 32, before[1] + 16];
      assert.deepEqual((await ask(stand)).layout.a, placed);
      await stand.page.getByRole("button", { name: "Lay out", exact: true }).click();
      await stand.page.getByRole("menuitem", { name: /Lay out the rest/ }).click();
      await settle(stand);
      assert.deepEqual((await ask(stand)).layout.a, placed);
      await stand.page.getByRole("button", { name: "Lay out", exact: true }).click();
      await stand.page.getByRole("menuitem", { name: /Lay out everything/ }).click();
      await settle(stand);
      assert.deepEqual((await ask(stand)).layout.a, before);
    },
  },
  "the first hint goes when it is put away, and does not come back in another editor of the page": {
    world: CHAIN,
    width: 1000,
    async run(stand) {
      assert.equal(await stand.page.locator(".we-first").count(), 1);
      await stand.page.getByRole("button", { name: "Hide this hint" }).click();
      assert.equal(await stand.page.locator(".we-first").count(), 0);
      await stand.page.evaluate(() => globalThis.reopen());
      await settle(stand);
      assert.equal(await stand.page.locator(".we-first").count(), 0);
    },
  },
  "a card says what it holds, and the view goes from blocks to titles to cards": {
    world: sample("lighthouse"),
    width: 1500,
    async run(stand) {
      const { page } = stand;
      const card = page.locator(".we-card", { has: page.locator(".we-card-title", { hasText: /^landing$/ }) });
      // a world opens whole; the first arrow selects where play begins
      await focusMap(stand);
      await keys(stand, "ArrowRight", "z");
      assert.match(await card.locator(".we-prose").textContent(), /^A stone landing/);
      const footText = await card.locator(".we-card-foot").textContent();
      assert.match(footText, /Start/);
      assert.match(footText, /shoulder a/);
      const marks = await card.locator("[title]").evaluateAll((all) => all.map((one) => one.title));
      for (const what of [/ambient/i, /camera/i])
        assert.ok(
          marks.some((one) => what.test(one)),
          `${what}: ${marks}`,
        );
      // from far away there is nothing to read, and so no element
      await focusMap(stand);
      await keys(stand, "f");
      assert.equal(await page.locator(".we-card").count(), 0);
      await keys(stand, "ArrowRight", "z");
      assert.ok((await page.locator(".we-card.we-selected").boundingBox()).width > 200);
    },
  },
  "the small map shows where one is, and a click in it goes there": {
    world: sample("lighthouse"),
    width: 1500,
    async run(stand) {
      const { page } = stand;
      await focusMap(stand);
      await keys(stand, "ArrowRight", "z");
      const box = await page.locator(".we-minimap").boundingBox();
      const before = await at(stand, "landing");
      await page.mouse.click(box.x + box.width - 12, box.y + box.height - 12);
      await settle(stand);
      assert.equal(
        await page.locator(".we-card-title", { hasText: /^landing$/ }).count(),
        0,
        "landing is out of sight",
      );
      assert.ok(before.x > 0 && (await page.locator(".we-card").count()) > 0);
    },
  },
  "the view glides, and jumps for people who want no motion": {
    world: sample("lighthouse"),
    width: 1500,
    async run(stand) {
      const { page } = stand;
      const moves = async () => {
        await focusMap(stand);
        await page.keyboard.press("+");
        return page.evaluate(async () => {
          const layer = document.querySelector(".worldkit").shadowRoot.querySelector(".we-layer");
          const seen = new Set();
          for (let frame = 0; frame < 30; frame += 1) {
            await new Promise(requestAnimationFrame);
            seen.add(layer.style.transform);
          }
          return seen.size;
        });
      };
      assert.ok((await moves()) <= 2);
      await page.emulateMedia({ reducedMotion: "no-preference" });
      // a busy machine may draw few frames of one glide
      let positions = 0;
      for (let attempt = 0; attempt < 5 && positions <= 2; attempt += 1) positions = await moves();
      assert.ok(positions > 2);
    },
  },
  "a refused rename stays in the field with the kernel's reason": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      await (await stand.page.locator(".we-card-title", { hasText: /^a$/ })).click();
      const field = stand.page.locator('[name="id"]');
      await field.fill("b");
      await keys(stand, "Enter");
      assert.equal(await field.inputValue(), "b");
      assert.match(await stand.page.locator(".wk-hint.wk-error").textContent(), /b/);
      await field.press("Escape");
      assert.equal(await field.inputValue(), "a");
    },
  },
  "what is typed is one edit of one field, and Ctrl+Z in a field is the field's own": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      await (await stand.page.locator(".we-card-title", { hasText: /^a$/ })).click();
      const field = stand.page.locator('[name="base"]');
      await field.click();
      await stand.page.keyboard.press("End");
      await stand.page.keyboard.type(" More");
      await keys(stand, "Control+z");
      assert.equal(stand.sent.filter((message) => message.type === "edit" || message.type === "undo").length, 0);
      await field.fill("New words");
      await (await stand.page.locator(".we-card-title", { hasText: /^b$/ })).click();
      await settle(stand);
      const edits = stand.sent.filter((message) => message.type === "edit");
      assert.deepEqual(
        edits.map((message) => message.ops),
        [[{ op: "update_state", id: "a", patch: { base: "New words" } }]],
      );
      const meter = stand.page.locator('[role="meter"]');
      await field.fill("xx");
      assert.equal(await meter.getAttribute("aria-valuenow"), "2");
      await field.press("Escape");
      assert.equal(await field.inputValue(), "Beta.");
      assert.equal(await meter.getAttribute("aria-valuenow"), "5");
      await field.fill("four");
      await keys(stand, "Control+Enter");
      assert.equal(await meter.getAttribute("aria-valuenow"), "4");
    },
  },
  "no key reaches the page, whatever has the focus": {
    world: sample("bench"),
    width: 1500,
    async run(stand) {
      await stand.page.evaluate(() => {
        globalThis.leaked = [];
        document.addEventListener("keydown", (event) => globalThis.leaked.push(event.key));
      });
      const many = ["a", "x", "m", "d", "d", "Escape", "Delete", "Backspace", "ArrowDown", "Control+z", "z", "Escape"];
      await focusMap(stand);
      await keys(stand, ...many);
      await stand.page.getByRole("button", { name: "Lay out", exact: true }).focus();
      await keys(stand, ...many);
      assert.equal(stand.sent.filter((message) => message.type === "edit").length, 0, "nothing was selected");
      await focusMap(stand);
      await keys(stand, "ArrowRight", ...many);
      assert.deepEqual(await stand.page.evaluate(() => globalThis.leaked), []);
      const host = await stand.page.evaluate(() =>
        document.querySelector(".worldkit").getAttribute("data-lm-suppress-shortcuts"),
      );
      assert.equal(host, "true");
    },
  },
  "the wheel scrolls the page until the map has the focus": {
    world: sample("bench"),
    width: 1000,
    async run(stand) {
      const isTaken = () =>
        stand.page.evaluate(() => {
          const stage = document.querySelector(".worldkit").shadowRoot.querySelector(".we-stage");
          const event = new WheelEvent("wheel", { deltaY: 40, bubbles: true, composed: true, cancelable: true });
          stage.dispatchEvent(event);
          return event.defaultPrevented;
        });
      await stand.page.evaluate(() => document.querySelector(".worldkit").shadowRoot.activeElement?.blur());
      assert.equal(await isTaken(), false);
      await focusMap(stand);
      assert.equal(await isTaken(), true);
    },
  },
  "markup in every name is only ever text": {
    world: small(
      { [EVIL]: { base: EVIL, narration: EVIL, ending: { kind: "win", title: EVIL } }, b: { base: "x" } },
      [
        {
          name: EVIL,
          kind: "transition",
          from: [EVIL],
          to: "b",
          requires: [EVIL],
          hidden: true,
          [EVIL]: { [EVIL]: EVIL },
        },
        { name: `${EVIL} 2`, kind: "override", from: [EVIL] },
      ],
      { name: EVIL, description: EVIL, [EVIL]: EVIL },
    ),
    width: 1500,
    async run(stand) {
      await focusMap(stand);
      await keys(stand, "p", "p", "ArrowRight");
      await stand.page.locator("details:not([open]) > summary").evaluateAll((all) => {
        for (const one of all) one.click();
      });
      await stand.page.locator(".we-link").first().click();
      await settle(stand);
      const count = await stand.page.evaluate(
        () =>
          document
            .querySelector(".worldkit")
            .shadowRoot.querySelectorAll("img:not([src^='data:image/svg+xml;charset=utf-8,']),script,iframe").length,
      );
      assert.equal(count, 0);
    },
  },
  "ids that look like numbers keep their order through an edit": {
    world: small({ z: { base: "z" }, 10: { base: "ten" }, 2: { base: "two" } }, []),
    width: 1500,
    async run(stand) {
      await (await stand.page.locator(".we-card-title", { hasText: /^10$/ })).click();
      await stand.page.locator('[name="base"]').fill("TEN");
      await keys(stand, "Control+Enter");
      assert.equal(
        await stand.page
          .locator(".we-card", { has: stand.page.locator(".we-card-title", { hasText: /^10$/ }) })
          .locator(".we-prose")
          .textContent(),
        "TEN",
      );
      assert.equal(
        await stand.page
          .locator(".we-card", { has: stand.page.locator(".we-card-title", { hasText: /^z$/ }) })
          .locator(".we-prose")
          .textContent(),
        "z",
      );
    },
  },
  "a problem jumps to its item, explains itself and mends itself": {
    world: small(
      { a: { base: "A bright yard of stone." }, b: { base: "A hall.", ending: { kind: "win", title: "x" } } },
      [{ name: "go", kind: "transition", from: ["a"], to: "b", anchor: { label: "door" } }],
    ),
    width: 1500,
    async run(stand) {
      await focusMap(stand);
      await keys(stand, "p");
      const finding = stand.page.locator(".we-finding", { hasText: "minProximity" });
      await finding.getByText("What is this?").click();
      assert.ok((await finding.locator(".we-why").textContent()).length > 40);
      await finding.locator(".we-place").click();
      await settle(stand);
      assert.equal(await stand.page.evaluate(() => globalThis.model.get("selection").id), "go");
      await finding.getByRole("button", { name: /^Fix/ }).click();
      await settle(stand);
      assert.equal((await ask(stand)).world.scene.events[0].anchor.minProximity, 0.15);
    },
  },
  "a stale edit is refused, the view catches up, and one press makes it again": {
    world: CHAIN,
    width: 1500,
    async run(stand) {
      await (await stand.page.locator(".we-card-title", { hasText: /^a$/ })).click();
      const field = stand.page.locator('[name="base"]');
      await field.fill("Mine");
      // Somebody else's edit, of which this view is not told before it sends its own.
      const seed = await ask(stand);
      await stand.page.evaluate((rev) => {
        globalThis.hold = globalThis.fromKernel;
        const messages = [];
        globalThis.fromKernel = (message) =>
          message.type === "changed" ? messages.push(message) : globalThis.hold(message);
        globalThis.toKernel({
          type: "edit",
          id: "other",
          view: "other",
          base: rev,
          ops: [{ op: "update_state", id: "b", patch: { base: "Theirs" } }],
        });
      }, seed.rev);
      await keys(stand, "Control+Enter");
      await stand.page.evaluate(() => {
        globalThis.fromKernel = globalThis.hold;
      });
      await settle(stand);
      assert.match((await toast(stand)).join(), /not made/);
      assert.equal(await field.inputValue(), "Mine", "what was typed is still there");
      await stand.page.getByRole("button", { name: "Make it now" }).click();
      await settle(stand);
      const now = (await ask(stand)).world.scene.states;
      assert.deepEqual([now.a.base, now.b.base], ["Mine", "Theirs"]);
    },
  },
  "without a kernel the map is there and says that nothing can be changed": {
    world: CHAIN,
    mute: true,
    width: 1000,
    async run(stand) {
      await stand.page.locator(".wk-banner", { hasText: "No kernel" }).waitFor();
      assert.ok(await stand.page.getByRole("button", { name: "Add", exact: true }).isDisabled());
    },
  },
  "what the kernel never took can be copied, and nothing more can be changed": {
    world: CHAIN,
    width: 1000,
    async run(stand) {
      await stand.page.evaluate(() => {
        globalThis.toKernel = () => {};
      });
      await focusMap(stand);
      await keys(stand, "n");
      await stand.page.getByText("1 change will be sent").waitFor();
      await stand.page.getByRole("button", { name: "Copy the changes that are not saved" }).click();
      const code = await stand.page.getByLabel("Text to copy").inputValue();
      assert.deepEqual(JSON.parse(code), [{ op: "add_state", id: "scene", state: { base: "" } }]);
      await focusMap(stand);
      await keys(stand, "f", "n");
      assert.match((await toast(stand)).join(), /does not answer/);
    },
  },
  "read-only shows and does not offer": {
    world: CHAIN,
    readOnly: true,
    width: 1500,
    async run(stand) {
      await (await stand.page.locator(".we-card-title", { hasText: /^a$/ })).click();
      assert.equal(await stand.page.locator('[name="base"]').getAttribute("readonly"), "");
      assert.equal(await stand.page.locator(".we-port").count(), 0);
      await keys(stand, "Delete");
      assert.equal(Object.keys((await ask(stand)).world.scene.states).length, 3);
    },
  },
  "closing a view leaves nothing behind": {
    world: CHAIN,
    width: 1000,
    async run(stand) {
      const left = await stand.page.evaluate(() => {
        globalThis.dispose();
        return [[...globalThis.handlers.values()].flat().length, document.getElementById("w").childElementCount];
      });
      assert.deepEqual(left, [0, 0]);
    },
  },
};

const only = process.argv[2];
const browser = await launch();
let failed = 0;
for (const [name, journey] of Object.entries(JOURNEYS)) {
  if (only && !name.includes(only)) continue;
  const world =
    typeof journey.world === "string" ? journey.world : file(name.replace(/\W+/g, "_").slice(0, 40), journey.world);
  const stand = await open(browser, { ...journey, world });
  try {
    await journey.run(stand);
    assert.deepEqual(stand.problems, []);
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n     ${String(error.message).split("\n").slice(0, 12).join("\n     ")}`);
    await stand.page.screenshot({ path: join(folder, `${failed}.png`) });
    console.log(`     picture: ${join(folder, `${failed}.png`)}`);
  }
  await stand.close();
}
await browser.close();
process.exit(failed ? 1 : 0);
