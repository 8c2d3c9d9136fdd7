"""From the labels of a run to a ``Trace``, by firing every step in a real session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from worldkit.core.errors import NotAvailable
from worldkit.exploration.transition_system import TransitionSystem
from worldkit.playing.position import Position
from worldkit.playing.session import Session
from worldkit.playing.trace import Trace

if TYPE_CHECKING:
    from worldkit.world import World


class Unplayable(RuntimeError):
    """A run that was found does not play: the search and the stepper disagree, which is a defect of this package."""


class Unwitnessed(RuntimeError):
    """Something was said to happen that no run does: the engine and the search disagree, a defect of this package."""


def witness_trace(world: World, at: Position | None, system: TransitionSystem, labels: Sequence[int]) -> Trace:
    """Return a run as a trace, by firing its labels one after the other.

    Args:
        at: Where the run begins; None is the entrance.
        system: The system the labels belong to.
        labels: What to fire.

    Raises:
        Unplayable: A step is not available, or lands elsewhere than the search says.
    """
    session = Session(world, at=at)
    state = system.start
    for number, label in enumerate(labels, 1):
        name = system.name(label)
        move = next((move for move in system.moves[state] if move.label == label), None)
        try:
            step = session.fire(name)
        except NotAvailable as refusal:
            raise Unplayable(f"step {number} of a run that was found cannot be played: {refusal}") from refusal
        if move is None or step.state != system.states[move.target]:
            raise Unplayable(f"step {number} of a run that was found, {name!r}, lands in {step.state!r}")
        state = move.target
    return session.trace
