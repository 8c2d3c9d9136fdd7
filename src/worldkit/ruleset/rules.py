"""``Rule``: a lint rule is a function with a title, an explanation and perhaps a fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar, overload

from worldkit.core.diagnostics import Diagnostic, Item, ItemKind, make_diagnostic, remainder
from worldkit.core.json_values import Json, quote
from worldkit.core.model import Event
from worldkit.core.profile import HOSTED, Level, Profile, Severity

T = TypeVar("T")
Fix = Callable[[T, Sequence[Item]], list[Json]]

Scope = Literal["item", "group", "graph", "world", "whole"]
"""What the findings of a part of a rule depend on, so that after an edit only what may have changed is checked again.

``item``: each finding is about one state or event. It depends on that item, the states that it names or is offered in,
the events offered in it and where they lead, whether a flag is granted, and the world's own fields. ``group``: on the
events that concern the part, together. ``graph``: on what moves where. ``world``: on anything, but checking it takes
little. ``whole``: on anything.
"""

MAX_FINDINGS = 100
"""How many findings of one rule are listed; one more diagnostic counts the others."""

MAX_FINDINGS_LENGTH = 64 * 1024
"""The most characters of those findings together, since a name may be as long as a document."""


class Found(NamedTuple):
    """A finding of a check: the message, and the item it is about; its rule adds the rest.

    Attributes:
        message: The problem and how to fix it.
        id: Its id or name.
        label: How the hosted profile spells the field, where it spells it in its own way.
        remedy: What its safe fix does; empty when only a writer can decide.
    """

    message: str
    kind: ItemKind
    id: str = ""
    field: str = ""
    label: str = ""
    remedy: str = ""

    @property
    def item(self) -> Item:
        """What it is about."""
        return Item(self.kind, self.id, self.field)

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Where it is; two findings of a rule at one place are the same, whatever their messages say."""
        return self.kind, self.id, self.field, self.label


class Allowances:
    """The findings that a document allows by ``kernel.allow``: they are lowered to ``info`` (docs/spec/rules.md).

    Args:
        rules_by_path: The ids of the rules allowed at each path, as the hosted profile spells it.
    """

    def __init__(self, rules_by_path: Mapping[str, frozenset[str]]) -> None:
        self._rules_by_path = rules_by_path

    def lowers(self, rule: str, level: Level) -> Callable[[Found], bool]:
        """Return a predicate for the findings of a rule that are lowered; a structural one never is."""
        paths = {path for path, rules in self._rules_by_path.items() if rule in rules}
        if not paths or level == "structural":
            return lambda finding: False
        return lambda finding: (
            not paths.isdisjoint(
                HOSTED.path(finding.kind, finding.id, field)
                for field in {finding.field, finding.label or finding.field}
            )
        )


NO_ALLOWANCES = Allowances({})


@dataclass(frozen=True, slots=True)
class RulePart(Generic[T]):
    """A part of a rule: findings of one scope.

    Attributes:
        check: Yields its findings in world order.
        scope: What they depend on.
        kind: Of scope ``item``: the kind of the items, ``"state"`` or ``"event"``.
        concerns: Of scope ``group``: whether an event belongs to the group.
    """

    check: Callable[[T], Iterable[Found]]
    scope: Scope = "whole"
    kind: ItemKind = "world"
    concerns: Callable[[Event], bool] = bool


def of_each_state(check: Callable[[T], Iterable[Found]]) -> RulePart[T]:
    """Return the part of a rule whose findings are about single states."""
    return RulePart(check, "item", "state")


def of_each_event(check: Callable[[T], Iterable[Found]]) -> RulePart[T]:
    """Return the part of a rule whose findings are about single events."""
    return RulePart(check, "item", "event")


def of_events_together(check: Callable[[T], Iterable[Found]], concerns: Callable[[Event], bool]) -> RulePart[T]:
    """Return the part of a rule whose findings depend on all events that it concerns."""
    return RulePart(check, "group", concerns=concerns)


def of_graph(check: Callable[[T], Iterable[Found]]) -> RulePart[T]:
    """Return the part of a rule whose findings depend on what moves where."""
    return RulePart(check, "graph")


