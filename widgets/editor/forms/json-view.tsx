/** The whole of what a form edits, as JSON. What is typed is checked by the kernel, which names each problem with its path. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { isObject, type JsonObject, same } from "../../shared/json";
import { TextField } from "../../shared/ui/field";
import { useForm } from "./form";
import { Group } from "./form-layout";
import { parseJson } from "./unknown-fields";

/** Return an object with what was changed in it between two others. */
function rebase(before: JsonObject, after: JsonObject, now: JsonObject): JsonObject {
  if (same(before, now)) return after;
  const keys = [...new Set([...Object.keys(now), ...Object.keys(after)])];
  return Object.fromEntries(
    keys.flatMap((key) => {
      const [old, typed, current] = [before[key], after[key], now[key]];
      const isUntouched = JSON.stringify(old) === JSON.stringify(typed);
      const isDeep = isObject(old) && isObject(typed) && isObject(current);
      const value = isDeep ? rebase(old, typed, current) : isUntouched ? current : typed;
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

export function JsonView(): JSX.Element {
  const form = useForm();
  // What is typed is a change of what the field held when the typing began: other edits since then stay.
  const start = useRef<JsonObject | null>(null);
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
        onDraft={(draft) => {
          start.current = draft === null ? null : (start.current ?? form.body);
        }}
        onCommit={(input) => {
          const result = parseJson(input);
          if ("refused" in result) return result.refused;
          const { value } = result;
          if (!isObject(value)) return "Expected an object, in braces.";
          const before = start.current ?? form.body;
          return form.change(`Edit the JSON of ${form.owner}`, (now) => rebase(before, value, now), true);
        }}
      />
    </Group>
  );
}
