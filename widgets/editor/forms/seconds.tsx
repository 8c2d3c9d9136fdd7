/** A length of time in a form: written in seconds, as a person says it, and kept in milliseconds, as a world has it. */
import type { JSX } from "preact";
import { TextField } from "../../shared/ui/field";
import { FieldNote, type FieldProps, parseNumber, useField } from "./fields";
import { fieldName } from "./paths";
import { duration } from "./timing-text";

interface SecondsProps extends FieldProps {
  readonly required?: boolean;
  /** What holds when nothing is typed: milliseconds, or words. */
  readonly fallback?: number | string;
}

export function Seconds(props: SecondsProps): JSX.Element {
  const { form, value, set } = useField(props);
  const { fallback, required } = props;
  const minutes = typeof value === "number" && value >= 60_000 ? duration(value) : "";
  return (
    <TextField
      label={`${props.label}, seconds`}
      name={fieldName(props.at)}
      value={typeof value === "number" ? secondsText(value) : ""}
      inputMode="decimal"
      readOnly={form.readOnly}
      placeholder={typeof fallback === "number" ? secondsText(fallback) : (fallback ?? "")}
      hint={<FieldNote at={props.at} hint={props.hint ?? minutes} />}
      onCommit={(input) => {
        const result = parseMilliseconds(input, required);
        return typeof result === "string" ? result : set(result, true);
      }}
    />
  );
}

/** Return milliseconds as the number of seconds: "4", "0.35". */
export function secondsText(ms: number): string {
  return String(Math.round(ms) / 1000);
}

/** Read what was typed in seconds ("4", "2,5", "4 s") as whole milliseconds, as `parseNumber` does. */
export function parseMilliseconds(input: string, required = false): number | undefined | string {
  const seconds = parseNumber(input.replace(/(\d)\s*(s|sec|seconds?)\s*$/i, "$1"), { least: 0, required });
  return typeof seconds === "number" ? Math.round(seconds * 1000) : seconds;
}
