"""Why an event can never be fired, and why a state is never reached: the nearest reason, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from worldkit.core.argument_checks import checked_methods
from worldkit.core.json_values import Json, shown

if TYPE_CHECKING:
    from worldkit.exploration.result import Exploration
    from worldkit.playing.transition_table import Action

Reason = Literal[
    "source missing", "after an ending", "source unreachable", "key missing", "used up", "keys never together"
]


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
    """

    event: str
    reason: Reason
    missing: frozenset[str]
    text: str

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {"event": self.event, "reason": self.reason, "missing": sorted(self.missing), "text": self.text}


def why(found: Exploration, name: str) -> DeadEvent:
    """Return why none of the events of a name can be fired.

    Args:
        found: An exploration that knows exactly what can be fired.
        name: The name; of several events the one nearest to being fired is explained.
    """
    dead = [_why(found, action) for action in found._system.table.by_name[name]]
    return max(dead, key=lambda made: _NEARNESS.index(made.reason))


_NEARNESS: tuple[Reason, ...] = (
    "source missing",
    "after an ending",
    "source unreachable",
    "used up",
    "key missing",
    "keys never together",
)


def _why(found: Exploration, action: Action) -> DeadEvent:
    if action.index not in found._reasons:
        found._reasons[action.index] = _reason(found, action)
    return found._reasons[action.index]


def _reason(found: Exploration, action: Action) -> DeadEvent:
    name = shown(action.name)
    world, system = found.world, found._system
    listed = action.sources
    there = [id for id in listed if id in world.states]
    nothing: frozenset[str] = frozenset()
    if not there:
        said = f"no such place exists as {either(map(shown, listed))}" if listed else "it is offered in no place at all"
        return DeadEvent(action.name, "source missing", nothing, f"{name} can never happen: {said}.")
    open_ = [id for id in there if world.states[id].ending is None]
    if not open_:
        where = either(map(shown, there))
        text = f"{name} can never happen: it is offered only in {where}, where the run is over."
        return DeadEvent(action.name, "after an ending", nothing, text)
    come = [id for id in open_ if id in found._stood]
    if not come:
        passed = [id for id in open_ if id in found.states]
        where = either(map(shown, passed or open_))
        rest = "which sequences only pass through" if passed else "and no run gets there"
        text = f"{name} can never happen: it is offered in {where}, {rest}."
        return DeadEvent(action.name, "source unreachable", nothing, text)
    if action.one_shot and found.at is not None and action.name in found.at.used:
        text = f"{name} happens once a run, and was used up before this play began."
        return DeadEvent(action.name, "used up", nothing, text)
    lacking = action.requires - found._held
    if lacking:
        return DeadEvent(action.name, "key missing", lacking, f"{name} can never happen: {_nobody(found, lacking)}.")
    missing = _never_together(found, action, [system.index[id] for id in come])
    return DeadEvent(action.name, "keys never together", missing, _apart(action, come, missing))


def _nobody(found: Exploration, lacking: frozenset[str]) -> str:
    parts: list[str] = []
    for flag in sorted(lacking):
        granting = [a.name for a in found._system.table.actions if not a.opens_console and flag in a.grants]
        if granting:
            parts.append(
                f"it needs {shown(flag)}, which only {either(map(shown, granting))} would grant, and that never happens"
            )
        else:
            parts.append(f"it needs {shown(flag)}, which nothing grants")
    return ", and ".join(parts)


def _never_together(found: Exploration, action: Action, sources: Sequence[int]) -> frozenset[str]:
    need = found._system.mask_of(action.requires)
    assert need is not None
    lacks = [need & ~mask for source in sources for mask in found._needs.most(source) or ()]
    nearest = min(lacks, key=lambda mask: (mask.bit_count(), mask), default=need)
    return found._system.flags_of(nearest) or action.requires


def _apart(action: Action, come: Sequence[str], missing: frozenset[str]) -> str:
    name, keys = shown(action.name), sorted(action.requires)
    where = either(map(shown, come))
    if not keys:
        return f"{name} can never happen: wherever it is offered, another event of its name comes first or uses it up."
    if len(keys) == 1:
        return f"{name} can never happen: {shown(keys[0])} is granted elsewhere, but no run brings it to {where}."
    if missing == action.requires:
        return f"{name} can never happen: it needs {both(map(shown, keys))}, and no run has them together in {where}."
    rest, lacking = sorted(action.requires - missing), both(map(shown, sorted(missing)))
    return f"{name} can never happen: whoever comes to {where} with {both(map(shown, rest))} lacks {lacking}."


def unreached(found: Exploration, state: str) -> tuple[bool, str]:
    """Return whether a state that is never reached lies right behind one that is, and why it is not reached.

    What is in the way may be far off: the one event without its key, behind which all the rest lies.

    Args:
        found: An exploration that knows exactly what can be reached.
        state: The state's id.
    """
    ways = _ways(found, state)
    if not ways:
        return True, "nothing leads there."
    near = any(_why(found, action).reason != "source unreachable" for action in ways)
    return near, _root(found, ways)


def _ways(found: Exploration, state: str) -> list[Action]:
    return [action for action in found._into.get(state, ()) if state not in action.sources]


def _root(found: Exploration, ways: Sequence[Action]) -> str:
    """Return the nearest reason that is not the consequence of another, going back from some dead events."""
    todo, seen = list(ways), {action.index for action in ways}
    for action in todo:
        dead, before = _why(found, action), []
        match dead.reason:
            case "source unreachable":
                for id in action.sources:
                    if id in found.world.states and id not in found.states:
                        before += _ways(found, id)
                        if not _ways(found, id):
                            return f"nothing leads to {shown(id)}, which lies on the way."
            case "key missing":
                for flag in sorted(dead.missing):
                    granting = found._granting.get(flag, [])
                    if not granting:
                        return dead.text
                    before += granting
            case _:
                return dead.text
        for other in before:
            if other.index not in seen:
                seen.add(other.index)
                todo.append(other)
    return _why(found, ways[0]).text  # each waits for another: no one of them is the first


def either(items: Iterable[str]) -> str:
    """Return items as one text: ``a``, ``a or b``, ``a, b or 7 more``."""
    return _listed(items, "or")


def both(items: Iterable[str]) -> str:
    """Return items as one text: ``a``, ``a and b``, ``a, b and 7 more``."""
    return _listed(items, "and")


def _listed(items: Iterable[str], word: str) -> str:
    found = list(items)
    if len(found) > 5:
        found = [*found[:4], f"{len(found) - 4} more"]
    return f" {word} ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)
