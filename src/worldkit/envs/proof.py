"""``Proof``: what is true of a game, from all its points: shortest plays, points of no return, odds of random play."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256

from worldkit.envs.game import Game, game_of
from worldkit.simulation.chain import Point
from worldkit.world import World

NEVER = -1
"""A distance to where no play leads."""

WORD = 8
"""Bytes of a colour; two games are told apart as long as no two of their colours are equal by chance."""


class Proof:
    """All points of a game, and what follows from them exactly.

    Args:
        game: The game.
        points: Every point that a play can be at, the first one first.

    Attributes:
        points: Every point.
        number_of: The number of each point.
        rows: For each point, the number of the point that each legal action leads to, by the action.
    """

    def __init__(self, game: Game, points: list[Point]) -> None:
        self.game: Game = game
        self.points: list[Point] = points
        self.number_of: dict[Point, int] = {point: number for number, point in enumerate(points)}
        self.rows: list[dict[int, int]] = [
            {action: self.number_of[move.point] for action, move in game.moves(point).items()} for point in points
        ]

    # ---- distances -----------------------------------------------------------------------------

    @cached_property
    def steps_to_win(self) -> list[int]:
        """The fewest actions from each point to an ending that is won; ``NEVER`` where none can be reached."""
        return self._distances(i for i, point in enumerate(self.points) if self.game.ending(point) == "win")

    @cached_property
    def steps_to_ending(self) -> list[int]:
        """The fewest actions from each point to any ending; ``NEVER`` at the points of a soft-lock."""
        return self._distances(i for i, point in enumerate(self.points) if self.game.ending(point))

    @property
    def soft_locks(self) -> int:
        """From how many points no ending can be reached."""
        return self.steps_to_ending.count(NEVER)

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
        if distances[number] == NEVER:
            return None
        while distances[number]:
            nearer = distances[number] - 1
            action = min(action for action, after in self.rows[number].items() if distances[after] == nearer)
            actions.append(action)
            number = self.rows[number][action]
        return actions

    def _distances(self, goals: Iterable[int]) -> list[int]:
        before: list[list[int]] = [[] for _ in self.points]
        for number, row in enumerate(self.rows):
            for after in row.values():
                before[after].append(number)
        distances = [NEVER] * len(self.points)
        todo = deque(goals)
        for number in todo:
            distances[number] = 0
        while todo:
            number = todo.popleft()
            for earlier in before[number]:
                if distances[earlier] == NEVER:
                    distances[earlier] = distances[number] + 1
                    todo.append(earlier)
        return distances

    # ---- random play ---------------------------------------------------------------------------

    def random_wins(self, steps: int) -> float:
        """Return the probability that play at random is won within some steps, each legal action equally likely."""
        here = {0: 1.0}
        won: list[float] = []
        for left in range(steps, -1, -1):
            ahead: dict[int, float] = {}
            for number, probability in here.items():
                row = self.rows[number]
                if not row:
                    if self.game.ending(self.points[number]) == "win":
                        won.append(probability)
                elif left:
                    share = probability / len(row)
                    for after in row.values():
                        ahead[after] = ahead.get(after, 0.0) + share
            here = ahead
        return math.fsum(won)

    # ---- identity ------------------------------------------------------------------------------

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the game's shape: the same for two games that differ only in names, prose and the order of events.

        Each point is coloured by how it ends and by the colours of the points it leads to, again and again until no
        colour tells more points apart (colour refinement, as in the test of Weisfeiler and Leman 1968).
        """
        colours = [_hash(self.game.ending(point).encode()) for point in self.points]
        count = len(set(colours))
        while True:
            colours = [
                _hash(colour + b"".join(sorted(colours[after] for after in row.values())))
                for colour, row in zip(colours, self.rows, strict=True)
            ]
            if len(set(colours)) == count:
                return sha256(colours[0] + b"".join(sorted(colours))).hexdigest()
            count = len(set(colours))


def _hash(data: bytes) -> bytes:
    return sha256(data).digest()[:WORD]


def prove(world: World, most_points: int) -> Proof | None:
    """Return the proof of a world; None when its plays can be at more points than some.

    Args:
        world: The world.
        most_points: How many points there may be.
    """
    game = game_of(world)
    known = world.__dict__.get("_game_proof")
    if isinstance(known, Proof):
        return known if len(known.points) <= most_points else None
    if isinstance(known, int) and most_points <= known:
        return None
    points = [game.start]
    found = {game.start}
    for point in points:
        for move in game.moves(point).values():
            if move.point not in found:
                found.add(move.point)
                points.append(move.point)
        if len(points) > most_points:
            world.__dict__["_game_proof"] = most_points  # so many were not enough
            return None
    proof = world.__dict__["_game_proof"] = Proof(game, points)
    return proof
