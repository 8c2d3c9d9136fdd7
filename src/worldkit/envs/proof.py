"""``Proof``: what is true of a game, from all its points: shortest plays, points of no return, odds of random play."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from worldkit.core.document import derived
from worldkit.envs.game import MOST_POSITIONS, Game, game_of
from worldkit.simulation.chain import Point
from worldkit.world import World

UNREACHABLE_DISTANCE = -1
"""A distance to where no play leads."""

MOVES_PER_POINT = 50
"""There may be so many times as many moves as points: each takes memory."""

COLOUR_BYTES = 8
"""Bytes of a colour; two games are told apart as long as no two of their colours are equal by chance."""

MAX_ROUNDS = 64
"""After so many rounds points are told apart no further: a long way would take one for each of its points."""


class Proof:
    """All points of a game, and what follows from them exactly.

    Args:
        number_of: The number of each point that a play can be at, from 0 on; the first one first.
        rows: For each point, the number of the point that each legal action leads to, by the action.

    Attributes:
        points: Every point.
        rows: What each legal action leads to.
    """

    def __init__(self, game: Game, number_of: dict[Point, int], rows: list[dict[int, int]]) -> None:
        self.game: Game = game
        self.points: list[Point] = list(number_of)
        self.number_of: dict[Point, int] = number_of
        self.rows: list[dict[int, int]] = rows

    # ---- distances -----------------------------------------------------------------------------

    @cached_property
    def steps_to_win(self) -> list[int]:
        """The fewest actions from each point to an ending that is won; ``UNREACHABLE_DISTANCE`` where there is none."""
        return self._distances(i for i, point in enumerate(self.points) if self.game.ending(point) == "win")

    @cached_property
    def steps_to_ending(self) -> list[int]:
        """The fewest actions from each point to any ending; ``UNREACHABLE_DISTANCE`` at the points of a soft-lock."""
        return self._distances(i for i, point in enumerate(self.points) if self.game.ending(point))

    @property
    def soft_locks(self) -> int:
        """From how many points no ending can be reached."""
        return self.steps_to_ending.count(UNREACHABLE_DISTANCE)

    @property
    def branching(self) -> float:
        """How many actions are legal on average at a point where play goes on; 0 when there is none."""
        sizes = [len(row) for row in self.rows if row]
        return sum(sizes) / len(sizes) if sizes else 0.0

    def shortest_play(self, number: int = 0) -> list[int] | None:
        """Return a shortest play that is won, as the numbers of its actions; None when no play is won.

        Args:
            number: The point where it begins.
        """
        distances, actions = self.steps_to_win, list[int]()
        if distances[number] == UNREACHABLE_DISTANCE:
            return None
        while distances[number]:
            nearer = distances[number] - 1
            action = min(action for action, after in self.rows[number].items() if distances[after] == nearer)
            actions.append(action)
            number = self.rows[number][action]
        return actions

    @cached_property
    def _sources(self) -> list[list[int]]:
        """For each point, the points from which an action leads there."""
        sources: list[list[int]] = [[] for _ in self.points]
        for number, row in enumerate(self.rows):
            for after in row.values():
                sources[after].append(number)
        return sources

    def _distances(self, goals: Iterable[int]) -> list[int]:
        distances = [UNREACHABLE_DISTANCE] * len(self.points)
        queue = deque(goals)
        for number in queue:
            distances[number] = 0
        while queue:
            number = queue.popleft()
            for source in self._sources[number]:
                if distances[source] == UNREACHABLE_DISTANCE:
                    distances[source] = distances[number] + 1
                    queue.append(source)
        return distances

    # ---- random play ---------------------------------------------------------------------------

    def random_wins(self, steps: int) -> float:
        """Return the probability that play at random is won within some steps, each legal action equally likely."""
        probabilities = {0: 1.0}
        wins: list[float] = []
        for steps_left in range(steps, -1, -1):
            later: dict[int, float] = {}
            for number, probability in probabilities.items():
                row = self.rows[number]
                if not row:
                    if self.steps_to_win[number] == 0:
                        wins.append(probability)
                elif steps_left:
                    share = probability / len(row)
                    for after in row.values():
                        later[after] = later.get(after, 0.0) + share
            probabilities = later
        return math.fsum(wins)

    # ---- identity ------------------------------------------------------------------------------

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the game's shape: the same for two games that differ only in names, prose and the order of events.

        Each point is coloured by how it ends and by the colours of the points it leads to, again and again until no
        colour tells more points apart (colour refinement, as in the test of Weisfeiler and Leman 1968), or for
        ``MAX_ROUNDS`` rounds: two games that differ only so far from every point have one fingerprint. A round takes
        as long as hashing every move.
        """
        colours = [_hash(self.game.ending(point).encode()) for point in self.points]
        count = 0
        for _ in range(MAX_ROUNDS):
            count_before, count = count, len(set(colours))
            if count == count_before:
                break
            colours = [
                _hash(colour + b"".join(sorted(colours[after] for after in row.values())))
                for colour, row in zip(colours, self.rows, strict=True)
            ]
        return sha256(colours[0] + b"".join(sorted(colours))).hexdigest()


def _hash(data: bytes) -> bytes:
    return sha256(data).digest()[:COLOUR_BYTES]


@dataclass
class _Attempt:
    """What came of listing the points of a world: its proof, or the largest number of points that was too small."""

    proof: Proof | None = None
    too_few: int = 0


def prove(world: World, most_points: int) -> Proof | None:
    """Return the proof of a world; None when its plays can be at more points than some, or have too many moves.

    Args:
        most_points: How many points there may be.
    """
    attempt = derived(world, "_game_points", lambda _: _Attempt())
    if attempt.proof is None and most_points > attempt.too_few:
        attempt.proof = _list_points(game_of(world), most_points)
        attempt.too_few = most_points
    proof = attempt.proof
    return proof if proof is not None and len(proof.points) <= most_points else None


def _list_points(game: Game, most_points: int) -> Proof | None:
    most_moves = MOVES_PER_POINT * max(most_points, MOST_POSITIONS)
    move_count = 0
    points, number_of = [game.start], {game.start: 0}
    rows: list[dict[int, int]] = []
    for point in points:
        row: dict[int, int] = {}
        for action, move in game.moves(point).items():
            number = row[action] = number_of.setdefault(move.point, len(points))
            if number == len(points):
                points.append(move.point)
        rows.append(row)
        move_count += len(row)
        if len(points) > most_points or move_count > most_moves:
            return None
    return Proof(game, number_of, rows)
