"""The parts of a report about an exploration, as data and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from worldkit.core.json_values import Json
from worldkit.core.profile import Severity

Mark = Literal["good", "wrong", "open"]
StateMark = Literal["reached", "unreached", "unseen"]


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a run.

    Attributes:
        event: The event's name.
        label: What its button says.
        origin: The state it is fired in.
        state: The state after it; the same one when it happens in place.
        through: The states a sequence walks on the way.
    """

    event: str
    label: str
    origin: str
    state: str
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as it is shown.

    Attributes:
        start: The state it begins in.
        hops: Its steps, at most ``HOPS`` of them.
        more: How many steps follow that are not shown.
        crossing: Which step, from 0, crosses the point of no return; None when none does.
    """

    start: str
    hops: tuple[Hop, ...]
    more: int = 0
    crossing: int | None = None

    @property
    def length(self) -> int:
        """How many steps it has in all."""
        return len(self.hops) + self.more

    @property
    def moment(self) -> int:
        """How many steps to play to stand where it is decided: before the crossing, else all of them."""
        return self.length if self.crossing is None else self.crossing


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding.

    Attributes:
        index: Its place in ``Exploration.findings``.
        severity: ``"error"``, ``"warning"`` or ``"info"``.
        message: What is wrong.
        fix: What to do about it.
        states: The states it is about; where it is offered, when it is about an event alone.
        event: The event it is about; empty when it is about none.
        before: The flags held at the point of no return; None when there is no such point.
        run: A shortest run to it; None when there is none, or it was not searched yet.
        later: A run may be had by asking for it.
    """

    index: int
    kind: str
    severity: Severity
    message: str
    fix: str
    states: tuple[str, ...]
    event: str
    before: tuple[str, ...] | None
    run: RunSummary | None
    later: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one kind and severity, and how many more there are."""

    kind: str
    title: str
    entries: tuple[Entry, ...]
    more: int


@dataclass(frozen=True, slots=True)
class EndingSummary:
    """One ending: its state, what it is, whether it is reached (None: not decided) and a shortest run to it."""

    state: str
    kind: str
    title: str
    reached: bool | None
    run: RunSummary | None
    later: bool


@dataclass(frozen=True, slots=True)
class Covering:
    """Runs that together fire every event that can be fired; ``sentence`` says how many there are and how few would do.

    ``runs`` holds the first of them, ``more`` counts the others.
    """

    sentence: str
    runs: tuple[RunSummary, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Digest:
    """A report.

    Attributes:
        title: The world's name.
        mark: Nothing wrong, something wrong, or not decided.
        worst: The worst severity found.
        verdict: The first thing said.
        figures: The few figures that matter, as value and noun.
        groups: What is wrong, most harmful first.
        endings: The endings, those out of reach first.
        endings_more: How many more endings there are.
        states: What is known of every state.
        stuck: States in which a run can be stuck.
        idle: States in which nothing may be left to do.
        dead: Events that can never be fired.
    """

    title: str
    mark: Mark
    worst: Severity
    verdict: str
    figures: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    endings: tuple[EndingSummary, ...]
    endings_more: int
    states: dict[str, StateMark]
    stuck: frozenset[str]
    idle: frozenset[str]
    dead: frozenset[str]


def to_json(value: RunSummary | Entry | Group | EndingSummary | Covering | Digest) -> Json:
    """Return a part of a report as JSON values; names are the attributes'."""
    data: Json = {name: _json(getattr(value, name)) for name in value.__slots__}
    if isinstance(value, RunSummary):
        data |= {"length": value.length, "moment": value.moment}
    return data


def _json(value: object) -> object:
    if isinstance(value, (RunSummary, Entry, Group, EndingSummary, Covering, Digest)):
        return to_json(value)
    if isinstance(value, Hop):
        return {name: _json(getattr(value, name)) for name in value.__slots__}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    return value
