import { expect, test } from "vitest";
import { pastedLines } from "../../editor/forms/pasted-lines";

test.each([
  ["One line.", ["One line."]],
  ["Hail.\r\nSleet.\rSnow.\u2028Rain.\n\n", ["Hail.", "Sleet.", "Snow.", "Rain."]],
  ["- Hail.\n* Sleet.\n• Snow.\n3. Rain.\n4) Fog.", ["Hail.", "Sleet.", "Snow.", "Rain.", "Fog."]],
  ["- Hail.\nSleet.", ["- Hail.", "Sleet."]],
  [" \n\t\n", []],
])("the lines of %j", (text, lines) => {
  expect(pastedLines(text)).toEqual(lines);
});
