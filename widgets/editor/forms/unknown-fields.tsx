/** Fields without a control of their own, shown and edited as JSON. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { isObject, type Json } from "../../shared/json";
import { TextField } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import { FieldFindings, useChangeName } from "./fields";
import { useForm } from "./form";
import { fieldName, type Path, put, read } from "./paths";

/** Return the value that a text is the JSON of, or in words why it is none. */
export function parseJson(input: string): { value: Json } | { refused: string } {
  try {
    return { value: JSON.parse(input) as Json };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^JSON\.parse: |^JSON Parse error: /, "") : "";
    return { refused: `This is not JSON: ${why || "something is missing"}. A text is written in double quotes.` };
  }
}

/** Return the names of the fields of an object that no control is for. */
export function unknownFields(value: Json | undefined, knownNames: ReadonlySet<string>): string[] {
  return isObject(value) ? Object.keys(value).filter((key) => !knownNames.has(key)) : [];
}

/** The unknown fields of the object at a path; nothing where there are none, unless one may be added. */
export function UnknownFields({
  at,
  knownNames,
  adds = false,
}: {
  at: Path;
  knownNames: ReadonlySet<string>;
  adds?: boolean;
}): JSX.Element | null {
  const form = useForm();
  const naming = useChangeName();
  const keys = unknownFields(at.length === 0 ? form.body : read(form.body, at), knownNames);
  const [fresh, setFresh] = useState<string | null>(null);
  const [typedName, setTypedName] = useState<string | null>(null);
  // A field that goes away sends what is typed in it: it stays when the kernel goes silent.
  const isAdding = fresh !== null || typedName !== null;
  if (keys.length === 0 && !adds) return null;
  const put_ = (key: string, value: Json | undefined) =>
    form.change(naming(value === undefined ? "Remove" : "Set", key), (body) => put(body, [...at, key], value), true);
  return (
    <div class="we-rest">
      {keys.map((key) => (
        <div key={key} class="we-rest-field">
          <TextField
            label={key}
            name={fieldName([...at, key])}
            value={JSON.stringify(read(form.body, [...at, key]), null, 2)}
            multiline
            mono
            rows={1}
            readOnly={form.readOnly}
            hint={<FieldFindings at={[...at, key]} deep />}
            onCommit={(input) => {
              const result = parseJson(input);
              return "refused" in result ? result.refused : put_(key, result.value);
            }}
          />
          {form.readOnly ? null : (
            <button
              type="button"
              class="we-tool"
              aria-label={`Remove field ${key}`}
              title={`Remove field ${key}`}
              onClick={() => void put_(key, undefined)}
            >
              <Icon name="close" />
            </button>
          )}
        </div>
      ))}
      {adds && (isAdding || !form.readOnly) ? (
        <>
          <TextField
            label="Add a field"
            value=""
            mono
            placeholder="name, then Enter"
            readOnly={form.readOnly}
            onDraft={setTypedName}
            onCommit={(input) => {
              const key = input.trim();
              if (key === "") return null;
              if (knownNames.has(key) || keys.includes(key)) return `There is a field called “${key}” already.`;
              setFresh(key);
              return null;
            }}
          />
          {fresh === null ? null : (
            <TextField
              key={fresh}
              label={`${fresh}, as JSON`}
              value=""
              multiline
              mono
              rows={2}
              readOnly={form.readOnly}
              placeholder={'"a text", 12, true, ["a", "b"], {"a": 1}'}
              onCommit={async (input) => {
                const result = parseJson(input);
                if ("refused" in result) return result.refused;
                const rejection = await put_(fresh, result.value);
                if (rejection === null) setFresh((now) => (now === fresh ? null : now));
                return rejection;
              }}
            />
          )}
        </>
      ) : null}
    </div>
  );
}
