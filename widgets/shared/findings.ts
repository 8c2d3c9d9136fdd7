/** Counting diagnostics. */
import { count } from "./format";
import type { Diagnostic, Severity } from "./protocol";

/** Return how many findings there are, of one severity if one is given, those included that are not listed one by one. */
export function countOf(diagnostics: readonly Diagnostic[], severity?: Severity): number {
  let number = 0;
  for (const one of diagnostics) if (!severity || one.severity === severity) number += one.count ?? 1;
  return number;
}

/** Return how many errors and warnings there are, in words: "1 error, 2 warnings"; empty where there are none. */
export function problemCounts(diagnostics: readonly Diagnostic[]): string {
  return (["error", "warning"] as const)
    .flatMap((severity) => {
      const number = countOf(diagnostics, severity);
      return number > 0 ? count(number, severity) : [];
    })
    .join(", ");
}
