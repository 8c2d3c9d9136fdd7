/** A mission that is being written: what is discarded stays so, and leaves nothing to the one after it. */
import { beforeEach, expect, test, vi } from "vitest";
import { FormContext } from "../../editor/forms/form";
import { MissionsFields } from "../../editor/inspector/missions";
import { missionDraft, missionOps } from "../../editor/writing/mission-draft";
import { openPage } from "../fake-dom";
import { openEditor, turn } from "./open-editor";

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run)));

/** Open the fields of missions beside an editor; `answer` is what the kernel says of a mission that is added. */
async function openMissions() {
  const editor = await openEditor(["a"]);
  const { model, store, actions } = editor;
  const { root, show } = openPage();
  const form = { store, actions, body: {}, owner: "the world", findings: [], change: async () => null };
  show(
    <FormContext.Provider value={{ ...form, readOnly: false }}>
      <MissionsFields />
    </FormContext.Provider>,
  );
  const press = (words: string) => {
    const button = root.descendants.find(
      ({ localName, attributes, textContent }) =>
        localName === "button" && (attributes.get("aria-label") ?? textContent) === words,
    );
    if (!button) throw new Error(`there is no button “${words}”`);
    button.fire("click");
  };
  /** Begin a mission with one objective. */
  const begin = (words = "Find it") => {
    press("Add a mission");
    const draft = missionDraft(store);
    draft.value = { ...draft.peek(), objectives: [{ id: "objective", text: words }] };
  };
  const answer = (reply: object) => {
    const { kernel } = model;
    model.kernel = (message) => {
      if (message.type !== "edit") kernel(message);
      else model.tell({ id: message.id, view: message.view, ...reply });
    };
  };
  return { ...editor, root, press, begin, answer };
}

const REJECTION = { type: "rejected", code: "op", message: "an objective says what to do" };

test("a new mission that was discarded does not come back with an edit that waited", async () => {
  const { root, press, actions, store, settle } = await openMissions();
  let goOn = () => {};
  void actions.inTurn(
    () =>
      new Promise<void>((resolve) => {
        goOn = resolve;
      }),
  );
  press("Add a mission");
  root.field("Title").typeText("First watch");
  root.field("Title").fire("keydown", { key: "Enter" });
  press("Discard the new mission");
  await turn();
  goOn();
  await settle();
  expect(missionDraft(store).peek()).toBe(null);
  expect(root.textContent).not.toContain("A new mission");
});

test("a refusal is not shown under the mission that is begun after the refused one was discarded", async () => {
  const { root, press, begin, answer, settle } = await openMissions();
  answer(REJECTION);
  begin();
  press("Add the mission to the world");
  await settle();
  expect(root.textContent).toContain("An objective says what to do.");
  press("Discard the new mission");
  press("Add a mission");
  expect(root.textContent).not.toContain("An objective says what to do.");
});

test.each([
  ["refused", REJECTION],
  ["taken", { type: "accepted", rev: "0", notes: [] }],
])("what is begun after a mission was discarded stays as it is when the discarded one is %s", async (_, reply) => {
  const { root, press, begin, answer, store, settle } = await openMissions();
  answer(reply);
  begin();
  press("Add the mission to the world");
  await turn();
  press("Discard the new mission");
  press("Add a mission");
  const begun = missionDraft(store).peek();
  await settle();
  expect(missionDraft(store).peek()).toBe(begun);
  expect(root.textContent).not.toContain("An objective says what to do.");
});

test("a mission of flags that events give already is recorded alone, any other is compiled", async () => {
  const key = { name: "take_the_key", kind: "override", from: ["a"], grants: ["key"] };
  const { store } = await openEditor(["a"], [key]);
  const mission = (...flags: string[]) => ({
    id: "m",
    title: "Before the tide",
    objectives: flags.map((grants, at) => ({ id: `o${at}`, text: "Find it", grants })),
    win: { title: "Done" },
  });
  const { win: _, ...record } = mission("key");
  const [only, ...rest] = missionOps(store, mission("key"));
  expect([only, rest]).toEqual([{ op: "put_world", set: { missions: [record] } }, []]);
  for (const flags of [["key", "boat"], [""], []])
    expect(missionOps(store, mission(...flags))).toEqual([{ op: "add_mission", mission: mission(...flags) }]);
  const { store: taken } = await openEditor(["a"], [key], { world: { scene: {}, missions: [record] } });
  expect(missionOps(taken, mission("key"))).toEqual([{ op: "add_mission", mission: mission("key") }]);
});

test("an objective without words is asked for in plain words, at its field, and the kernel is not", async () => {
  const { press, begin, kernel, store, settle } = await openMissions();
  begin(" ");
  press("Add the mission to the world");
  await settle();
  expect(store.notices.list.peek().map((notice) => notice.text)).toEqual([
    "An objective needs the words that the player is told.",
  ]);
  expect(store.fieldToFocus.peek()).toBe("objectives[0].text");
  expect(kernel.seen.some(({ type }) => type === "edit")).toBe(false);
});
