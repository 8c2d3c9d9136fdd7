import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Notices } from "../../shared/ui/toasts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

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
