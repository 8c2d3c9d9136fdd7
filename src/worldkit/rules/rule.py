"""What a lint rule is: one function, with what a writer needs to know about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from worldkit.diagnostics import Diagnostic, ItemKind, Severity, diagnostic
from worldkit.jsonish import Json, shown
from worldkit.world import World

T = TypeVar("T")
Fix = Callable[[World, Diagnostic], list[Json]]


class Found(NamedTuple):
    """What a check reports: the message, and the item it is about; its rule adds the rest."""

    message: str
    kind: ItemKind
    id: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """One lint rule (contract/rules.md).

    Attributes:
        id: Its name in diagnostics, such as ``"dangling-ref"``.
        severity: Errors block play, warnings never do.
        title: A few words for a heading.
        explanation: What it means and how to fix it, for writers.
        check: Yields what it finds, in world order. It is given an ``Index`` of the world (campaign
            rules: of the campaign), so that what several rules ask is worked out once.
        fix: Operations that settle one of its diagnostics without changing what the writer meant; None when
            only a writer can say what to do. An empty list means that there is nothing left to settle.
    """

    id: str
    severity: Severity
    title: str
    explanation: str
    check: Callable[[T], Iterable[Found]]
    fix: Fix | None = None

    def diagnose(self, index: T) -> Iterator[Diagnostic]:
        """Yield the diagnostics of this rule."""
        for message, kind, id, field in self.check(index):
            yield diagnostic(self.id, self.severity, message, kind, id, field)


def rule(
    id: str, severity: Severity, title: str, explanation: str, fix: Fix | None = None
) -> Callable[[Callable[[T], Iterable[Found]]], Rule[T]]:
    """Make a rule of the function it decorates."""

    def made(check: Callable[[T], Iterable[Found]]) -> Rule[T]:
        return Rule(id, severity, title, explanation, check, fix)

    return made


def listed(names: Iterable[str], limit: int = 5) -> str:
    """Return names for a message, the first few of many: ``"a", "b" and 3 more``."""
    given = [shown(name) for name in names]
    if len(given) > limit:
        return f"{', '.join(given[:limit])} and {len(given) - limit} more"
    return " and ".join([", ".join(given[:-1]), given[-1]] if len(given) > 1 else given)
