"""Why an event can never be fired: the nearest reason, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.json_values import Json, quote
from worldkit.exploration.budget import BudgetSpent

if TYPE_CHECKING:
    from worldkit.exploration.analysis import Analysis
    from worldkit.exploration.result import Exploration
    from worldkit.playing.transition_table import Action

Reason = Literal[
    "source missing", "after an ending", "source unreachable", "key missing", "used up", "keys never together"
]


@shown_briefly
@checked_methods
@dataclass(frozen=True, slots=True)
class DeadEvent:
    """An event that can never be fired, and the nearest reason.

    Attributes:
        event: Its name.
        reason: ``"source missing"``: none of the states it is offered in exists. ``"after an ending"``: it is
            offered only where the run is over. ``"source unreachable"``: no run comes to where it is offered.
            ``"key missing"``: it requires a flag that no run ever holds. ``"used up"``: a one-shot that was used
            before play began. ``"keys never together"``: each flag can be held, but not all of them there.
        missing: The flags that are in the way; empty when no flag is.
        text: The same in one sentence.

    Example:
        >>> wk.explore(wk.samples.load("broken")).why("orphan-event")
        DeadEvent(event='orphan-event', reason='source missing', missing=frozenset(), text='"orp...
    """

    event: str
    reason: Reason
    missing: frozenset[str]
    text: str

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {"event": self.event, "reason": self.reason, "missing": sorted(self.missing), "text": self.text}


def explain_dead_event(exploration: Exploration, analysis: Analysis, name: str) -> DeadEvent:
    """Return why none of the events of a name can be fired.

    Args:
        exploration: An exploration that knows exactly what can be fired.
        analysis: What lies behind it.
        name: The name; of several events the one nearest to being fired is explained.
    """
    dead_events = [explain_dead_action(exploration, analysis, action) for action in analysis.system.table.by_name[name]]
    return max(dead_events, key=lambda dead_event: _REASONS_BY_NEARNESS.index(dead_event.reason))


_REASONS_BY_NEARNESS: tuple[Reason, ...] = (
    "source missing",
    "after an ending",
    "source unreachable",
    "used up",
    "key missing",
    "keys never together",
)


def explain_dead_action(exploration: Exploration, analysis: Analysis, action: Action) -> DeadEvent:
    """Return why one event can never be fired.

    Args:
        exploration: An exploration that knows exactly what can be fired.
        analysis: What lies behind it.
    """
    if action.index not in analysis.reasons:
        analysis.reasons[action.index] = _find_reason(exploration, analysis, action)
    return analysis.reasons[action.index]


def _find_reason(exploration: Exploration, analysis: Analysis, action: Action) -> DeadEvent:
    name = quote(action.name)
    world, system = exploration.world, analysis.system
    sources = action.sources
    existing_ids = [id for id in sources if id in world.states]
    nothing: frozenset[str] = frozenset()
    if not existing_ids:
        reason = (
            f"no such place exists as {join_or(map(quote, sources))}" if sources else "it is offered in no place at all"
        )
        return DeadEvent(action.name, "source missing", nothing, f"{name} can never happen: {reason}.")
    open_ = [id for id in existing_ids if world.states[id].ending is None]
    if not open_:
        places = join_or(map(quote, existing_ids))
        text = f"{name} can never happen: it is offered only in {places}, where the run is over."
        return DeadEvent(action.name, "after an ending", nothing, text)
    reachable = [id for id in open_ if id in analysis.standable_states]
    if not reachable:
        pass_through = [id for id in open_ if id in exploration.states]
        places = join_or(map(quote, pass_through or open_))
        rest = "which sequences only pass through" if pass_through else "and no run gets there"
        text = f"{name} can never happen: it is offered in {places}, {rest}."
        return DeadEvent(action.name, "source unreachable", nothing, text)
    if action.one_shot and exploration.at is not None and action.name in exploration.at.used:
        text = f"{name} happens once a run, and was used up before this play began."
        return DeadEvent(action.name, "used up", nothing, text)
    missing_flags = action.requires - analysis.holdable_flags
    if missing_flags:
        return DeadEvent(
            action.name,
            "key missing",
            missing_flags,
            f"{name} can never happen: {_describe_missing_keys(analysis, missing_flags)}.",
        )
    missing = _missing_together(analysis, action, [system.index[id] for id in reachable])
    return DeadEvent(action.name, "keys never together", missing, _describe_separate_keys(action, reachable, missing))


def _describe_missing_keys(analysis: Analysis, missing_flags: frozenset[str]) -> str:
    parts: list[str] = []
    for flag in sorted(missing_flags):
        event_names = dict.fromkeys(action.name for action in analysis.events_granting.get(flag, ()))
        if event_names:
            names = join_or(map(quote, event_names))
            parts.append(f"it needs {quote(flag)}, which only {names} would grant, and that never happens")
        else:
            parts.append(f"it needs {quote(flag)}, which nothing grants")
    return ", and ".join(parts)


def _missing_together(analysis: Analysis, action: Action, sources: Sequence[int]) -> frozenset[str]:
    requires = analysis.system.mask_of(action.requires)
    assert requires is not None
    try:
        lacks = [requires & ~mask for source in sources for mask in analysis.must_may.most(source)]
    except BudgetSpent:
        lacks = []
    nearest = min(lacks, key=lambda mask: (mask.bit_count(), mask), default=requires)
    return analysis.system.flags_of(nearest) or action.requires


def _describe_separate_keys(action: Action, reachable: Sequence[str], missing: frozenset[str]) -> str:
    name, keys = quote(action.name), sorted(action.requires)
    places = join_or(map(quote, reachable))
    if not keys:
        return f"{name} can never happen: wherever it is offered, another event of its name comes first or uses it up."
    if len(keys) == 1:
        return f"{name} can never happen: {quote(keys[0])} is granted elsewhere, but no run brings it to {places}."
    if missing == action.requires:
        return (
            f"{name} can never happen: it needs {join_and(map(quote, keys))}, and no run has them together in {places}."
        )
    rest, missing_names = sorted(action.requires - missing), join_and(map(quote, sorted(missing)))
    return (
        f"{name} can never happen: whoever comes to {places} with {join_and(map(quote, rest))} lacks {missing_names}."
    )


def join_or(items: Iterable[str]) -> str:
    """Return items as one text: ``a``, ``a or b``, ``a, b or 7 more``."""
    return _join(items, "or")


def join_and(items: Iterable[str]) -> str:
    """Return items as one text: ``a``, ``a and b``, ``a, b and 7 more``."""
    return _join(items, "and")


def _join(items: Iterable[str], word: str) -> str:
    parts = list(items)
    if len(parts) > 5:
        parts = [*parts[:4], f"{len(parts) - 4} more"]
    return f" {word} ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
