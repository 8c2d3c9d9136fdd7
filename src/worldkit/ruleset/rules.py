"""What a lint rule is: one function, with what a writer needs to know about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar, overload

from worldkit.core.diagnostics import Diagnostic, Item, ItemKind, Severity, diagnostic, rest_of
from worldkit.core.json_values import Json, shown

T = TypeVar("T")
Fix = Callable[[T, Sequence[Item]], list[Json]]

MOST = 100
"""Findings of one rule that are listed one by one; one more says how many there are besides."""

MOST_TEXT = 64 * 1024
"""Characters of those findings together, paths and ids included, since a name may be as long as a document."""


class Found(NamedTuple):
    """What a check reports: the message, and the item it is about; its rule adds the rest."""

    message: str
    kind: ItemKind
    id: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """One lint rule (docs/spec/rules.md).

    Attributes:
        id: Its name in diagnostics, such as ``"dangling-ref"``.
        severity: Errors block play, warnings never do.
        title: A few words for a heading.
        explanation: What it means and how to fix it, for writers.
        check: Yields what it finds, in world order. It is given an ``Index`` of the world (campaign
            rules: of the campaign), so that what several rules ask is worked out once.
        fix: From the index and the items of some of its findings to the operations that settle these without
            changing what the writer meant; None when only a writer can say what to do. An empty list means that
            there is nothing left to settle.
    """

    id: str
    severity: Severity
    title: str
    explanation: str
    check: Callable[[T], Iterable[Found]]
    fix: Fix[T] | None = None

    def diagnose(self, index: T) -> Iterator[Diagnostic]:
        """Yield the diagnostics of this rule: the first ones, then one for all the rest."""
        return self.listed(self.check(index))

    def listed(self, found: Iterable[Found]) -> Iterator[Diagnostic]:
        """Yield diagnostics of some findings of this rule: of the first ones, then one for all the rest."""
        rest = iter(found)
        size = 0
        for _, (message, kind, id, field) in zip(range(MOST), rest, strict=False):
            yield diagnostic(self.id, self.severity, message, kind, id, field)
            size += len(message) + 2 * len(id) + len(field)
            if size > MOST_TEXT:
                break
        last = next(rest, None)
        if last is None:
            return
        more = 1 + sum(1 for _ in rest)
        if more == 1:
            yield diagnostic(self.id, self.severity, *last)
        else:
            yield rest_of(self.id, self.severity, more)


@overload
def rule(
    id: str, severity: Severity, title: str, explanation: str
) -> Callable[[Callable[[T], Iterable[Found]]], Rule[T]]: ...
@overload
def rule(
    id: str, severity: Severity, title: str, explanation: str, fix: Fix[T]
) -> Callable[[Callable[[T], Iterable[Found]]], Rule[T]]: ...
def rule(
    id: str, severity: Severity, title: str, explanation: str, fix: Fix[T] | None = None
) -> Callable[[Callable[[T], Iterable[Found]]], Rule[T]]:
    """Make a rule of the function it decorates."""

    def made(check: Callable[[T], Iterable[Found]]) -> Rule[T]:
        return Rule(id, severity, title, explanation, check, fix)

    return made


def listed(names: Iterable[str], limit: int = 5, count: int | None = None) -> str:
    """Return names for a message, the first few of many: ``"a", "b" and 3 more``.

    Args:
        names: The names.
        limit: How many to say.
        count: How many there are, if ``names`` are only the first of them.
    """
    given = list(names)
    count = len(given) if count is None else count
    said = [shown(name) for name in given[:limit]]
    if count > len(said):
        return f"{', '.join(said)} and {count - len(said):,} more"
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
