"""Observations: what an environment's agent sees of a point, with the Gymnasium space of each form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol

import numpy as np
from gymnasium import Space, spaces

from worldkit.core.argument_checks import refusal
from worldkit.core.errors import WorldError
from worldkit.envs.choices import characters, choices_at, longest_text, text_of
from worldkit.envs.game import Game
from worldkit.envs.proof import Proof
from worldkit.playing.session import Session
from worldkit.playing.transition_table import Action
from worldkit.simulation.chain import Point, clock_limits

Observation = Literal["symbolic", "position", "text"]


class Observer(Protocol):
    """Sees points in one form."""

    @property
    def space(self) -> Space[Any]:
        """What can be seen."""

    def see(self, point: Point, session: Callable[[], Session]) -> Any:
        """Return what is seen of a point; ``session`` returns a session that stands there."""


class SymbolicObserver:
    """The state, flags, one-shots used, and in a world with timers what the clocks say.

    Args:
        game: The world.
    """

    def __init__(self, game: Game) -> None:
        self._graph = graph = game.graph
        self._limits = clock_limits(graph)
        timed_actions = [graph.edges[edge].what for own in graph.timed_edges.values() for edge in own]
        indices = dict.fromkeys(what.index for what in timed_actions if isinstance(what, Action))
        self._timer_numbers = {index: number for number, index in enumerate(indices)}
        parts: dict[str, Space[Any]] = {
            "state": spaces.Discrete(len(graph.states)),
            "flags": spaces.MultiBinary(max(1, len(graph.flags))),
            "used": spaces.MultiBinary(max(1, len(graph.ones))),
        }
        if graph.timed_edges:
            parts["clock"] = spaces.Box(0.0, 1.0, (2,), np.float32)
            parts["fired"] = spaces.MultiBinary(max(1, len(self._timer_numbers)))
        self.space: Space[Any] = spaces.Dict(parts)

    def see(self, point: Point, session: Callable[[], Session] | None = None) -> dict[str, Any]:
        """Return what is seen of a point."""
        place, mask, elapsed, forward_ms, fired_indices = point
        flag_count = len(self._graph.flags)
        parts: dict[str, Any] = {
            "state": np.int64(place),
            "flags": _bits(mask & (1 << flag_count) - 1, max(1, flag_count)),
            "used": _bits(mask >> flag_count, max(1, len(self._graph.ones))),
        }
        if self._graph.timed_edges:
            longest, farthest = self._limits.get(place, (1, 1))
            parts["clock"] = np.array([elapsed / max(1, longest), forward_ms / max(1, farthest)], np.float32)
            parts["fired"] = np.zeros(max(1, len(self._timer_numbers)), np.int8)
            for index in fired_indices:
                parts["fired"][self._timer_numbers[index]] = 1
        return parts


class PositionObserver:
    """The number of the point among all points.

    Args:
        proof: All points.
    """

    def __init__(self, proof: Proof | None) -> None:
        if proof is None:
            raise WorldError(
                'observation="position" numbers every point of a play, and this world has too many; '
                'raise most_positions, or take observation="symbolic"'
            )
        self._number_of = proof.number_of
        self.space: Space[Any] = spaces.Discrete(len(proof.points))

    def see(self, point: Point, session: Callable[[], Session] | None = None) -> np.int64:
        """Return the number of a point."""
        return np.int64(self._number_of[point])


class TextObserver:
    """What a player reads.

    Args:
        game: The world.
    """

    def __init__(self, game: Game) -> None:
        self._game = game
        self.space: Space[Any] = spaces.Text(longest_text(game), min_length=0, charset=characters(game))

    def see(self, point: Point, session: Callable[[], Session]) -> str:
        """Return the text at a point."""
        return text_of(session(), choices_at(self._game, point))


def observer(game: Game, proof: Proof | None, observation: Observation) -> Observer:
    """Return what sees points in a form.

    Args:
        game: The world.
        proof: All its points, if they could be listed.
        observation: The form.

    Raises:
        WorldError: The form is ``"position"`` and there are too many points.
        WrongArgument: There is no such form.
    """
    match observation:
        case "symbolic":
            return SymbolicObserver(game)
        case "position":
            return PositionObserver(proof)
        case "text":
            return TextObserver(game)
    raise refusal("observation", '"symbolic", "position" or "text"', observation)


def _bits(mask: int, width: int) -> np.ndarray[Any, np.dtype[np.int8]]:
    data = np.frombuffer(mask.to_bytes((width + 7) // 8, "little"), np.uint8)
    return np.unpackbits(data, count=width, bitorder="little").view(np.int8)
