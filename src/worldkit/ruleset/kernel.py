"""What a hosted world's ``kernel`` says of lint (docs/spec/rules.md).

``kernel.allow`` lowers findings. Factored prose (``kernel.fields``) is filled and checked by the hosted server alone.
The kernel is a vendor field, typed as any JSON, so that nothing about its shape is certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from worldkit.core.document import Document, json_of
from worldkit.ruleset.index import Index
from worldkit.ruleset.rules import NO_ALLOWANCES, Allowances, Found, of_world, rule


def _kernel(world: Document) -> dict[str, Any]:
    kernel = json_of(world).get("kernel")
    return kernel if isinstance(kernel, dict) else {}


def allowances(world: Document) -> Allowances:
    """Return the findings that a world allows: ``{"allow": {"state[x].base": ["negation"]}}``."""
    allow = _kernel(world).get("allow")
    if not isinstance(allow, dict):
        return NO_ALLOWANCES
    return Allowances(
        {
            path: frozenset(rule for rule in rules if isinstance(rule, str))
            for path, rules in allow.items()
            if isinstance(rules, list)
        }
    )


@rule(
    "kernel-fields",
    "info",
    "Factored prose",
    "The world fills its prose from templates (kernel.fields). The hosted server does that and checks it, by its rules "
    "kernel-* and slot-*; here the texts are looked at as they stand.",
    parts=of_world,
)
def kernel_fields(index: Index) -> Iterator[Found]:
    """The world has ``kernel.fields``, whose templates only a hosted server fills and checks."""
    if _kernel(index.world).get("fields"):
        message = "its prose is filled from templates, which only a hosted server checks; lint it there as well"
        yield Found(message, "world", field="kernel.fields")
