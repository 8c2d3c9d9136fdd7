"""All positions of a small world, found by playing it: the stepper itself fires everything, everywhere.

Nothing of the engines is used: positions are ``Position`` values with all that was used up. They are put into
a system's terms only at the end, and it is checked that this loses nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from worldkit import Position, Session, World
from worldkit.exploration.transition_system import TransitionSystem
from worldkit.playing.machine import end_of_sequence, fireable_by_name, is_over, reached_beats, resolve, step
from worldkit.playing.transition_table import SequenceAction, TransitionTable, table_of

Place = tuple[int, int]


@dataclass(frozen=True)
class Naive:
    """What playing everything found, in a system's terms."""

    places: frozenset[Place]
    reached: frozenset[int]
    fired: frozenset[int]
    stuck: frozenset[Place]
    idle: frozenset[Place]


def naive(world: World, system: TransitionSystem, at: Position | None = None, most: int = 100_000) -> Naive | None:
    """Return what can be reached; None when there is more than ``most``.

    Args:
        world: The world.
        system: The system in whose terms to say it.
        at: Where to begin instead of the entrance.
        most: Most positions to visit.
    """
    table = table_of(world)
    start = at or Session(world).position
    after: dict[Position, set[Position]] = {}
    states, fired_events, bare = {start.state}, set(), set()
    queue = deque([start])
    visited = {start}
    while queue:
        position = queue.popleft()
        successors: set[Position] = set()
        for what in fireable_by_name(table, position):
            if isinstance(what, SequenceAction):
                states.update(beat.state for beat in reached_beats(table, what))
                successors.add(end_of_sequence(table, position, what))
            else:
                fired_events.add(what.index)
                successors.add(step(position, what)[0])
        after[position] = successors
        states.update(successor.state for successor in successors)
        if not successors and not is_over(table, position):
            bare.add(position)
        for successor in successors - visited:
            visited.add(successor)
            queue.append(successor)
        if len(visited) > most:
            return None
    losing = visited - _winning(table, after)
    places = {position: _place(system, position) for position in visited}
    stuck_places = frozenset(places[position] for position in losing)
    assert not stuck_places & {places[position] for position in visited - losing}, (
        "used one-shots that the system ignores matter"
    )
    return Naive(
        places=frozenset(places.values()),
        reached=frozenset(system.index[id] for id in states),
        fired=frozenset(fired_events),
        stuck=stuck_places,
        idle=frozenset(places[position] for position in bare),
    )


def _winning(table: TransitionTable, after: dict[Position, set[Position]]) -> set[Position]:
    before: dict[Position, list[Position]] = {}
    for position, successors in after.items():
        for successor in successors:
            before.setdefault(successor, []).append(position)
    winning = {position for position in after if is_over(table, position)}
    queue = list(winning)
    while queue:
        for position in before.get(queue.pop(), ()):
            if position not in winning:
                winning.add(position)
                queue.append(position)
    return winning


def _place(system: TransitionSystem, position: Position) -> Place:
    mask = system.mask_of(position.flags)
    assert mask is not None
    for bit, name in enumerate(system.one_shots, len(system.flags)):
        if name in position.used:
            mask |= 1 << bit
    return system.index[position.state], mask


def by_session(world: World) -> set[Position]:
    """Return all positions as sessions reach them, by firing every name in every position."""
    table = table_of(world)
    start = Session(world).position
    visited = {start}
    queue = deque([start])
    while queue:
        position = queue.popleft()
        here = Session(world, at=position)
        names = [offer.name for offer in here.offers + here.hidden_offers if offer.available]
        for name in names:
            resolve(table, position, name)
            session = Session(world, at=position)
            session.fire(name)
            if session.position not in visited:
                visited.add(session.position)
                queue.append(session.position)
    return visited
