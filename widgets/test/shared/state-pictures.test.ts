import { expect, test } from "vitest";
import { Link } from "../../shared/link";
import type { StatePicture } from "../../shared/protocol";
import { imageUrl, openPictures, thumbnailUrl } from "../../shared/state-pictures";
import { FakeModel, type Sent } from "../fake-model";

const picture = (svg: string): StatePicture => ({
  kind: "storyboard",
  label: "A lane.",
  note: "",
  src: "",
  layers: [svg],
  motion: "push",
});

function opened(most = 100) {
  const model = new FakeModel();
  const messages: Sent[] = [];
  model.kernel = (message) => messages.push(message);
  const pictures = openPictures(new Link(model), "thumbnail", most);
  const answer = async (): Promise<void> => {
    const message = messages.at(-1) as Sent;
    const states = message.states as string[];
    const known = states.filter((state) => !state.startsWith("no"));
    const { id, view } = message;
    model.tell({ type: "pictures", id, view, pictures: Object.fromEntries(known.map((s) => [s, picture(`<${s}/>`)])) });
    await settled();
    model.deliver();
  };
  return { model, messages, pictures, answer };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
}

test("pictures asked for together go out in one message, once each", async () => {
  const { model, messages, pictures, answer } = opened();
  expect([pictures.of("a"), pictures.of("b"), pictures.of("a")]).toEqual([null, null, null]);
  await settled();
  model.deliver();
  expect(messages.map(({ states }) => states)).toEqual([["a", "b"]]);
  await answer();
  expect(pictures.of("a")?.layers).toEqual(["<a/>"]);
  expect(pictures.of("b")?.label).toBe("A lane.");
  expect(messages).toHaveLength(1);
});

test("another version of a state is asked for again, and the old picture stays until it comes", async () => {
  const { model, messages, pictures, answer } = opened();
  const [first, second] = [{}, {}];
  pictures.of("a", first);
  await settled();
  model.deliver();
  await answer();
  expect(pictures.of("a", first)?.layers).toEqual(["<a/>"]);
  expect(pictures.of("a", second)?.layers).toEqual(["<a/>"]);
  await settled();
  model.deliver();
  expect(messages).toHaveLength(2);
  expect(pictures.areDue.value).toBe(true);
  await answer();
  expect(pictures.areDue.value).toBe(false);
  pictures.of("a", second);
  await settled();
  model.deliver();
  expect(messages).toHaveLength(2);
});

test("pictures that are out of date are asked for again when they are shown, and are the same object where they are the same", async () => {
  const { model, messages, pictures, answer } = opened();
  pictures.of("a");
  await settled();
  model.deliver();
  await answer();
  const before = pictures.of("a");
  pictures.outdate();
  await settled();
  model.deliver();
  expect(messages).toHaveLength(1);
  expect(pictures.of("a")).toBe(before);
  await settled();
  model.deliver();
  expect(messages).toHaveLength(2);
  await answer();
  expect(pictures.of("a")).toBe(before);
});

test("a picture that has just been made is shown without being asked for, also while a reply is awaited", async () => {
  const { model, messages, pictures, answer } = opened();
  const arrive = async (detail: string, made: { [state: string]: StatePicture | null }): Promise<void> => {
    model.tell({ type: "new_pictures", detail, pictures: made });
    await settled();
    model.deliver();
  };
  pictures.of("a");
  pictures.of("b");
  await settled();
  model.deliver();
  await arrive("thumbnail", { b: picture("<new-b/>") });
  expect(pictures.of("b")?.layers).toEqual(["<new-b/>"]);
  await answer();
  expect(pictures.of("b")?.layers).toEqual(["<new-b/>"]);
  await settled();
  model.deliver();
  await answer();
  expect(messages.map(({ states }) => states)).toEqual([["a", "b"], ["b"]]);

  await arrive("full", { a: picture("<large/>") });
  await arrive("thumbnail", { a: picture("<new-a/>"), unseen: picture("<unseen/>") });
  expect(pictures.of("a")?.layers).toEqual(["<new-a/>"]);
  await settled();
  model.deliver();
  expect(messages).toHaveLength(2);

  await arrive("thumbnail", { a: null });
  expect(pictures.of("a")?.layers).toEqual(["<new-a/>"]);
  await settled();
  model.deliver();
  expect(messages.at(-1)?.states).toEqual(["a"]);
});

test("what has no picture is not asked for again", async () => {
  const { model, messages, pictures, answer } = opened();
  pictures.of("nowhere");
  await settled();
  model.deliver();
  await answer();
  expect(pictures.of("nowhere")).toBeNull();
  await settled();
  model.deliver();
  expect(messages).toHaveLength(1);
});

test("a batch is bounded, one is under way at a time, and the cache is bounded", async () => {
  const { model, messages, pictures, answer } = opened(10);
  for (let at = 0; at < 30; at += 1) pictures.of(`s${at}`);
  await settled();
  model.deliver();
  expect(messages).toHaveLength(1);
  expect(messages[0]?.states).toHaveLength(24);
  await answer();
  expect(messages[1]?.states).toHaveLength(6);
  await answer();
  const kept = Array.from({ length: 30 }, (_, at) => `s${at}`).filter((state) => pictures.of(state) !== null);
  expect(kept).toHaveLength(10);
});

test("a cleared cache does not take what was asked before", async () => {
  const { model, pictures, answer } = opened();
  pictures.of("a");
  await settled();
  model.deliver();
  pictures.clear();
  await answer();
  expect(pictures.of("a")).toBeNull();
});

test("SVG is shown as an image, with all its characters escaped", () => {
  expect(imageUrl('<svg id="#a">')).toBe("data:image/svg+xml;charset=utf-8,%3Csvg%20id%3D%22%23a%22%3E");
  expect(thumbnailUrl({ ...picture(""), layers: [], src: "data:image/png;base64,AA" })).toBe(
    "data:image/png;base64,AA",
  );
});

test("pictures whose request was refused are ordered again when they are drawn next, not by themselves", async () => {
  const { model, messages, pictures, answer } = opened();
  const [first, second] = [{}, {}];
  pictures.of("a", first);
  await settled();
  model.deliver();
  await answer();
  const before = pictures.of("a", first);
  pictures.of("a", second);
  pictures.of("b");
  await settled();
  model.deliver();
  const changes = pictures.changes.value;
  const { id, view } = messages.at(-1) as Sent;
  model.tell({ type: "rejected", id, view, code: "internal", message: "the kernel was interrupted; try again" });
  await settled();
  model.deliver();
  expect([messages.length, pictures.changes.value, pictures.areDue.value]).toEqual([2, changes, false]);
  expect([pictures.of("a", second), pictures.of("b")]).toEqual([before, null]);
  await settled();
  model.deliver();
  expect(messages.at(-1)?.states).toEqual(["a", "b"]);
  await answer();
  expect([pictures.of("a", second)?.layers, pictures.of("b")?.layers]).toEqual([["<a/>"], ["<b/>"]]);
});