def of_world(check: Callable[[T], Iterable[Found]]) -> RulePart[T]:
    """Return the part of a rule that takes little time, whatever it depends on."""
    return RulePart(check, "world")


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """One lint rule (docs/spec/rules.md).

    Attributes:
        id: Its name in diagnostics, such as ``"dangling-ref"``.
        severity: Its severity where the profile says nothing else.
        title: A few words for a heading.
        explanation: What it means and how to fix it, for writers.
        check: Yields its findings in world order. It gets an ``Index`` of the world (campaign rules: of the
            campaign), so that facts that several rules need are computed once.
        fix: Returns the operations that fix some of its findings, given by their items, without changing what
            the writer meant; None when only a writer can decide. An empty list means that nothing is left to fix.
            Only findings with a ``remedy`` are fixed.
        parts: The parts of the check, in the order of their findings.
    """

    id: str
    severity: Severity
    title: str
    explanation: str
    check: Callable[[T], Iterable[Found]]
    fix: Fix[T] | None = None
    parts: tuple[RulePart[T], ...] = ()

    def level(self, profile: Profile) -> Level:
        """Return what its findings mean in a profile; ``"off"`` when it does not run there."""
        return profile.levels.get(self.id, self.severity)

    def severity_in(self, profile: Profile) -> Severity | None:
        """Return the severity of its findings in a profile; None when it does not run there."""
        return profile.severity(self.id, self.severity)

    def diagnose(
        self, index: T, profile: Profile = HOSTED, allowances: Allowances = NO_ALLOWANCES
    ) -> Iterator[Diagnostic]:
        """Yield the diagnostics of this rule: the first ones, then one that counts the rest."""
        return self.listed(self.check(index), profile, allowances) if self.level(profile) != "off" else iter(())

    def listed(
        self, findings: Iterable[Found], profile: Profile = HOSTED, allowances: Allowances = NO_ALLOWANCES
    ) -> Iterator[Diagnostic]:
        """Yield diagnostics of some findings of this rule: the first ones, then one that counts the rest.

        Args:
            profile: Whose severity and paths they get.
            allowances: The findings that a document allows, which are lowered to ``info``.
        """
        severity = self.severity_in(profile) or self.severity
        is_lowered = allowances.lowers(self.id, self.level(profile))
        rest = iter(findings)
        size = 0
        for _, finding in zip(range(MAX_FINDINGS), rest, strict=False):
            level = "info" if is_lowered(finding) else severity
            yield _diagnostic(self.id, level, finding, profile)
            size += len(finding.message) + 2 * len(finding.id) + len(finding.field)
            if size > MAX_FINDINGS_LENGTH:
                break
        first = next(rest, None)
        if first is None:
            return
        counts: dict[Severity, int] = {severity: 0, "info": 0}
        remedy, last = "", first
        for finding in chain((first,), rest):
            counts["info" if is_lowered(finding) else severity] += 1
            remedy, last = remedy or finding.remedy, finding
        if sum(counts.values()) == 1:
            yield _diagnostic(self.id, next(level for level, count in counts.items() if count), last, profile)
            return
        for level, count in counts.items():
            if count:
                yield remainder(self.id, level, count, "fix all of this rule" if remedy else "")


def _diagnostic(rule: str, severity: Severity, finding: Found, profile: Profile) -> Diagnostic:
    message, kind, id, field, label, remedy = finding
    return make_diagnostic(rule, severity, message, kind, id, field, profile=profile, label=label, remedy=remedy)


class PartOf(Protocol):
    """What makes a part of a rule of a check, such as ``of_each_event``."""

    def __call__(self, check: Callable[[T], Iterable[Found]], /) -> RulePart[T]:
        """Return the part."""
        ...


@overload
def rule(
    id: str, severity: Severity, title: str, explanation: str, *, parts: PartOf = ...
) -> Callable[[Callable[[T], Iterable[Found]]], Rule[T]]: ...
@overload
def rule(
    id: str, severity: Severity, title: str, explanation: str, *, parts: Sequence[RulePart[T]]
) -> Callable[[Callable[[T], Iterable[Found]]], Rule[T]]: ...
@overload
def rule(
    id: str, severity: Severity, title: str, explanation: str, fix: Fix[T], parts: PartOf | Sequence[RulePart[T]] = ...
) -> Callable[[Callable[[T], Iterable[Found]]], Rule[T]]: ...
def rule(
    id: str,
    severity: Severity,
    title: str,
    explanation: str,
    fix: Fix[T] | None = None,
    parts: PartOf | Sequence[RulePart[T]] = RulePart,
) -> Callable[[Callable[[T], Iterable[Found]]], Rule[T]]:
    """Turn the decorated function into a rule.

    Args:
        id: Its name in diagnostics.
        severity: Its severity where the profile says nothing else.
        title: A few words for a heading.
        explanation: What it means and how to fix it, for writers.
        fix: Returns the operations that fix some of its findings.
        parts: What its findings depend on, such as ``of_each_event``; or the parts that the function puts together.
    """

    def decorate(check: Callable[[T], Iterable[Found]]) -> Rule[T]:
        return Rule(id, severity, title, explanation, check, fix, (parts(check),) if callable(parts) else tuple(parts))

    return decorate


def run_parts(parts: Iterable[RulePart[T]], index: T) -> Iterator[Found]:
    """Yield the findings of parts, in their order."""
    for part in parts:
        yield from part.check(index)


def join_names(names: Iterable[str], limit: int = 5, count: int | None = None) -> str:
    """Return names for a message, the first few of many: ``"a", "b" and 3 more``.

    Args:
        limit: How many to list.
        count: How many there are, if ``names`` are only the first of them.
    """
    all_names = list(names)
    count = len(all_names) if count is None else count
    quoted_names = [quote(name) for name in all_names[:limit]]
    if count > len(quoted_names):
        return f"{', '.join(quoted_names)} and {count - len(quoted_names):,} more"
    return " and ".join([", ".join(quoted_names[:-1]), quoted_names[-1]] if len(quoted_names) > 1 else quoted_names)
