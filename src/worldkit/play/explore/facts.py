"""``Facts``: an engine's answer as plain data, which outlives the engine and travels between processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from worldkit.play.explore.answer import Answer


@dataclass(frozen=True, slots=True)
class Facts:
    """What an engine's answer comes down to, as plain data.

    Attributes:
        engine: The engine's name.
        seconds: How long it took.
        undecided: What was not decided and why.
        exact: ``reached`` and ``fired`` are complete.
        positions: How many positions there are; None when they were not all counted.
        seen: How many were seen at least.
        reached: The indices of the states reached.
        fired: The indices of the events that can be fired.
        stuck_positions: How many positions are soft-locked; None when that was not decided.
        stuck: For every state with a soft-locked position the mask of the one with the fewest bits; None likewise.
        idle: The same for positions in which nothing can be done.
    """

    engine: str
    seconds: float
    undecided: tuple[str, ...]
    exact: bool
    positions: int | None
    seen: int
    reached: frozenset[int]
    fired: frozenset[int]
    stuck_positions: int | None
    stuck: Mapping[int, int] | None
    idle: Mapping[int, int] | None

    @classmethod
    def of(cls, answer: Answer, seconds: float, undecided: tuple[str, ...] = ()) -> Facts:
        """Return what an answer says."""
        return cls(
            answer.engine,
            seconds,
            undecided + answer.undecided,
            answer.coverage_exact,
            answer.positions,
            answer.seen,
            answer.reached,
            answer.fired,
            answer.stuck_positions,
            None if answer.stuck is None else _masks(answer.stuck, answer.fewest_stuck),
            None if answer.idle is None else _masks(answer.idle, answer.fewest_idle),
        )


def _masks(states: frozenset[int], fewest: Callable[[int], int | None]) -> dict[int, int]:
    return {state: mask for state in sorted(states) if (mask := fewest(state)) is not None}
