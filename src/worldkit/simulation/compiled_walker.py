"""Random players compiled by numba: the same runs as ``walker`` plays, several times as fast."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from worldkit.simulation.sim_graph import SimGraph

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

KERNELS_MODULE = "worldkit.simulation.walk_kernels"

MAX_BITS = 63
MAX_EDGES = 64
"""Edges of a state that are tried one by one at every step; the other walker remembers what is open there."""

MAX_MS = 1 << 62


def seconds_to_load() -> float:
    """Return about how much processor time passes before compiled code runs; infinite without numba.

    Importing numba takes half a second; compiling, which is done once and kept in a file, some seconds.
    """
    if KERNELS_MODULE in sys.modules:
        return 0.0
    if find_spec("numba") is None:
        return float("inf")
    is_compiled = any(Path(__file__).parent.glob("__pycache__/walk_kernels.play-*.nbi"))
    return 0.6 if is_compiled else 4.0


def is_fit(graph: SimGraph, steps: int) -> bool:
    """Say whether runs of a world can be played by compiled code.

    Nothing fires by itself in it, no events of one state share a name, and its numbers are not too large.
    """
    return (
        not graph.timed_edges
        and not graph.states_sharing_names
        and len(graph.flags) + len(graph.ones) <= MAX_BITS
        and max(map(len, graph.pressed_edges)) <= MAX_EDGES
        and all(type(landing.ms) is int for landing in graph.landings)
        and steps * max((landing.ms for landing in graph.landings), default=0) < MAX_MS
    )


class Runs(NamedTuple):
    """The results of some runs: for each its steps, its ms, and the state it ended in."""

    steps: list[int]
    clocks: list[int]
    ends: list[int]


class CompiledWalker:
    """Plays runs of one world at random and counts.

    Args:
        graph: The world; ``is_fit`` says that it can be played.
        seed: With a run's number it makes that run's random numbers: a multiple of 2 to the 64th.
        steps: Most steps of a run.
    """

    def __init__(self, graph: SimGraph, seed: int, steps: int) -> None:
        import numpy as np

        from worldkit.simulation import walk_kernels

        self._kernels = walk_kernels
        self._graph = graph
        self._steps = steps
        size = max(1, (seed.bit_length() + 31) // 32)
        self._key = np.array([seed >> 32 * word & 0xFFFFFFFF for word in range(size)], np.uint32)
        self._seedless = np.zeros(walk_kernels.STATE_WORDS, np.uint32)
        walk_kernels.first_words(self._seedless)
        self._numbers = [edge for own in graph.pressed_edges for edge in own if graph.edges[edge].pressable]
        sizes = [sum(graph.edges[edge].pressable for edge in own) for own in graph.pressed_edges]
        self._first_edge = np.cumsum([0, *sizes], dtype=np.int64)
        edges, landings = graph.edges, graph.landings
        rows = [
            [edges[edge].requires for edge in self._numbers],
            [edges[edge].forbids for edge in self._numbers],
            [landings[edge].sets for edge in self._numbers],
            [landings[edge].place.number for edge in self._numbers],
            [landings[edge].ms for edge in self._numbers],
        ]
        self._edges = np.array(rows, np.int64).reshape(5, len(self._numbers))
        self._first_runs = np.full(len(self._numbers), -1, np.int64)
        self._counts = np.zeros((2, len(self._numbers)), np.int64)

    def play(self, first: int, last: int) -> Runs:
        """Play runs ``first .. last - 1``, and count."""
        import numpy as np

        outcomes = np.zeros((3, last - first), np.int64)
        graph = self._graph
        self._kernels.play(
            first,
            last,
            self._steps,
            graph.start.number,
            graph.mask,
            self._key,
            self._seedless,
            self._first_edge,
            self._edges,
            self._first_runs,
            self._counts,
            outcomes,
        )
        return Runs(*outcomes.tolist())

    def first_runs(self) -> dict[int, int]:
        """Return the first run that took an edge, by edge."""
        runs = zip(self._numbers, self._first_runs.tolist(), strict=True)
        return {edge: run for edge, run in runs if run >= 0}

    def counts(self) -> list[tuple[int, int, int]]:
        """Return each edge with how often it was taken, and how often it could have been."""
        take_counts, offer_counts = self._counts.tolist()
        return list(zip(self._numbers, take_counts, offer_counts, strict=True))
