/** Why something was not done, under what it is about. */
import type { JSX } from "preact";

export function Problem({ text, role }: { text: string | null; role?: "alert" }): JSX.Element | null {
  return text ? (
    <p class="wk-hint wk-error" role={role}>
      {text}
    </p>
  ) : null;
}
