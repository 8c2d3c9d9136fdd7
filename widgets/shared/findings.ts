/** Counting diagnostics. */
import type { Diagnostic, Severity } from "./protocol";

/** Return how many findings there are, of one severity if one is given, those included that are not listed one by one. */
export function countOf(diagnostics: readonly Diagnostic[], severity?: Severity): number {
  let number = 0;
  for (const one of diagnostics) if (!severity || one.severity === severity) number += one.count ?? 1;
  return number;
}
