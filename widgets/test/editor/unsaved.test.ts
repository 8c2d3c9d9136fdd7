import { afterEach, beforeEach, expect, test } from "vitest";
import { changeForm } from "../../editor/forms/form";
import { cellSender } from "../../editor/tables/columns";
import { writtenStateOps } from "../../editor/writing/choice-ops";
import { renameStateOps } from "../../editor/writing/names";
import type { JsonObject } from "../../shared/json";
import type { Op } from "../../shared/protocol";
import { openEditor, turn } from "./open-editor";

async function open() {
  const { model, kernel, store, actions, settle } = await openEditor(["a", "b"]);
  const current = (id: string) => () => {
    const now = store.currentName("state", id);
    return store.doc.peek().states.find((state) => state.id === now)?.body ?? null;
  };
  const form = (id: string) =>
    changeForm(actions, current(id), (before, after) => ({
      ops: writtenStateOps(store.doc.peek(), store.autoNames, store.currentName("state", id), before, after).ops,
    }));
  const write = (id: string, patch: JsonObject) => void form(id)("Write", (body) => ({ ...body, ...patch }), true);
  const rename = (id: string, to: string) =>
    void actions.change(() => ({ ops: renameStateOps(store.doc.peek(), store.autoNames, id, to) }));
  const unsaved = async () => {
    await turn();
    await actions.copyUnsaved();
    return JSON.parse(store.code.value) as Op[];
  };
  return { model, kernel, store, actions, settle, write, rename, unsaved };
}

type Editor = Awaited<ReturnType<typeof open>>;
let editor: Editor;
beforeEach(async () => {
  editor = await open();
  editor.model.busy = true;
});
afterEach(() => editor.model.deliver());

test("texts that wait behind the one being sent are copied, each once and in order", async () => {
  editor.write("a", { base: "One." });
  editor.write("a", { base: "Two." });
  editor.write("b", { narration: "Three." });
  expect(await editor.unsaved()).toEqual([
    { op: "update_state", id: "a", patch: { base: "One." } },
    { op: "update_state", id: "a", patch: { base: "Two." } },
    { op: "update_state", id: "b", patch: { narration: "Three." } },
  ]);
});

test("cells of a table that wait are copied", async () => {
  const send = cellSender(editor);
  for (const id of ["a", "b"]) void send(() => [{ op: "set_field", state: id, field: "base", value: `The ${id}.` }]);
  expect((await editor.unsaved()).map(({ value }) => value)).toEqual(["The a.", "The b."]);
});

test("an edit that waits is copied as it is after the ones before it", async () => {
  editor.write("a", { ambient: ["rain"] });
  void changeForm(
    editor.actions,
    () => editor.store.doc.peek().states[0]?.body ?? null,
    (_, after) => ({ ops: [{ op: "put_state", id: "a", state: after }] }),
  )("Add", (body) => ({ ...body, ambient: [...(body.ambient as string[]), "wind"] }));
  editor.rename("a", "c");
  editor.write("a", { base: "Under its new name." });
  const [, second, third, last] = await editor.unsaved();
  expect(second).toEqual({ op: "put_state", id: "a", state: { base: "a", ambient: ["rain", "wind"] } });
  expect(third).toEqual({ op: "rename_state", from: "a", to: "c" });
  expect(last).toMatchObject({ op: "update_state", id: "c" });
});

test("a choice in a text that waits is copied once, though the text is written again", async () => {
  editor.write("b", { narration: "First." });
  editor.write("a", { base: "A.\n[[Go down->cellar]]" });
  editor.write("a", { base: "A, again.\n[[Go down->cellar]]" });
  const names = () => [[...editor.store.autoNames.states], [...editor.store.autoNames.events]];
  const before = names();
  const ops = await editor.unsaved();
  expect(names()).toEqual(before);
  expect(ops.filter(({ op }) => op === "add_state").map(({ id }) => id)).toEqual(["cellar"]);
  expect(ops.filter(({ op }) => op === "add_transition")).toHaveLength(1);
});

test("what goes wrong while copying leaves nothing of what was looked at", () => {
  const { store } = editor;
  const [session, doc] = [store.session.peek(), store.doc.peek()];
  expect(() =>
    store.rehearse((expect) => {
      expect({ ops: [{ op: "rename_state", from: "a", to: "c" }] });
      store.autoNames.states.add("c");
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(store.session.peek()).toBe(session);
  expect(store.doc.peek()).toBe(doc);
  expect(store.currentName("state", "a")).toBe("a");
  expect(store.autoNames.states.has("c")).toBe(false);
});

test("copying changes nothing: every edit that waits is made once the kernel answers", async () => {
  editor.write("a", { narration: "One." });
  editor.write("b", { narration: "B." });
  editor.write("a", { narration: "Two." });
  const doc = editor.store.doc.peek();
  await editor.unsaved();
  expect(editor.store.doc.peek()).toBe(doc);
  editor.model.busy = false;
  await editor.settle();
  const ops = editor.kernel.seen.flatMap(({ type, ops }) => (type === "edit" ? (ops as Op[]) : []));
  expect(ops.map(({ id, patch }) => [id, patch])).toEqual([
    ["a", { narration: "One." }],
    ["b", { narration: "B." }],
    ["a", { narration: "Two." }],
  ]);
  expect(await editor.unsaved()).toEqual([]);
});

test("a second press on Fix before the first was answered fixes nothing else", async () => {
  const finding = { lint: "x", severity: "error", message: "m", item: { kind: "world", id: "", field: "" } } as never;
  editor.actions.fix(finding);
  editor.actions.fix(finding);
  editor.actions.fixAll("x");
  editor.actions.fixAll("x");
  editor.model.busy = false;
  await editor.settle();
  expect(editor.kernel.seen.map(({ type }) => type)).toEqual(["hello", "fix", "fix_all"]);
  editor.actions.fixAll("x");
  await editor.settle();
  expect(editor.kernel.seen.map(({ type }) => type).at(-1)).toBe("fix_all");
  expect(editor.kernel.seen).toHaveLength(4);
});
