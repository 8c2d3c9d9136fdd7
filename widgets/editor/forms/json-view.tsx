/** The whole of what a form edits, as JSON. What is typed is checked by the kernel, which names each problem with its path. */
import type { JSX } from "preact";
import { isObject } from "../../shared/json";
import { TextField } from "../../shared/ui/field";
import { useForm } from "./form";
import { Group } from "./form-layout";
import { parseJson } from "./unknown-fields";

export function JsonView(): JSX.Element {
  const form = useForm();
  return (
    <Group title="JSON" open={false}>
      <TextField
        label={`${form.owner}, as JSON`}
        name="json"
        value={JSON.stringify(form.body, null, 2)}
        multiline
        mono
        rows={8}
        readOnly={form.readOnly}
        onCommit={(input) => {
          const result = parseJson(input);
          if ("refused" in result) return result.refused;
          const { value } = result;
          if (!isObject(value)) return "Expected an object, in braces.";
          return form.change(`Edit the JSON of ${form.owner}`, () => value, true);
        }}
      />
    </Group>
  );
}
