"""Finds the change of one side that breaks a run of the other, by playing it in both worlds until they diverge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from worldkit.comparison.merging.core import SideNames
from worldkit.comparison.merging.values import join_names
from worldkit.core.errors import NotAvailable
from worldkit.core.json_values import quote
from worldkit.editing.renaming import invert
from worldkit.playing.machine import end_of_sequence, resolve, step
from worldkit.playing.position import Position
from worldkit.playing.transition_table import Action, SequenceAction, TransitionTable, table_of
from worldkit.world import World


class Divergence(NamedTuple):
    """Where a run that one world allows diverges in another.

    Attributes:
        event: The event fired there, by its name in the world that allows it; empty for the start.
        kind: ``"start"``, ``"gone"``, ``"not here"``, ``"missing flags"``, ``"used up"``, ``"over"`` or
            ``"elsewhere"``.
        state: The state the run is in there.
        flags: Flags that are missing, or that the removed event grants.
        granter: The event that granted the first missing flag in the world that allows the run; empty if none had to.
        targets: The state it led to, and that in the other world, for ``"elsewhere"`` and ``"start"``.
    """

    event: str
    kind: str
    state: str
    flags: tuple[str, ...] = ()
    granter: str = ""
    targets: tuple[str, str] = ("", "")


@dataclass
class _Walker:
    """A run being played in one world."""

    world: World
    at: Position
    table: TransitionTable = field(init=False)

    def __post_init__(self) -> None:
        self.table = table_of(self.world)

    def fire(self, name: str) -> Action | SequenceAction:
        move = resolve(self.table, self.at, name)
        self.at = step(self.at, move)[0] if isinstance(move, Action) else end_of_sequence(self.table, self.at, move)
        return move


def start_position(world: World) -> Position:
    """Return the position in which play starts."""
    assert world.start is not None
    return Position(world.start)


def rename_position(position: Position, names: SideNames) -> Position:
    """Return a position with other names."""

    def rename_all(items: Iterable[str], pairs: Mapping[str, str]) -> frozenset[str]:
        return frozenset(pairs.get(name, name) for name in items)

    state = names.states.get(position.state, position.state)
    return Position(state, rename_all(position.flags, names.flags), rename_all(position.used, names.events))


def invert_names(names: SideNames) -> SideNames:
    """Return the inverse of a renaming."""
    return SideNames(invert(names.states), invert(names.events), invert(names.flags))


def find_divergence(
    run: Iterable[str],
    allowing_world: World,
    other_world: World,
    names: SideNames,
    positions: tuple[Position, Position] | None = None,
) -> tuple[Divergence | None, Position, Position]:
    """Return where a run of one world diverges in another, and the positions in both at that point.

    Args:
        run: The names of the fired events, in the world that allows them.
        names: The names in the other world, by those in the first.
        positions: The first position in both; their starts by default.
    """
    walker, other_walker = (
        _Walker(world, begin)
        for world, begin in zip(
            (allowing_world, other_world),
            positions or (start_position(allowing_world), start_position(other_world)),
            strict=True,
        )
    )
    start = rename_position(walker.at, names).state
    if positions is None and start != other_walker.at.state:
        return (
            Divergence("", "start", walker.at.state, targets=(start, other_walker.at.state)),
            walker.at,
            other_walker.at,
        )
    granters: dict[str, str] = {}
    for name in run:
        state, flags_before = walker.at.state, walker.at.flags
        try:
            move = walker.fire(name)
        except NotAvailable:  # the run was found in an older version of the world
            return None, walker.at, other_walker.at
        new_flags = tuple(sorted(walker.at.flags - flags_before))
        other_name = names.events.get(name, name)
        try:
            other_walker.fire(other_name)
        except NotAvailable as error:
            return (
                _divergence_of_refusal(name, state, new_flags, error, move, granters, names),
                walker.at,
                other_walker.at,
            )
        granters.update(dict.fromkeys(new_flags, name))
        expected = rename_position(walker.at, names).state
        if expected != other_walker.at.state:
            return (
                Divergence(name, "elsewhere", state, targets=(expected, other_walker.at.state)),
                walker.at,
                other_walker.at,
            )
    return None, walker.at, other_walker.at


def _divergence_of_refusal(
    name: str,
    state: str,
    new_flags: tuple[str, ...],
    error: NotAvailable,
    move: Action | SequenceAction,
    granters: Mapping[str, str],
    names: SideNames,
) -> Divergence:
    if error.reason == "unknown":
        return Divergence(name, "gone", state, new_flags)
    if error.reason != "missing flags":
        return Divergence(name, error.reason, state)
    required_flags = {names.flags.get(flag, flag): flag for flag in getattr(move, "requires", ())}
    not_required = tuple(flag for flag in error.missing if flag not in required_flags)
    if not_required:
        return Divergence(name, "missing flags", state, not_required)
    flag = error.missing[0]
    return Divergence(name, "missing flags", state, (flag,), granters.get(required_flags[flag], ""))


_BREAK_PHRASES = {
    "start": "made play begin in {new_target}",
    "gone": "removed {event}{which_gives}",
    "not granted": "let {granter} no longer give {flags}",
    "missing flags": "made {event} need {flags}",
    "used up": "let {event} happen only once",
    "over": "made {state} an ending",
    "elsewhere": "made {event} lead to {new_target}",
    "not here": "no longer offers {event} in {state}",
}
"""How a side made a run impossible, by where it diverges."""

_PERMISSION_PHRASES = {
    "start": "made play begin in {old_target}",
    "gone": "added {event}",
    "not granted": "let {granter} give {flags}",
    "missing flags": "no longer made {event} need {flags}",
    "used up": "let {event} happen more than once",
    "over": "made {state} an ending no more",
    "elsewhere": "made {event} lead to {old_target}",
    "not here": "offers {event} in {state}",
}
"""How a side made a run possible, by where it diverges in the other."""


def describe_break(who: str, divergence: Divergence) -> str:
    """Describe how a side made a run of the other impossible."""
    return _describe(who, divergence, _BREAK_PHRASES)


def describe_permission(who: str, divergence: Divergence) -> str:
    """Describe how a side made a run possible that the other does not have."""
    return _describe(who, divergence, _PERMISSION_PHRASES)


def _describe(who: str, divergence: Divergence, phrases: Mapping[str, str]) -> str:
    is_ungranted = divergence.kind == "missing flags" and divergence.granter
    kind = "not granted" if is_ungranted else divergence.kind
    flags = join_names(list(divergence.flags)) if divergence.flags else ""
    old_target, new_target = map(quote, divergence.targets)
    phrase = phrases.get(kind, phrases["not here"]).format(
        event=quote(divergence.event),
        state=quote(divergence.state),
        granter=quote(divergence.granter),
        flags=flags,
        which_gives=f", which gives {flags}" if flags else "",
        old_target=old_target,
        new_target=new_target,
    )
    return f"{who} {phrase}"
