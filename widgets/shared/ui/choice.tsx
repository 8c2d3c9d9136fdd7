/** Check boxes and selects. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";

export interface CheckProps {
  label: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

export function Check({ label, checked, disabled, onChange }: CheckProps): JSX.Element {
  return (
    <label class="wk-check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled ?? false}
        onChange={(event) => {
          const next = event.currentTarget.checked;
          // The kernel decides: show its value until the change comes back.
          event.currentTarget.checked = checked;
          onChange(next);
        }}
      />
      <span>{label}</span>
    </label>
  );
}

export interface SelectProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  disabled?: boolean;
  onChange: (value: string) => void;
}

export function Select({ label, value, options, disabled, onChange }: SelectProps): JSX.Element {
  const id = useId();
  return (
    <div class="wk-field">
      <label class="wk-label" for={id}>
        {label}
      </label>
      <select
        id={id}
        class="wk-input"
        value={value}
        disabled={disabled ?? false}
        onChange={(event) => {
          const next = event.currentTarget.value;
          event.currentTarget.value = value;
          onChange(next);
        }}
      >
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
