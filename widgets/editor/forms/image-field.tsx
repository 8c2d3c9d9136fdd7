/** The address of an image or a clip. Nothing is ever fetched: only an image embedded in the world is shown. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { text } from "../../shared/json";
import { Icon } from "../../shared/ui/icon";
import { Problem } from "../../shared/ui/problem";
import { FieldFindings, type FieldProps, Line, useField } from "./fields";
import { fieldName } from "./paths";

const DATA_URL = /^data:(image\/[a-z0-9.+-]+);base64,/i;
/** Largest picture put into a world, in bytes: a message of the notebook holds 4 MB, and base64 grows by a third. */
const MAX_IMAGE_BYTES = 2_500_000;

/** Say what a data address holds: "image/png, 1.2 MB"; null for another address. */
export function inside(address: string): string | null {
  const kind = DATA_URL.exec(address);
  if (!kind) return null;
  const bytes = ((address.length - kind[0].length) * 3) / 4;
  return `${kind[1]}, ${bytes < 1e5 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`}`;
}

export function ImageField(props: FieldProps & { required?: boolean }): JSX.Element {
  const { form, value, set } = useField(props);
  const [problem, setProblem] = useState<string | null>(null);
  const address = text(value);
  const embedded = inside(address);

  const take = (file: File | undefined) => {
    if (!file) return;
    if (file.size > MAX_IMAGE_BYTES) {
      setProblem(
        `${file.name} is ${(file.size / 1e6).toFixed(1)} MB; up to ${MAX_IMAGE_BYTES / 1e6} MB fit into a world.`,
      );
      return;
    }
    const reader = new FileReader();
    reader.onload = () => void set(String(reader.result), true).then(setProblem);
    reader.onerror = () => setProblem(`${file.name} could not be read.`);
    reader.readAsDataURL(file);
  };

  return (
    <div class="we-picture">
      {embedded === null ? (
        <Line {...props} mono placeholder="https://… or a file next to the world" />
      ) : (
        <div class="wk-field" data-field={fieldName(props.at)}>
          <span class="wk-label">{props.label}</span>
          <div class="we-picture-embedded">
            <img src={address} alt={props.label} />
            <span class="wk-hint">{embedded}</span>
            {form.readOnly ? null : (
              <button
                type="button"
                class="we-tool"
                aria-label={`Remove the ${props.label.toLowerCase()}`}
                title={`Remove the ${props.label.toLowerCase()}`}
                onClick={() => void set(props.required ? "" : undefined)}
              >
                <Icon name="close" />
              </button>
            )}
          </div>
          <FieldFindings at={props.at} />
        </div>
      )}
      {form.readOnly ? null : (
        <label class="we-text-button">
          <Icon name="plus" />
          <span>Choose a picture file</span>
          <input
            type="file"
            accept="image/png,image/jpeg,image/webp,image/gif"
            class="wk-visually-hidden"
            onChange={(event) => {
              take(event.currentTarget.files?.[0]);
              event.currentTarget.value = "";
            }}
          />
        </label>
      )}
      <Problem text={problem} role="alert" />
    </div>
  );
}
