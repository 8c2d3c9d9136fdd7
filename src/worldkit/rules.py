"""The lint rules by their codes, ``lint``, and the gate that a generated world must pass (docs/spec/rules.md)."""

from __future__ import annotations

from worldkit.ruleset import (
    DEEP_RULES,
    MOST,
    RULES,
    Found,
    Index,
    Rule,
    all_found,
    diagnosed,
    fix_ops,
    fixed,
    lint,
    rule,
)
from worldkit.ruleset.gate import Verdict, verify

__all__ = [
    "DEEP_RULES",
    "MOST",
    "RULES",
    "Found",
    "Index",
    "Rule",
    "Verdict",
    "all_found",
    "diagnosed",
    "fix_ops",
    "fixed",
    "lint",
    "rule",
    "verify",
]
