"""``Rule``: a lint rule is a function with a title, an explanation and perhaps a fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar, overload

from worldkit.core.diagnostics import Diagnostic, Item, ItemKind, Severity, make_diagnostic, remainder
from worldkit.core.json_values import Json, quote

T = TypeVar("T")
Fix = Callable[[T, Sequence[Item]], list[Json]]

MOST = 100
"""How many findings of one rule are listed; one more diagnostic counts the others."""

MOST_TEXT = 64 * 1024
"""The most characters of those findings together, since a name may be as long as a document."""


class Found(NamedTuple):
    """A finding of a check: the message, and the item it is about; its rule adds the rest."""

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
        check: Yields its findings in world order. It gets an ``Index`` of the world (campaign rules: of the
            campaign), so that facts that several rules need are computed once.
        fix: Returns the operations that fix some of its findings, given by their items, without changing what
            the writer meant; None when only a writer can decide. An empty list means that nothing is left to fix.
    """

    id: str
    severity: Severity
    title: str
    explanation: str
    check: Callable[[T], Iterable[Found]]
    fix: Fix[T] | None = None

    def diagnose(self, index: T) -> Iterator[Diagnostic]:
        """Yield the diagnostics of this rule: the first ones, then one that counts the rest."""
        return self.listed(self.check(index))

    def listed(self, found: Iterable[Found]) -> Iterator[Diagnostic]:
        """Yield diagnostics of some findings of this rule: the first ones, then one that counts the rest."""
        rest = iter(found)
        size = 0
        for _, (message, kind, id, field) in zip(range(MOST), rest, strict=False):
            yield make_diagnostic(self.id, self.severity, message, kind, id, field)
            size += len(message) + 2 * len(id) + len(field)
            if size > MOST_TEXT:
                break
        next_finding = next(rest, None)
        if next_finding is None:
            return
        count = 1 + sum(1 for _ in rest)
        if count == 1:
            yield make_diagnostic(self.id, self.severity, *next_finding)
        else:
            yield remainder(self.id, self.severity, count)


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
    """Turn the decorated function into a rule."""

    def decorate(check: Callable[[T], Iterable[Found]]) -> Rule[T]:
        return Rule(id, severity, title, explanation, check, fix)

    return decorate


def join_names(names: Iterable[str], limit: int = 5, count: int | None = None) -> str:
    """Return names for a message, the first few of many: ``"a", "b" and 3 more``.

    Args:
        names: The names.
        limit: How many to list.
        count: How many there are, if ``names`` are only the first of them.
    """
    all_names = list(names)
    count = len(all_names) if count is None else count
    quoted_names = [quote(name) for name in all_names[:limit]]
    if count > len(quoted_names):
        return f"{', '.join(quoted_names)} and {count - len(quoted_names):,} more"
    return " and ".join([", ".join(quoted_names[:-1]), quoted_names[-1]] if len(quoted_names) > 1 else quoted_names)
