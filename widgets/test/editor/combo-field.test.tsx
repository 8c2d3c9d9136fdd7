/** A field that takes names: each name that was meant is taken once, also while the kernel is busy. */
import { beforeEach, expect, test, vi } from "vitest";
import { Combo, type ComboProps } from "../../editor/forms/combo-field";
import { RefusedText } from "../../shared/ui/field";
import { openPage } from "../fake-dom";
import { turn } from "./open-editor";

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run)));

/** Show a field for flags beside a kernel that answers when it is told to. */
function openCombo(more: Partial<ComboProps> = {}) {
  const page = openPage();
  const picked: string[] = [];
  const answers: ((rejection: string | null) => void)[] = [];
  const giveBack = vi.fn();
  const onPick = (name: string) => {
    picked.push(name);
    return new Promise<string | null>((resolve) => answers.push(resolve));
  };
  const options = ["lamp", "oil"].map((value) => ({ value }));
  page.show(
    <RefusedText.Provider value={giveBack}>
      <Combo label="Requires" value="" noun="flag" options={options} readOnly={false} open onPick={onPick} {...more} />
    </RefusedText.Provider>,
  );
  const field = page.root.field("Requires");
  const answer = async (rejection: string | null) => {
    answers.shift()?.(rejection);
    await turn();
  };
  return { page, field, picked, answer, giveBack };
}

test("leaving the field before the kernel has answered adds nothing besides what was picked", async () => {
  const { field, picked, answer } = openCombo();
  field.typeText("amp");
  field.fire("keydown", { key: "ArrowDown" });
  field.fire("keydown", { key: "Enter" });
  field.fire("blur");
  await answer(null);
  expect(picked).toEqual(["lamp"]);
  field.fire("blur");
  expect(picked).toEqual(["lamp"]);
});

test("what is typed while a name is being added is taken when the field is left", async () => {
  const { field, picked, answer } = openCombo();
  field.typeText("lamp");
  field.fire("keydown", { key: "Enter" });
  field.typeText("brass_key");
  field.fire("blur");
  await answer(null);
  expect(picked).toEqual(["lamp", "brass_key"]);
});

test("a name that is typed is taken when the form goes away, and once where the field was left before", async () => {
  const { page, field, picked } = openCombo();
  field.typeText("brass_key");
  page.show(null);
  field.fire("blur");
  expect(picked).toEqual(["brass_key"]);
  const left = openCombo();
  left.field.typeText("brass_key");
  left.field.fire("blur");
  left.page.show(null);
  expect(left.picked).toEqual(["brass_key"]);
});

test("a name that cannot be taken is given back when the form goes away", async () => {
  const { page, field, picked, giveBack } = openCombo({ open: false, noun: "state" });
  field.typeText("cellr");
  page.show(null);
  field.fire("blur");
  expect(picked).toEqual([]);
  expect(giveBack.mock.calls).toEqual([["cellr", "There is no state called “cellr”."]]);
});

test("a name that is refused after the form went away is given back", async () => {
  const { page, field, answer, giveBack } = openCombo();
  field.typeText("brass_key");
  page.show(null);
  await answer("It was deleted by someone else.");
  expect(giveBack.mock.calls).toEqual([["brass_key", "It was deleted by someone else."]]);
});
