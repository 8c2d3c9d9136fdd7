/** A length against its limit, in words and as a bar. */
import type { JSX } from "preact";

export interface MeterProps {
  label: string;
  value: number;
  max: number;
}

export function Meter({ label, value, max }: MeterProps): JSX.Element {
  const over = value > max;
  const share = max > 0 ? Math.min(1, value / max) : 0;
  return (
    <div class="wk-field">
      <p class={`wk-hint${over ? " wk-error" : ""}`}>
        {`${label}: ${value.toLocaleString("en")} of ${max.toLocaleString("en")} characters`}
        {over ? `, ${(value - max).toLocaleString("en")} too many` : ""}
      </p>
      <div
        class={`wk-meter${over ? " wk-over" : ""}`}
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={value}
      >
        <span style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
