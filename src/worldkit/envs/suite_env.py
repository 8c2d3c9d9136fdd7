"""``SuiteEnv``: all worlds of a suite as one environment, so that one policy learns them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar

import gymnasium
import numpy as np
from gymnasium import spaces

from worldkit.core.argument_checks import checked_methods, refusal
from worldkit.core.argument_ranges import expect_count
from worldkit.core.quoting import format_count
from worldkit.envs.rendering import RENDER_METADATA
from worldkit.envs.tasks import Task

if TYPE_CHECKING:
    from worldkit.envs.environment import WorldEnv


@checked_methods
class SuiteEnv(gymnasium.Env[Any, Any]):
    """The worlds of a suite as one environment: each episode is played in one of them; ``Suite.env`` makes it.

    The spaces have room for every world. In a smaller one the flags and one-shots that it lacks are 0, and the actions
    that it lacks are illegal. ``reset`` draws the world by its seed, or takes ``options={"task": number}``. ``info`` is
    that of ``WorldEnv``, and ``info["task"]`` is the number of the world.

    Args:
        tasks: The tasks; at least one.
        also: Tasks of other suites for which the spaces have room too, so that a policy can be tried on them.
        options: Other arguments of ``WorldEnv``.

    Attributes:
        tasks: The tasks.

    Raises:
        WrongArgument: There are no tasks.

    Example:
        >>> train, test = (wk.envs.suite(4, "medium", split=split) for split in ("train", "test"))
        >>> env, held_out = train.env(also=test), test.env(also=train)
        >>> env.observation_space == held_out.observation_space, env.action_space == held_out.action_space
        (True, True)
        >>> observation, info = env.reset(seed=0, options={"task": 2})
        >>> info["task"], env.current.world == train[2].world
        (2, True)
    """

    metadata: ClassVar[dict[str, Any]] = RENDER_METADATA  # type: ignore[misc]

    def __init__(self, tasks: Sequence[Task], *, also: Iterable[Task] = (), **options: Any) -> None:
        if not tasks:
            raise refusal("tasks", "at least one task", tasks)
        self.tasks: tuple[Task, ...] = tuple(tasks)
        self._envs = [task.env(**options) for task in tasks]
        self._number = 0
        self.render_mode = self._envs[0].render_mode
        all_envs = list(chain(self._envs, (task.env(**options) for task in also)))
        self.observation_space: spaces.Space[Any] = _widest([env.observation_space for env in all_envs])
        action_count = max(len(env.actions) for env in all_envs)
        self.action_space: spaces.Space[Any] = spaces.Discrete(action_count)
        for env in self._envs:
            env.make_room(action_count)

    @property
    def current(self) -> WorldEnv:
        """The environment of the world that is played now: for ``prompt``, ``trace``, ``shortest_play`` and so on."""
        return self._envs[self._number]

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode in one of the worlds.

        Args:
            seed: Seeds the draw; without one, the draws go on.
            options: ``{"task": number}`` takes a world instead of drawing one.

        Returns:
            The observation, and ``info``.

        Raises:
            WrongArgument: There is no such task.

        Example:
            >>> env = wk.envs.suite(8).env()
            >>> env.reset(seed=3)[1]["task"] == env.reset(seed=3)[1]["task"]
            True
        """
        expect_count(seed, "seed", 0, or_none=True)
        super().reset(seed=seed)
        number = (options or {}).get("task")
        if number is None:
            number = int(self.np_random.integers(len(self._envs)))
        elif not spaces.Discrete(len(self._envs)).contains(number):
            raise refusal("options", f'"task" to be a whole number from 0 to {len(self._envs) - 1}', number)
        self._number = int(number)
        observation, info = self.current.reset()
        return self._padded(observation), {**info, "task": self._number}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Do an action, as in ``WorldEnv``.

        Args:
            action: Its number; one that the world lacks is illegal.

        Raises:
            WrongArgument: No world has such an action.

        Example:
            >>> env = wk.envs.suite(2).env()
            >>> observation, info = env.reset(seed=0)
            >>> observation, reward, terminated, truncated, info = env.step(env.current.shortest_play()[0])
            >>> info["illegal"], info["steps_to_win"] == len(env.current.shortest_play())
            (False, True)
        """
        observation, reward, terminated, truncated, info = self.current.step(action)
        return self._padded(observation), reward, terminated, truncated, {**info, "task": self._number}

    def render(self) -> Any:
        """Return the rendering that ``render_mode`` asks for: a text, an array of pixels, or None without a mode."""
        return self.current.render()

    def action_masks(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which actions are legal now, as ``MaskablePPO`` of sb3-contrib asks for it."""
        return self.current.action_masks()

    def __repr__(self) -> str:
        return f"SuiteEnv of {format_count(len(self.tasks), 'task')}; now {self.current!r}"

    def _padded(self, observation: Any) -> Any:
        if not isinstance(self.observation_space, spaces.Dict):
            return observation
        return {
            name: _as_wide(observation[name], space) if name in observation else np.zeros(space.shape, space.dtype)
            for name, space in self.observation_space.items()
        }


def _as_wide(part: Any, space: spaces.Space[Any]) -> Any:
    if not isinstance(space, spaces.MultiBinary) or part.shape == space.shape:
        return part
    wide = np.zeros(space.shape, part.dtype)
    wide[: len(part)] = part
    return wide


def _widest(all_spaces: Sequence[spaces.Space[Any]]) -> spaces.Space[Any]:
    """Return the space that has room for what is seen in any of several."""
    first = all_spaces[0]
    if isinstance(first, spaces.Dict):
        dicts: list[dict[str, spaces.Space[Any]]] = [space.spaces for space in all_spaces]  # type: ignore[attr-defined]
        names = dict.fromkeys(chain.from_iterable(dicts))
        return spaces.Dict({name: _widest([parts[name] for parts in dicts if name in parts]) for name in names})
    if isinstance(first, spaces.Discrete):
        return spaces.Discrete(max(int(space.n) for space in all_spaces))  # type: ignore[attr-defined]
    if isinstance(first, spaces.MultiBinary):
        return spaces.MultiBinary(max(space.shape[0] for space in all_spaces))  # type: ignore[index]
    if isinstance(first, spaces.Text):
        charset = "".join(sorted(set().union(*(space.character_set for space in all_spaces))))  # type: ignore[attr-defined]
        longest = max(space.max_length for space in all_spaces)  # type: ignore[attr-defined]
        return spaces.Text(longest, min_length=0, charset=charset)
    return first
