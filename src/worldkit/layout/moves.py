"""The moves of a world: pairs of states, with the event and the cutscene between them."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worldkit.core.document import Document, derived, event_index
from worldkit.core.model import Event


@dataclass(frozen=True, slots=True)
class MapMove:
    """A move from one state to another.

    Attributes:
        event: The transition.
        index: The index of the event; names need not be unique in a world with errors.
        source: The state it leaves.
        target: The state it lands in.
        cutscene: Id of the cutscene on the way, or None.
    """

    event: Event
    index: int
    source: str
    target: str
    cutscene: str | None = None


def moves_at(world: Document, id: str) -> list[MapMove]:
    """Return the moves that leave a state or land in it, in world order.

    Args:
        id: The state.
    """
    ends = [id, *(cutscene.id for cutscene in world.cutscenes or () if cutscene.to == id)]
    index_of_events = event_index(world)
    events = list({builtins.id(event): event for end in ends for event in index_of_events.by_id.get(end, ())}.values())
    near = [(index, world.events[index]) for index in index_of_events.positions(events)]
    return [move for move in _moves_of(world, near) if id in (move.source, move.target)]


def moves(world: Document) -> Sequence[MapMove]:
    """Return every move between states that exist, in world order; they are kept with the world.

    Only transitions move (docs/spec/runtime.md); cutscene ids are looked up before state ids
    (docs/spec/smworld.md). A transition with several sources gives one move for each. Where it leads to a state, the
    cutscene of that pair of states is on the way, if it has a video.
    """
    return derived(world, "_moves", lambda world: tuple(_moves_of(world, enumerate(world.events))))


def _moves_of(world: Document, events: Iterable[tuple[int, Event]]) -> list[MapMove]:
    states, cutscenes = world.states, world.cutscenes_by_id
    of_pair = {
        (cutscene.from_, cutscene.to): cutscene.id
        for cutscene in reversed(world.cutscenes or ())
        if cutscene.video.strip()
    }
    result: list[MapMove] = []
    for index, event in events:
        if event.kind != "transition" or event.to is None:
            continue
        cutscene = cutscenes.get(event.to)
        target = cutscene.to if cutscene else event.to
        if target not in states:
            continue
        for source in dict.fromkeys(event.from_):
            if source in states:
                on_the_way = cutscene.id if cutscene else of_pair.get((source, target))
                result.append(MapMove(event, index, source, target, on_the_way))
    return result
