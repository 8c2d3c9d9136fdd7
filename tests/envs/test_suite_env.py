"""``SuiteEnv``: one policy for the worlds of a suite."""

from __future__ import annotations

import copy
import pickle
from functools import cache
from typing import Any

import numpy as np
import pytest

import worldkit as wk

gymnasium = pytest.importorskip("gymnasium")
from gymnasium.utils.env_checker import check_env  # noqa: E402


@cache
def suite(split: str) -> Any:
    return wk.envs.suite(6, "medium", split=split)  # type: ignore[arg-type]


def episode(env: Any, seed: int, **options: Any) -> list[Any]:
    """Play at random, and return all that was seen."""
    observation, info = env.reset(seed=seed, options=options)
    env.action_space.seed(seed)
    seen = [(observation, info)]
    while not (seen[-1][-1].get("over")):
        observation, reward, terminated, truncated, info = env.step(env.action_space.sample(info["action_mask"]))
        assert (
            env.observation_space.contains(observation) and env.action_masks().tolist() == info["action_mask"].tolist()
        )
        seen.append((observation, {**info, "reward": reward, "over": terminated or truncated}))
    return seen


@pytest.mark.parametrize("observation", ["symbolic", "position", "text"])
def test_gymnasium_accepts_it_and_every_world_fits_its_spaces(observation: Any) -> None:
    check_env(suite("train").env(observation=observation), skip_render_check=True)
    env = suite("train").env(also=suite("test"), observation=observation)
    for number in range(len(suite("train"))):
        assert episode(env, 1, task=number)[-1][1]["task"] == number
    held_out = suite("test").env(also=suite("train"), observation=observation)
    assert env.observation_space == held_out.observation_space and env.action_space == held_out.action_space
    for number in range(len(suite("test"))):
        episode(held_out, 1, task=number)


def test_an_environment_says_which_world_it_is_in() -> None:
    env = suite("train").env()
    _, info = env.reset(options={"task": 2})
    env.step(int(info["action_mask"].argmax()))
    assert repr(env.current).startswith(f"WorldEnv of {env.current.world.name!r}: ")
    assert repr(env) == f"SuiteEnv of 6 tasks; now {env.current!r}" and repr(env).endswith(" after 1 step")


def test_a_seed_draws_the_same_worlds_and_plays_and_all_are_drawn() -> None:
    one, other = suite("train").env(), suite("train").env()
    assert str([episode(one, seed) for seed in range(5)]) == str([episode(other, seed) for seed in range(5)])
    one.reset(seed=0)
    other.reset(seed=0)
    draws = [one.reset()[1]["task"] for _ in range(60)]
    assert draws == [other.reset()[1]["task"] for _ in range(60)] and set(draws) == set(range(6))


def test_a_play_is_that_of_the_world_itself() -> None:
    env = suite("train").env()
    for number, task in enumerate(suite("train")):
        alone = task.env()
        (seen, _), (own, _) = env.reset(options={"task": number}), alone.reset()
        for name in task.solution:
            seen, reward, terminated, truncated, info = env.step(env.current.action(name))
            rest: list[Any]
            own, *rest = alone.step(alone.action(name))
            assert [reward, terminated, truncated] == rest[:3] and info["steps_to_win"] == rest[3]["steps_to_win"]
            width = len(own["flags"])
            assert seen["state"] == own["state"] and seen["flags"][:width].tolist() == own["flags"].tolist()
            assert not seen["flags"][width:].any()
        assert info["won"] and env.current.trace == alone.trace


def test_an_action_that_the_world_lacks_is_illegal_and_one_that_none_has_is_refused() -> None:
    env = suite("train").env()
    smallest = min(range(6), key=lambda number: len(suite("train")[number].env().actions))
    _, info = env.reset(options={"task": smallest})
    beyond = len(env.current.actions)
    assert beyond < env.action_space.n and not info["action_mask"][beyond:].any()  # type: ignore[attr-defined]
    assert env.step(beyond)[4]["illegal"]
    with pytest.raises(wk.WrongArgument, match="a whole number from 0 to"):
        env.step(int(env.action_space.n))  # type: ignore[attr-defined]
    with pytest.raises(wk.WrongArgument, match="from 0 to 5"):
        env.reset(options={"task": 6})
    with pytest.raises(wk.WrongArgument, match="at least one task"):
        wk.envs.suite(0).env()


def test_a_copy_goes_on_from_the_same_world_and_step() -> None:
    env = suite("train").env()
    env.reset(seed=1, options={"task": 4})
    env.step(env.current.shortest_play()[0])  # type: ignore[index]
    for twin in (copy.deepcopy(env), pickle.loads(pickle.dumps(env))):
        assert twin.current.trace == env.current.trace and twin.action_space == env.action_space
        assert twin.step(0)[4]["action_mask"].shape == env.action_masks().shape
        assert twin.reset()[1]["task"] == copy.deepcopy(env).reset()[1]["task"]


def test_worlds_of_a_suite_step_together() -> None:
    envs = gymnasium.vector.SyncVectorEnv([lambda: suite("train").env()] * 3)
    observations, infos = envs.reset(seed=[1, 2, 3])
    assert observations["flags"].shape[0] == 3 and infos["task"].shape == (3,)
    for _ in range(50):
        legal = np.array([mask.argmax() for mask in infos["action_mask"]])
        observations, _, _, _, infos = envs.step(legal)
    assert envs.observation_space.contains(observations)
