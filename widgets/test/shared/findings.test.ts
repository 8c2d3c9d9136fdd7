import { expect, test } from "vitest";
import { countOf } from "../../shared/findings";
import type { Diagnostic, Severity } from "../../shared/protocol";

const diagnosticOf = (severity: Severity, count?: number): Diagnostic => ({
  lint: "dangling-ref",
  severity,
  path: "world",
  message: "A message.",
  item: { kind: "world", id: "", field: "" },
  ...(count === undefined ? {} : { count }),
});

test("findings that are not listed one by one are counted", () => {
  const all = [diagnosticOf("error"), diagnosticOf("error", 998), diagnosticOf("warning"), diagnosticOf("info", 2)];
  expect(countOf(all, "error")).toBe(999);
  expect(countOf(all, "warning")).toBe(1);
  expect(countOf(all)).toBe(1002);
});
