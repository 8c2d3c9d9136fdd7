"""Rewards: what a move is worth, as a function of the transition alone, so that it can be tabulated."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from worldkit.core.argument_checks import refusal
from worldkit.core.errors import WrongArgument
from worldkit.core.quoting import quote
from worldkit.envs.game import ActionMove, Game
from worldkit.playing.missions import progress
from worldkit.playing.position import Position
from worldkit.simulation.chain import Point


@dataclass(frozen=True, slots=True)
class Transition:
    """One move, as a reward function sees it.

    Attributes:
        before: The position before it.
        action: The name of the action.
        after: The position after it.
        ending: ``"win"`` or ``"lose"`` when it leads to such an ending; empty where play goes on.

    Example:
        >>> def price(move: wk.envs.Transition) -> float:
        ...     return (move.ending == "win") - 0.01
        >>> env = wk.envs.WorldEnv(world, reward=price)
        >>> env.step(env.action("walk_up_the_lane"))[1]
        -0.01
    """

    before: Position
    action: str
    after: Position
    ending: str


Reward = Literal["win", "missions"] | Callable[[Transition], float]
RewardOfMove = Callable[[Point, int, ActionMove], float]


def reward_function(game: Game, reward: Reward) -> RewardOfMove:
    """Return what a legal move is worth.

    Args:
        game: The world.
        reward: ``"win"``: 1 for a move into an ending that is won, else 0. ``"missions"``: the share of the world's
            missions that the move completes. Or a function of the ``Transition``.

    Raises:
        WrongArgument: It is none of these, or the world has no missions.
    """
    if reward == "win":
        return lambda before, action, move: float(game.ending(move.point) == "win")
    if reward == "missions":
        return _mission_reward(game)
    if not callable(reward):
        raise WrongArgument("reward", '"win", "missions" or a function of a Transition', quote(reward))
    own_reward: Callable[[Transition], float] = reward

    def of_transition(before: Point, action: int, move: ActionMove) -> float:
        after = move.point
        transition = Transition(game.position(before), game.actions[action], game.position(after), game.ending(after))
        value = own_reward(transition)
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if math.isnan(number):
            raise refusal("reward", "a function that returns a number", value)
        return number

    return of_transition


def _mission_reward(game: Game) -> RewardOfMove:
    count = len(game.world.missions or ())
    if not count:
        raise WrongArgument("reward", '"win" or a function, because this world has no missions', '"missions"')

    def complete(point: Point) -> int:
        return sum(mission.complete for mission in progress(game.world, game.graph.flags_of(point[1])))

    return lambda before, action, move: (complete(move.point) - complete(before)) / count
