"""``WorldEnv``: a world as a Gymnasium environment, for agents that learn and for agents that read."""

from __future__ import annotations

from typing import Any, ClassVar

import gymnasium
import numpy as np
from gymnasium import spaces

from worldkit.core.argument_checks import checked_methods, refusal
from worldkit.core.argument_ranges import expect_count
from worldkit.core.errors import WrongArgument
from worldkit.core.quoting import did_you_mean, format_count, quote
from worldkit.core.spoken_names import world_title
from worldkit.envs.dialogue import Dialogue
from worldkit.envs.episode import Episode
from worldkit.envs.game import MAX_STEPS, MOST_POSITIONS, game_of
from worldkit.envs.observations import Observation, observer
from worldkit.envs.proof import UNREACHABLE_DISTANCE, prove
from worldkit.envs.rendering import RENDER_METADATA, RenderMode, check_render_mode, rendering
from worldkit.envs.rewards import Reward, reward_function
from worldkit.envs.vector import WorldVectorEnv
from worldkit.playing.position import Position
from worldkit.playing.session import Session
from worldkit.playing.trace import Trace
from worldkit.world import World


@checked_methods
class WorldEnv(Dialogue, gymnasium.Env[Any, Any]):
    """A world as a Gymnasium environment: an action is an event, an episode is a run.

    It plays by the world's own rules and draws no random numbers, so that the same actions give the same episode,
    whatever the seed. The actions are all events that a player can press anywhere and all sequences; in a world where
    something fires by itself also ``wait``, until the next thing happens, and ``forward``, to the next waypoint; where
    an event has such a name, they are ``wait_2`` and ``forward_2``. Which are legal now, ``info["action_mask"]`` says.
    An illegal action changes nothing, takes a step, and is worth ``illegal_reward``.

    An episode is terminated in an ending, or where nothing is left to do, and truncated after ``max_steps``.
    ``info`` holds ``action_mask``, ``illegal``, ``won``, ``ending`` (``"win"``, ``"lose"`` or empty) and ``state``.
    Where the points of all plays could be listed, it also holds what is true of them, for whoever evaluates an agent:
    ``soft_lock``, whether no ending can be reached any more, and ``steps_to_win``, the fewest actions to an ending that
    is won, -1 when none can be reached.

    Args:
        world: The world; it has at least one state.
        observation: ``"symbolic"``: a dictionary of the state's number, the flags held and the one-shots used, and of
            the clocks in a world with timers. ``"position"``: one number, for tables. ``"text"``: what a player reads.
        reward: ``"win"``: 1 for reaching an ending that is won, else 0. ``"missions"``: the share of the world's
            missions that an action completes. Or a function that gets a ``Transition`` and returns a number.
        illegal_reward: What an illegal action is worth.
        max_steps: After how many steps an episode is truncated; None for never.
        render_mode: ``"ansi"`` renders what a player reads; ``"rgb_array"`` the picture of the state that is
            stored in the world, else one computed from its prompt.
        most_positions: List the points of all plays when there are at most so many, with few enough moves for the
            memory: 50 a point on average where there are many points.

    Attributes:
        world: The world.
        actions: The name of each action.
        max_steps: After how many steps an episode is truncated.

    Raises:
        InvalidWorld: The world has no states.
        WrongArgument: There is no such observation, reward or mode.
        WorldError: The observation numbers points, and they could not be listed.
        MissingExtra: Gymnasium is not installed.

    Example:
        >>> env = wk.envs.WorldEnv(world)
        >>> observation, info = env.reset(seed=0)
        >>> info["steps_to_win"], info["action_mask"].tolist()
        (3, [1, 1, 1, 0, 0])
        >>> observation, reward, terminated, truncated, info = env.step(env.action("pick_up_the_red_mitten"))
        >>> info["steps_to_win"], reward, terminated
        (2, 0.0, False)
    """

    metadata: ClassVar[dict[str, Any]] = RENDER_METADATA  # type: ignore[misc]

    def __init__(
        self,
        world: World,
        *,
        observation: Observation = "symbolic",
        reward: Reward = "win",
        illegal_reward: float = 0.0,
        max_steps: int | None = MAX_STEPS,
        render_mode: RenderMode | None = None,
        most_positions: int = MOST_POSITIONS,
    ) -> None:
        expect_count(max_steps, "max_steps", or_none=True)
        expect_count(most_positions, "most_positions", 0)
        check_render_mode(render_mode)
        self.world: World = world
        self.render_mode: RenderMode | None = render_mode
        self.max_steps: int | None = max_steps
        self._game = game = game_of(world)
        self.actions: tuple[str, ...] = game.actions
        self._proof = prove(world, most_positions)
        self._vector_options: dict[str, Any] = {
            "observation": observation,
            "reward": reward,
            "illegal_reward": illegal_reward,
            "max_steps": max_steps,
            "most_positions": most_positions,
        }
        self._observer = observer(game, self._proof, observation)
        self._reward = reward_function(game, reward)
        self._illegal_reward = float(illegal_reward)
        self.observation_space: spaces.Space[Any] = self._observer.space
        self._action_count = max(1, len(self.actions))
        self.action_space: spaces.Space[Any] = spaces.Discrete(self._action_count)
        self._episode: Episode = Episode(game)

    # ---- Gymnasium -----------------------------------------------------------------------------

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode at the entrance.

        Args:
            seed: Seeds ``np_random``; the world itself draws no random numbers.
            options: Not used.

        Returns:
            The observation, and ``info``.

        Example:
            >>> env = wk.envs.WorldEnv(world)
            >>> observation, info = env.reset()
            >>> info["state"], info["steps_to_win"], [int(legal) for legal in info["action_mask"]]
            ('lane', 3, [1, 1, 1, 0, 0])
        """
        expect_count(seed, "seed", 0, or_none=True)
        super().reset(seed=seed)
        self._episode = Episode(self._game)
        return self._observe(), self._info(False)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Do an action.

        Args:
            action: Its number.

        Returns:
            The observation, the reward, whether the episode is terminated, whether it is truncated, and ``info``.

        Raises:
            WrongArgument: There is no such action.

        Example:
            >>> env = wk.envs.WorldEnv(world)
            >>> observation, info = env.reset()
            >>> observation, reward, terminated, truncated, info = env.step(env.action("walk_up_the_lane"))
            >>> info["state"], reward, terminated, info["steps_to_win"]
            ('bench', 0.0, False, 4)
        """
        if not self.action_space.contains(action):
            raise refusal("action", f"a whole number from 0 to {self._action_count - 1}", action)
        before = self._episode.point
        move = self._episode.do(int(action))
        reward = self._illegal_reward if move is None else self._reward(before, int(action), move)
        terminated = not self._episode.moves
        truncated = not terminated and self.max_steps is not None and self._episode.steps >= self.max_steps
        return self._observe(), reward, terminated, truncated, self._info(move is None)

    def render(self) -> Any:
        """Return the rendering that ``render_mode`` asks for: a text, an array of pixels, or None without a mode."""
        return rendering(self._episode, self.render_mode)

    def action_masks(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which actions are legal now, as ``MaskablePPO`` of sb3-contrib asks for it."""
        return self._mask().astype(np.bool_)

    # ---- the play ------------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """The episode as a session: the stepper made the same moves."""
        return self._episode.session

    @property
    def trace(self) -> Trace:
        """The episode so far; ``wk.replay(world, trace)`` plays it again."""
        return self.session.trace

    @property
    def position(self) -> Position:
        """The position of the episode."""
        return self._game.position(self._episode.point)

    def action(self, name: str) -> int:
        """Return the number of an action.

        Args:
            name: An event's name, ``sequence:<id>``, ``wait`` or ``forward``.

        Raises:
            WrongArgument: No action is called so.

        Example:
            >>> wk.envs.WorldEnv(world).action("hold_out_the_mitten")
            4
        """
        if name not in self.actions:
            raise WrongArgument("name", "an action of this world", quote(name) + did_you_mean(name, self.actions))
        return self.actions.index(name)

    def shortest_play(self) -> list[int] | None:
        """Return the fewest actions that win from here: the optimal policy, by proof.

        Returns:
            The actions; None when no play from here is won, or when the points could not be listed.

        Example:
            >>> env = wk.envs.WorldEnv(world)
            >>> [env.actions[action] for action in env.shortest_play()]
            ['pick_up_the_red_mitten', 'walk_up_the_lane', 'hold_out_the_mitten']
        """
        return None if self._proof is None else self._proof.shortest_play(self._proof.number_of[self._episode.point])

    def make_room(self, action_count: int) -> None:
        """Give ``action_space`` and the masks room for more actions, which are illegal: for policies of several worlds.

        Args:
            action_count: How many actions the space is to have.

        Raises:
            WrongArgument: The world has more.

        Example:
            >>> env = wk.envs.WorldEnv(world)
            >>> env.make_room(8)
            >>> env.reset()[1]["action_mask"].tolist()
            [1, 1, 1, 0, 0, 0, 0, 0]
        """
        if action_count < len(self.actions):
            raise refusal("action_count", f"at least {len(self.actions)}, as many as the world has", action_count)
        self._action_count = max(1, action_count)
        self.action_space = spaces.Discrete(self._action_count)

    # ---- many at once --------------------------------------------------------------------------

    def vector(self, num_envs: int) -> WorldVectorEnv:
        """Return a number of environments like this one that step together, as one array operation.

        Args:
            num_envs: How many.

        Raises:
            WorldError: The points of all plays could not be listed, or the observation is a text.

        Example:
            >>> envs = wk.envs.WorldEnv(world).vector(64)
            >>> observations, infos = envs.reset(seed=0)
            >>> infos["action_mask"].shape
            (64, 5)
        """
        return WorldVectorEnv(self.world, num_envs, **self._vector_options, render_mode=self.render_mode)

    # ---- inside --------------------------------------------------------------------------------

    def __repr__(self) -> str:
        actions, steps = format_count(len(self.actions), "action"), format_count(self._episode.steps, "step")
        return f"WorldEnv of {world_title(self.world)!r}: {actions}, in {self.position.state!r} after {steps}"

    def __reduce__(self) -> tuple[Any, ...]:
        # a world is not copied, and what is compiled stays with it, so that a copy for a tree search is cheap
        options = {**self._vector_options, "render_mode": self.render_mode}
        state = {
            "_episode": self._episode,
            "_np_random": self._np_random,
            "_np_random_seed": self._np_random_seed,
            "action_space": self.action_space,
            "_action_count": self._action_count,
            "spec": self.spec,
        }
        return _restored, (type(self), self.world, options, state)

    def _observe(self) -> Any:
        return self._observer.see(self._episode.point, lambda: self._episode.session)

    def _mask(self) -> np.ndarray[Any, np.dtype[np.int8]]:
        mask = np.zeros(self._action_count, np.int8)
        mask[list(self._episode.moves)] = 1
        return mask

    def _info(self, illegal: bool) -> dict[str, Any]:
        ending = self._game.ending(self._episode.point)
        info: dict[str, Any] = {
            "action_mask": self._mask(),
            "illegal": illegal,
            "won": ending == "win",
            "ending": ending,
            "state": self._game.graph.states[self._episode.point[0]],
        }
        if self._proof is not None:
            number = self._proof.number_of[self._episode.point]
            info["soft_lock"] = self._proof.steps_to_ending[number] == UNREACHABLE_DISTANCE
            info["steps_to_win"] = self._proof.steps_to_win[number]
        return info


def _restored(kind: type[WorldEnv], world: World, options: dict[str, Any], state: dict[str, Any]) -> WorldEnv:
    env = kind(world, **options)
    vars(env).update(state)
    return env
