import { h } from "preact";
import { act } from "preact/test-utils";
import { expect, test, vi } from "vitest";
import { chapterHint, clockText, progressText, readGeneration } from "../../generation/data";
import { OrderForm } from "../../generation/form";
import { ProgressCard } from "../../generation/progress";
import { type Generation, openGeneration } from "../../generation/store";
import { Disposal } from "../../shared/disposal";
import { Link } from "../../shared/link";
import type { GenerationState } from "../../shared/protocol";
import { openPage } from "../fake-dom";
import { FakeModel } from "../fake-model";

const STATE: GenerationState = {
  status: "running",
  source: "premise",
  title: "A keeper",
  done: 0,
  total: 1,
  what: "",
  place: "",
  text: "",
  picture: "",
  trouble: "",
  report: "",
  usable: false,
  worlds: [],
};

test.each([
  [{}, "Starting"],
  [{ what: "loading the model" }, "Loading the model"],
  [{ what: "planning", done: 1, total: 4 }, "Planning the story"],
  [{ what: "writing", done: 9, total: 88 }, "Writing: 9 of 88 texts"],
  [{ status: "stopped", what: "writing", done: 9, total: 88 }, "Stopped: 9 of 88 texts are written"],
  [{ status: "stopped", what: "writing", done: 0, total: 43 }, "Stopped before anything was written"],
  [{ status: "stopped", what: "act 2 of 2, writing", done: 52, total: 86 }, "Stopped at 60 %"],
  [{ status: "running", what: "act 2 of 2, writing", done: 52, total: 86 }, "act 2 of 2, writing: 60 %"],
  [{ status: "stopped" }, "Stopped before anything was written"],
] as const)("how far a generation is, in words: %o", (part, words) => {
  expect(progressText({ ...STATE, ...part })).toBe(words);
});

test("what is no state of a generation is none", () => {
  for (const value of [null, 1, [], {}, { status: "flying", worlds: [] }, { status: "done" }])
    expect(readGeneration(value)).toBeNull();
  expect(readGeneration(STATE)).toBe(STATE);
});

test("a clock and what becomes of a chapter", () => {
  expect([clockText(0), clockText(75.9), clockText(3600)]).toEqual(["0:00", "1:15", "60:00"]);
  expect(chapterHint(12)).toContain("at least 400");
  expect(chapterHint(2_000)).toBe("2,000 characters become one world.");
  expect(chapterHint(9_000)).toContain("several acts");
  expect(chapterHint(300_000)).toContain("one part of the book");
});

test("Stop interrupts the cell of a kernel that does not answer, and none that runs after its generation", () => {
  vi.useFakeTimers();
  vi.stubGlobal("ShadowRoot", class {});
  const { root, show } = openPage();
  const interrupt = vi.fn(() => true);
  const generation = {
    asking: { value: false },
    decide: () => new Promise(() => {}),
    interrupt,
  } as unknown as Generation;
  const showCard = (state: GenerationState) =>
    show(h(ProgressCard, { generation, state, off: false, use: "Edit this world" }));
  const press = () => root.descendants.find(({ textContent }) => textContent === "Stop")?.fire("click");
  showCard(STATE);
  press();
  press();
  vi.advanceTimersByTime(5000);
  expect(interrupt).toHaveBeenCalledTimes(1);
  press();
  showCard({ ...STATE, status: "stopped" });
  vi.advanceTimersByTime(5000);
  expect(interrupt).toHaveBeenCalledTimes(1);
  show(null);
});

test.each([
  ["templates", true],
  ["hosted", false],
])("what only a capable model plans can be chosen only for one: %s", (model, isLeftOut) => {
  const draft = {
    model,
    otherModel: "",
    premise: "",
    chapter: "",
    states: 6,
    seed: 1,
    planner: "auto",
    features: [],
  };
  const generation = { asking: { value: false }, draft: { value: draft }, change: () => {} } as unknown as Generation;
  const models = [{ id: model, label: model, about: "" }];
  const { root, show } = openPage();
  show(h(OrderForm, { generation, source: "premise", models, off: false }));
  expect(root.textContent.includes("cannot do these")).toBe(isLeftOut);
  expect(root.find("type", "checkbox").attributes.has("disabled")).toBe(isLeftOut);
});

test("what was asked of a kernel that has not answered can be seen, and is asked once", async () => {
  vi.stubGlobal("ShadowRoot", class {});
  const { root, show } = openPage();
  const model = new FakeModel();
  const link = new Link(model);
  const disposal = new Disposal();
  const generation = openGeneration(model, link, disposal);
  const models = [{ id: "templates", label: "templates", about: "" }];
  const button = (label: string) =>
    root.descendants.find(({ textContent, localName }) => localName === "button" && textContent === label);
  show(h(OrderForm, { generation, source: "premise", models, off: false }));
  act(() => void generation.begin("premise", "templates"));
  // a button that is disabled would lose the focus
  expect(button("Starting…")?.attributes.has("disabled")).toBe(false);
  act(() => link.dispose());
  await vi.waitFor(() => expect(button("Generate")?.attributes.has("disabled")).toBe(false));
  show(null);
  disposal.dispose();
});

test("a failed generation that is tried again says that it asks", async () => {
  vi.stubGlobal("ShadowRoot", class {});
  const { root, show } = openPage();
  const model = new FakeModel();
  const link = new Link(model);
  const disposal = new Disposal();
  const generation = openGeneration(model, link, disposal);
  const state: GenerationState = { ...STATE, status: "failed", trouble: "No model." };
  show(h(ProgressCard, { generation, state, off: false, use: "Edit as is" }));
  const again = root.descendants.find(
    ({ localName, textContent }) => localName === "button" && textContent === "Try again",
  );
  act(() => again?.fire("click"));
  expect(root.textContent).toContain("Asking the kernel…");
  expect(again?.attributes.has("disabled")).toBe(false);
  act(() => link.dispose());
  await vi.waitFor(() => expect(root.textContent).not.toContain("Asking the kernel…"));
  show(null);
  disposal.dispose();
});
