"""``Finding``: one thing that is wrong with a world, or was not decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.diagnostics import Item
from worldkit.core.json_values import Json
from worldkit.core.profile import Severity
from worldkit.exploration.softlocks import DeadEnd, SoftLock
from worldkit.playing.trace import Trace

if TYPE_CHECKING:
    from worldkit.exploration.result import Exploration

Kind = Literal[
    "no-ending-reachable",
    "soft-lock",
    "dead-end",
    "unreachable-ending",
    "key-missing",
    "dead-event",
    "unreachable-state",
    "undecided",
    "flag-never-required",
]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]
"""The kinds of findings, most harmful first."""


@shown_briefly
@checked_methods
@dataclass(frozen=True, eq=False)
class Finding:
    """One thing that is wrong with a world, or was not decided.

    Attributes:
        kind: Which kind of thing.
        severity: ``"error"``: a run can come to harm. ``"warning"``: something written is never seen.
            ``"info"``: what follows from another finding, or does no harm.
        message: What is wrong, in a sentence.
        item: What it is about, as data.
        fix: What to do about it, in a sentence.
        states: All states it is about, the one of ``item`` among them if that is a state.
        lock: The soft-lock, with its cause and point of no return, where the finding is one or ends in one.

    Example:
        >>> finding = wk.explore(wk.samples.load("broken")).findings[0]
        >>> finding.kind, finding.states
        ('dead-end', ('negation',))
        >>> finding.fix
        'Give "negation" a way on, or make it an ending.'
    """

    kind: Kind
    severity: Severity
    message: str
    item: Item
    fix: str
    states: tuple[str, ...] = ()
    lock: SoftLock | None = None
    _end: DeadEnd | None = field(default=None, repr=False)
    _state_seen_from: tuple[Exploration, str] | None = field(default=None, repr=False)

    @property
    def route(self) -> Trace | None:
        """A shortest run to it, or to where it would be; None where nothing can be shown, or none was found in time."""
        for end in (self._end, self.lock):
            if end is not None:
                return end.route
        return None if self._state_seen_from is None else self._state_seen_from[0].route_to(self._state_seen_from[1])

    def to_dict(self) -> Json:
        """Return the finding as JSON values, its route as the names it fires."""
        return finding_to_dict(self, self.route)

    def __str__(self) -> str:
        return f"{self.severity:7} {self.message} [{self.kind}]"


def finding_to_dict(finding: Finding, route: Trace | None) -> Json:
    """Return a finding as JSON values.

    Args:
        route: The run to it that is shown.
    """
    item = {"kind": finding.item.kind, "id": finding.item.id, "field": finding.item.field}
    data: Json = {"kind": finding.kind, "severity": finding.severity, "message": finding.message, "item": item}
    data |= {"fix": finding.fix, "states": list(finding.states)}
    if route is not None:
        data["route"] = list(route.events)
    if finding.lock is not None:
        data["cause"] = finding.lock.cause
        data["before"] = finding.lock.before and finding.lock.before.to_dict()
    return data
