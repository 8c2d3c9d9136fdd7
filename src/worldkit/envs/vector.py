"""``WorldVectorEnv``: many plays of one world at once, as lookups in a table of all its points."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from worldkit.core.argument_checks import checked_methods, refusal
from worldkit.core.argument_ranges import expect_count
from worldkit.core.errors import WorldError, WrongArgument
from worldkit.envs.episode import Episode
from worldkit.envs.game import MAX_STEPS, MOST_POSITIONS, Game, game_of
from worldkit.envs.observations import Observation, observer
from worldkit.envs.proof import UNREACHABLE_DISTANCE, Proof, prove
from worldkit.envs.rendering import RENDER_METADATA, RenderMode, check_render_mode, rendering
from worldkit.envs.rewards import Reward, reward_function
from worldkit.world import World

SINGLE_ENVS_HINT = "step single environments with gymnasium.vector.SyncVectorEnv"

Array = np.ndarray[Any, np.dtype[Any]]

MAX_TABLE_BYTES = 850_000_000
"""What a table may take."""

BYTES_PER_MOVE = 17
"""What a table has of each point and action: the next point, the reward, and whether it is legal."""


@checked_methods
class WorldVectorEnv(VectorEnv[Any, Any, Array]):
    """Many environments of one world that step together; each plays as ``WorldEnv`` does.

    The points of all plays are listed once, so that a step of all environments is a few array operations. An
    environment whose episode is over begins again with the next step, whatever the action
    (``AutoresetMode.NEXT_STEP``).
    ``infos`` holds an array for each of ``action_mask``, ``illegal``, ``won``, ``soft_lock`` and ``steps_to_win``.

    Args:
        world: The world; it has at least one state.
        num_envs: How many environments.
        observation: ``"symbolic"`` or ``"position"``.
        reward: As for ``WorldEnv``; a function is called once for every legal action at every point.
        illegal_reward: What an illegal action is worth.
        max_steps: After how many steps an episode is truncated; None for never.
        render_mode: As for ``WorldEnv``. With one, a step also notes what each environment did.
        most_positions: How many points there may be.

    Attributes:
        world: The world.
        actions: The name of each action.

    Raises:
        WorldError: There are more points than ``most_positions``, or the table would be too large.
        WrongArgument: The observation is a text, or an argument is out of range.
        MissingExtra: Gymnasium is not installed.

    Example:
        >>> envs = wk.envs.WorldVectorEnv(world, 3)
        >>> observations, infos = envs.reset(seed=0)
        >>> actions = envs.sample_legal(infos["action_mask"])
        >>> observations, rewards, terminated, truncated, infos = envs.step(actions)
        >>> rewards.tolist(), infos["illegal"].tolist()
        ([0.0, 0.0, 0.0], [False, False, False])
    """

    metadata: ClassVar[dict[str, Any]] = {**RENDER_METADATA, "autoreset_mode": AutoresetMode.NEXT_STEP}  # type: ignore[misc]

    def __init__(
        self,
        world: World,
        num_envs: int = 1,
        *,
        observation: Observation = "symbolic",
        reward: Reward = "win",
        illegal_reward: float = 0.0,
        max_steps: int | None = MAX_STEPS,
        render_mode: RenderMode | None = None,
        most_positions: int = MOST_POSITIONS,
    ) -> None:
        expect_count(num_envs, "num_envs")
        expect_count(max_steps, "max_steps", or_none=True)
        expect_count(most_positions, "most_positions", 0)
        check_render_mode(render_mode)
        if observation == "text":
            raise WrongArgument("observation", '"symbolic" or "position" (texts are read one by one)', '"text"')
        proof = prove(world, most_positions)
        game = game_of(world)
        if proof is None:
            raise WorldError(
                f"the plays of this world can be at more than {most_positions} points, or have too many moves for a "
                f"table; raise most_positions, or {SINGLE_ENVS_HINT}"
            )
        self.world: World = world
        self.num_envs: int = num_envs
        self.actions: tuple[str, ...] = game.actions
        self.render_mode: RenderMode | None = render_mode
        self._game = game
        self._max_steps = np.iinfo(np.int64).max if max_steps is None else max_steps
        seer = observer(game, proof, observation)
        size = len(proof.points) * (BYTES_PER_MOVE * len(game.actions) + _byte_count(seer.see(game.start, _no_session)))
        if size > MAX_TABLE_BYTES:
            raise WorldError(
                f"a table of the {len(proof.points)} points of this world and its {len(game.actions)} actions would "
                f"take {size:,} bytes, more than {MAX_TABLE_BYTES:,}; {SINGLE_ENVS_HINT}"
            )
        self._observations = _stacked([seer.see(point, _no_session) for point in proof.points])
        self._tabulate(game, proof, reward, illegal_reward)
        self.single_observation_space: spaces.Space[Any] = seer.space
        self.single_action_space: spaces.Space[Any] = spaces.Discrete(max(1, len(self.actions)))
        self.observation_space: spaces.Space[Any] = batch_space(self.single_observation_space, num_envs)
        self.action_space: spaces.Space[Any] = batch_space(self.single_action_space, num_envs)
        self._begin()

    def _tabulate(self, game: Game, proof: Proof, reward: Reward, illegal_reward: float) -> None:
        size, width = len(proof.points), max(1, len(game.actions))
        reward_of = reward_function(game, reward)
        self._next_indices = np.repeat(np.arange(size, dtype=np.int64)[:, None], width, axis=1)
        self._rewards = np.full((size, width), illegal_reward, np.float64)
        self._masks = np.zeros((size, width), np.int8)
        for number, (point, row) in enumerate(zip(proof.points, proof.rows, strict=True)):
            moves = game.moves(point)
            for action, after in row.items():
                self._next_indices[number, action] = after
                self._rewards[number, action] = reward_of(point, action, moves[action])
                self._masks[number, action] = 1
        self._is_end = np.array([not row for row in proof.rows])
        self._facts = {
            "won": np.array([game.ending(point) == "win" for point in proof.points]),
            "soft_lock": np.array([steps == UNREACHABLE_DISTANCE for steps in proof.steps_to_ending]),
            "steps_to_win": np.array(proof.steps_to_win, np.int64),
        }

    def _begin(self) -> None:
        self._points = np.zeros(self.num_envs, np.int64)
        self._steps = np.zeros(self.num_envs, np.int64)
        self._is_over = np.zeros(self.num_envs, np.bool_)
        self._episodes = [Episode(self._game) for _ in range(self.num_envs)] if self.render_mode else []

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode in every environment.

        Args:
            seed: Seeds ``np_random``, which ``sample_legal`` draws from; the world itself draws nothing.
            options: Not used.

        Returns:
            The observations, and ``infos``.

        Example:
            >>> envs = wk.envs.WorldVectorEnv(world, 2)
            >>> observations, infos = envs.reset(seed=1)
            >>> infos["action_mask"].shape
            (2, 5)
        """
        expect_count(seed, "seed", 0, or_none=True)
        super().reset(seed=seed)
        self._begin()
        return self._observe(), self._infos(np.zeros(self.num_envs, np.bool_))

    def step(self, actions: Any) -> tuple[Any, Array, Array, Array, dict[str, Any]]:
        """Do an action in every environment.

        Args:
            actions: Their numbers.

        Returns:
            The observations, the rewards, which episodes are terminated, which are truncated, and ``infos``.

        Raises:
            WrongArgument: There are not as many actions as environments, or there is no such action.

        Example:
            >>> envs = wk.envs.WorldVectorEnv(world, 2)
            >>> observations, infos = envs.reset(seed=1)
            >>> observations, rewards, terminated, truncated, infos = envs.step([0, 1])
            >>> observations["state"]
            array([1, 0])
        """
        try:
            numbers = np.asarray(actions)
        except (ValueError, RecursionError):  # no array can be made of it
            numbers = np.asarray(())
        if numbers.shape != (self.num_envs,) or numbers.dtype.kind not in "iu":
            raise refusal("actions", f"{self.num_envs} whole numbers in an array", actions)
        width = self._next_indices.shape[1]
        if numbers.min() < 0 or numbers.max() >= width:
            raise refusal("actions", f"whole numbers from 0 to {width - 1}", actions)
        places, is_on = self._points, ~self._is_over
        for place, episode in enumerate(self._episodes):
            if is_on[place]:
                episode.do(int(numbers[place]))
            else:
                self._episodes[place] = Episode(self._game)
        illegal = is_on & (self._masks[places, numbers] == 0)
        rewards = np.where(is_on, self._rewards[places, numbers], 0.0)
        self._points = np.where(is_on, self._next_indices[places, numbers], 0)
        self._steps = np.where(is_on, self._steps + 1, 0)
        terminated = is_on & self._is_end[self._points]
        truncated = is_on & ~terminated & (self._steps >= self._max_steps)
        self._is_over = terminated | truncated
        return self._observe(), rewards, terminated, truncated, self._infos(illegal)

    def render(self) -> tuple[Any, ...] | None:
        """Return the rendering of each environment that ``render_mode`` asks for; None without a mode.

        Example:
            >>> envs = wk.envs.WorldVectorEnv(world, 2, render_mode="rgb_array")
            >>> [picture.shape for picture in envs.render()]
            [(360, 640, 3), (360, 640, 3)]
        """
        if self.render_mode is None:
            return None
        return tuple(rendering(episode, self.render_mode) for episode in self._episodes)

    def sample_legal(self, action_mask: Array) -> Array:
        """Return a legal action for each environment, each equally likely; 0 where there is none.

        Args:
            action_mask: The masks that ``reset`` and ``step`` return.

        Example:
            >>> envs = wk.envs.WorldVectorEnv(world, 2)
            >>> envs.sample_legal(envs.reset(seed=0)[1]["action_mask"]).shape
            (2,)
        """
        counts = np.cumsum(action_mask, axis=1, dtype=np.int64)
        ranks = (self.np_random.random(len(action_mask)) * counts[:, -1]).astype(np.int64)
        legal: Array = np.argmax(counts > ranks[:, None], axis=1)
        return legal

    def _observe(self) -> Any:
        if isinstance(self._observations, dict):
            return {key: values[self._points] for key, values in self._observations.items()}
        return self._observations[self._points]

    def _infos(self, illegal: Array) -> dict[str, Any]:
        infos = {"action_mask": self._masks[self._points], "illegal": illegal}
        return infos | {key: values[self._points] for key, values in self._facts.items()}


def _no_session() -> Any:
    raise AssertionError("a table of points is seen without sessions")


def _byte_count(observation: Any) -> int:
    parts = observation.values() if isinstance(observation, dict) else [observation]
    return sum(part.nbytes for part in parts)


def _stacked(observations: list[Any]) -> Any:
    if isinstance(observations[0], dict):
        return {key: np.stack([one[key] for one in observations]) for key in observations[0]}
    return np.array(observations)
