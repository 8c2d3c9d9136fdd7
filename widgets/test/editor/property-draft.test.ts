/** What is typed of a property is saved whole, under the name that it has by then. */
import { expect, test } from "vitest";
import { PropertyDraft } from "../../editor/properties/draft";
import type { PropertyEdit } from "../../shared/protocol";

/** Open the draft of a property beside a kernel that answers when it is told to. */
function openDraft(name: string, text: string) {
  let listed = { name, text };
  const sent: PropertyEdit[] = [];
  const answers: ((refusal: string | null) => void)[] = [];
  let closings = 0;
  let last: Promise<unknown> = Promise.resolve();
  const draft = new PropertyDraft({
    row: () => listed,
    inTurn: (run) => {
      const turn = last.then(run);
      last = turn;
      return turn;
    },
    send: (edit) => {
      sent.push(edit);
      return new Promise((resolve) => answers.push(resolve));
    },
    read: async (typed) => typed.replace(/ +/g, " "),
    onDone: () => {
      closings += 1;
    },
  });
  const pause = () => new Promise((resolve) => setTimeout(resolve));
  const answer = async (refusal: string | null) => {
    await pause();
    answers.shift()?.(refusal);
    await pause();
  };
  const list = (now: typeof listed) => {
    listed = now;
  };
  return { draft, sent, answer, list, closings: () => closings };
}

test("a name is saved with the text that was typed before it, and then the form closes", async () => {
  const { draft, sent, answer, closings } = openDraft("lamp", "never a");
  draft.text.value = "never b";
  draft.name = "oil";
  const saved = draft.saveName("oil");
  await answer(null);
  expect(await saved).toBe(null);
  expect(sent).toEqual([{ name: "lamp", text: "never b", rename: "oil" }]);
  expect([draft.text.peek(), draft.name, closings()]).toEqual([null, null, 1]);
});

test("what was typed stays when it is refused", async () => {
  const { draft, answer, closings } = openDraft("lamp", "never a");
  draft.text.value = "never (";
  draft.name = "oil";
  const saved = draft.saveName("oil");
  await answer("It cannot be read.");
  expect(await saved).toBe("It cannot be read.");
  expect([draft.text.peek(), draft.name, closings()]).toEqual(["never (", "oil", 0]);
});

test("a text that is typed while a name is being saved keeps the form open, and is saved under the new name", async () => {
  const { draft, sent, answer, list, closings } = openDraft("lamp", "never a");
  draft.name = "oil";
  void draft.saveName("oil");
  draft.text.value = "never b";
  await answer(null);
  expect([draft.text.peek(), closings()]).toEqual(["never b", 0]);
  list({ name: "oil", text: "never a" });
  void draft.saveText("never b");
  await answer(null);
  expect(sent[1]).toEqual({ name: "oil", text: "never b" });
  expect([draft.text.peek(), closings()]).toEqual([null, 1]);
});

test("a property without a name that is named right after its text was changed is found by the new text", async () => {
  const { draft, sent, answer } = openDraft("never a", "never a");
  void draft.saveText("never  b");
  draft.name = "dry feet";
  void draft.saveName("dry feet");
  await answer(null);
  await answer(null);
  expect(sent).toEqual([
    { name: "never a", text: "never  b" },
    { name: "never b", text: "never  b", rename: "dry feet" },
  ]);
});

test("a name keeps the text that was saved by others meanwhile, and no other property takes its edit", async () => {
  const { draft, sent, answer, list } = openDraft("lamp", "never a");
  list({ name: "lamp", text: "never c" });
  void draft.saveName("oil");
  await answer(null);
  list({ name: "another", text: "never d" });
  void draft.saveText("never b");
  await answer("this property is gone");
  expect(sent).toEqual([
    { name: "lamp", text: "never c", rename: "oil" },
    { name: "oil", text: "never b" },
  ]);
});
