"""The moves of a world: which state leads to which, by what event, over which cutscene."""

from __future__ import annotations

from dataclasses import dataclass

from worldkit.core.document import Document
from worldkit.core.model import Event


@dataclass(frozen=True, slots=True)
class Move:
    """One way from a state to a state.

    Attributes:
        event: The transition.
        index: Its place in the world's events; names need not be unique while a world is mended.
        source: The state it leaves.
        target: The state it lands in.
        cutscene: Id of the cutscene on the way, or None.
    """

    event: Event
    index: int
    source: str
    target: str
    cutscene: str | None = None


def moves(world: Document) -> list[Move]:
    """Return every move between states that exist, in world order.

    Only transitions move (docs/spec/runtime.md); cutscene ids are looked up before state ids
    (docs/spec/smworld.md). A transition with several sources gives one move for each.
    """
    states, cuts = world.states, world.cutscenes_by_id
    found: list[Move] = []
    for index, event in enumerate(world.events):
        if event.kind != "transition" or event.to is None:
            continue
        cut = cuts.get(event.to)
        target = cut.to if cut else event.to
        if target not in states:
            continue
        for source in dict.fromkeys(event.from_):
            if source in states:
                found.append(Move(event, index, source, target, cut.id if cut else None))
    return found
