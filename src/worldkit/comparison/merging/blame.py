"""Which change of a side breaks a run of the other: the run is played in both worlds until they part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from worldkit.comparison.merging.core import Names
from worldkit.comparison.merging.values import named
from worldkit.comparison.renaming import inverted
from worldkit.core.errors import NotAvailable
from worldkit.core.json_values import shown
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.playing.position import Position
    from worldkit.playing.transition_table import Action, SequenceAction, TransitionTable


class Parting(NamedTuple):
    """Where a run that one world allows parts from it in another.

    Attributes:
        event: The name of what was fired there, in the world that allows it; empty for the start.
        kind: ``"start"``, ``"gone"``, ``"not here"``, ``"missing flags"``, ``"used up"``, ``"over"`` or
            ``"elsewhere"``.
        state: The state the run is in there.
        flags: Flags that are missing, or that what is gone gives.
        giver: What gave the first missing flag in the world that allows the run; empty when nothing had to.
        led: Where it led, and where it leads in the other, for ``"elsewhere"`` and ``"start"``.
    """

    event: str
    kind: str
    state: str
    flags: tuple[str, ...] = ()
    giver: str = ""
    led: tuple[str, str] = ("", "")


@dataclass
class _Walker:
    """A run being played in one world."""

    world: World
    at: Position
    table: TransitionTable = field(init=False)

    def __post_init__(self) -> None:
        from worldkit.playing.transition_table import table_of

        self.table = table_of(self.world)

    def fire(self, name: str) -> Action | SequenceAction:
        from worldkit.playing.machine import end_of_sequence, resolve, step
        from worldkit.playing.transition_table import Action

        found = resolve(self.table, self.at, name)
        self.at = step(self.at, found)[0] if isinstance(found, Action) else end_of_sequence(self.table, self.at, found)
        return found


def start_of(world: World) -> Position:
    """Return the position play begins in."""
    from worldkit.playing.position import Position

    assert world.start is not None
    return Position(world.start)


def renamed(position: Position, names: Names) -> Position:
    """Return a position in other names."""
    from worldkit.playing.position import Position

    def all_of(held: Iterable[str], pairs: Mapping[str, str]) -> frozenset[str]:
        return frozenset(pairs.get(name, name) for name in held)

    state = names.states.get(position.state, position.state)
    return Position(state, all_of(position.flags, names.flags), all_of(position.used, names.events))


def back(names: Names) -> Names:
    """Return the names the other way round."""
    return Names(inverted(names.states), inverted(names.events), inverted(names.flags))


def parting(
    run: Iterable[str], there: World, here: World, names: Names, at: tuple[Position, Position] | None = None
) -> tuple[Parting | None, Position, Position]:
    """Return where a run of one world parts from it in another, and the positions it ends in.

    Args:
        run: The names it fires, in the world that allows it.
        there: That world.
        here: The other.
        names: What things of the one are called in the other.
        at: Where it begins in both; their starts by default.
    """
    one, other = (
        _Walker(world, begin)
        for world, begin in zip((there, here), at or (start_of(there), start_of(here)), strict=True)
    )
    begins = renamed(one.at, names).state
    if at is None and begins != other.at.state:
        return Parting("", "start", one.at.state, led=(begins, other.at.state)), one.at, other.at
    givers: dict[str, str] = {}
    for name in run:
        state, held = one.at.state, one.at.flags
        try:
            fired = one.fire(name)
        except NotAvailable:  # only a run that was changed since it was found
            return None, one.at, other.at
        got = tuple(sorted(one.at.flags - held))
        now = names.events.get(name, name)
        try:
            other.fire(now)
        except NotAvailable as refused:
            return _refused(name, state, got, refused, fired, givers, names), one.at, other.at
        givers.update(dict.fromkeys(got, name))
        wanted = renamed(one.at, names).state
        if wanted != other.at.state:
            return Parting(name, "elsewhere", state, led=(wanted, other.at.state)), one.at, other.at
    return None, one.at, other.at


def _refused(
    name: str,
    state: str,
    got: tuple[str, ...],
    refused: NotAvailable,
    fired: Action | SequenceAction,
    givers: Mapping[str, str],
    names: Names,
) -> Parting:
    if refused.reason == "unknown":
        return Parting(name, "gone", state, got)
    if refused.reason != "missing flags":
        return Parting(name, refused.reason, state)
    asked = {names.flags.get(flag, flag): flag for flag in getattr(fired, "requires", ())}
    new = tuple(flag for flag in refused.missing if flag not in asked)
    if new:
        return Parting(name, "missing flags", state, new)
    flag = refused.missing[0]
    return Parting(name, "missing flags", state, (flag,), givers.get(asked[flag], ""))


def did(who: str, parted: Parting) -> str:
    """Return what a side did, in words, so that a run of the other is no longer possible."""
    event, flags = shown(parted.event), named(list(parted.flags)) if parted.flags else ""
    if parted.kind == "start":
        return f"{who} made play begin in {shown(parted.led[1])}"
    if parted.kind == "gone":
        return f"{who} removed {event}" + (f", which gives {flags}" if flags else "")
    if parted.kind == "missing flags":
        if parted.giver:
            return f"{who} let {shown(parted.giver)} no longer give {flags}"
        return f"{who} made {event} need {flags}"
    if parted.kind == "used up":
        return f"{who} let {event} happen only once"
    if parted.kind == "over":
        return f"{who} made {shown(parted.state)} an ending"
    if parted.kind == "elsewhere":
        return f"{who} made {event} lead to {shown(parted.led[1])}"
    return f"{who} no longer offers {event} in {shown(parted.state)}"


def allowed(who: str, parted: Parting) -> str:
    """Return what a side did, in words, so that a run is possible that the other does not have."""
    event, flags = shown(parted.event), named(list(parted.flags)) if parted.flags else ""
    if parted.kind == "start":
        return f"{who} made play begin in {shown(parted.led[0])}"
    if parted.kind == "gone":
        return f"{who} added {event}"
    if parted.kind == "missing flags":
        if parted.giver:
            return f"{who} let {shown(parted.giver)} give {flags}"
        return f"{who} no longer made {event} need {flags}"
    if parted.kind == "used up":
        return f"{who} let {event} happen more than once"
    if parted.kind == "over":
        return f"{who} made {shown(parted.state)} an ending no more"
    if parted.kind == "elsewhere":
        return f"{who} made {event} lead to {shown(parted.led[0])}"
    return f"{who} offers {event} in {shown(parted.state)}"
