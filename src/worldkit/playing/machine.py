"""The stepper: pure functions from a position to what can be done there, and to the position after it.

This is the reference of how a world plays (docs/spec/runtime.md). There is no clock and no record
here; ``Session`` keeps those, and exhaustive play needs neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worldkit.core.errors import NotAvailable
from worldkit.core.model import Cutscene, Terminal
from worldkit.playing.compile import PREFIX, Action, Beat, Table, Walk
from worldkit.playing.position import Position


@dataclass(frozen=True, slots=True)
class Effects:
    """What a firing did besides the position it led to.

    Attributes:
        moved: It landed in a state, perhaps the same one again.
        granted: The flags that were not held before, in the event's order.
        used: It is a one-shot, used up now.
        cut: The cutscene on its way.
        skipped: The clip of ``cut`` was skipped, for want of its flags.
        console: The console it opened.
    """

    moved: bool = False
    granted: tuple[str, ...] = ()
    used: bool = False
    cut: Cutscene | None = None
    skipped: bool = False
    console: Terminal | None = None


def over(table: Table, position: Position, past_endings: bool = False) -> bool:
    """Say whether the run is over: the state has an ending, and endings are not lifted."""
    return not past_endings and position.state in table.endings


def unspent(table: Table, position: Position, past_endings: bool = False) -> Iterator[Action]:
    """Yield the events of a position that are here and not used up, in world order, held flags or not."""
    if not over(table, position, past_endings):
        used = position.used
        for action in table.here[position.state]:
            if not (action.one_shot and action.name in used):
                yield action


def available(table: Table, position: Position, past_endings: bool = False) -> list[Action]:
    """Return the events that can be fired in a position, hidden ones too, in world order."""
    flags = position.flags
    return [action for action in unspent(table, position, past_endings) if action.requires <= flags]


def walkable(table: Table, position: Position, past_endings: bool = False) -> tuple[Walk, ...]:
    """Return the sequences that can be started in a position, in world order."""
    return () if over(table, position, past_endings) else table.walks.get(position.state, ())


def named(table: Table, position: Position, past_endings: bool = False) -> list[Action | Walk]:
    """Return what can be fired by name in a position: of several of one name the first, an event before a sequence.

    The others of a name can be fired by their own timers, waypoints and zones only.
    """
    found: list[Action | Walk] = [
        *available(table, position, past_endings),
        *walkable(table, position, past_endings),
    ]
    if position.state in table.shared_names:
        first = {what.name: what for what in reversed(found)}
        return [what for what in found if first[what.name] is what]
    return found


def step(position: Position, action: Action) -> tuple[Position, Effects]:
    """Return where firing an event leads, and what else it does.

    Args:
        position: A position the event is available in; that is not checked again here.
        action: The event.
    """
    if action.opens:
        return position, Effects(console=action.console)
    flags, used = position.flags, position.used
    granted = tuple(flag for flag in action.grants if flag not in flags)
    after = Position(
        position.state if action.target is None else action.target,
        flags.union(granted) if granted else flags,
        used | {action.name} if action.one_shot else used,
    )
    skipped = action.cut is not None and not action.cut_requires <= flags
    return after, Effects(action.target is not None, granted, action.one_shot, action.cut, skipped)


def stops(table: Table, walk: Walk, past_endings: bool = False) -> tuple[Beat, ...]:
    """Return the beats a walk reaches: an ending on the way ends the run, and the walk with it."""
    if not past_endings:
        for number, beat in enumerate(walk.beats, 1):
            if beat.state in table.endings:
                return walk.beats[:number]
    return walk.beats


def walked(table: Table, position: Position, walk: Walk, past_endings: bool = False) -> Position:
    """Return where a walk leads: it grants nothing and uses nothing up."""
    return Position(stops(table, walk, past_endings)[-1].state, position.flags, position.used)


def resolve(table: Table, position: Position, name: str, past_endings: bool = False) -> Action | Walk:
    """Return what firing a name fires; see ``named``.

    Args:
        table: The compiled world.
        position: Where.
        name: An event's name, or ``sequence:<id>``.
        past_endings: Let play go on where it is over.

    Raises:
        NotAvailable: With the reason nearest to being available.
    """
    wanted = table.names.get(name, ())
    for what in named(table, position, past_endings):
        if what.name == name:
            return what
    raise _refusal(table, position, name, wanted, past_endings)


def _refusal(
    table: Table, position: Position, name: str, wanted: tuple[Action, ...], past_endings: bool
) -> NotAvailable:
    starts = [id for id, walks in table.walks.items() if any(walk.name == name for walk in walks)]
    if not wanted and not starts:
        if name in table.broken_walks:
            return NotAvailable(name, "unknown", f"the sequence cannot be walked: {table.broken_walks[name]}")
        what = "sequence" if name.startswith(PREFIX) else "event"
        return NotAvailable(name, "unknown", f"this world has no {what} of that name")
    if over(table, position, past_endings):
        title = table.endings[position.state].title
        return NotAvailable(
            name, "over", f"the run is over: {position.state!r} is an ending ({title!r}); undo or retry"
        )
    for action in wanted:
        if position.state in action.sources and not (action.one_shot and name in position.used):
            missing = sorted(action.requires - position.flags)
            listed = ", ".join(map(repr, missing))
            return NotAvailable(name, "missing flags", f"missing flags: [{listed}]", missing)
    if any(position.state in action.sources for action in wanted):
        return NotAvailable(name, "used up", "it happens once a run, and is used up")
    places = list(dict.fromkeys([id for action in wanted for id in action.sources] + starts))
    listed = ", ".join(map(repr, places[:5])) + (f" and {len(places) - 5} more" if len(places) > 5 else "")
    where = f"it is offered in {listed}" if places else "it is offered nowhere"
    return NotAvailable(name, "not here", f"not here: you are in {position.state!r}, {where}")
