"""``Episode``: one play of a game, as far as it has come."""

from __future__ import annotations

from collections.abc import Mapping

from worldkit.envs.choices import LegalAction, choices_at, text_of
from worldkit.envs.game import ActionMove, Game, game_of
from worldkit.playing.session import Session
from worldkit.simulation.chain import Point
from worldkit.world import World


class Episode:
    """One play of a game.

    Attributes:
        point: Where it stands.
        steps: How many steps it has taken, those of illegal actions among them.
    """

    def __init__(self, game: Game) -> None:
        self.game: Game = game
        self.point: Point = game.start
        self.steps = 0
        self._past_moves: list[ActionMove] = []
        self._session: Session | None = None
        self._session_moves = 0

    @property
    def moves(self) -> Mapping[int, ActionMove]:
        """What can be done now, by the number of the action."""
        return self.game.moves(self.point)

    def do(self, action: int) -> ActionMove | None:
        """Take a step; return its move, or None when the action is illegal and nothing moves."""
        self.steps += 1
        move = self.moves.get(action)
        if move is not None:
            self.point = move.point
            self._past_moves.append(move)
        return move

    @property
    def session(self) -> Session:
        """A session in which the stepper made the same moves; it is played when it is asked for."""
        if self._session is None:
            self._session = Session(self.game.world)
        for move in self._past_moves[self._session_moves :]:
            self.game.play(self._session, move)
        self._session_moves = len(self._past_moves)
        return self._session

    def choices(self) -> list[LegalAction]:
        """Return what can be done now, in the order in which it is offered."""
        return choices_at(self.game, self.point)

    def text(self) -> str:
        """Return what a player reads now."""
        return text_of(self.session, self.choices())

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self.game.world, self.point, self.steps, list(self._past_moves))


def _restored(world: World, point: Point, steps: int, past_moves: list[ActionMove]) -> Episode:
    episode = Episode(game_of(world))
    episode.point, episode.steps, episode._past_moves = point, steps, past_moves  # noqa: SLF001 - its own copy
    return episode
