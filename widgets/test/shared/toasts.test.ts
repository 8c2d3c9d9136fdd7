import { h } from "preact";
import { beforeEach, expect, test, vi } from "vitest";
import { Notices, Toasts } from "../../shared/ui/toasts";
import { openPage } from "../fake-dom";

beforeEach(() => void vi.useFakeTimers());

const copy = { label: "Copy the text", run: () => {}, stays: true };
const texts = (notices: Notices) => notices.list.value.map(({ text }) => text);

test("a notice that holds what is nowhere else stays until it is dismissed, however many follow", () => {
  const notices = new Notices();
  notices.show("refused text", "error", copy);
  for (const text of ["a", "b", "c", "d"]) notices.show(text);
  notices.show("another text", "error", copy);
  expect(texts(notices)).toEqual(["refused text", "b", "c", "d", "another text"]);
  vi.runAllTimers();
  expect(texts(notices)).toEqual(["refused text", "another text"]);
  notices.dismiss(notices.list.value[0]?.key ?? 0);
  expect(texts(notices)).toEqual(["another text"]);
});

test("a notice that later ones push out leaves no timer behind", () => {
  const notices = new Notices();
  for (const text of ["a", "b", "c", "d", "e"]) notices.show(text);
  expect(texts(notices)).toEqual(["c", "d", "e"]);
  expect(vi.getTimerCount()).toBe(3);
  notices.dispose();
  expect(vi.getTimerCount()).toBe(0);
});

test("no notice goes by itself while the pointer or the focus is among them, and each goes afterwards", () => {
  const notices = new Notices();
  const { root, show } = openPage();
  show(h(Toasts, { notices }));
  let isUsed = true;
  const matches = vi.fn((_: string) => isUsed);
  Object.assign(root.find("class", "wk-toasts"), { matches });
  notices.show("a");
  notices.show("b", "error");
  vi.advanceTimersByTime(60_000);
  expect(texts(notices)).toEqual(["a", "b"]);
  expect(new Set(matches.mock.calls.flat())).toEqual(new Set([":hover, :focus-within"]));
  notices.dismiss(notices.list.value[0]?.key ?? 0);
  expect(texts(notices)).toEqual(["b"]);
  isUsed = false;
  vi.advanceTimersByTime(2_000);
  expect(texts(notices)).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a refusal goes when the same is done, and takes the place of an earlier refusal of the same", () => {
  const notices = new Notices();
  const refused = (message: string, code = "invalid") => ({ type: "rejected", code, message }) as const;
  expect(notices.answered(refused("no editor is open"), "accept")).toBe(false);
  notices.answered(refused("it is read-only"), "save");
  notices.answered(refused("no editor is open here"), "accept");
  expect(texts(notices)).toEqual(["It is read-only.", "No editor is open here."]);
  expect(notices.answered({ type: "accepted" }, "accept")).toBe(true);
  expect(texts(notices)).toEqual(["It is read-only."]);
  expect(notices.answered(refused("no connection", "disconnected") as never, "accept")).toBe(false);
  expect(texts(notices)).toEqual(["It is read-only."]);
});

test("a notice that is there already is not shown a second time", () => {
  const notices = new Notices();
  for (let at = 0; at < 3; at += 1) notices.show("Select a state first.");
  expect(texts(notices)).toEqual(["Select a state first."]);
});

test("a view that is closed shows no notice any more, such as of an edit that is refused later", () => {
  const notices = new Notices();
  notices.show("before", "error", copy);
  notices.dispose();
  notices.show("refused", "error", copy);
  notices.show("passing");
  expect(texts(notices)).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
